package io.tocsin.adapter.rpc;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.Threads;
import io.tocsin.base.Wei;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.PendingTrials;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.TransactionJson;
import io.tocsin.chain.TxTrace;
import io.tocsin.crypto.Keccak;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Trials by {@code debug_traceCall} with block overrides at every endpoint. */
final class Trials implements PendingTrials {
  private final Panel panel;
  private final Witnesses witnesses;
  private final Duration slot;
  private final RpcChain.Surroundings around;

  Trials(Panel panel, Duration slot, RpcChain.Surroundings around) {
    this.panel = panel;
    this.witnesses = new Witnesses(panel);
    this.slot = slot;
    this.around = around;
  }

  /** What one endpoint knows of the transaction and its sender. */
  private record Standing(SignedTransaction body, Block head, BigInteger balance, long nonce) {
    Hash32 digest() {
      return Keccak.hash(
          body.encoded(), Bytes.utf8(head.ref().hash() + " " + balance + " " + nonce));
    }

    /** Why it cannot be in the next block; the base fee may rise by an eighth. */
    Optional<String> obstacle() {
      if (body.nonce() != nonce) {
        return Optional.of("its nonce is " + body.nonce() + ", the sender's " + nonce);
      }
      BigInteger next = head.baseFee().amount().multiply(BigInteger.valueOf(9)).shiftRight(3);
      Wei cap = body.fees().cap();
      if (cap.amount().compareTo(next) < 0) {
        return Optional.of("its fee cap is below the base fee that the next block may have");
      }
      BigInteger cost =
          cap.amount()
              .multiply(BigInteger.valueOf(body.gas().amount()))
              .add(body.call().value().amount());
      return balance.compareTo(cost) < 0
          ? Optional.of("the sender cannot pay for it")
          : Optional.empty();
    }
  }

  @Override
  public Trial trial(Hash32 tx) {
    Panel.Answers<Optional<Standing>> answers =
        panel.ask(endpoint -> standing(endpoint, tx), _ -> false);
    List<Ballot.Vote<Standing>> votes = new ArrayList<>();
    answers
        .given()
        .forEach(
            (name, standing) ->
                standing.ifPresent(s -> votes.add(new Ballot.Vote<>(name, s.digest(), s))));
    if (votes.isEmpty() && !answers.given().isEmpty()) {
      return new Trial.NotIncludable("it is not pending");
    }
    Ballot.Result<Standing> result =
        new Ballot<>(panel.electorate(), votes, new HashMap<>(answers.faults())).count();
    if (result.evidence().isEmpty()) {
      return new Trial.Unavailable(reason(result.agreement()));
    }
    Standing standing = result.evidence().get();
    Optional<String> obstacle = standing.obstacle();
    if (obstacle.isPresent()) {
      return new Trial.NotIncludable(obstacle.get());
    }
    return run(standing);
  }

  private static String reason(Agreement agreement) {
    return agreement instanceof Agreement.Lacking(String why) ? why : "no evidence";
  }

  private static Optional<Standing> standing(Endpoint endpoint, Hash32 tx) throws Fault {
    Optional<SignedTransaction> body = endpoint.pendingBody(tx);
    Optional<Block> head = endpoint.latest();
    if (body.isEmpty() || head.isEmpty()) {
      return Optional.empty();
    }
    JsonNode block = endpoint.blockParameter(head.get().ref().hash());
    Bytes balance = endpoint.read(new StateQuery.NativeBalance(body.get().sender()), block);
    return Optional.of(
        new Standing(
            body.get(),
            head.get(),
            new BigInteger(1, balance.toArray()),
            endpoint.nonce(body.get().sender(), block)));
  }

  /** All runs at once: each waits for the endpoints, not for the others. */
  private Trial run(Standing standing) {
    List<Optional<JsonNode>> surroundings = new ArrayList<>();
    surroundings.add(Optional.empty());
    changes(standing.head()).forEach(change -> surroundings.add(Optional.of(change)));
    List<ChainEvent.Traced> runs = new ArrayList<>();
    try (ExecutorService running = Threads.virtual("trial")) {
      List<Future<Optional<ChainEvent.Traced>>> all = new ArrayList<>();
      surroundings.forEach(each -> all.add(running.submit(() -> simulate(standing, each))));
      for (int i = 0; i < all.size(); i++) {
        Optional<ChainEvent.Traced> traced = all.get(i).get();
        if (traced.isEmpty()) {
          return new Trial.Unavailable(
              "no endpoint could simulate it"
                  + surroundings.get(i).map(change -> " with " + change).orElse(""));
        }
        runs.add(traced.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Trial.Unavailable("interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException("trying " + standing.body().hash(), e.getCause());
    }
    return new Trial.Includable(runs.getFirst(), runs.subList(1, runs.size()));
  }

  private Optional<ChainEvent.Traced> simulate(Standing standing, Optional<JsonNode> surroundings) {
    Ballot.Result<TxTrace> result =
        witnesses.pending(standing.body(), standing.head().ref(), surroundings);
    return result
        .evidence()
        .map(trace -> new ChainEvent.Traced(trace, result.agreement(), around.clock().instant()));
  }

  /** The next block, and one later and dearer; who builds them nobody can foresee. */
  private List<ObjectNode> changes(Block head) {
    BigInteger dearer =
        head.baseFee().amount().multiply(BigInteger.valueOf(9)).shiftRight(3).add(BigInteger.ONE);
    long time = head.ref().time().getEpochSecond();
    return List.of(
        block(head.ref().number() + 1, time + slot.toSeconds()),
        block(head.ref().number() + 2, time + 2 * slot.toSeconds() + 1)
            .put("baseFeePerGas", TransactionJson.quantity(dearer)));
  }

  private ObjectNode block(long number, long time) {
    byte[] builder = new byte[20];
    around.random().nextBytes(builder);
    return Json.object()
        .put("feeRecipient", new Address(Bytes.of(builder)).toString())
        .put("number", TransactionJson.quantity(BigInteger.valueOf(number)))
        .put("time", TransactionJson.quantity(BigInteger.valueOf(time)));
  }
}
