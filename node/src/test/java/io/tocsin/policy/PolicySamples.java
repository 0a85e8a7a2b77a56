package io.tocsin.policy;

import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.CodeFingerprint;
import io.tocsin.claim.Claim;
import io.tocsin.crypto.Keccak;
import io.tocsin.exposure.AssetId;
import io.tocsin.exposure.Exposure;
import io.tocsin.exposure.Exposures;
import io.tocsin.exposure.Holdings;
import io.tocsin.exposure.Interest;
import io.tocsin.exposure.Interest.DerivedTerms;
import io.tocsin.exposure.Interest.TokenTie;
import io.tocsin.exposure.OwnEvidence;
import io.tocsin.exposure.OwnEvidence.FrameCode;
import io.tocsin.exposure.OwnEvidence.Read;
import io.tocsin.exposure.OwnEvidence.SubjectFacts;
import io.tocsin.exposure.Sight;
import io.tocsin.exposure.Sight.LossSeen;
import io.tocsin.policy.Case.Occasion;
import io.tocsin.policy.Judgement.Approval;
import io.tocsin.policy.Judgement.Mode;
import io.tocsin.policy.Judgement.UnknownRisk;
import io.tocsin.quorum.SampleCertificates;
import io.tocsin.risk.RiskEstimate;
import io.tocsin.risk.Valuation;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Birch, a fork of Alder, with a mandate for each class; Alder was just robbed. */
public final class PolicySamples {
  public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  public static final ChainId MAIN = ChainId.evm(1);
  public static final AccountId ALDER = account("alder");
  public static final AccountId BIRCH = account("birch");
  public static final AccountId CLONE = account("clone");
  public static final AccountId GUARDIAN = account("guardian");
  public static final AccountId BRIDGE = account("bridge");
  public static final AccountId USDC = account("usdc");
  public static final Address PAIR = account("pair").address();
  public static final AssetId USDC_ASSET = AssetId.token(MAIN, USDC.address());
  public static final CodeFingerprint CODE = code("lending");
  public static final CodeFingerprint ORACLE_CODE = code("oracle");

  private PolicySamples() {}

  public static AccountId account(String name) {
    return new AccountId(MAIN, Address.of(Keccak.hashUtf8(name).bytes().slice(12, 32).toArray()));
  }

  public static Hash32 hash(String name) {
    return Keccak.hashUtf8(name);
  }

  public static CodeFingerprint code(String name) {
    return new CodeFingerprint(
        hash(name + " exact"), hash(name), CodeFingerprint.VERSION, Optional.empty());
  }

  public static Claim.ExploitMined mined(AccountId subject) {
    return mined(subject, "tx", NOW.minusSeconds(12));
  }

  public static Claim.ExploitMined mined(AccountId subject, String tx, Instant time) {
    return new Claim.ExploitMined(
        subject.chain(),
        hash(tx),
        new Claim.BlockStamp(hash("block"), time),
        new Claim.Subject(subject.address(), CODE.normalised()));
  }

  public static Claim.ExploitPending pending(AccountId subject, String tx) {
    return pending(subject, tx, NOW.minusSeconds(12));
  }

  public static Claim.ExploitPending pending(AccountId subject, String tx, Instant time) {
    return new Claim.ExploitPending(
        subject.chain(),
        hash(tx),
        new Claim.Turn(account("attacker").address(), 3),
        new Claim.BlockStamp(hash("head"), time),
        new Claim.Subject(subject.address(), CODE.normalised()));
  }

  public static DerivedTerms terms() {
    return new DerivedTerms(
        Map.of(ALDER, "Alder", BRIDGE, "the USDC bridge"),
        DerivedTerms.MINIMUM_AGE,
        Map.of(USDC_ASSET, BigInteger.valueOf(50_000_000_000L)));
  }

  public static Interest birch(DerivedTerms terms) {
    return new Interest(
        "Birch",
        BIRCH,
        Set.of(),
        Set.of(account("oracle")),
        List.of(new TokenTie("USDC", USDC, Set.of(account("minter")), Set.of(BRIDGE))),
        terms);
  }

  public static Holdings holdings(DerivedTerms terms) {
    return new Holdings(List.of(birch(terms)), Map.of(BIRCH, CODE, account("oracle"), ORACLE_CODE));
  }

