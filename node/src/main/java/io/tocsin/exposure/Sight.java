package io.tocsin.exposure;

import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.detect.Asset;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Loss;
import io.tocsin.detect.Scan;
import java.math.BigInteger;
import java.util.List;

/** What this node's own scan says of one claimed victim. */
public sealed interface Sight {
  /**
   * The own scan found harm to it.
   *
   * @param detectors ids of the detectors that fired
   * @param frames indices of the frames that prove the loss
   */
  record Harmed(List<String> detectors, List<LossSeen> losses, List<Integer> frames)
      implements Sight {
    public Harmed {
      detectors = List.copyOf(detectors);
      losses = List.copyOf(losses);
      frames = List.copyOf(frames);
    }
  }

  /** The own scan ran and found no harm to it. */
  record Unharmed() implements Sight {}

  /**
   * What {@code scan}, of a transaction on {@code chain}, says of {@code subject}. A scan that
   * found other victims only says that this one is unharmed.
   */
  static Sight of(Scan scan, ChainId chain, Address subject) {
    return switch (scan) {
      case Scan.NotAnalysed(String reason) -> new Unseen(reason);
      case Scan.Clean _ -> new Unharmed();
      case Scan.Found(List<Finding> findings) ->
          findings.stream()
              .filter(f -> f.subject().equals(subject))
              .findFirst()
              .<Sight>map(
                  f ->
                      new Harmed(
                          f.detectors(),
                          f.losses().stream().map(l -> LossSeen.of(l, chain)).toList(),
                          f.why().frames()))
              .orElseGet(Unharmed::new);
    };
  }

  /** This node did not see the transaction, or could not judge it. */
  record Unseen(String reason) implements Sight {}

  /**
   * What the victim lost of one asset, net of liabilities extinguished.
   *
   * @param amount in the asset's smallest unit
   * @param share of the victim's balance before
   */
  record LossSeen(AssetId asset, BigInteger amount, double share) {
    public LossSeen {
      if (amount.signum() < 0 || !(share >= 0)) {
        throw new IllegalArgumentException("a loss is not negative: " + amount + ", " + share);
      }
    }

    private static LossSeen of(Loss loss, ChainId chain) {
      AssetId asset =
          switch (loss.asset()) {
            case Asset.Native _ -> AssetId.nativeOf(chain);
            case Asset.Token(Address token) -> AssetId.token(chain, token);
          };
      return new LossSeen(asset, loss.amount(), loss.shareOfBalance());
    }
  }
}
