package io.tocsin.bench;

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
import io.tocsin.exposure.Exposures;
import io.tocsin.exposure.Holdings;
import io.tocsin.exposure.Interest;
import io.tocsin.exposure.Interest.DerivedTerms;
import io.tocsin.exposure.OwnEvidence;
import io.tocsin.exposure.Sight;
import io.tocsin.expression.Condition;
import io.tocsin.policy.Alarm;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Case.Occasion;
import io.tocsin.policy.Decision;
import io.tocsin.policy.Epochs;
import io.tocsin.policy.Facts;
import io.tocsin.policy.Judgement;
import io.tocsin.policy.Lever;
import io.tocsin.policy.Limits;
import io.tocsin.policy.Mandate;
import io.tocsin.policy.Policy;
import io.tocsin.policy.Protection;
import io.tocsin.respond.Interlock;
import io.tocsin.respond.InterlockState;
import io.tocsin.risk.RiskEstimate;
import io.tocsin.risk.Valuation;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How many claims a second go from exposure to ruling, for a member that protects contracts. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "--sun-misc-unsafe-memory-access=allow")
public class DecideBench {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final ChainId CHAIN = ChainId.evm(1);

  /** Whom the claim is about. */
  public enum Subject {
    /** A contract that is protected: a condition is asked, a permit granted. */
    MINE,
    /** A sibling with the same code: every rule of a derived exposure is judged. */
    SIBLING,
    /** A contract that has nothing to do with anyone. */
    STRANGER
  }

  /** How many contracts are protected. */
  @Param({"1", "100"})
  public int contracts;

  @Param public Subject subject = Subject.MINE;

  private Holdings holdings = new Holdings(List.of(), Map.of());
  private Policy policy = new Policy(List.of());
  private Occasion occasion = occasion(account("nobody"));

  /** Writes the mandates and the claim. */
  @Setup
  public void prepare() {
    List<Interest> interests = new ArrayList<>();
    List<Protection> protections = new ArrayList<>();
    Map<AccountId, CodeFingerprint> codes = new HashMap<>();
    for (int i = 0; i < contracts; i++) {
      AccountId account = account("contract " + i);
      codes.put(account, code("code " + i));
      Interest interest =
          new Interest(
              "contract " + i,
              account,
              Set.of(),
              Set.of(),
              List.of(),
              new DerivedTerms(
                  Map.of(account("sibling " + i), "sibling"),
                  DerivedTerms.MINIMUM_AGE,
                  Map.of(AssetId.nativeOf(CHAIN), BigInteger.ONE)));
      interests.add(interest);
      protections.add(protection(interest));
    }
    holdings = new Holdings(interests, codes);
    policy = new Policy(protections);
    occasion =
        occasion(
            switch (subject) {
              case MINE -> account("contract 0");
              case SIBLING -> account("sibling 0");
              case STRANGER -> account("stranger");
            });
  }

  private static AccountId account(String name) {
    return new AccountId(CHAIN, Address.of(Keccak.hashUtf8(name).bytes().slice(0, 20).toArray()));
  }

  private static CodeFingerprint code(String name) {
    Hash32 hash = Keccak.hashUtf8(name);
    return new CodeFingerprint(hash, hash, CodeFingerprint.VERSION, Optional.empty());
  }

  private static Protection protection(Interest interest) {
    Hash32 bit = Hash32.hex("0x" + "0".repeat(63) + "1");
    Address target = interest.account().address();
    Lever lever =
        new Lever(
            "pause",
            target,
            Address.ZERO,
            new Lever.Calls(
                Bytes.hex("0x8456cb59"),
                Bytes.hex("0x3f4ba83a"),
                new Lever.Probe(target, Bytes.hex("0x5c975abb"), bit, bit)),
            1,
            List.of());
    Limits limits =
        new Limits(
            Duration.ZERO, 3, Duration.ofHours(1), Duration.ofHours(1), NOW.plusSeconds(86_400));
    Judgement judgement =
        new Judgement(
            Judgement.Mode.ACT,
            Optional.of(condition()),
            Judgement.UnknownRisk.ALERT,
            Judgement.Approval.NONE);
    return new Protection(
        interest,
        new Protection.Guard(account("guardian"), List.of(target), Duration.ofDays(3)),
        Set.of(CHAIN),
        Duration.ofSeconds(12),
        new Valuation(interest.account(), List.of()),
        List.of(
            new Mandate(
                "local", Keccak.hashUtf8("id"), BudgetClass.LOCAL, lever, limits, judgement)));
  }

  private static Condition condition() {
    String source = "own.result == 'found' && estimate.usd > 1e6 && claim.age_seconds < 60";
    return switch (Condition.compile(source, Facts.VOCABULARY)) {
      case Condition.Compiled.Ready(Condition condition) -> condition;
      case Condition.Compiled.Faulty faulty -> throw new IllegalStateException(faulty.toString());
    };
  }

  private static Occasion occasion(AccountId about) {
    CodeFingerprint code = code("code 0");
    Claim claim =
        new Claim.ExploitMined(
            CHAIN,
            Keccak.hashUtf8("tx"),
            new Claim.BlockStamp(Keccak.hashUtf8("block"), NOW.minusSeconds(12)),
            new Claim.Subject(about.address(), code.normalised()));
    OwnEvidence own =
        new OwnEvidence(
            new Sight.Harmed(
                List.of("value-conservation"),
                List.of(new Sight.LossSeen(AssetId.nativeOf(CHAIN), BigInteger.TEN, 0.5)),
                List.of(1)),
            new Agreement.Agreed(2, Set.of("north", "south")),
            new OwnEvidence.SubjectFacts(
                Optional.of(about.equals(account("stranger")) ? code("other") : code),
                Optional.of(NOW.minus(Duration.ofDays(400)))),
            List.of(new OwnEvidence.FrameCode(1, about.address(), Optional.of(code))),
            List.of());
    return new Occasion(new Alarm.Local(claim), own, new Epochs(1, NOW.minusSeconds(60)), NOW);
  }

  /** From claim to ruling. */
  @Benchmark
  public int decide() {
    int granted = 0;
    RiskEstimate estimate = new RiskEstimate.Priced(new BigDecimal("4000000"), List.of());
    for (var exposure : Exposures.of(occasion.alarm().claim(), occasion.own(), holdings)) {
      for (Policy.Decided decided : policy.judge(occasion, exposure, estimate)) {
        if (decided.decision() instanceof Decision.Act(var action)
            && Interlock.rule(InterlockState.EMPTY, action, NOW).next().trips().size() == 1) {
          granted++;
        }
      }
    }
    return granted;
  }
}
