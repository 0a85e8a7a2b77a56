package io.tocsin.pipeline;

import static io.tocsin.policy.PolicySamples.NOW;
import static io.tocsin.policy.PolicySamples.hash;

import io.tocsin.base.AccountId;
import io.tocsin.policy.Lever;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.Permit;
import io.tocsin.respond.Responder;
import io.tocsin.risk.RiskEstimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Does everything it is asked for, and answers what a test tells it to. */
final class ScriptedResponder implements Responder {
  static final Outcome DONE =
      new Outcome.Done(
          new Outcome.Receipt(Outcome.Effect.PAUSED, hash("pause"), 12, NOW, "simulated"));

  final BlockingQueue<Permit> settled = new LinkedBlockingQueue<>();
  final List<Permit> executed = new ArrayList<>();
  volatile Outcome answer = DONE;
  volatile Optional<String> fault = Optional.empty();

  @Override
  public synchronized Outcome execute(Permit permit, RiskEstimate stake) {
    executed.add(permit);
    return DONE;
  }

  synchronized List<Permit> executed() {
    return List.copyOf(executed);
  }

  @Override
  public Outcome settle(Permit permit) {
    settled.add(permit);
    return answer;
  }

  @Override
  public Outcome bidOn(Permit permit, RiskEstimate stake) {
    return new Outcome.Unknown("it still waits");
  }

  @Override
  public Optional<String> unready() {
    return Optional.empty();
  }

  @Override
  public Optional<String> rehearse(AccountId guardian, Lever lever) {
    return fault;
  }
}
