package io.tocsin.detect;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.FrameKind;
import io.tocsin.chain.TraceLog;
import io.tocsin.chain.TxTrace;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds what moved in a trace: native value from frames, tokens from {@code Transfer} events or,
 * where the source records none, from successful token calls.
 *
 * <p>Wrapped native currency counts as native: wrapping and unwrapping move nothing, and the
 * wrapping contract is no party.
 */
final class Movements {
  private final TxTrace trace;
  private final Set<Address> wrappers;
  private final List<Flow> flows = new ArrayList<>();

  private Movements(TxTrace trace) {
    this.trace = trace;
    this.wrappers = wrappers(trace);
  }

  /** All movements that were not undone, in order of their frames. */
  static List<Flow> of(TxTrace trace) {
    return new Movements(trace).collect();
  }

  /** Whether the source cut so much of a frame that what it moves cannot be told. */
  static boolean cut(CallFrame frame) {
    boolean input = frame.inputTruncated() && frame.input().size() < 4 + 3 * 32;
    boolean output = frame.outputTruncated() && frame.output().size() < 2 * 32;
    return !frame.failed() && (input || output);
  }

  private List<Flow> collect() {
    for (CallFrame frame : trace.frames()) {
      if (frame.failed()) {
        continue;
      }
      BigInteger value = frame.moved().amount();
      if (value.signum() > 0
          && !wrappers.contains(frame.to())
          && !wrappers.contains(frame.from())) {
        add(Asset.NATIVE, frame.from(), frame.to(), value, frame.index());
      }
      if (trace.hasLogs()) {
        for (TraceLog log : frame.logs()) {
          event(log, frame.index());
        }
      } else if (frame.kind() == FrameKind.CALL) {
        tokenCall(frame);
      }
    }
    return List.copyOf(flows);
  }

  private void event(TraceLog log, int frame) {
    if (log.topics().size() < 3 || !log.topics().getFirst().equals(Selectors.TRANSFER_EVENT)) {
      return;
    }
    Address from = Address.fromWord(log.topics().get(1));
    Address to = Address.fromWord(log.topics().get(2));
    if (log.topics().size() == 4) {
      token(log.emitter(), from, to, BigInteger.ONE, frame);
    } else if (log.data().size() >= 32) {
      token(log.emitter(), from, to, Words.returned(log.data(), 0), frame);
    }
  }

  private void tokenCall(CallFrame frame) {
    int selector = frame.selector();
    Bytes in = frame.input();
    if (!Words.hasArgument(in, 0) || !Words.accepted(frame.output())) {
      return;
    }
    Address token = frame.to();
    int at = frame.index();
    if (selector == Selectors.BURN && in.size() == 36) {
      token(token, frame.from(), Address.ZERO, Words.argument(in, 0), at);
    }
    if (!Words.hasArgument(in, 1)) {
      return;
    }
    if (selector == Selectors.TRANSFER) {
      token(token, frame.from(), Words.address(in, 0), Words.argument(in, 1), at);
    } else if (selector == Selectors.MINT_TO) {
      token(token, Address.ZERO, Words.address(in, 0), Words.argument(in, 1), at);
    } else if (selector == Selectors.BURN_FROM || selector == Selectors.BURN_OF) {
      token(token, Words.address(in, 0), Address.ZERO, Words.argument(in, 1), at);
    } else if (selector == Selectors.TRANSFER_FROM && Words.hasArgument(in, 2)) {
      token(token, Words.address(in, 0), Words.address(in, 1), Words.argument(in, 2), at);
    }
  }

  private void token(Address token, Address from, Address to, BigInteger amount, int frame) {
    if (!wrappers.contains(token)) {
      add(new Asset.Token(token), from, to, amount, frame);
    } else if (!from.equals(Address.ZERO) && !to.equals(Address.ZERO)) {
      add(Asset.NATIVE, from, to, amount, frame);
    }
  }

  private void add(Asset asset, Address from, Address to, BigInteger amount, int frame) {
    if (amount.signum() > 0 && !from.equals(to)) {
      flows.add(new Flow(asset, from, to, amount, frame));
    }
  }

  /**
   * Contracts that behave as wrapped native currency: called as a token, and either paid by {@code
   * deposit()} without calling anyone, or paying exactly what {@code withdraw(uint256)} asks to its
   * caller, who does not call back.
   */
  static Set<Address> wrappers(TxTrace trace) {
    Set<Address> tokens = new HashSet<>();
    Set<Address> wrapping = new HashSet<>();
    Set<Address> disqualified = new HashSet<>();
    for (CallFrame frame : trace.frames()) {
      if (frame.failed() || frame.kind().creates()) {
        continue;
      }
      int selector = frame.selector();
      if (Selectors.TOKEN_CALLS.contains(selector)) {
        tokens.add(frame.to());
      }
      if (frame.kind() != FrameKind.CALL) {
        continue;
      }
      if (selector == Selectors.WRAP && frame.input().size() == 4) {
        boolean plain = frame.value().amount().signum() > 0 && frame.children().isEmpty();
        (plain ? wrapping : disqualified).add(frame.to());
      }
      if (selector == Selectors.UNWRAP && frame.input().size() == 36) {
        (unwraps(trace, frame) ? wrapping : disqualified).add(frame.to());
      }
    }
    wrapping.retainAll(tokens);
    wrapping.removeAll(disqualified);
    return wrapping;
  }

  private static boolean unwraps(TxTrace trace, CallFrame frame) {
    if (Words.argument(frame.input(), 0).signum() == 0) {
      return true;
    }
    if (frame.children().size() != 1) {
      return false;
    }
    CallFrame paid = trace.frame(frame.children().getFirst());
    if (!paid.to().equals(frame.from())
        || !paid.value().amount().equals(Words.argument(frame.input(), 0))) {
      return false;
    }
    for (int i = paid.index() + 1; i < trace.frames().size(); i++) {
      CallFrame below = trace.frame(i);
      if (below.depth() <= paid.depth()) {
        break;
      }
      if (below.to().equals(frame.to())) {
        return false;
      }
    }
    return true;
  }
}
