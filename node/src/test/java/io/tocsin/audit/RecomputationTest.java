package io.tocsin.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.audit.Verification.Part;
import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class RecomputationTest {
  private static Recomputation run(List<Step> steps) {
    Recomputation recomputation = new Recomputation(true);
    recomputation.trust(DecisionSamples.TOWN.committee());
    for (int i = 0; i < steps.size(); i++) {
      recomputation.check(i + 1, steps.get(i));
    }
    return recomputation;
  }

  private static <T extends Step> T first(Class<T> type) {
    return DecisionSamples.steps().stream()
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode replaced(JsonNode document, String from, String to) {
    String text = document.toString();
    assertThat(text).contains(from);
    try {
      return Json.parse(text.replace(from, to).getBytes(StandardCharsets.UTF_8));
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyDecisionAndRulingComesOutAsRecorded() {
    Recomputation run = run(DecisionSamples.steps());
    assertThat(run.faults()).isEmpty();
    assertThat(run.decisions()).isGreaterThanOrEqualTo(5);
    assertThat(run.rulings()).isPositive();
  }

  @Test
  void namesADecisionThatItsInputsDoNotGive() {
    Step.Decided real = first(Step.Decided.class);
    JsonNode claimed = Json.object().put("is", "Observe");
    Step.Decided forged = new Step.Decided(real.claim(), real.mandate(), real.inputs(), claimed);
    assertThat(run(List.of(forged)).faults())
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.part()).isEqualTo(Part.OUTCOME);
              assertThat(fault.detail()).contains("its inputs give");
            });
  }

  @Test
  void namesADecisionOnInputsThatGiveAnother() {
    Step.Decided real = first(Step.Decided.class);
    JsonNode later =
        replaced(
            real.inputs(), "\"now\":\"2026-03-01T12:00:00Z\"", "\"now\":\"2026-03-02T12:00:00Z\"");
    Step.Decided forged = new Step.Decided(real.claim(), real.mandate(), later, real.decision());
    assertThat(run(List.of(forged)).faults()).hasSize(1);
  }

  @Test
  void namesADecisionOnACertificateThatDoesNotHold() {
    Step.Decided real = first(Step.Decided.class);
    String wire = real.inputs().path("occasion").path("alarm").path("certificate").asString();
    String bent = wire.substring(0, wire.length() - 10) + "0000000000";
    Step.Decided forged =
        new Step.Decided(
            real.claim(), real.mandate(), replaced(real.inputs(), wire, bent), real.decision());
    assertThat(run(List.of(forged)).faults())
        .singleElement()
        .satisfies(fault -> assertThat(fault.detail()).contains("certificate"));
  }

  @Test
  void namesARulingThatWasNotGiven() {
    Step.Ruled real = first(Step.Ruled.class);
    Step.Ruled forged =
        new Step.Ruled(
            real.claim(),
            real.mandate(),
            real.inputs(),
            Json.object().put("is", "Held").put("reason", "COOLING_DOWN"));
    assertThat(run(List.of(forged)).faults()).hasSize(1);
  }

  @Test
  void namesAnActWithoutAPermitOrIntent() {
    Step.Intended intended = first(Step.Intended.class);
    Step.Acted acted = first(Step.Acted.class);
    assertThat(run(List.of(intended)).faults())
        .singleElement()
        .satisfies(fault -> assertThat(fault.detail()).contains("no ruling granted it"));
    assertThat(run(List.of(acted)).faults())
        .singleElement()
        .satisfies(fault -> assertThat(fault.detail()).contains("before that was on record"));
  }

  @Test
  void whatNoMandateServesIsComputedAgainToo() {
    List<Step.Unserved> real = DecisionSamples.unserved();
    Recomputation run = run(List.copyOf(real));
    assertThat(run.faults()).isEmpty();
    assertThat(run.decisions()).isEqualTo(2);
    for (Step.Unserved step : real) {
      Step.Unserved forged =
          new Step.Unserved(
              step.claim(), step.contract(), step.inputs(), Json.object().put("is", "Observe"));
      assertThat(run(List.of(forged)).faults())
          .singleElement()
          .satisfies(fault -> assertThat(fault.detail()).contains("its inputs give"));
    }
    Step.Unserved local = real.getLast();
    Step.Unserved served =
        new Step.Unserved(
            local.claim(),
            local.contract(),
            replaced(local.inputs(), "\"budgetClass\":\"DIRECT\"", "\"budgetClass\":\"LOCAL\""),
            local.decision());
    assertThat(run(List.of(served)).faults())
        .singleElement()
        .satisfies(fault -> assertThat(fault.detail()).contains("serves it"));
  }

  @Test
  void aNodeThatIsNoMemberNeedsNoRosters() {
    Step local =
        DecisionSamples.steps().stream()
            .filter(Step.Decided.class::isInstance)
            .reduce((_, last) -> last)
            .orElseThrow();
    Step certified = first(Step.Decided.class);
    Recomputation run = new Recomputation(true);
    run.check(1, new Step.Opened("0.1.0", Hash32.ZERO, Address.ZERO, List.of()));
    run.check(2, local);
    run.check(3, DecisionSamples.unserved().getLast());
    assertThat(run.faults()).isEmpty();
    assertThat(run.decisions()).isEqualTo(2);
    run.check(4, certified);
    assertThat(run.faults()).as("it cannot have had a certificate").hasSize(1);
    run.trust(DecisionSamples.TOWN.committee());
    run.check(
        5,
        new Step.Opened(
            "0.1.0", DecisionSamples.TOWN.file().federation().id(), Address.ZERO, List.of()));
    run.check(6, certified);
    assertThat(run.faults()).as("a member's run follows").hasSize(1);
  }

  @Test
  void asksForTheRostersWhereItNeedsThem() {
    Recomputation blind = new Recomputation(true);
    blind.check(1, first(Step.Decided.class));
    assertThat(blind.faults())
        .singleElement()
        .satisfies(fault -> assertThat(fault.detail()).contains("federation file"));
  }
}
