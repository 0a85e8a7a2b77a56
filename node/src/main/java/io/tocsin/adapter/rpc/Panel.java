package io.tocsin.adapter.rpc;

import io.tocsin.base.BoundedQueue;
import io.tocsin.base.Threads;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Asks all endpoints of a chain the same question at once. The first answer is waited for as long
 * as calls may take; from then on the others have {@code grace} to say the same. Thread-safe.
 */
final class Panel {
  private final List<Endpoint> endpoints;
  private final Duration grace;
  private final Duration patience;

  Panel(List<Endpoint> endpoints, Duration grace, Duration patience) {
    this.endpoints = List.copyOf(endpoints);
    this.grace = grace;
    this.patience = patience;
  }

  /** A question to one endpoint. */
  interface Question<T> {
    T to(Endpoint endpoint) throws Fault;
  }

  /** What came back, by the endpoints' names, in order of arrival. */
  record Answers<T>(Map<String, T> given, Map<String, String> faults) {}

  private record Said<T>(String endpoint, List<T> value, String fault) {}

  List<Endpoint> endpoints() {
    return endpoints;
  }

  Duration grace() {
    return grace;
  }

  /** The endpoints' names with their operators. */
  Map<String, String> electorate() {
    return endpoints.stream()
        .collect(
            Collectors.toMap(Endpoint::name, Endpoint::operator, (a, _) -> a, LinkedHashMap::new));
  }

  /** Whether these endpoints are enough to agree on anything. */
  boolean canAgree() {
    return endpoints.size() >= 2
        && endpoints.stream().map(Endpoint::operator).distinct().count() >= 2;
  }

  /** Asks until all answered, {@code enough} holds, or the time is up. */
  <T> Answers<T> ask(Question<T> question, Predicate<Answers<T>> enough) {
    BoundedQueue<Said<T>> said = new BoundedQueue<>(endpoints.size());
    for (Endpoint endpoint : endpoints) {
      Threads.start("ask " + endpoint.name(), () -> said.offer(answer(question, endpoint)));
    }
    Answers<T> answers = new Answers<>(new LinkedHashMap<>(), new LinkedHashMap<>());
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      for (int heard = 0; heard < endpoints.size(); heard++) {
        Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
        var next = said.poll(left);
        if (next.isEmpty()) {
          break;
        }
        if (next.get().value().isEmpty()) {
          answers.faults().put(next.get().endpoint(), next.get().fault());
          continue;
        }
        if (answers.given().isEmpty()) {
          deadline = Math.min(deadline, System.nanoTime() + grace.toNanos());
        }
        answers.given().put(next.get().endpoint(), next.get().value().getFirst());
        if (enough.test(answers)) {
          return answers;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Endpoint endpoint : endpoints) {
      if (!answers.given().containsKey(endpoint.name())) {
        answers.faults().putIfAbsent(endpoint.name(), endpoint.name() + ": no answer in time");
      }
    }
    return answers;
  }

  private static <T> Said<T> answer(Question<T> question, Endpoint endpoint) {
    try {
      endpoint.prepare();
      return new Said<>(endpoint.name(), List.of(question.to(endpoint)), "");
    } catch (Fault e) {
      return new Said<>(endpoint.name(), List.of(), e.reason());
    } catch (Endpoint.WrongChain e) {
      return new Said<>(endpoint.name(), List.of(), String.valueOf(e.getMessage()));
    }
  }
}
