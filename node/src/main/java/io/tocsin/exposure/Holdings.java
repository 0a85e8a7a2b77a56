package io.tocsin.exposure;

import io.tocsin.base.AccountId;
import io.tocsin.chain.CodeFingerprint;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * All that a member protects, with the code of its contracts and price sources as this node last
 * read it, behind proxies.
 */
public record Holdings(List<Interest> interests, Map<AccountId, CodeFingerprint> codes) {
  public Holdings {
    interests = List.copyOf(interests);
    codes = Map.copyOf(codes);
  }

  /** The accounts whose code should be read. */
  public Set<AccountId> accounts() {
    Set<AccountId> all = new TreeSet<>();
    for (Interest interest : interests) {
      all.add(interest.account());
      all.addAll(interest.libraries());
      all.addAll(interest.priceSources());
    }
    return all;
  }

  /** The code of {@code account}, where known. */
  public Optional<CodeFingerprint> code(AccountId account) {
    return Optional.ofNullable(codes.get(account));
  }

  /** The ages that subjects must have, the longest first; zero is left out. */
  public List<Duration> ages() {
    return interests.stream()
        .map(interest -> interest.terms().minimumAge())
        .filter(age -> !age.isZero())
        .distinct()
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  /** The same interests with code read anew. */
  public Holdings with(Map<AccountId, CodeFingerprint> fresh) {
    return new Holdings(interests, fresh);
  }
}
