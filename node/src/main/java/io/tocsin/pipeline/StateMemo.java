package io.tocsin.pipeline;

import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateReads;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * State values as they were read: what is read at one block never changes, so it is asked for once,
 * however many scans want it. What could not be read is asked for again. Thread-safe; keeps the
 * last {@value #KEPT} answers.
 */
final class StateMemo {
  private static final int KEPT = 256;

  private final Map<ChainId, ChainPorts> chains;
  private final Map<Key, StateReads> answers =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, StateReads> eldest) {
          return size() > KEPT;
        }
      };

  private record Key(ChainId chain, Hash32 block, List<StateQuery> queries) {}

  StateMemo(Map<ChainId, ChainPorts> chains) {
    this.chains = chains;
  }

  /** What {@code queries} read after {@code block}. */
  StateReads read(ChainId chain, List<StateQuery> queries, Hash32 block) {
    if (queries.isEmpty()) {
      return StateReads.NONE;
    }
    Key key = new Key(chain, block, List.copyOf(queries));
    synchronized (answers) {
      StateReads known = answers.get(key);
      if (known != null) {
        return known;
      }
    }
    StateReads reads =
        Optional.ofNullable(chains.get(chain))
            .map(ports -> ports.state().read(queries, block))
            .orElse(StateReads.NONE);
    if (reads.unanswered().isEmpty()) {
      synchronized (answers) {
        answers.put(key, reads);
      }
    }
    return reads;
  }
}
