package io.tocsin.exposure;

import static io.tocsin.policy.PolicySamples.ALDER;
import static io.tocsin.policy.PolicySamples.BIRCH;
import static io.tocsin.policy.PolicySamples.BRIDGE;
import static io.tocsin.policy.PolicySamples.CLONE;
import static io.tocsin.policy.PolicySamples.CODE;
import static io.tocsin.policy.PolicySamples.NOW;
import static io.tocsin.policy.PolicySamples.ORACLE_CODE;
import static io.tocsin.policy.PolicySamples.USDC;
import static io.tocsin.policy.PolicySamples.USDC_ASSET;
import static io.tocsin.policy.PolicySamples.account;
import static io.tocsin.policy.PolicySamples.birch;
import static io.tocsin.policy.PolicySamples.code;
import static io.tocsin.policy.PolicySamples.evidence;
import static io.tocsin.policy.PolicySamples.hash;
import static io.tocsin.policy.PolicySamples.holdings;
import static io.tocsin.policy.PolicySamples.mined;
import static io.tocsin.policy.PolicySamples.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.chain.CodeFingerprint;
import io.tocsin.claim.Claim;
import io.tocsin.exposure.Interest.DerivedTerms;
import io.tocsin.exposure.OwnEvidence.FrameCode;
import io.tocsin.exposure.OwnEvidence.Read;
import io.tocsin.exposure.OwnEvidence.SubjectFacts;
import io.tocsin.exposure.Sight.LossSeen;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ExposuresTest {
  private static final AccountId ORACLE = account("alder oracle");

  private static Exposure.Derived derived(AccountId subject, OwnEvidence own) {
    return derived(subject, own, holdings(terms()));
  }

  private static Exposure.Derived derived(AccountId subject, OwnEvidence own, Holdings holdings) {
    List<Exposure> found = Exposures.of(mined(subject), own, holdings);
    assertThat(found).hasSize(1);
    if (found.getFirst() instanceof Exposure.Derived exposure) {
      return exposure;
    }
    throw new AssertionError(found);
  }

  private static void assertStopped(Exposure.Derived exposure, DerivedRule rule) {
    assertThat(exposure.rules().stream().filter(r -> !r.holds()).map(RuleResult::rule))
        .containsExactly(rule);
  }

  private static OwnEvidence subject(Optional<CodeFingerprint> code, Optional<Instant> since) {
    OwnEvidence own = evidence();
    return new OwnEvidence(
        own.sight(), own.agreement(), new SubjectFacts(code, since), own.frames(), own.reads());
  }

  private static OwnEvidence frames(FrameCode... frames) {
    OwnEvidence own = evidence();
    return new OwnEvidence(
        own.sight(), own.agreement(), own.subject(), List.of(frames), own.reads());
  }

  private static OwnEvidence reads(Read... reads) {
    OwnEvidence own = evidence();
    return new OwnEvidence(
        own.sight(), own.agreement(), own.subject(), own.frames(), List.of(reads));
  }

  private static Optional<CodeFingerprint> ubiquitous() {
    return Optional.of(
        new CodeFingerprint(
            hash("exact"), CODE.normalised(), CODE.version(), Optional.of("Uniswap v2 pair")));
  }

  @Test
  void theSameAddressIsDirect() {
    assertThat(Exposures.of(mined(BIRCH), evidence(), holdings(terms())))
        .singleElement()
        .isInstanceOfSatisfying(
            Exposure.Direct.class,
            direct -> {
              assertThat(direct.protectedContract()).isEqualTo(BIRCH);
              assertThat(direct.path()).isEqualTo("Birch itself is the subject: " + BIRCH);
            });
  }

  @Test
  void theSameAddressOnAnotherChainIsNotDirect() {
    AccountId elsewhere = new AccountId(ChainId.evm(10), BIRCH.address());
    assertThat(Exposures.of(mined(elsewhere), evidence(), holdings(terms())))
        .singleElement()
        .isInstanceOf(Exposure.SameCode.class);
  }

  @Test
  void aSiblingWithTheSameCodePassesAllRules() {
    Exposure.Derived exposure = derived(ALDER, evidence());
    assertThat(exposure.rules()).hasSize(6).allMatch(RuleResult::holds);
    assertThat(exposure.stoppedBy()).isEmpty();
    assertThat(exposure.path())
        .isEqualTo(
            "Birch runs the same code as Alder: normalised hash "
                + CODE.normalised()
                + "; Alder is in Birch's sibling root");
  }

  @Test
  void aCloneOutsideTheSiblingRootIsStopped() {
    assertThat(derived(CLONE, evidence()).stoppedBy().map(RuleResult::rule))
        .hasValue(DerivedRule.SUBJECT_IS_SIBLING);
    assertThat(derived(CLONE, evidence()).path())
        .endsWith(CLONE + " is not in Birch's sibling root");
  }

  @Test
  void unrelatedCodeConcernsNobody() {
    OwnEvidence other = subject(Optional.of(code("other")), Optional.of(NOW));
    assertThat(Exposures.of(mined(CLONE), other, holdings(terms()))).isEmpty();
  }

  @Test
  void claimsWithoutAVictimConcernNobody() {
    assertThat(
            Exposures.of(
                new Claim.AllClear(hash("claim"), BIRCH.chain(), hash("block")),
                evidence(),
                holdings(terms())))
        .isEmpty();
    assertThat(
            Exposures.of(new Claim.RosterChanged(2, hash("roster")), evidence(), holdings(terms())))
        .isEmpty();
  }

  @Test
  void aSiblingWithOtherCodeIsShownButStopped() {
    Exposure.Derived exposure =
        derived(ALDER, subject(Optional.of(code("other")), Optional.of(Instant.EPOCH)));
    assertThat(exposure.path()).startsWith("Birch does not run the code of Alder");
    assertStopped(exposure, DerivedRule.CODE_MATCHES);
  }

  @Test
  void ubiquitousCodeNeverMatches() {
    assertStopped(
        derived(ALDER, subject(ubiquitous(), Optional.of(Instant.EPOCH))),
        DerivedRule.CODE_MATCHES);
    assertThat(
            Exposures.of(
                mined(CLONE), subject(ubiquitous(), Optional.of(Instant.EPOCH)), holdings(terms())))
        .isEmpty();
    Holdings shell = holdings(terms()).with(Map.of(BIRCH, ubiquitous().orElseThrow()));
    assertThat(derived(ALDER, evidence(), shell).rules())
        .filteredOn(r -> r.rule() == DerivedRule.CODE_MATCHES)
        .singleElement()
        .matches(r -> !r.holds());
  }

  @Test
  void codeThatWasNotReadDoesNotMatch() {
    assertStopped(
        derived(ALDER, subject(Optional.empty(), Optional.of(Instant.EPOCH))),
        DerivedRule.CODE_MATCHES);
  }

  @Test
  void otherMaskingVersionsDoNotMatch() {
    CodeFingerprint next =
        new CodeFingerprint(CODE.exact(), CODE.normalised(), CODE.version() + 1, Optional.empty());
    assertStopped(
        derived(ALDER, subject(Optional.of(next), Optional.of(Instant.EPOCH))),
        DerivedRule.CODE_MATCHES);
  }

  @Test
  void everyFrameThatProvesTheLossMustRunTheMatchingCode() {
    FrameCode good = new FrameCode(4, ALDER.address(), Optional.of(CODE));
    FrameCode rigged = new FrameCode(5, account("module").address(), Optional.of(code("module")));
    FrameCode unread = new FrameCode(5, account("module").address(), Optional.empty());
    assertThat(derived(ALDER, frames(good)).stoppedBy()).isEmpty();
    assertStopped(derived(ALDER, frames(good, rigged)), DerivedRule.FRAMES_RUN_MATCHING_CODE);
    assertStopped(derived(ALDER, frames(good, unread)), DerivedRule.FRAMES_RUN_MATCHING_CODE);
    assertStopped(derived(ALDER, frames()), DerivedRule.FRAMES_RUN_MATCHING_CODE);
  }

  @Test
  void librariesOfMineCountAsMatching() {
    Interest plain = birch(terms());
    Interest linked =
        new Interest(
            plain.name(),
            plain.account(),
            Set.of(account("library")),
            plain.priceSources(),
            plain.tokens(),
            plain.terms());
    Holdings holdings =
        new Holdings(
            List.of(linked),
            Map.of(
                BIRCH, CODE, account("library"), code("module"), account("oracle"), ORACLE_CODE));
    FrameCode inLibrary =
        new FrameCode(5, account("their library").address(), Optional.of(code("module")));
    assertThat(derived(ALDER, frames(inLibrary), holdings).stoppedBy()).isEmpty();
  }

  @Test
  void aRiggedPriceSourceIsStopped() {
    Address rigged = account("rigged").address();
    assertStopped(
        derived(ALDER, reads(new Read(ALDER.address(), rigged, Optional.of(code("rigged"))))),
        DerivedRule.PRICE_SOURCES_ARE_MINE);
    assertStopped(
        derived(ALDER, reads(new Read(ALDER.address(), rigged, Optional.empty()))),
        DerivedRule.PRICE_SOURCES_ARE_MINE);
  }

  @Test
  void aMatchingOracleThatReadsARiggedPoolIsStopped() {
    Read oracle = new Read(ALDER.address(), ORACLE.address(), Optional.of(ORACLE_CODE));
    Read pool =
        new Read(ORACLE.address(), account("rigged").address(), Optional.of(code("rigged")));
    assertThat(derived(ALDER, reads(oracle)).stoppedBy()).isEmpty();
    assertStopped(derived(ALDER, reads(oracle, pool)), DerivedRule.PRICE_SOURCES_ARE_MINE);
  }

  @Test
  void aPoolBehindMyOwnOracleIsMyBusiness() {
    Read mine = new Read(ALDER.address(), account("oracle").address(), Optional.of(ORACLE_CODE));
    Read pool =
        new Read(account("oracle").address(), account("pool").address(), Optional.of(code("pool")));
    assertThat(derived(ALDER, reads(mine, pool)).stoppedBy()).isEmpty();
  }

  @Test
  void anUbiquitousPairOfSomebodyElseIsNoMatch() {
    Holdings pairs = holdings(terms()).with(Map.of(BIRCH, CODE, account("oracle"), pairCode()));
    Read read =
        new Read(ALDER.address(), account("rigged pair").address(), Optional.of(pairCode()));
    assertThat(derived(ALDER, reads(read), pairs).stoppedBy().map(RuleResult::rule))
        .hasValue(DerivedRule.PRICE_SOURCES_ARE_MINE);
  }

  private static CodeFingerprint pairCode() {
    return new CodeFingerprint(
        hash("pair exact"), hash("pair"), CODE.version(), Optional.of("Uniswap v2 pair"));
  }

  @Test
  void aYoungSubjectIsStopped() {
    Instant since = mined(ALDER).block().time().minus(DerivedTerms.MINIMUM_AGE);
    assertThat(derived(ALDER, subject(Optional.of(CODE), Optional.of(since))).stoppedBy())
        .isEmpty();
    assertStopped(
        derived(ALDER, subject(Optional.of(CODE), Optional.of(since.plusSeconds(1)))),
        DerivedRule.SUBJECT_IS_OLD_ENOUGH);
    assertStopped(
        derived(ALDER, subject(Optional.of(CODE), Optional.empty())),
        DerivedRule.SUBJECT_IS_OLD_ENOUGH);
  }

  @Test
  void anAgeOfZeroIsTheOwnersWord() {
    DerivedTerms ageless = new DerivedTerms(terms().siblings(), Duration.ZERO, terms().floors());
    assertThat(
            derived(ALDER, subject(Optional.of(CODE), Optional.empty()), holdings(ageless))
                .stoppedBy())
        .isEmpty();
  }

  @Test
  void aLossInUnlistedAssetsOrAtTheFloorIsStopped() {
    BigInteger floor = terms().floors().values().iterator().next();
    AssetId worthless = AssetId.token(ALDER.chain(), account("worthless").address());
    for (LossSeen loss :
        List.of(
            new LossSeen(USDC_ASSET, floor, 1),
            new LossSeen(worthless, BigInteger.TEN.pow(40), 1))) {
      Sight sight = new Sight.Harmed(List.of("value-conservation"), List.of(loss), List.of(4));
      assertStopped(derived(ALDER, evidence(sight)), DerivedRule.LOSS_EXCEEDS_FLOOR);
    }
  }

  @Test
  void tokenMinterAndBridgeAreSharedButTheCurrencyOfTheLossIsNot() {
    for (AccountId subject : List.of(USDC, account("minter"), BRIDGE)) {
      assertThat(derived(subject, evidence())).isInstanceOf(Exposure.SharedToken.class);
    }
    assertThat(derived(BRIDGE, evidence()).path())
        .isEqualTo(
            "Birch relies on USDC: "
                + BRIDGE
                + " is a bridge of it; the USDC bridge is in Birch's sibling root");
    OwnEvidence other = subject(Optional.of(code("other")), Optional.of(Instant.EPOCH));
    assertThat(Exposures.of(mined(account("some pool")), other, holdings(terms()))).isEmpty();
  }

  @Test
  void aSharedTokenMustBeApprovedToo() {
    assertStopped(derived(USDC, evidence()), DerivedRule.SUBJECT_IS_SIBLING);
    assertThat(derived(BRIDGE, evidence()).stoppedBy()).isEmpty();
  }

  @Test
  void aNodeThatSawNothingPassesNoRuleOfItsOwnEyes() {
    Exposure.Derived exposure = derived(ALDER, OwnEvidence.none("chain not watched"));
    assertThat(exposure.rules().stream().filter(RuleResult::holds).map(RuleResult::rule))
        .containsExactly(DerivedRule.SUBJECT_IS_SIBLING);
    assertThat(exposure.path()).startsWith("Birch runs the same code as Alder");
  }
}