  /** All that Birch's rules ask for. */
  public static OwnEvidence evidence() {
    return new OwnEvidence(
        new Sight.Harmed(
            List.of("value-conservation"),
            List.of(new LossSeen(USDC_ASSET, BigInteger.valueOf(900_000_000_000L), 0.8)),
            List.of(4)),
        new Agreement.Agreed(2, Set.of("north", "south")),
        new SubjectFacts(Optional.of(CODE), Optional.of(NOW.minus(Duration.ofDays(400)))),
        List.of(new FrameCode(4, ALDER.address(), Optional.of(CODE))),
        List.of(
            new Read(
                ALDER.address(), account("alder oracle").address(), Optional.of(ORACLE_CODE))));
  }

  public static OwnEvidence evidence(Sight sight) {
    OwnEvidence own = evidence();
    return new OwnEvidence(sight, own.agreement(), own.subject(), own.frames(), own.reads());
  }

  public static Lever lever(int rung) {
    return new Lever(
        "pause",
        BIRCH.address(),
        Address.ZERO,
        new Lever.Calls(
            Bytes.hex("0x8456cb59"),
            Bytes.hex("0x3f4ba83a"),
            new Lever.Probe(
                BIRCH.address(),
                Bytes.hex("0x5c975abb"),
                Hash32.hex("0x" + "0".repeat(63) + "1"),
                Hash32.hex("0x" + "0".repeat(63) + "1"))),
        rung,
        List.of("borrow"));
  }

  public static Limits limits(BudgetClass budgetClass) {
    return new Limits(
        budgetClass == BudgetClass.LOCAL ? Duration.ZERO : Limits.MAX_AGE,
        3,
        Duration.ofHours(1),
        switch (budgetClass) {
          case DIRECT -> Duration.ofDays(1);
          case DERIVED -> Duration.ofHours(2);
          case PENDING -> Duration.ofMinutes(5);
          case LOCAL -> Duration.ofHours(1);
        },
        NOW.plus(Duration.ofDays(365)));
  }

  public static Judgement acting() {
    return new Judgement(Mode.ACT, Optional.empty(), UnknownRisk.ALERT, Approval.NONE);
  }

  public static Mandate mandate(BudgetClass budgetClass) {
    return mandate(budgetClass, acting());
  }

  public static Mandate mandate(BudgetClass budgetClass, Judgement judgement) {
    String name = "birch-" + budgetClass.name();
    return new Mandate(name, hash(name), budgetClass, lever(1), limits(budgetClass), judgement);
  }

  public static Protection protection(DerivedTerms terms, Mandate... mandates) {
    return new Protection(
        birch(terms),
        new Protection.Guard(GUARDIAN, List.of(account("responder").address()), Duration.ofDays(3)),
        Set.of(MAIN),
        Duration.ofSeconds(12),
        new Valuation(BIRCH, List.of()),
        List.of(mandates));
  }

  public static Protection protection() {
    return protection(
        terms(),
        mandate(BudgetClass.DIRECT),
        mandate(BudgetClass.DERIVED),
        mandate(BudgetClass.PENDING),
        mandate(BudgetClass.LOCAL));
  }

  public static RiskEstimate estimate() {
    return new RiskEstimate.Priced(new BigDecimal("4000000"), List.of());
  }

  public static Occasion certified(Claim claim) {
    return certified(claim, evidence());
  }

  public static Occasion certified(Claim claim, OwnEvidence own) {
    return new Occasion(
        new Alarm.Certified(SampleCertificates.of(claim, 7)),
        own,
        new Epochs(7, NOW.minus(Duration.ofDays(3))),
        NOW);
  }

  public static Occasion local(Claim claim) {
    return new Occasion(
        new Alarm.Local(claim), evidence(), new Epochs(7, NOW.minus(Duration.ofDays(3))), NOW);
  }

  /** The one exposure of {@code protection} to the occasion's claim. */
  public static Exposure exposure(Protection protection, Occasion occasion) {
    return Exposures.of(
            occasion.alarm().claim(), occasion.own(), holdings(protection.interest().terms()))
        .getFirst();
  }

  /** The decision of the mandate that serves the occasion. */
  public static Decision decide(Protection protection, Occasion occasion) {
    return new Policy(List.of(protection))
        .judge(occasion, exposure(protection, occasion), estimate())
        .getFirst()
        .decision();
  }

  /** The action that follows from the occasion. */
  public static Action action(Protection protection, Occasion occasion) {
    if (decide(protection, occasion) instanceof Decision.Act(Action action)) {
      return action;
    }
    throw new AssertionError(decide(protection, occasion));
  }
}
