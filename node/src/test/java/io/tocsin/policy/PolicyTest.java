package io.tocsin.policy;

import static io.tocsin.policy.PolicySamples.ALDER;
import static io.tocsin.policy.PolicySamples.BIRCH;
import static io.tocsin.policy.PolicySamples.BRIDGE;
import static io.tocsin.policy.PolicySamples.CLONE;
import static io.tocsin.policy.PolicySamples.NOW;
import static io.tocsin.policy.PolicySamples.acting;
import static io.tocsin.policy.PolicySamples.certified;
import static io.tocsin.policy.PolicySamples.decide;
import static io.tocsin.policy.PolicySamples.evidence;
import static io.tocsin.policy.PolicySamples.hash;
import static io.tocsin.policy.PolicySamples.local;
import static io.tocsin.policy.PolicySamples.mandate;
import static io.tocsin.policy.PolicySamples.mined;
import static io.tocsin.policy.PolicySamples.pending;
import static io.tocsin.policy.PolicySamples.protection;
import static io.tocsin.policy.PolicySamples.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.AccountId;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.chain.Agreement;
import io.tocsin.claim.Claim;
import io.tocsin.exposure.Exposure;
import io.tocsin.exposure.Interest.DerivedTerms;
import io.tocsin.exposure.OwnEvidence;
import io.tocsin.exposure.OwnEvidence.SubjectFacts;
import io.tocsin.exposure.Sight;
import io.tocsin.expression.Condition;
import io.tocsin.policy.Case.Occasion;
import io.tocsin.policy.Judgement.Approval;
import io.tocsin.policy.Judgement.Mode;
import io.tocsin.policy.Judgement.UnknownRisk;
import io.tocsin.quorum.SampleCertificates;
import io.tocsin.risk.RiskEstimate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tries to break the rules of trust and harm in what decisions enforce. */
final class PolicyTest {
  private static void assertAct(Decision decision, BudgetClass budgetClass) {
    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Act.class,
            act -> assertThat(act.action().mandate().budgetClass()).isEqualTo(budgetClass));
  }

  private static void assertAlert(Decision decision, Reason reason) {
    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Alert.class,
            alert -> {
              assertThat(alert.reason()).isEqualTo(reason);
              assertThat(alert.detail()).startsWith(reason.rule());
            });
  }

  private static Condition condition(String source) {
    if (Condition.compile(source, Facts.VOCABULARY)
        instanceof Condition.Compiled.Ready(Condition condition)) {
      return condition;
    }
    throw new AssertionError(source);
  }

  private static Judgement when(String source) {
    return new Judgement(
        Mode.ACT, Optional.of(condition(source)), UnknownRisk.ALERT, Approval.NONE);
  }

  private static OwnEvidence with(Agreement agreement) {
    OwnEvidence own = evidence();
    return new OwnEvidence(own.sight(), agreement, own.subject(), own.frames(), own.reads());
  }

  private static Occasion at(Instant now, Claim claim) {
    Occasion occasion = certified(claim);
    return new Occasion(occasion.alarm(), occasion.own(), occasion.epochs(), now);
  }

  private static Occasion inEpoch(long epoch, Epochs epochs) {
    return new Occasion(
        new Alarm.Certified(SampleCertificates.of(mined(BIRCH), epoch)), evidence(), epochs, NOW);
  }

  @Test
  void actsDirectlyOnItsOwnAddress() {
    assertAct(decide(protection(), certified(mined(BIRCH))), BudgetClass.DIRECT);
  }

  @Test
  void actsOnASiblingThroughTheDerivedMandate() {
    Decision decision = decide(protection(), certified(mined(ALDER)));
    assertAct(decision, BudgetClass.DERIVED);
    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Act.class,
            act -> {
              Action action = act.action();
              assertThat(action.why())
                  .startsWith("Birch runs the same code as Alder: normalised hash 0x")
                  .endsWith("; Alder is in Birch's sibling root");
              assertThat(
                      SubjectTree.included(
                          SubjectTree.leaf(ALDER),
                          action.trigger().proof(),
                          protection().subjects(action.mandate()).root()))
                  .isTrue();
            });
  }

  @Test
  void rule1RefusesAllClearAndRosterChange() {
    Exposure.Direct direct = new Exposure.Direct(protection().interest(), "itself");
    for (Claim claim :
        List.of(
            new Claim.AllClear(hash("claim"), BIRCH.chain(), hash("block")),
            new Claim.RosterChanged(8, hash("roster")))) {
      for (BudgetClass budgetClass : BudgetClass.values()) {
        Case asked =
            new Case(
                protection(),
                mandate(budgetClass),
                certified(claim),
                direct,
                PolicySamples.estimate());
        assertThat(Policy.decide(asked))
            .isInstanceOfSatisfying(
                Decision.Observe.class,
                o -> assertThat(o.reason()).isEqualTo(Reason.NOT_AN_EXPLOIT));
      }
    }
  }

  @Test
  void rule1RefusesAnOldEpochButTakesThePreviousOneForAnHour() {
    Epochs fresh = new Epochs(7, NOW.minus(Duration.ofMinutes(59)));
    Epochs settled = new Epochs(7, NOW.minus(Duration.ofHours(1)));
    assertAct(decide(protection(), inEpoch(7, settled)), BudgetClass.DIRECT);
    assertAct(decide(protection(), inEpoch(6, fresh)), BudgetClass.DIRECT);
    assertAlert(decide(protection(), inEpoch(6, settled)), Reason.OLD_EPOCH);
    assertAlert(decide(protection(), inEpoch(5, fresh)), Reason.OLD_EPOCH);
    assertAlert(decide(protection(), inEpoch(8, fresh)), Reason.OLD_EPOCH);
  }

  @Test
  void rule1RefusesStaleAndFutureClaims() {
    Claim claim = mined(BIRCH, "tx", NOW);
    assertAct(decide(protection(), at(NOW.plus(Limits.MAX_AGE), claim)), BudgetClass.DIRECT);
    assertAlert(
        decide(protection(), at(NOW.plus(Limits.MAX_AGE).plusSeconds(1), claim)), Reason.STALE);
    assertAlert(
        decide(protection(), at(NOW.minus(Policy.SKEW).minusSeconds(1), claim)),
        Reason.FROM_THE_FUTURE);
  }

  @Test
  void rule1RefusesAnExpiredMandate() {
    Instant expiry = mandate(BudgetClass.DIRECT).limits().expiry();
    assertAlert(decide(protection(), at(expiry, mined(BIRCH, "tx", expiry))), Reason.EXPIRED);
  }

  @Test
  void rule1RefusesChainsOffTheAllowList() {
    AccountId elsewhere = new AccountId(ChainId.evm(10), ALDER.address());
    var siblings =
        new DerivedTerms(Map.of(elsewhere, "Alder on Optimism"), Duration.ZERO, terms().floors());
    assertAlert(
        decide(protection(siblings, mandate(BudgetClass.DERIVED)), certified(mined(elsewhere))),
        Reason.FOREIGN_CHAIN);
  }

  @Test
  void rule1RefusesTestNetworksEvenWhenListed() {
    ChainId sepolia = ChainId.evm(11155111);
    AccountId elsewhere = new AccountId(sepolia, ALDER.address());
    var siblings =
        new DerivedTerms(Map.of(elsewhere, "Alder on Sepolia"), Duration.ZERO, terms().floors());
    Protection open = protection(siblings, mandate(BudgetClass.DERIVED));
    Protection listed =
        new Protection(
            open.interest(),
            open.guard(),
            Set.of(sepolia),
            open.blockTime(),
            open.valuation(),
            open.mandates());
    assertAlert(decide(listed, certified(mined(elsewhere))), Reason.TEST_NETWORK);
    assertThat(TestNetworks.refused(ChainId.evm(31337), ChainId.evm(1))).isTrue();
    assertThat(TestNetworks.refused(ChainId.evm(31337), ChainId.evm(31337))).isFalse();
    assertThat(TestNetworks.refused(ChainId.evm(1), ChainId.evm(1))).isFalse();
  }

  @Test
  void rule2StopsALookAlikeThatIsNoSibling() {
    Decision decision = decide(protection(), certified(mined(CLONE)));
    assertAlert(decision, Reason.NOT_A_SIBLING);
    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Alert.class, alert -> assertThat(alert.humanHold()).isTrue());
  }

  @Test
  void rule2NamesTheRuleAlsoWithoutADerivedMandate() {
    assertAlert(
        decide(protection(terms(), mandate(BudgetClass.DIRECT)), certified(mined(CLONE))),
        Reason.NOT_A_SIBLING);
    assertThat(decide(protection(terms(), mandate(BudgetClass.DIRECT)), certified(mined(ALDER))))
        .isInstanceOfSatisfying(
            Decision.Alert.class, alert -> assertThat(alert.reason()).isEqualTo(Reason.NO_MANDATE));
  }

  @Test
  void rule2KeepsDerivedTriggersOffTheDirectBudget() {
    Occasion occasion = certified(mined(ALDER));
    Protection protection = protection();
    Case asked =
        new Case(
            protection,
            mandate(BudgetClass.DIRECT),
            occasion,
            PolicySamples.exposure(protection, occasion),
            PolicySamples.estimate());
    assertThat(Policy.decide(asked))
        .isInstanceOfSatisfying(
            Decision.Observe.class, o -> assertThat(o.reason()).isEqualTo(Reason.OTHER_CLASS));
  }

  @Test
  void rule2PullsTheSoftestLeverOnly() {
    Mandate hard = mandate(BudgetClass.DERIVED);
    Mandate harder =
        new Mandate(
            "hard",
            hash("hard"),
            BudgetClass.DERIVED,
            PolicySamples.lever(2),
            hard.limits(),
            acting());
    assertAlert(
        decide(protection(terms(), harder, mandate(BudgetClass.DIRECT)), certified(mined(ALDER))),
        Reason.NOT_SOFTEST);
    assertAct(
        decide(protection(terms(), hard, mandate(BudgetClass.DIRECT)), certified(mined(ALDER))),
        BudgetClass.DERIVED);
  }

  @Test
  void rule2CountsTheBridgeOfATokenAsShared() {
    OwnEvidence own = evidence();
    Decision decision = decide(protection(), certified(mined(BRIDGE), own));
    assertAct(decision, BudgetClass.DERIVED);
  }

  @Test
  void rule3DefendsItselfWithoutACertificate() {
    Decision decision = decide(protection(), local(mined(BIRCH)));
    assertAct(decision, BudgetClass.LOCAL);
    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Act.class,
            act -> assertThat(act.action().trigger()).isInstanceOf(Trigger.Local.class));
  }

  @Test
  void rule3DefendsNobodyElseWithoutACertificate() {
    Protection protection = protection();
    Occasion occasion = local(mined(ALDER));
    Case asked =
        new Case(
            protection,
            mandate(BudgetClass.LOCAL),
            occasion,
            PolicySamples.exposure(protection, occasion),
            PolicySamples.estimate());
    assertAlert(Policy.decide(asked), Reason.LOCAL_IS_DIRECT_ONLY);
    assertThat(decide(protection, occasion)).isInstanceOf(Decision.Alert.class);
  }

  @Test
  void rule6ActsOnAPendingClaimAtTheSameAddressOnly() {
    assertAct(decide(protection(), certified(pending(BIRCH, "tx"))), BudgetClass.PENDING);
    assertAlert(
        decide(protection(), certified(pending(ALDER, "tx"))), Reason.PENDING_IS_DIRECT_ONLY);
  }

  @Test
  void rule8ReadsTheOwnScanNotThePeers() {
    Sight unseen = new Sight.Unseen("no trace");
    Sight clean = new Sight.Unharmed();
    assertAlert(
        decide(protection(), certified(pending(BIRCH, "tx"), evidence(unseen))), Reason.NOT_SEEN);
    assertAlert(decide(protection(), certified(mined(ALDER), evidence(clean))), Reason.NOT_SEEN);
    assertAct(decide(protection(), certified(mined(BIRCH), evidence(clean))), BudgetClass.DIRECT);
  }

  @Test
  void rule8RefusesACodeThatDiffersFromTheClaimed() {
    OwnEvidence own = evidence();
    OwnEvidence other =
        new OwnEvidence(
            own.sight(),
            own.agreement(),
            new SubjectFacts(Optional.of(PolicySamples.code("other")), own.subject().knownSince()),
            own.frames(),
            own.reads());
    assertAlert(decide(protection(), certified(mined(BIRCH), other)), Reason.CODE_DIFFERS);
  }

  @Test
  void rule8AsksTheConditionAndAlertsOnItsErrors() {
    Occasion occasion = certified(mined(BIRCH));
    String yes = "own.result == 'found' && estimate.usd > 1e6 && claim.age_seconds < 60";
    assertAct(
        decide(protection(terms(), mandate(BudgetClass.DIRECT, when(yes))), occasion),
        BudgetClass.DIRECT);
    assertAlert(
        decide(
            protection(terms(), mandate(BudgetClass.DIRECT, when("estimate.usd > 1e9"))), occasion),
        Reason.CONDITION_NOT_MET);
    assertAlert(
        decide(
            protection(terms(), mandate(BudgetClass.DIRECT, when("1 / certificate.signers > 0"))),
            occasion),
        Reason.CONDITION_FAILED);
  }

  @Test
  void rule9RefusesWithoutAgreeingEndpoints() {
    Agreement lacking = new Agreement.Lacking("one endpoint of three answers");
    for (Claim claim : List.of(mined(BIRCH), mined(ALDER), pending(BIRCH, "tx"))) {
      assertAlert(decide(protection(), certified(claim, with(lacking))), Reason.ENDPOINTS_DISAGREE);
    }
    Occasion occasion = local(mined(BIRCH));
    assertAlert(
        decide(protection(), new Occasion(occasion.alarm(), with(lacking), occasion.epochs(), NOW)),
        Reason.ENDPOINTS_DISAGREE);
  }

  @Test
  void unknownRiskAlertsUnlessTheMandateSaysOtherwise() {
    RiskEstimate unknown =
        new RiskEstimate.Unknown(RiskEstimate.Why.PRICE_STALE, "the feed is old");
    Occasion occasion = certified(mined(BIRCH));
    Judgement bold = new Judgement(Mode.ACT, Optional.empty(), UnknownRisk.ACT, Approval.NONE);
    for (Judgement judgement : List.of(acting(), bold)) {
      Protection protection = protection(terms(), mandate(BudgetClass.DIRECT, judgement));
      Decision decision =
          new Policy(List.of(protection))
              .judge(occasion, PolicySamples.exposure(protection, occasion), unknown)
              .getFirst()
              .decision();
      assertThat(decision instanceof Decision.Act).isEqualTo(judgement.equals(bold));
      if (!judgement.equals(bold)) {
        assertAlert(decision, Reason.UNKNOWN_RISK);
      }
    }
  }

  @Test
  void shadowModeOnlySaysWhatItWouldHaveDone() {
    Judgement shadow = new Judgement(Mode.SHADOW, Optional.empty(), UnknownRisk.ACT, Approval.NONE);
    Decision decision =
        decide(protection(terms(), mandate(BudgetClass.DIRECT, shadow)), certified(mined(BIRCH)));
    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Alert.class,
            alert -> {
              assertThat(alert.reason()).isEqualTo(Reason.SHADOW_MODE);
              assertThat(alert.humanHold()).isFalse();
              assertThat(alert.detail()).contains("would have pulled pause");
            });
  }

  @Test
  void aMandateThatIsNotOnChainActsNot() {
    Mandate absent = mandate(BudgetClass.DIRECT).withId(Hash32.ZERO);
    Decision decision = decide(protection(terms(), absent), certified(mined(BIRCH)));
    assertThat(((Decision.Alert) decision).reason()).isEqualTo(Reason.NOT_ON_CHAIN);
  }

  @Test
  void theSameCaseGivesTheSameDecision() {
    Occasion same = certified(mined(ALDER));
    assertThat(decide(protection(), same)).isEqualTo(decide(protection(), same));
  }

  @Test
  void aClaimThatConcernsNothingIsObserved() {
    Decision expected = new Decision.Observe(Reason.NOT_EXPOSED, Reason.NOT_EXPOSED.rule());
    assertThat(Policy.unexposed(mined(CLONE))).isEqualTo(expected);
  }
}
