package io.tocsin.detect.signature;

import io.tocsin.base.Hash32;
import java.util.Optional;

/**
 * One event that a signature asks for.
 *
 * @param parent the number of the step within which it happens; -1 for the outermost
 * @param parties who does it to whom, and the asset that moves
 * @param action what the call is for
 * @param slot the storage slot written
 * @param form how it stands among the others
 */
public record Step(
    EventKind kind,
    int parent,
    Parties parties,
    Optional<Action> action,
    Optional<Hash32> slot,
    Form form) {
  /**
   * Who does it to whom, and the asset that moves; {@code Anyone} where an event has no such party.
   */
  public record Parties(Party from, Party to, Party asset) {
    static final Parties NONE = new Parties(Party.ANYONE, Party.ANYONE, Party.ANYONE);

    static Parties of(Party from, Party to) {
      return new Parties(from, to, Party.ANYONE);
    }
  }

  /**
   * How a step stands among the others.
   *
   * @param block whether steps are written within it: what follows then begins after it has ended
   * @param anywhere whether it may happen at any time within its parent, whatever is written before
   *     and after it
   */
  public record Form(boolean block, boolean anywhere) {
    static final Form LEAF = new Form(false, false);
    static final Form BLOCK = new Form(true, false);
  }

  /** The step of a whole transaction. */
  static Step transaction() {
    return new Step(
        EventKind.TRANSACTION, -1, Parties.NONE, Optional.empty(), Optional.empty(), Form.BLOCK);
  }
}
