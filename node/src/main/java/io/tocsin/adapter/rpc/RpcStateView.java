package io.tocsin.adapter.rpc;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.Threads;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.StateView;
import io.tocsin.crypto.Keccak;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;

/**
 * State as agreeing endpoints read it. With one endpoint configured its word is taken, for what is
 * only shown; its traces never lead to an action.
 */
final class RpcStateView implements StateView {
  /** Calls under way at one endpoint for one read; more wait. */
  private static final int AT_ONCE = 16;

  private final Panel panel;

  RpcStateView(Panel panel) {
    this.panel = panel;
  }

  @Override
  public StateReads read(List<StateQuery> queries, Hash32 blockHash) {
    if (queries.isEmpty()) {
      return StateReads.NONE;
    }
    List<StateQuery> distinct = queries.stream().distinct().toList();
    Panel.Answers<Map<StateQuery, Answer>> answers =
        panel.ask(
            endpoint -> readAll(endpoint, distinct, blockHash),
            so -> distinct.stream().allMatch(query -> settled(query, so).isPresent()));
    Map<StateQuery, Bytes> out = new LinkedHashMap<>();
    Set<StateQuery> unanswered = new HashSet<>();
    for (StateQuery query : distinct) {
      Optional<Answer> answer = settled(query, answers);
      if (answer.isEmpty()) {
        unanswered.add(query);
      } else {
        answer.get().value().ifPresent(value -> out.put(query, value));
      }
    }
    return StateReads.of(out, unanswered);
  }

  /** What an endpoint said; without a value, that the contract refuses. */
  private record Answer(Optional<Bytes> value) {
    Hash32 digest() {
      return Keccak.hash(value.map(Bytes.utf8("value ")::concat).orElse(Bytes.utf8("refused")));
    }
  }

  private Optional<Answer> settled(
      StateQuery query, Panel.Answers<Map<StateQuery, Answer>> answers) {
    List<Ballot.Vote<Answer>> votes = new ArrayList<>();
    answers
        .given()
        .forEach(
            (name, values) -> {
              Answer answer = values.get(query);
              if (answer != null) {
                votes.add(new Ballot.Vote<>(name, answer.digest(), answer));
              }
            });
    Map<String, String> electorate = panel.electorate();
    if (electorate.size() == 1) {
      return votes.stream().findFirst().map(Ballot.Vote::evidence);
    }
    Ballot.Result<Answer> result = new Ballot<>(electorate, votes, new HashMap<>()).count();
    return result.agreement().agreed() ? result.evidence() : Optional.empty();
  }

  private static Map<StateQuery, Answer> readAll(
      Endpoint endpoint, List<StateQuery> queries, Hash32 blockHash) throws Fault {
    JsonNode block = endpoint.blockParameter(blockHash);
    Map<StateQuery, Answer> out = new ConcurrentHashMap<>();
    AtomicReference<Optional<Fault>> lost = new AtomicReference<>(Optional.empty());
    Semaphore room = new Semaphore(AT_ONCE);
    List<Thread> reading = new ArrayList<>();
    try {
      for (StateQuery query : queries) {
        room.acquire();
        reading.add(
            Threads.start(
                "read",
                () -> {
                  try {
                    out.put(query, new Answer(Optional.of(endpoint.read(query, block))));
                  } catch (Fault e) {
                    if (e.undone()) {
                      out.put(query, new Answer(Optional.empty()));
                    } else if (!e.reachable()) {
                      lost.set(Optional.of(e));
                    }
                  } finally {
                    room.release();
                  }
                }));
        if (lost.get().isPresent()) {
          break;
        }
      }
      for (Thread thread : reading) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault(endpoint.name() + ": interrupted", true);
    }
    if (lost.get().isPresent()) {
      throw lost.get().get();
    }
    return out;
  }
}
