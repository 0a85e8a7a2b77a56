package io.tocsin.detect;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.FrameKind;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TraceLog;
import io.tocsin.chain.TxTrace;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The prices that a trace shows, by source: reserve ratios of constant-product pools, square-root
 * prices of concentrated pools, and answers of price views asked more than once.
 */
public final class PriceSources {
  /** One answer of a source in a frame; {@code invariant} is the product of reserves, or NaN. */
  public record Reading(int frame, double price, double invariant) {}

  /** What a source tells: where a pool stands, what a share of something is worth, or a price. */
  public enum Kind {
    POOL,
    SHARE,
    VIEW
  }

  /**
   * A source and its answers in order; one from recorded state comes first, with frame -1. The
   * lowest and the highest price are those of its answers.
   */
  public record Source(
      Address address, Kind kind, List<Reading> readings, double lowest, double highest) {
    public Source {
      readings = List.copyOf(readings);
    }

    private static Source of(Address address, Kind kind, List<Reading> readings) {
      var prices = readings.stream().mapToDouble(Reading::price).summaryStatistics();
      return new Source(address, kind, readings, prices.getMin(), prices.getMax());
    }

    /** Whether it is a pool. */
    public boolean pool() {
      return kind == Kind.POOL;
    }

    /**
     * The factor, at least 1, between the first answer and {@code reading}; of a share, which no
     * trade moves, between whichever answer is furthest from it.
     */
    public double moved(Reading reading) {
      return kind == Kind.SHARE
          ? Math.max(highest / reading.price(), reading.price() / lowest)
          : factor(readings.getFirst(), reading);
    }

    /** The factor, at least 1, between two answers. */
    public static double factor(Reading from, Reading to) {
      return Math.max(to.price() / from.price(), from.price() / to.price());
    }

    /** What became of the product of reserves: the last over the first. */
    public OptionalDouble kept() {
      double[] products =
          readings.stream().mapToDouble(Reading::invariant).filter(v -> v > 0).toArray();
      return products.length < 2
          ? OptionalDouble.empty()
          : OptionalDouble.of(products[products.length - 1] / products[0]);
    }
  }

  private record Key(Address address, Bytes question) {}

  private static final Bytes RESERVES = Bytes.hex("0x0902f1ac");
  private static final Bytes SLOT0 = Bytes.hex("0x3850c7bd");
  private static final Bytes SHARE = Bytes.hex("0x182df0f5");

  private final TxTrace trace;
  private final Map<Key, List<Reading>> readings = new LinkedHashMap<>();

  private PriceSources(TxTrace trace) {
    this.trace = trace;
  }

  static List<Source> of(TxTrace trace, StateReads reads) {
    PriceSources found = new PriceSources(trace);
    reads.values().forEach(found::state);
    for (CallFrame frame : trace.frames()) {
      if (!frame.failed()) {
        found.read(frame);
      }
    }
    return found.sources();
  }

  /** State that would give the price of each pool of {@code trace} before it. */
  static Set<StateQuery> queries(TxTrace trace) {
    Set<StateQuery> all = new LinkedHashSet<>();
    for (CallFrame frame : trace.frames()) {
      if (frame.selector() == Selectors.GET_RESERVES || frame.selector() == Selectors.SWAP_V2) {
        all.add(new StateQuery.Call(frame.to(), RESERVES));
      } else if (frame.selector() == Selectors.SLOT0 || frame.selector() == Selectors.SWAP_V3) {
        all.add(new StateQuery.Call(frame.to(), SLOT0));
      }
    }
    return all;
  }

  private List<Source> sources() {
    List<Source> all = new ArrayList<>();
    readings.forEach(
        (key, list) -> {
          boolean pool = key.question().equals(RESERVES) || key.question().equals(SLOT0);
          if (pool || list.size() > 1) {
            Kind kind = pool ? Kind.POOL : key.question().equals(SHARE) ? Kind.SHARE : Kind.VIEW;
            all.add(Source.of(key.address(), kind, list));
          }
        });
    return all;
  }

