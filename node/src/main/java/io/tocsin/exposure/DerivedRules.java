package io.tocsin.exposure;

import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.chain.CodeFingerprint;
import io.tocsin.claim.Claim;
import io.tocsin.exposure.Interest.DerivedTerms;
import io.tocsin.exposure.OwnEvidence.FrameCode;
import io.tocsin.exposure.OwnEvidence.Read;
import io.tocsin.exposure.Sight.LossSeen;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Judges one derived exposure by every {@link DerivedRule}. */
final class DerivedRules {
  private final Claim claim;
  private final AccountId subject;
  private final OwnEvidence own;
  private final Interest interest;
  private final Holdings holdings;

  DerivedRules(
      Claim claim, AccountId subject, OwnEvidence own, Interest interest, Holdings holdings) {
    this.claim = claim;
    this.subject = subject;
    this.own = own;
    this.interest = interest;
    this.holdings = holdings;
  }

  List<RuleResult> forSameCode() {
    return List.of(sibling(), code(), frames(mine()), priceSources(), age(), floor());
  }

  List<RuleResult> forSharedToken() {
    Set<Hash32> running = new HashSet<>();
    own.subject().code().ifPresent(c -> running.add(c.normalised()));
    return List.of(
        sibling(),
        result(
            DerivedRule.CODE_MATCHES,
            codeAsClaimed(),
            codeAsClaimed()
                ? "the subject is the dependency itself; its code is the one claimed"
                : "the subject's code read here is not the code claimed"),
        frames(running),
        result(DerivedRule.PRICE_SOURCES_ARE_MINE, true, "the subject is the dependency itself"),
        age(),
        floor());
  }

  String subjectName() {
    return interest.terms().siblings().getOrDefault(subject, subject.toString());
  }

  String siblingText() {
    return subjectName()
        + (interest.terms().siblings().containsKey(subject) ? " is in " : " is not in ")
        + interest.name()
        + "'s sibling root";
  }

  private static RuleResult result(DerivedRule rule, boolean holds, String detail) {
    return new RuleResult(rule, holds, detail);
  }

  private RuleResult sibling() {
    return result(
        DerivedRule.SUBJECT_IS_SIBLING,
        interest.terms().siblings().containsKey(subject),
        siblingText());
  }

  private boolean codeAsClaimed() {
    Optional<Hash32> seen = own.subject().code().map(CodeFingerprint::normalised);
    return seen.isPresent() && seen.equals(claim.about().map(Claim.Subject::code));
  }

  private Set<Hash32> mine() {
    Set<Hash32> codes = new HashSet<>();
    Stream.concat(Stream.of(interest.account()), interest.libraries().stream())
        .flatMap(account -> holdings.code(account).stream())
        .filter(code -> code.ubiquitous().isEmpty())
        .forEach(code -> codes.add(code.normalised()));
    return codes;
  }

  private RuleResult code() {
    Optional<CodeFingerprint> mine = holdings.code(interest.account());
    Optional<CodeFingerprint> theirs = own.subject().code();
    if (mine.isEmpty() || theirs.isEmpty()) {
      String whose = mine.isEmpty() ? interest.name() : subjectName();
      return result(DerivedRule.CODE_MATCHES, false, "the code of " + whose + " was not read");
    }
    Optional<String> common = mine.get().ubiquitous().or(() -> theirs.get().ubiquitous());
    if (common.isPresent()) {
      return result(
          DerivedRule.CODE_MATCHES, false, "ubiquitous code never matches: " + common.get());
    }
    if (!mine.get().matches(theirs.get())) {
      return result(
          DerivedRule.CODE_MATCHES,
          false,
          mine.get().normalised() + " is not " + theirs.get().normalised());
    }
    return result(
        DerivedRule.CODE_MATCHES,
        codeAsClaimed(),
        codeAsClaimed()
            ? "both run " + mine.get().normalised()
            : "the subject's code read here is not the code claimed");
  }

