package io.tocsin.policy;

import io.tocsin.base.Bytes;
import io.tocsin.crypto.Keccak;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What calls of well-known protocols block while they are in force, and which of them change more
 * than one pause, by their selector.
 *
 * @see <a href="https://github.com/aave/aave-v3-core">Aave v3 PoolConfigurator</a>
 * @see <a href="https://github.com/compound-finance/comet">Compound III Comet</a>
 */
final class KnownCalls {
  private static final List<String> AAVE_PAUSE =
      List.of("supply", "withdraw", "borrow", "repay", "liquidate", "transfer of aTokens");
  private static final List<String> AAVE_FREEZE = List.of("supply", "borrow");
  private static final Map<Bytes, List<String>> BY_SELECTOR = table();
  private static final Coarse AAVE_POOL =
      new Coarse(
          "changes every reserve of the pool at once",
          "use setReservePause, with a lever and a mandate for each reserve, and its bit as probe");
  private static final Coarse COMET_FLAGS =
      new Coarse(
          "sets all pause flags of the market at once",
          "Comet has no finer call; hold the target at the guardian whenever you pause by hand");
  private static final Map<Bytes, Coarse> COARSE =
      Map.of(
          selector("setPoolPause(bool)"), AAVE_POOL,
          selector("setPoolPause(bool,uint40)"), AAVE_POOL,
          selector("pause(bool,bool,bool,bool,bool)"), COMET_FLAGS);

  private KnownCalls() {}

  /**
   * A call that changes pauses of others too.
   *
   * @param effect what it does, as the rest of a sentence
   * @param remedy what to do instead
   */
  record Coarse(String effect, String remedy) {}

  private static Map<Bytes, List<String>> table() {
    Map<Bytes, List<String>> known = new HashMap<>();
    known.put(selector("setPoolPause(bool)"), AAVE_PAUSE);
    known.put(selector("setPoolPause(bool,uint40)"), AAVE_PAUSE);
    known.put(selector("setReservePause(address,bool)"), AAVE_PAUSE);
    known.put(selector("setReservePause(address,bool,uint40)"), AAVE_PAUSE);
    known.put(selector("setReserveFreeze(address,bool)"), AAVE_FREEZE);
    known.put(
        selector("pause(bool,bool,bool,bool,bool)"),
        List.of("supply", "repay", "transfer", "withdraw", "borrow", "liquidate"));
    known.put(selector("_setSeizePaused(bool)"), List.of("liquidate"));
    known.put(selector("_setTransferPaused(bool)"), List.of("transfer of cTokens"));
    known.put(selector("_setMintPaused(address,bool)"), List.of("supply"));
    known.put(selector("_setBorrowPaused(address,bool)"), List.of("borrow"));
    return Map.copyOf(known);
  }

  private static Bytes selector(String signature) {
    return Keccak.hashUtf8(signature).bytes().slice(0, 4);
  }

  /** What {@code call} blocks; empty if the call is not known. */
  static Optional<List<String>> blocks(Bytes call) {
    return Optional.ofNullable(BY_SELECTOR.get(call.slice(0, 4)));
  }

  /** What {@code call} changes beside the pause that it is meant for; empty if it is not known. */
  static Optional<Coarse> coarse(Bytes call) {
    return Optional.ofNullable(COARSE.get(call.slice(0, 4)));
  }
}
