package io.tocsin.adapter.contract;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.TransactionJson;
import io.tocsin.chain.TxCall;
import io.tocsin.claim.Claim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a call would do, as far as the endpoints can say before it is sent. */
final class Rehearsal {
  /** How long the simulation of a waiting attack may delay the pause. */
  private static final Duration ATTACK_SIMULATION = Duration.ofMillis(500);

  private final ChainAccess access;
  private final Address from;

  Rehearsal(ChainAccess access, Address from) {
    this.access = access;
    this.from = from;
  }

  /** What the call reverts with, if as many endpoints as must agree say that it does. */
  Optional<Bytes> revert(TxCall call, ObjectNode evidence) {
    List<CallAnswer> answers = access.attempt(from, call);
    List<Bytes> reverts = new ArrayList<>();
    boolean passes = false;
    for (CallAnswer answer : answers) {
      switch (answer) {
        case CallAnswer.Returned _ -> passes = true;
        case CallAnswer.Reverted(Bytes data) -> reverts.add(data);
        case CallAnswer.Unanswered(String reason) -> evidence.put("unanswered", reason);
      }
    }
    evidence.put("simulation", passes ? "passes" : reverts.isEmpty() ? "unknown" : "reverts");
    return passes || reverts.size() < access.quorum()
        ? Optional.empty()
        : Optional.of(reverts.getFirst());
  }

  /** Starts to run the call, and behind it the attack that waits to be mined, in one block. */
  Future<Optional<JsonNode>> withAttack(TxCall call, Optional<Claim.ExploitPending> attack) {
    return access.start(
        () ->
            attack
                .flatMap(pending -> access.waiting(pending.tx()))
                .flatMap(
                    waiting ->
                        access.simulate(
                            List.of(ChainAccess.message(from, call), behind(waiting)))));
  }

  private static JsonNode behind(SignedTransaction attack) {
    return TransactionJson.callObject(attack).without("nonce");
  }

  /** Writes down what {@link #withAttack} came to, if it does in time. */
  static void keep(Future<Optional<JsonNode>> withAttack, ObjectNode evidence) {
    try {
      withAttack
          .get(ATTACK_SIMULATION.toMillis(), TimeUnit.MILLISECONDS)
          .ifPresent(
              calls -> {
                evidence.put("pause_status", calls.path(0).path("status").asString(""));
                evidence.put("attack_after_pause", calls.path(1).path("status").asString(""));
                evidence.set("attack_error", calls.path(1).path("error"));
              });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | ExecutionException e) {
      evidence.put("attack_after_pause", "not simulated: " + e.getMessage());
    }
  }
}
