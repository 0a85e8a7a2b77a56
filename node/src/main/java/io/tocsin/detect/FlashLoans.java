package io.tocsin.detect;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.FrameKind;
import io.tocsin.chain.TxTrace;
import io.tocsin.crypto.Keccak;
import io.tocsin.detect.FlashLoan.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Recognises flash loans by their shape: an account gets something, is called back by whoever it
 * had called for it, and by the end of that call has given back at least as much and at most twice
 * that, or, to a pair that it called for a swap, something else. The name of the callback tells the
 * kind; by one that is not known only the caller himself is called back.
 */
final class FlashLoans {
  /** Of the callbacks in one call, the first this many are looked at. */
  private static final int MAX_CALLBACKS = 64;

  /** At most so many loans are told. */
  static final int MAX_LOANS = 512;

  private static final int FLASH_V3 = selector("flash(address,uint256,uint256,bytes)");

  /** {@code (address,uint256,uint256,bytes)}: three words, then where the bytes start. */
  private static final BigInteger PAIR_BYTES = BigInteger.valueOf(128);

  private static final Map<Integer, Kind> CALLBACKS =
      Map.ofEntries(
          Map.entry(selector("onFlashLoan(address,address,uint256,uint256,bytes)"), Kind.ERC3156),
          Map.entry(
              selector("executeOperation(address[],uint256[],uint256[],address,bytes)"), Kind.AAVE),
          Map.entry(selector("executeOperation(address,uint256,uint256,address,bytes)"), Kind.AAVE),
          Map.entry(selector("executeOperation(address,uint256,uint256,bytes)"), Kind.AAVE),
          Map.entry(selector("uniswapV2Call(address,uint256,uint256,bytes)"), Kind.UNISWAP_V2),
          Map.entry(selector("uniswapV3FlashCallback(uint256,uint256,bytes)"), Kind.UNISWAP_V3),
          Map.entry(
              selector("receiveFlashLoan(address[],uint256[],uint256[],bytes)"), Kind.BALANCER),
          Map.entry(selector("callFunction(address,(address,uint256),bytes)"), Kind.DYDX),
          Map.entry(selector("DVMFlashLoanCall(address,uint256,uint256,bytes)"), Kind.DODO),
          Map.entry(selector("DPPFlashLoanCall(address,uint256,uint256,bytes)"), Kind.DODO),
          Map.entry(selector("DSPFlashLoanCall(address,uint256,uint256,bytes)"), Kind.DODO));

  /** A callback, and the call by which the borrower's side had turned to who calls back. */
  private record Visit(CallFrame call, CallFrame callback, int end) {}

  private final TxTrace trace;
  private final List<Flow> flows;
  private final boolean[] spent;

  private FlashLoans(TxTrace trace, List<Flow> flows) {
    this.trace = trace;
    this.flows = flows;
    this.spent = new boolean[flows.size()];
  }

  /** The loans of {@code trace}, in order of the frames that lend. */
  static List<FlashLoan> of(TxTrace trace, List<Flow> flows) {
    FlashLoans found = new FlashLoans(trace, flows);
    List<FlashLoan> all = new ArrayList<>();
    for (Visit visit : found.visits()) {
      found.lent(visit, all);
    }
    all.sort(Comparator.comparing(l -> l.span().lent()));
    return List.copyOf(all);
  }

  private static int selector(String signature) {
    return Selectors.at(Keccak.hash(Bytes.utf8(signature)).bytes(), 0);
  }