  private RuleResult frames(Set<Hash32> codes) {
    if (!(own.sight() instanceof Sight.Harmed)) {
      return result(
          DerivedRule.FRAMES_RUN_MATCHING_CODE, false, "this node's own scan shows no loss");
    }
    if (own.frames().isEmpty()) {
      return result(
          DerivedRule.FRAMES_RUN_MATCHING_CODE,
          false,
          "the loss was not caused by a frame of " + subjectName());
    }
    for (FrameCode frame : own.frames()) {
      boolean matches =
          frame
              .fingerprint()
              .map(f -> f.ubiquitous().isEmpty() && codes.contains(f.normalised()))
              .orElse(false);
      if (!matches) {
        return result(
            DerivedRule.FRAMES_RUN_MATCHING_CODE,
            false,
            "frame " + frame.frame() + " runs " + frame.code() + ", whose code does not match");
      }
    }
    return result(
        DerivedRule.FRAMES_RUN_MATCHING_CODE,
        true,
        own.frames().size() + " frames run the matching code");
  }

  private RuleResult priceSources() {
    if (!(own.sight() instanceof Sight.Harmed)) {
      return result(
          DerivedRule.PRICE_SOURCES_ARE_MINE, false, "this node's own scan shows no loss");
    }
    Deque<Address> readers = new ArrayDeque<>(List.of(subject.address()));
    Set<Address> visited = new HashSet<>(readers);
    int sources = 0;
    while (!readers.isEmpty()) {
      Address reader = readers.remove();
      for (Read read : own.reads()) {
        if (!read.reader().equals(reader) || !visited.add(read.source())) {
          continue;
        }
        sources++;
        if (!isMine(read.source())) {
          if (!codeIsMine(read)) {
            return result(
                DerivedRule.PRICE_SOURCES_ARE_MINE,
                false,
                reader + " reads " + read.source() + ", which is neither mine nor matches in code");
          }
          readers.add(read.source());
        }
      }
    }
    return result(
        DerivedRule.PRICE_SOURCES_ARE_MINE, true, sources + " sources, all mine or matching");
  }

  private boolean isMine(Address source) {
    AccountId account = new AccountId(subject.chain(), source);
    return account.equals(interest.account())
        || interest.priceSources().contains(account)
        || interest.libraries().contains(account)
        || interest.tokens().stream().anyMatch(t -> t.token().equals(account))
        || interest.terms().floors().containsKey(AssetId.token(account.chain(), account.address()));
  }

  private boolean codeIsMine(Read read) {
    return interest.priceSources().stream()
        .flatMap(account -> holdings.code(account).stream())
        .anyMatch(mine -> read.code().map(mine::matches).orElse(false));
  }

  private RuleResult age() {
    Duration least = interest.terms().minimumAge();
    if (least.isZero()) {
      return result(DerivedRule.SUBJECT_IS_OLD_ENOUGH, true, "the mandate sets no minimum age");
    }
    Optional<Instant> since = own.subject().knownSince();
    Optional<Instant> time = timeOf(claim);
    if (since.isEmpty() || time.isEmpty()) {
      return result(
          DerivedRule.SUBJECT_IS_OLD_ENOUGH, false, "the age of the subject is not known");
    }
    return result(
        DerivedRule.SUBJECT_IS_OLD_ENOUGH,
        !since.get().plus(least).isAfter(time.get()),
        "known since " + since.get() + ", at least " + least.toDays() + " days wanted");
  }

  /** The time of the block that a claim rests on. */
  static Optional<Instant> timeOf(Claim claim) {
    return switch (claim) {
      case Claim.ExploitMined mined -> Optional.of(mined.block().time());
      case Claim.ExploitPending pending -> Optional.of(pending.head().time());
      case Claim.AllClear _, Claim.RosterChanged _ -> Optional.empty();
    };
  }

  private RuleResult floor() {
    DerivedTerms terms = interest.terms();
    if (!(own.sight() instanceof Sight.Harmed harmed)) {
      return result(DerivedRule.LOSS_EXCEEDS_FLOOR, false, "this node's own scan shows no loss");
    }
    for (LossSeen loss : harmed.losses()) {
      BigInteger floor = terms.floors().get(loss.asset());
      if (floor != null && loss.amount().compareTo(floor) > 0) {
        return result(
            DerivedRule.LOSS_EXCEEDS_FLOOR,
            true,
            loss.amount() + " of " + loss.asset() + ", above " + floor);
      }
    }
    return result(
        DerivedRule.LOSS_EXCEEDS_FLOOR,
        false,
        "no listed asset was lost above its floor; listed: "
            + (terms.floors().isEmpty() ? "none" : terms.orderedFloors()));
  }
}
