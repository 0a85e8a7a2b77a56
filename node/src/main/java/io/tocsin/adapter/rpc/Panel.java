package io.tocsin.adapter.rpc;

import io.tocsin.base.BoundedQueue;
import io.tocsin.base.ChainId;
import io.tocsin.base.Threads;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Asks all endpoints of a chain the same question at once. The first answer is waited for as long
 * as calls may take; from then on the others have {@code grace} to say the same. Thread-safe.
 */
final class Panel {
  private final Common common;
  private final List<Endpoint> endpoints;
  private final Duration grace;
  private final Duration patience;

  Panel(Common common, List<Endpoint> endpoints, Duration grace, Duration patience) {
    this.common = common;
    this.endpoints = List.copyOf(endpoints);
    this.grace = grace;
    this.patience = patience;
  }

  /** What the endpoints of one chain share: its name, what is known of it and of them. */
  record Common(ChainId chain, Headers headers, Conduct conduct) {}

  /** A question to one endpoint. */
  interface Question<T> {
    T to(Endpoint endpoint) throws Fault;
  }

  /** What came back, by the endpoints' names, in order of arrival. */
  record Answers<T>(Map<String, T> given, Map<String, String> faults) {}

  private record Said<T>(String endpoint, List<T> value, String fault) {}

  Common common() {
    return common;
  }

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
    return hear(question, enough, Optional.empty());
  }

  /**
   * Asks until all answered, {@code enough} holds, or the time is up.
   *
   * @param review gets what came in the end, in the background, also from those who were not waited
   *     for
   */
  <T> Answers<T> ask(
      Question<T> question, Predicate<Answers<T>> enough, Consumer<Answers<T>> review) {
    return hear(question, enough, Optional.of(review));
  }

  private <T> Answers<T> hear(
      Question<T> question, Predicate<Answers<T>> enough, Optional<Consumer<Answers<T>>> review) {
    Inbox<T> inbox = new Inbox<>();
    for (Endpoint endpoint : endpoints) {
      Threads.start("ask " + endpoint.name(), () -> inbox.said.offer(answer(question, endpoint)));
    }
    boolean early = inbox.listen(enough);
    Answers<T> heard = inbox.heard();
    if (!early) {
      inbox.close();
      heard = inbox.heard();
    }
    review.ifPresent(
        reader ->
            Threads.start(
                "review",
                () -> {
                  if (early) {
                    inbox.listen(_ -> false);
                    inbox.close();
                  }
                  reader.accept(inbox.heard());
                }));
    return heard;
  }

  /** The answers to one question as they come in; used by one thread at a time. */
  private final class Inbox<T> {
    private final BoundedQueue<Said<T>> said = new BoundedQueue<>(endpoints.size());
    private final Answers<T> answers = new Answers<>(new LinkedHashMap<>(), new LinkedHashMap<>());
    private long deadline = System.nanoTime() + patience.toNanos();
    private int heard;

    /** Whether {@code enough} held before all were heard or the time was up. */
    boolean listen(Predicate<Answers<T>> enough) {
      try {
        while (heard < endpoints.size()) {
          Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
          var next = said.poll(left);
          if (next.isEmpty()) {
            return false;
          }
          heard++;
          if (next.get().value().isEmpty()) {
            answers.faults().put(next.get().endpoint(), next.get().fault());
            continue;
          }
          if (answers.given().isEmpty()) {
            deadline = Math.min(deadline, System.nanoTime() + grace.toNanos());
          }
          answers.given().put(next.get().endpoint(), next.get().value().getFirst());
          if (enough.test(answers)) {
            return true;
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return false;
    }

    void close() {
      for (Endpoint endpoint : endpoints) {
        if (!answers.given().containsKey(endpoint.name())) {
          answers.faults().putIfAbsent(endpoint.name(), endpoint.name() + ": no answer in time");
        }
      }
    }

    Answers<T> heard() {
      return new Answers<>(
          new LinkedHashMap<>(answers.given()), new LinkedHashMap<>(answers.faults()));
    }
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