  /** Innermost first, so that what an inner loan is paid back with pays back no outer one. */
  private List<Visit> visits() {
    List<Visit> all = new ArrayList<>();
    Map<Integer, Integer> seen = new HashMap<>();
    for (CallFrame frame : trace.frames()) {
      if (frame.failed()
          || frame.kind() != FrameKind.CALL
          || frame.selector() == 0
          || frame.parent() < 0
          || frame.from().equals(frame.to())) {
        continue;
      }
      CallFrame call = trace.frame(frame.parent());
      while (call.parent() >= 0 && trace.frame(call.parent()).account().equals(frame.from())) {
        call = trace.frame(call.parent());
      }
      if (call.parent() >= 0 && seen.merge(call.index(), 1, Integer::sum) <= MAX_CALLBACKS) {
        all.add(new Visit(call, frame, trace.end(call.index())));
      }
    }
    return all.reversed();
  }

  private void lent(Visit visit, List<FlashLoan> all) {
    Address borrower = visit.callback().to();
    if (kind(visit) == Kind.OTHER && !visit.call().from().equals(borrower)) {
      return;
    }
    for (int i = first(visit.call().index());
        i < flows.size() && flows.get(i).frame() <= visit.callback().index();
        i++) {
      Flow out = flows.get(i);
      if (all.size() >= MAX_LOANS) {
        return;
      }
      if (out.to().equals(borrower) && !spent[i] && !ofToken(out, visit.callback().from())) {
        back(visit, out).ifPresent(all::add);
      }
    }
  }

  /** Whether it is the token itself that calls, to tell of the transfer. */
  private static boolean ofToken(Flow flow, Address caller) {
    return flow.asset() instanceof Asset.Token(Address token)
        && token.equals(caller)
        && !flow.from().equals(Address.ZERO);
  }

  private Optional<FlashLoan> back(Visit visit, Flow out) {
    Address desk = visit.callback().from();
    Optional<Flow> other = Optional.empty();
    for (int i = first(visit.callback().index()); i < flows.size(); i++) {
      Flow in = flows.get(i);
      if (in.frame() >= visit.end()) {
        break;
      }
      boolean home = in.to().equals(out.from()) || in.to().equals(desk);
      if (!home || spent[i] || in.equals(out)) {
        continue;
      }
      if (in.asset().equals(out.asset()) && repays(in, out)) {
        spent[i] = true;
        return Optional.of(loan(visit, out, in));
      }
      if (!in.asset().equals(out.asset()) && other.isEmpty()) {
        other = Optional.of(in);
      }
    }
    boolean pair = kind(visit) == Kind.UNISWAP_V2 || kind(visit) == Kind.UNISWAP_V2_FORK;
    return other.filter(_ -> pair).map(in -> loan(visit, out, in));
  }

  /** Whether as much came back, and not so much more that it can be no fee. */
  private static boolean repays(Flow in, Flow out) {
    return in.amount().compareTo(out.amount()) >= 0
        && in.amount().compareTo(out.amount().shiftLeft(1)) <= 0;
  }

  private static FlashLoan loan(Visit visit, Flow out, Flow in) {
    return new FlashLoan(
        kind(visit),
        new FlashLoan.Parties(out.from(), visit.callback().from(), visit.callback().to()),
        out.asset(),
        out.amount(),
        in.asset().equals(out.asset())
            ? Optional.of(in.amount().subtract(out.amount()))
            : Optional.empty(),
        new FlashLoan.Span(out.frame(), visit.callback().index(), in.frame()));
  }

  private static Kind kind(Visit visit) {
    Kind named = CALLBACKS.get(visit.callback().selector());
    if (named != null) {
      return named;
    }
    if (visit.call().selector() == Selectors.SWAP_V2 && pairShaped(visit.callback().input())) {
      return Kind.UNISWAP_V2_FORK;
    }
    return visit.call().selector() == FLASH_V3 ? Kind.UNISWAP_V3_FORK : Kind.OTHER;
  }

  private static boolean pairShaped(Bytes input) {
    return Words.hasArgument(input, 3) && Words.argument(input, 3).equals(PAIR_BYTES);
  }

  /** The number of the first flow in the frame {@code frame} or behind. */
  private int first(int frame) {
    int low = 0;
    int high = flows.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (flows.get(middle).frame() < frame) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
