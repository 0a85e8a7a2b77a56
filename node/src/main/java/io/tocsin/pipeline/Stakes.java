package io.tocsin.pipeline;

import io.tocsin.base.AccountId;
import io.tocsin.claim.Claim;
import io.tocsin.exposure.Interest;
import io.tocsin.policy.Judgement;
import io.tocsin.policy.Protection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What hangs on a subject for this node: told at once, from the owner's files alone. */
final class Stakes {
  private final Map<AccountId, Stake> known;

  /** What hangs on a subject; the first is the highest. */
  enum Stake {
    /** A protected contract, or a sibling that its owner approved, with a mandate that acts. */
    ARMED,
    /** One of those without such a mandate, or something that a protected contract relies on. */
    KNOWN,
    /** Nothing that the owner named. */
    NONE
  }

  private Stakes(Map<AccountId, Stake> known) {
    this.known = Map.copyOf(known);
  }

  static Stakes of(List<Protection> protections) {
    Map<AccountId, Stake> known = new HashMap<>();
    for (Protection protection : protections) {
      Interest interest = protection.interest();
      interest.libraries().forEach(account -> known.putIfAbsent(account, Stake.KNOWN));
      interest.priceSources().forEach(account -> known.putIfAbsent(account, Stake.KNOWN));
      for (Interest.TokenTie tie : interest.tokens()) {
        for (Set<AccountId> accounts : List.of(Set.of(tie.token()), tie.minters(), tie.bridges())) {
          accounts.forEach(account -> known.putIfAbsent(account, Stake.KNOWN));
        }
      }
      boolean armed =
          protection.mandates().stream()
              .anyMatch(mandate -> mandate.judgement().mode() == Judgement.Mode.ACT);
      Stake own = armed ? Stake.ARMED : Stake.KNOWN;
      known.merge(interest.account(), own, Stakes::higher);
      interest.terms().siblings().keySet().forEach(s -> known.merge(s, own, Stakes::higher));
    }
    return new Stakes(known);
  }

  private static Stake higher(Stake one, Stake other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  /** What hangs on the subject of {@code claim}. */
  Stake of(Claim claim) {
    return claim
        .where()
        .flatMap(chain -> claim.about().map(s -> new AccountId(chain, s.address())))
        .map(subject -> known.getOrDefault(subject, Stake.NONE))
        .orElse(Stake.NONE);
  }
}
