package io.tocsin.adapter.contract;

import io.tocsin.base.ChainId;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import io.tocsin.base.Threads;
import io.tocsin.chain.NodeCalls;
import io.tocsin.chain.NodeCalls.Reply;
import io.tocsin.chain.TransactionJson;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Endpoints of one chain that answer the same question at the same time. Once as many have answered
 * as must agree, the others have {@value #GRACE_MILLIS} ms left, so that one that hangs delays
 * nothing. Thread-safe.
 */
final class Panel implements AutoCloseable {
  private static final long GRACE_MILLIS = 200;

  private final ChainId chain;
  private final List<NodeCalls> endpoints;
  private final ExecutorService asking;

  Panel(ChainId chain, List<? extends NodeCalls> endpoints) {
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("no endpoint for " + chain);
    }
    this.chain = chain;
    this.endpoints = List.copyOf(endpoints);
    this.asking = Threads.virtual("ask-" + chain);
  }

  record Answer<T>(String endpoint, T value) {}

  int size() {
    return endpoints.size();
  }

  /** How many must say the same. */
  int quorum() {
    return Math.min(2, endpoints.size());
  }

  /** Answers once {@code enough} holds for what came in, or time is up. */
  <T> List<Answer<T>> ask(Function<NodeCalls, T> question, Predicate<List<Answer<T>>> enough) {
    var service = new ExecutorCompletionService<Answer<T>>(asking);
    for (NodeCalls endpoint : endpoints) {
      service.submit(() -> new Answer<>(endpoint.name(), question.apply(endpoint)));
    }
    List<Answer<T>> answers = new ArrayList<>();
    try {
      while (answers.size() < endpoints.size()) {
        @Nullable Future<Answer<T>> next =
            answers.size() < quorum()
                ? service.take()
                : service.poll(GRACE_MILLIS, TimeUnit.MILLISECONDS);
        if (next == null) {
          break;
        }
        answers.add(next.get());
        if (enough.test(answers)) {
          break;
        }
      }
      return answers;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking " + chain, e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("asking " + chain, e.getCause());
    }
  }

  <T> Optional<T> agreed(List<Answer<T>> answers) {
    Map<T, Integer> votes = new LinkedHashMap<>();
    for (Answer<T> answer : answers) {
      if (votes.merge(answer.value(), 1, Integer::sum) >= quorum()) {
        return Optional.of(answer.value());
      }
    }
    return Optional.empty();
  }

  <T> T requireAgreed(String what, List<Answer<T>> answers) throws ChainException {
    return agreed(answers)
        .orElseThrow(
            () ->
                new ChainException(
                    chain + ": the endpoints do not agree on " + what + ": " + answers));
  }

  /** The median of a quantity, or of a quantity in the answer's field {@code field}. */
  BigInteger median(String method, Optional<String> field, Object... parameters)
      throws ChainException {
    List<String> faults = new ArrayList<>();
    List<BigInteger> values = new ArrayList<>();
    for (Answer<Reply> answer : ask(e -> e.call(method, parameters), _ -> false)) {
      if (answer.value() instanceof Reply.Result(JsonNode value)) {
        JsonNode found = field.map(value::path).orElse(value);
        try {
          values.add(TransactionJson.quantity(Json.object().set("value", found), "value"));
        } catch (MalformedException e) {
          faults.add(answer.endpoint() + ": " + e.getMessage());
        }
      } else {
        faults.add(answer.endpoint() + ": " + describe(answer.value()));
      }
    }
    if (values.isEmpty()) {
      throw new ChainException(chain + ": no answer to " + method + ": " + faults);
    }
    Collections.sort(values);
    return values.get(values.size() / 2);
  }

  <T> Future<T> start(Callable<T> work) {
    return asking.submit(work);
  }

  <T> T join(Future<T> work) throws ChainException {
    try {
      return work.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking " + chain, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ChainException fault) {
        throw fault;
      }
      throw new IllegalStateException("asking " + chain, e.getCause());
    }
  }

  static String describe(Reply reply) {
    return switch (reply) {
      case Reply.Result(JsonNode value) -> Text.excerpt(value.toString());
      case Reply.Failure(int code, String message, Optional<JsonNode> _) ->
          CallAnswer.of(reply) instanceof CallAnswer.Reverted(var reason)
              ? "reverted: " + Refusal.decode(reason)
              : code + " " + Text.excerpt(message);
      case Reply.Unreachable(String reason) -> reason;
    };
  }

  @Override
  public void close() {
    asking.close();
  }
}
