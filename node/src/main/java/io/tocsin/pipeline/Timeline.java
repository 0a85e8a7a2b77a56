package io.tocsin.pipeline;

import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * When each stage of each transaction was reached first. Thread-safe; remembers the last 4,096
 * transactions.
 */
public final class Timeline {
  private static final int REMEMBERED = 4_096;

  private final Metrics metrics;
  private final Observer observer;
  private final InstantSource clock;
  private final Map<Key, Entry> entries = new LinkedHashMap<>();

  private record Key(ChainId chain, Hash32 tx) {}

  private record Entry(Instant seen, Set<Stage> reached) {}

  /** An empty timeline. */
  public Timeline(Metrics metrics, Observer observer, InstantSource clock) {
    this.metrics = metrics;
    this.observer = observer;
    this.clock = clock;
  }

  /** The transaction was first heard of at {@code when}; only the first call counts. */
  public void seen(ChainId chain, Hash32 tx, Instant when) {
    reached(Stage.SEEN, chain, tx, when);
  }

  /** A stage is reached now; only the first time counts. */
  public void reached(Stage stage, ChainId chain, Hash32 tx) {
    reached(stage, chain, tx, clock.instant());
  }

  private void reached(Stage stage, ChainId chain, Hash32 tx, Instant when) {
    Duration since;
    synchronized (entries) {
      Entry entry =
          entries.computeIfAbsent(
              new Key(chain, tx), _ -> new Entry(when, EnumSet.noneOf(Stage.class)));
      if (!entry.reached().add(stage)) {
        return;
      }
      since = Duration.between(entry.seen(), when);
      if (entries.size() > REMEMBERED) {
        entries.remove(entries.keySet().iterator().next());
      }
    }
    metrics.stage(stage.label(), since);
    observer.stage(stage, chain, tx, since);
  }
}
