package io.tocsin.exposure;

import io.tocsin.base.AccountId;
import io.tocsin.chain.CodeFingerprint;
import io.tocsin.claim.Claim;
import io.tocsin.exposure.Interest.TokenTie;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds what a claim concerns. */
public final class Exposures {
  private Exposures() {}

  /**
   * Every exposure of {@code holdings} to {@code claim}, at most one an interest; none for claims
   * that name no victim.
   *
   * @param own what this node saw and read itself
   */
  public static List<Exposure> of(Claim claim, OwnEvidence own, Holdings holdings) {
    if (claim.where().isEmpty() || claim.about().isEmpty()) {
      return List.of();
    }
    AccountId subject = new AccountId(claim.where().get(), claim.about().get().address());
    List<Exposure> found = new ArrayList<>();
    for (Interest interest : holdings.interests()) {
      if (interest.account().equals(subject)) {
        found.add(
            new Exposure.Direct(interest, interest.name() + " itself is the subject: " + subject));
        continue;
      }
      Optional<String> tie = tie(interest, subject);
      if (tie.isPresent()) {
        DerivedRules rules = new DerivedRules(claim, subject, own, interest, holdings);
        found.add(
            new Exposure.SharedToken(
                interest, tie.get() + "; " + rules.siblingText(), rules.forSharedToken()));
      } else {
        sameCode(claim, subject, own, interest, holdings).ifPresent(found::add);
      }
    }
    return List.copyOf(found);
  }

  private static Optional<String> tie(Interest interest, AccountId subject) {
    for (TokenTie token : interest.tokens()) {
      String role =
          token.token().equals(subject)
              ? "the token itself"
              : token.minters().contains(subject)
                  ? "a minter of it"
                  : token.bridges().contains(subject) ? "a bridge of it" : "";
      if (!role.isEmpty()) {
        return Optional.of(
            interest.name() + " relies on " + token.symbol() + ": " + subject + " is " + role);
      }
    }
    return Optional.empty();
  }

  private static Optional<Exposure> sameCode(
      Claim claim, AccountId subject, OwnEvidence own, Interest interest, Holdings holdings) {
    Optional<CodeFingerprint> mine = holdings.code(interest.account());
    boolean same =
        mine.isPresent()
            && own.subject()
                .code()
                .map(seen -> seen.matches(mine.get()))
                .orElseGet(() -> matchesClaimed(mine.get(), claim));
    if (!same && !interest.terms().siblings().containsKey(subject)) {
      return Optional.empty();
    }
    DerivedRules rules = new DerivedRules(claim, subject, own, interest, holdings);
    String code =
        same
            ? interest.name()
                + " runs the same code as "
                + rules.subjectName()
                + ": normalised hash "
                + mine.get().normalised()
            : interest.name() + " does not run the code of " + rules.subjectName();
    return Optional.of(
        new Exposure.SameCode(interest, code + "; " + rules.siblingText(), rules.forSameCode()));
  }

  private static boolean matchesClaimed(CodeFingerprint mine, Claim claim) {
    return mine.ubiquitous().isEmpty()
        && claim.about().map(s -> s.code().equals(mine.normalised())).orElse(false);
  }
}
