package io.tocsin.exposure;

import io.tocsin.base.AccountId;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One contract that a member protects, and what it depends on.
 *
 * @param name what people call it
 * @param libraries contracts whose code it runs by delegate call, implementations behind its own
 *     proxy excepted
 * @param priceSources the price sources it reads, and those of siblings that the owner approved
 */
public record Interest(
    String name,
    AccountId account,
    Set<AccountId> libraries,
    Set<AccountId> priceSources,
    List<TokenTie> tokens,
    DerivedTerms terms) {
  public Interest {
    if (name.isBlank()) {
      throw new IllegalArgumentException("an interest needs a name");
    }
    libraries = Set.copyOf(libraries);
    priceSources = Set.copyOf(priceSources);
    tokens = List.copyOf(tokens);
  }

  /** A token that the contract relies on, and those who can make or move it. */
  public record TokenTie(
      String symbol, AccountId token, Set<AccountId> minters, Set<AccountId> bridges) {
    public TokenTie {
      minters = Set.copyOf(minters);
      bridges = Set.copyOf(bridges);
    }
  }

  /**
   * When a derived exposure may act.
   *
   * @param siblings the subjects that the owner approved, with their names
   * @param minimumAge how long the subject must have existed
   * @param floors the assets in which a loss counts and what it must exceed, in the smallest unit
   */
  public record DerivedTerms(
      Map<AccountId, String> siblings, Duration minimumAge, Map<AssetId, BigInteger> floors) {
    /** The least age of a subject unless the owner sets another. */
    public static final Duration MINIMUM_AGE = Duration.ofDays(90);

    /** Nothing derived ever acts. */
    public static final DerivedTerms NEVER = new DerivedTerms(Map.of(), MINIMUM_AGE, Map.of());

    public DerivedTerms {
      siblings = Map.copyOf(siblings);
      floors = Map.copyOf(floors);
      if (minimumAge.isNegative()) {
        throw new IllegalArgumentException("an age is not negative: " + minimumAge);
      }
      if (floors.values().stream().anyMatch(f -> f.signum() < 0)) {
        throw new IllegalArgumentException("a floor is not negative");
      }
    }

    /** The approved subjects in order. */
    public List<AccountId> subjects() {
      return List.copyOf(new TreeSet<>(siblings.keySet()));
    }

    /** The floors in the order of their assets. */
    public Map<AssetId, BigInteger> orderedFloors() {
      return new TreeMap<>(floors);
    }
  }
}
