package io.tocsin.adapter.rpc;

import io.tocsin.adapter.rpc.RpcStateView.Answer;
import io.tocsin.base.BoundedQueue;
import io.tocsin.base.Hash32;
import io.tocsin.base.Threads;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.chain.StateQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Has state that endpoints named proven by the roots of its blocks, one read after the other, two
 * seconds after it was used: a proof takes ten times as long as an answer. Whoever answered
 * otherwise is told of.
 */
final class ProofDesk implements AutoCloseable {
  /** Reads waiting; what comes when there are more is not proven afterwards. */
  private static final int WAITING = 256;

  private static final Duration IDLE = Duration.ofMinutes(1);

  /** An alarm that the read belongs to has the endpoints to itself for so long. */
  private static final Duration DELAY = Duration.ofSeconds(2);

  private record Task(
      Hash32 block, Hash32 root, Map<String, Map<StateQuery, Answer>> given, long due) {}

  private final Panel panel;
  private final BoundedQueue<Task> tasks = new BoundedQueue<>(WAITING);
  private final Thread thread;

  ProofDesk(Panel panel) {
    this.panel = panel;
    this.thread = Threads.start("proofs " + panel.common().chain(), this::run);
  }

  /** Has what {@code given} says of {@code block}, by endpoint, held against proofs soon. */
  void check(Hash32 block, Hash32 root, Map<String, Map<StateQuery, Answer>> given) {
    tasks.offer(new Task(block, root, given, System.nanoTime() + DELAY.toNanos()));
  }

  private void run() {
    try {
      while (true) {
        Optional<Task> task = tasks.poll(IDLE);
        if (task.isPresent()) {
          Thread.sleep(Duration.ofNanos(Math.max(0, task.get().due() - System.nanoTime())));
          check(task.get());
        }
      }
    } catch (InterruptedException e) {
      // Closed.
      Thread.currentThread().interrupt();
    }
  }

  private void check(Task task) {
    Set<StateQuery> open = new LinkedHashSet<>();
    task.given().values().forEach(values -> open.addAll(values.keySet()));
    open.removeIf(query -> !Reading.provable(query));
    for (Endpoint endpoint : panel.endpoints()) {
      if (open.isEmpty()) {
        return;
      }
      Map<StateQuery, Answer> proven = prove(endpoint, task, new ArrayList<>(open));
      proven.forEach((query, answer) -> compare(task, query, answer));
      open.removeAll(proven.keySet());
    }
  }

  private Map<StateQuery, Answer> prove(Endpoint endpoint, Task task, List<StateQuery> queries) {
    if (!endpoint.can(Capability.PROOFS)) {
      return Map.of();
    }
    try {
      Map<StateQuery, Answer> answers =
          new Reading(endpoint, endpoint.blockParameter(task.block()), Optional.of(task.root()))
              .of(queries);
      if (answers.isEmpty()) {
        panel
            .common()
            .conduct()
            .wrong(
                endpoint,
                TroubleKind.UNPROVEN,
                "state",
                "it does not prove what it says, as of block " + task.block());
      }
      return answers;
    } catch (Fault _) {
      // Not reached; another one may prove it.
      return Map.of();
    }
  }

  private void compare(Task task, StateQuery query, Answer proven) {
    for (Endpoint endpoint : panel.endpoints()) {
      Answer said = task.given().getOrDefault(endpoint.name(), Map.of()).get(query);
      if (said != null && said.contradicts(proven)) {
        panel
            .common()
            .conduct()
            .wrong(
                endpoint,
                TroubleKind.FORGED_STATE,
                "state of block " + task.block(),
                query + " is proven to be other than it says");
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
