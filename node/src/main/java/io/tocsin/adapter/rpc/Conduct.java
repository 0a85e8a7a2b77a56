package io.tocsin.adapter.rpc;

import io.tocsin.base.ChainId;
import io.tocsin.chain.ChainEvent.Trouble;
import io.tocsin.chain.ChainEvent.TroubleKind;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Tells what endpoints of a chain are found to do wrong: each wrong once, with the operator's name.
 * Thread-safe.
 */
final class Conduct {
  private static final int REMEMBERED = 4_096;

  /** Blocks in a row that an endpoint may lack before its head counts as stale. */
  private static final int SLOW = 3;

  private record Wrong(String endpoint, TroubleKind kind, String about) {}

  private final ChainId chain;
  private final Consumer<Trouble> operator;
  private final Map<Wrong, Boolean> told =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Wrong, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };
  private final Map<String, Long> lacking = new ConcurrentHashMap<>();
  private final Set<String> unproven = new HashSet<>();

  /** Tells {@code operator}, which must not block. */
  Conduct(ChainId chain, Consumer<Trouble> operator) {
    this.chain = chain;
    this.operator = operator;
  }

  /**
   * {@code endpoint} did wrong.
   *
   * @param about the thing it was wrong about, of which it is told once
   */
  void wrong(Endpoint endpoint, TroubleKind kind, String about, String what) {
    synchronized (told) {
      if (told.put(new Wrong(endpoint.name(), kind, about), true) != null) {
        return;
      }
    }
    tell(endpoint, kind, about + ": " + what);
  }

  private void tell(Endpoint endpoint, TroubleKind kind, String sentence) {
    operator.accept(
        new Trouble(
            chain,
            endpoint.name(),
            kind,
            "the endpoint of operator " + endpoint.operator() + ": " + sentence));
  }

  /** Whether {@code endpoint} has the block that agreeing endpoints have; told when it lags. */
  void head(Endpoint endpoint, boolean there, long number, String instead) {
    if (there) {
      lacking.remove(endpoint.name());
    } else if (number - lacking.merge(endpoint.name(), number, Math::min) >= SLOW) {
      wrong(endpoint, TroubleKind.STALE, "block " + number, instead);
    }
  }

  /** Whether anyone could prove {@code what}; told when that ends. */
  void proven(Endpoint endpoint, boolean so, String what, String sentence) {
    synchronized (unproven) {
      if (so ? !unproven.remove(what) : !unproven.add(what)) {
        return;
      }
    }
    if (!so) {
      tell(endpoint, TroubleKind.UNPROVEN, sentence);
    }
  }
}
