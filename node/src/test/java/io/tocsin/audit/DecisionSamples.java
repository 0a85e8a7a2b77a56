package io.tocsin.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.contract.TestFederation;
import io.tocsin.base.CanonicalJson;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.claim.Claim;
import io.tocsin.policy.Alarm;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Case;
import io.tocsin.policy.Case.Occasion;
import io.tocsin.policy.Decision;
import io.tocsin.policy.Epochs;
import io.tocsin.policy.Policy;
import io.tocsin.policy.PolicySamples;
import io.tocsin.policy.Protection;
import io.tocsin.respond.Interlock;
import io.tocsin.respond.InterlockState;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.Ruling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Steps of real decisions and rulings on certificates of a real quorum. */
public final class DecisionSamples {
  public static final TestFederation TOWN = new TestFederation(PolicySamples.NOW);

  private DecisionSamples() {}

  private static Occasion occasion(Alarm alarm) {
    Epochs epochs = new Epochs(1, PolicySamples.NOW.minus(Duration.ofDays(3)));
    return new Occasion(alarm, PolicySamples.evidence(), epochs, PolicySamples.NOW);
  }

  private static Alarm certified(Claim claim) {
    return new Alarm.Certified(TOWN.certify(claim));
  }

  /** Decision, ruling, intent and outcome of a direct, a derived, a pending and a local alarm. */
  public static List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    InterlockState state = InterlockState.EMPTY;
    for (Alarm alarm :
        List.of(
            certified(PolicySamples.mined(PolicySamples.ALDER)),
            certified(PolicySamples.mined(PolicySamples.CLONE)),
            certified(PolicySamples.mined(PolicySamples.BIRCH)),
            certified(PolicySamples.pending(PolicySamples.BIRCH, "next")),
            new Alarm.Local(PolicySamples.mined(PolicySamples.BIRCH)))) {
      Protection protection = PolicySamples.protection();
      Occasion occasion = occasion(alarm);
      for (Case asked :
          new Policy(List.of(protection))
              .cases(
                  occasion,
                  PolicySamples.exposure(protection, occasion),
                  PolicySamples.estimate())) {
        state = steps(steps, asked, state);
      }
    }
    steps.addAll(unserved());
    return steps;
  }

  /** Decisions about a contract whose only mandate is a direct one: a clone, a local sighting. */
  static List<Step.Unserved> unserved() {
    Protection protection =
        PolicySamples.protection(PolicySamples.terms(), PolicySamples.mandate(BudgetClass.DIRECT));
    List<Step.Unserved> steps = new ArrayList<>();
    for (Alarm alarm :
        List.of(
            certified(PolicySamples.mined(PolicySamples.CLONE)),
            new Alarm.Local(PolicySamples.mined(PolicySamples.BIRCH)))) {
      Occasion occasion = occasion(alarm);
      Recording.Unserved inputs =
          new Recording.Unserved(
              protection,
              occasion,
              PolicySamples.exposure(protection, occasion),
              PolicySamples.estimate());
      Policy.Decided decided =
          new Policy(List.of(protection))
              .judge(occasion, inputs.exposure(), inputs.estimate())
              .getFirst();
      assertThat(decided.mandate()).isEmpty();
      steps.add(
          new Step.Unserved(
              alarm.claim().id(),
              protection.interest().account(),
              stored(Recording.of(inputs)),
              stored(Recording.of(decided.decision()))));
    }
    return steps;
  }

  private static InterlockState steps(List<Step> steps, Case asked, InterlockState state) {
    Decision decision = Policy.decide(asked);
    Hash32 claim = asked.occasion().alarm().claim().id();
    String mandate = asked.mandate().name();
    steps.add(
        new Step.Decided(
            claim, mandate, stored(Recording.of(asked)), stored(Recording.of(decision))));
    if (!(decision instanceof Decision.Act(var action))) {
      return state;
    }
    Ruling ruling = Interlock.rule(state, action, PolicySamples.NOW);
    steps.add(
        new Step.Ruled(
            claim,
            mandate,
            stored(Recording.of(new Recording.RulingInputs(state, action, PolicySamples.NOW))),
            stored(Recording.of(ruling))));
    if (ruling instanceof Ruling.Granted(var permit, var _)) {
      steps.add(
          new Step.Intended(
              permit.digest(), claim, action.guardian(), stored(Recording.of(action))));
      steps.add(
          Recording.acted(
              permit, new Outcome.Refused(Outcome.Refusal.REVERTED, "the chain said no")));
    }
    return ruling.next();
  }

  /** The document as it comes back from the log. */
  static JsonNode stored(JsonNode document) {
    try {
      return Json.parse(CanonicalJson.write(document).toArray());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }
}
