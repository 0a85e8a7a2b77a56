package io.tocsin.detect;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TxTrace;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What accounts held before the transaction: from recorded state, or else worked out from the first
 * {@code balanceOf} answer in the trace and what had moved until then. Accounts made in the
 * transaction held nothing.
 */
final class Balances {
  private record Holding(Address account, Asset asset) {}

  private final StateReads reads;
  private final Set<Address> made;
  private final Map<Holding, BigInteger> seen = new HashMap<>();

  Balances(TxTrace trace, StateReads reads, List<Flow> flows, Set<Address> made) {
    this.reads = reads;
    this.made = made;
    Map<Holding, BigInteger> running = new HashMap<>();
    int next = 0;
    for (CallFrame frame : trace.frames()) {
      if (frame.selector() != Selectors.BALANCE_OF
          || frame.input().size() < 36
          || frame.output().size() < 32
          || frame.error().isPresent()) {
        continue;
      }
      for (; next < flows.size() && flows.get(next).frame() < frame.index(); next++) {
        Flow flow = flows.get(next);
        running.merge(
            new Holding(flow.from(), flow.asset()), flow.amount().negate(), BigInteger::add);
        running.merge(new Holding(flow.to(), flow.asset()), flow.amount(), BigInteger::add);
      }
      Holding holding = new Holding(Words.address(frame.input(), 0), new Asset.Token(frame.to()));
      BigInteger before =
          Words.returned(frame.output(), 0)
              .subtract(running.getOrDefault(holding, BigInteger.ZERO));
      seen.putIfAbsent(holding, before);
    }
  }

  static StateQuery query(Address account, Asset asset) {
    return switch (asset) {
      case Asset.Native _ -> new StateQuery.NativeBalance(account);
      case Asset.Token(Address token) ->
          new StateQuery.Call(token, Bytes.hex("0x70a08231").concat(account.toWord().bytes()));
    };
  }

  Optional<BigInteger> before(Address account, Asset asset) {
    Optional<Bytes> read = reads.value(query(account, asset)).filter(b -> b.size() >= 32);
    if (read.isPresent()) {
      return Optional.of(Words.returned(read.get(), 0));
    }
    return made.contains(account)
        ? Optional.of(BigInteger.ZERO)
        : Optional.ofNullable(seen.get(new Holding(account, asset)));
  }

  OptionalDouble share(Address account, Asset asset, BigInteger loss) {
    Optional<BigInteger> held = before(account, asset).filter(b -> b.signum() > 0);
    if (held.isEmpty()) {
      return OptionalDouble.empty();
    }
    double share =
        new BigDecimal(loss)
            .divide(new BigDecimal(held.get()), MathContext.DECIMAL32)
            .doubleValue();
    return OptionalDouble.of(Math.min(1, share));
  }
}
