package io.tocsin.chain;

import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The call tree of one transaction, executed or simulated. Immutable. */
public final class TxTrace {
  /** Which transaction of which chain, and where it stands. */
  public record Origin(ChainId chain, Hash32 tx, Position position) {}

  private final Origin origin;
  private final List<CallFrame> frames;
  private final boolean hasLogs;
  private final boolean hasGas;

  TxTrace(Origin origin, List<CallFrame> frames, boolean hasLogs, boolean hasGas) {
    this.origin = origin;
    this.frames = List.copyOf(frames);
    this.hasLogs = hasLogs;
    this.hasGas = hasGas;
  }

  /** The chain. */
  public ChainId chain() {
    return origin.chain();
  }

  /** The transaction's hash. */
  public Hash32 tx() {
    return origin.tx();
  }

  /** Where it stands in the chain. */
  public Position position() {
    return origin.position();
  }

  /** The account that signed it. */
  public Address sender() {
    return root().from();
  }

  /** The outermost frame. */
  public CallFrame root() {
    return frames.getFirst();
  }

  /** All frames in pre-order; the first is the root. */
  public List<CallFrame> frames() {
    return frames;
  }

  /** The frame with this index. */
  public CallFrame frame(int index) {
    return frames.get(index);
  }

  /** The index behind the last frame under the frame with this index. */
  public int end(int index) {
    int depth = frames.get(index).depth();
    int next = index + 1;
    while (next < frames.size() && frames.get(next).depth() > depth) {
      next++;
    }
    return next;
  }

  /** Whether the source records events: then a frame without logs emitted none. */
  public boolean hasLogs() {
    return hasLogs;
  }

  /** Whether the source records gas. */
  public boolean hasGas() {
    return hasGas;
  }

  /** Whether the whole transaction was undone. */
  public boolean failed() {
    return root().failed();
  }

  /** Every account that called, was called, made or paid, in order of appearance. */
  public Set<Address> accounts() {
    Set<Address> touched = new LinkedHashSet<>();
    for (CallFrame frame : frames) {
      touched.add(frame.from());
      touched.add(frame.to());
    }
    return touched;
  }

  /** The same transaction at another position, such as when a pending one is mined unchanged. */
  public TxTrace at(Position position) {
    return new TxTrace(new Origin(chain(), tx(), position), frames, hasLogs, hasGas);
  }

  @Override
  public String toString() {
    return "trace of " + tx() + " on " + chain() + " (" + frames.size() + " frames)";
  }
}
