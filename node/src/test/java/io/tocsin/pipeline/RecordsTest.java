package io.tocsin.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.audit.AuditLog;
import io.tocsin.audit.MemoryAuditStore;
import io.tocsin.audit.Recording;
import io.tocsin.audit.Step;
import io.tocsin.audit.Verification;
import io.tocsin.base.AccountId;
import io.tocsin.base.ChainId;
import io.tocsin.base.Clocks;
import io.tocsin.base.Hash32;
import io.tocsin.base.Metrics;
import io.tocsin.chain.ChainEvent.Trouble;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.claim.Claim;
import io.tocsin.crypto.Keccak;
import io.tocsin.policy.Action;
import io.tocsin.policy.Alarm;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Case;
import io.tocsin.policy.Decision;
import io.tocsin.policy.Epochs;
import io.tocsin.policy.Mandate;
import io.tocsin.policy.Policy;
import io.tocsin.policy.PolicySamples;
import io.tocsin.policy.Protection;
import io.tocsin.policy.Trigger;
import io.tocsin.respond.GrantedPermits;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.Permit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RecordsTest {
  private final List<Stage> stages = new ArrayList<>();
  private final Observer observer =
      new Observer() {
        @Override
        public void stage(Stage stage, ChainId chain, Hash32 tx, Duration sinceSeen) {
          stages.add(stage);
        }
      };

  private List<Stage> acted(Outcome.Effect effect) throws Exception {
    AccountId guardian = PolicySamples.protection().guard().account();
    Claim claim = PolicySamples.mined(PolicySamples.BIRCH);
    Mandate mandate = PolicySamples.mandate(BudgetClass.LOCAL);
    Permit permit =
        GrantedPermits.of(
            new Action(
                guardian,
                mandate.id(),
                new Trigger.Local(claim, List.of()),
                mandate,
                new Action.Bounds(Duration.ofDays(3), 1),
                "it is the subject"),
            PolicySamples.NOW);
    try (AuditLog audit =
        AuditLog.open(new MemoryAuditStore(), () -> PolicySamples.NOW, new Random(1))) {
      new Records(
              "birch",
              audit,
              Metrics.NONE,
              observer,
              Pager.NONE,
              Clocks.one(() -> PolicySamples.NOW))
          .acted(
              permit,
              new Outcome.Done(
                  new Outcome.Receipt(
                      effect, Keccak.hashUtf8("trip"), 7, PolicySamples.NOW, "it would pause")));
    }
    return stages;
  }

  @Test
  void includedIsWhatWeHadMined() throws Exception {
    assertThat(acted(Outcome.Effect.PAUSED)).containsExactly(Stage.INCLUDED);
  }

  @Test
  void aTargetThatSomeoneElsePausedIsNoInclusion() throws Exception {
    assertThat(acted(Outcome.Effect.ALREADY_PAUSED)).isEmpty();
  }

  @Test
  void aQuietEndpointCallsPeopleOnceAnEpisodeAndOnceWhenItIsBack() throws Exception {
    List<Pager.Page> pages = new ArrayList<>();
    try (AuditLog audit =
        AuditLog.open(new MemoryAuditStore(), () -> PolicySamples.NOW, new Random(1))) {
      Records records =
          new Records(
              "birch",
              audit,
              Metrics.NONE,
              observer,
              pages::add,
              Clocks.one(() -> PolicySamples.NOW));
      for (int episode = 0; episode < 2; episode++) {
        records.trouble(trouble(TroubleKind.PENDING_SILENT));
        records.trouble(trouble(TroubleKind.PENDING_BACK));
        records.trouble(trouble(TroubleKind.SILENT));
        records.trouble(trouble(TroubleKind.UNREACHABLE));
        records.trouble(trouble(TroubleKind.RECOVERED));
        records.trouble(trouble(TroubleKind.RECOVERED));
      }
    }
    assertThat(pages).hasSize(8).allMatch(page -> page.why() == Pager.Why.QUIET);
    assertThat(pages.get(2).text()).contains("SILENT");
    assertThat(pages.get(3).text()).contains("is back");
  }

  private static Trouble trouble(TroubleKind kind) {
    return new Trouble(PolicySamples.MAIN, "north", kind, "as it is");
  }

  @Test
  void whatNoMandateServesIsOnRecord() throws Exception {
    Protection protection =
        PolicySamples.protection(PolicySamples.terms(), PolicySamples.mandate(BudgetClass.DIRECT));
    Case.Occasion occasion =
        new Case.Occasion(
            new Alarm.Local(PolicySamples.mined(PolicySamples.BIRCH)),
            PolicySamples.evidence(),
            new Epochs(0, PolicySamples.NOW),
            PolicySamples.NOW);
    Recording.Unserved inputs =
        new Recording.Unserved(
            protection,
            occasion,
            PolicySamples.exposure(protection, occasion),
            PolicySamples.estimate());
    Decision decision =
        new Policy(List.of(protection))
            .judge(occasion, inputs.exposure(), inputs.estimate())
            .getFirst()
            .decision();
    MemoryAuditStore store = new MemoryAuditStore();
    try (AuditLog audit = AuditLog.open(store, () -> PolicySamples.NOW, new Random(1))) {
      new Records(
              "birch",
              audit,
              Metrics.NONE,
              observer,
              Pager.NONE,
              Clocks.one(() -> PolicySamples.NOW))
          .unserved(inputs, decision);
    }
    List<Step> steps = new ArrayList<>();
    Verification.of(store, List.of(), (_, timed) -> steps.add(timed.step()));
    assertThat(steps)
        .singleElement()
        .isInstanceOfSatisfying(
            Step.Unserved.class,
            step -> {
              assertThat(step.contract()).isEqualTo(PolicySamples.BIRCH);
              assertThat(step.decision()).isEqualTo(Recording.of(decision));
            });
  }
}
