package io.tocsin.adapter.contract;

import io.tocsin.adapter.contract.Race.Bid;
import io.tocsin.adapter.contract.TransactionLane.Sending;
import io.tocsin.base.Bytes;
import io.tocsin.chain.TxCall;
import io.tocsin.crypto.Keccak;
import io.tocsin.respond.SentBook.Sent;
import java.time.Duration;
import java.util.Optional;

/** Carries out what a person asked for: simulates, sends, waits. Thread-safe. */
public final class DirectSender {
  private static final Duration INTERVAL = Duration.ofMillis(100);

  private final TransactionLane lane;
  private final Duration patience;

  /** Sends through {@code lane} and waits for a receipt at most {@code patience}. */
  public DirectSender(TransactionLane lane, Duration patience) {
    this.lane = lane;
    this.patience = patience;
  }

  /** What came of it. */
  public sealed interface Result {
    /** It is mined and succeeded. */
    record Mined(MinedTransaction transaction) implements Result {}

    /** It would fail, or failed. */
    record Refused(Refusal refusal) implements Result {}

    /** It was not sent, or is not mined yet. */
    record Failed(String detail) implements Result {}
  }

  /**
   * Carries out {@code call}.
   *
   * @throws ChainException if the endpoints do not say what is needed; nothing was sent
   */
  public Result perform(TxCall call) throws ChainException {
    Optional<Bytes> revert = revert(call);
    if (revert.isPresent()) {
      return new Result.Refused(Refusal.decode(revert.get()));
    }
    ChainAccess.Quote quote = lane.access().quote(lane.address(), call);
    Bytes name = call.input().concat(Bytes.utf8(lane.account() + "/" + quote.nonce()));
    return switch (lane.send(Keccak.hash(name), call, quote)) {
      case Sending.Taken(Bid bid, var _) -> await(bid.sent(), call);
      case Sending.Unsure(Bid bid, String _) -> await(bid.sent(), call);
      case Sending.NotTaken(String detail) -> new Result.Failed("nobody took it: " + detail);
      case Sending.OverBudget(String detail) -> new Result.Failed(detail);
      case Sending.NoMeans(var balance, var needed) ->
          new Result.Failed(
              lane.account()
                  + " holds "
                  + balance.toEther().toPlainString()
                  + " ether and may need "
                  + needed.toEther().toPlainString());
    };
  }

  private Optional<Bytes> revert(TxCall call) {
    return lane.access().attempt(lane.address(), call).stream()
        .<Bytes>mapMulti(
            (answer, out) -> {
              if (answer instanceof CallAnswer.Reverted(Bytes data)) {
                out.accept(data);
              }
            })
        .findFirst();
  }

  private Result await(Sent sent, TxCall call) {
    Optional<MinedTransaction> mined = lane.await(sent.tx(), patience, INTERVAL);
    if (mined.isEmpty()) {
      return new Result.Failed(sent.tx() + " was not mined within " + patience.toSeconds() + " s");
    }
    return mined.get().succeeded()
        ? new Result.Mined(mined.get())
        : new Result.Refused(Refusal.decode(revert(call).orElse(Bytes.EMPTY)));
  }
}
