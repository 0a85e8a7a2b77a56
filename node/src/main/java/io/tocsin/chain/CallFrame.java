package io.tocsin.chain;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Wei;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One call of a transaction's call tree. Immutable. */
public final class CallFrame {
  /** Where a frame hangs in the tree; {@code parent} is -1 and {@code depth} 0 for the root. */
  record Place(int index, int parent, int depth) {}

  /** Who calls whom with what. {@code to} is zero for a creation whose address is not recorded. */
  record Call(FrameKind kind, Address from, Address to, Wei value) {}

  /** Bytes in and out, and whether the source cut them. */
  record Payload(Bytes input, Bytes output, boolean inputTruncated, boolean outputTruncated) {}

  /**
   * How it ended: {@code error} is the node's word; {@code failed} also if an ancestor reverted.
   */
  record End(OptionalLong gas, OptionalLong gasUsed, Optional<String> error, boolean failed) {}

  private final Place place;
  private final Call call;
  private final Payload payload;
  private final End end;
  private final List<TraceLog> logs;
  private final List<Integer> children;

  CallFrame(
      Place place,
      Call call,
      Payload payload,
      End end,
      List<TraceLog> logs,
      List<Integer> children) {
    this.place = place;
    this.call = call;
    this.payload = payload;
    this.end = end;
    this.logs = List.copyOf(logs);
    this.children = List.copyOf(children);
  }

  /** Position in pre-order, from 0. */
  public int index() {
    return place.index();
  }

  /** Index of the calling frame, -1 for the root. */
  public int parent() {
    return place.parent();
  }

  /** Distance from the root. */
  public int depth() {
    return place.depth();
  }

  /** The operation that opened it. */
  public FrameKind kind() {
    return call.kind();
  }

  /** The calling account. */
  public Address from() {
    return call.from();
  }

  /**
   * The account called, made, or (for a self-destruct) paid; zero for a failed creation whose
   * address is not recorded.
   */
  public Address to() {
    return call.to();
  }

  /** The account whose storage this frame works on. */
  public Address account() {
    return kind().borrowsCode() ? from() : to();
  }

  /** The value given; in a delegate call it is the parent's and moves nothing. */
  public Wei value() {
    return call.value();
  }

  /** What really moved from {@code from} to {@code to}: zero if the frame failed or lends code. */
  public Wei moved() {
    return failed() || !kind().movesValue() ? Wei.ZERO : value();
  }

  /** The call data, or the creation code. */
  public Bytes input() {
    return payload.input();
  }

  /** The bytes returned, or the code deposited. */
  public Bytes output() {
    return payload.output();
  }

  /** Whether the source cut {@link #input}. */
  public boolean inputTruncated() {
    return payload.inputTruncated();
  }

  /** Whether the source cut {@link #output}. */
  public boolean outputTruncated() {
    return payload.outputTruncated();
  }

  /** The first four bytes of the call data as an int; 0 if there are fewer or it is a creation. */
  public int selector() {
    Bytes in = input();
    return in.size() < 4 || kind().creates()
        ? 0
        : in.at(0) << 24 | in.at(1) << 16 | in.at(2) << 8 | in.at(3);
  }

  /** Gas given, where recorded. */
  public OptionalLong gas() {
    return end.gas();
  }

  /** Gas used, where recorded. */
  public OptionalLong gasUsed() {
    return end.gasUsed();
  }

  /** The node's word for why this very frame failed; text from outside. */
  public Optional<String> error() {
    return end.error();
  }

  /** Whether its effects were undone: it failed, or a frame above it did. */
  public boolean failed() {
    return end.failed();
  }

  /** Events in the order emitted; none where the source records none. */
  public List<TraceLog> logs() {
    return logs;
  }

  /** Indices of the frames it opened, in order. */
  public List<Integer> children() {
    return children;
  }

  @Override
  public String toString() {
    return "#" + index() + " " + kind() + " " + from() + " -> " + to();
  }
}