  private void state(StateQuery query, Bytes answer) {
    if (!(query instanceof StateQuery.Call(Address to, Bytes data))) {
      return;
    }
    if (data.equals(RESERVES) && answer.size() >= 64) {
      reserves(to, -1, Words.returned(answer, 0), Words.returned(answer, 1));
    } else if (data.equals(SLOT0) && answer.size() >= 32) {
      root(to, -1, Words.returned(answer, 0));
    }
  }

  private void read(CallFrame frame) {
    Bytes out = frame.output();
    int selector = frame.selector();
    if (frame.kind().borrowsCode()) {
      sync(frame);
      return;
    }
    if (selector == Selectors.GET_RESERVES && out.size() >= 64) {
      reserves(frame.to(), frame.index(), Words.returned(out, 0), Words.returned(out, 1));
    } else if (selector == Selectors.SLOT0 && out.size() >= 64) {
      root(frame.to(), frame.index(), Words.returned(out, 0));
    } else if (selector == Selectors.ACCOUNT_SNAPSHOT && out.size() >= 128) {
      share(frame, Words.returned(out, 3));
    } else if ((selector == Selectors.EXCHANGE_RATE || selector == Selectors.EXCHANGE_RATE_CURRENT)
        && out.size() >= 32) {
      share(frame, Words.returned(out, 0));
    } else if (Selectors.PRICE_VIEWS.contains(selector) && out.size() >= 32) {
      double price = Words.returned(out, 0).doubleValue();
      add(new Key(frame.to(), frame.input()), new Reading(frame.index(), price, Double.NaN));
    } else if (selector == Selectors.SWAP_V2) {
      ownBalances(frame);
    }
    sync(frame);
  }

  /** A pool that ends a trade by reading its two balances shows its new reserves. */
  private void ownBalances(CallFrame swap) {
    List<CallFrame> asked = new ArrayList<>();
    for (int child : swap.children()) {
      CallFrame frame = trace.frame(child);
      if (frame.kind() == FrameKind.STATICCALL
          && frame.selector() == Selectors.BALANCE_OF
          && frame.output().size() >= 32
          && Words.hasArgument(frame.input(), 0)
          && Words.address(frame.input(), 0).equals(swap.to())) {
        asked.add(frame);
      }
    }
    if (asked.size() == 2 && !asked.get(0).to().equals(asked.get(1).to())) {
      reserves(
          swap.to(),
          asked.get(1).index(),
          Words.returned(asked.get(0).output(), 0),
          Words.returned(asked.get(1).output(), 0));
    }
  }

  private void sync(CallFrame frame) {
    for (TraceLog log : frame.logs()) {
      if (log.topics().size() == 1
          && log.topics().getFirst().equals(Selectors.SYNC_EVENT)
          && log.data().size() == 64) {
        int after =
            log.position() < frame.children().size()
                ? frame.children().get(log.position()) - 1
                : trace.end(frame.index()) - 1;
        reserves(
            log.emitter(), after, Words.returned(log.data(), 0), Words.returned(log.data(), 1));
      }
    }
  }

  private void reserves(Address pool, int frame, BigInteger x, BigInteger y) {
    double dx = x.doubleValue();
    double dy = y.doubleValue();
    add(new Key(pool, RESERVES), new Reading(frame, dy / dx, dx * dy));
  }

  /** What a share of a lending market is worth, whichever view tells it. */
  private void share(CallFrame frame, BigInteger rate) {
    add(new Key(frame.to(), SHARE), new Reading(frame.index(), rate.doubleValue(), Double.NaN));
  }

  private void root(Address pool, int frame, BigInteger sqrtPrice) {
    double root = sqrtPrice.doubleValue();
    add(new Key(pool, SLOT0), new Reading(frame, root * root, Double.NaN));
  }

  private void add(Key key, Reading reading) {
    if (reading.price() > 0 && Double.isFinite(reading.price())) {
      readings.computeIfAbsent(key, _ -> new ArrayList<>()).add(reading);
    }
  }
}
