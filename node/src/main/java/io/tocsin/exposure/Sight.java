package io.tocsin.exposure;

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
  }
}
