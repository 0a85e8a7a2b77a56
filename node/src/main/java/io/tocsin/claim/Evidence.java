package io.tocsin.claim;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the author of a report saw, as plain data: shown to people, never read by a decision of
 * another member.
 *
 * @param blockNumber the number of the block, where the transaction is mined
 * @param facts what detectors found
 * @param stateReads the digest of the state values the scan used
 */
public record Evidence(OptionalLong blockNumber, List<Fact> facts, Optional<Hash32> stateReads) {
  /** The most facts a report holds. */
  public static final int MAX_FACTS = 32;

  public Evidence {
    facts = List.copyOf(facts);
    if (facts.size() > MAX_FACTS) {
      throw new IllegalArgumentException("at most " + MAX_FACTS + " facts, not " + facts.size());
    }
    if (blockNumber.isPresent() && blockNumber.getAsLong() < 0) {
      throw new IllegalArgumentException("a block number is not negative");
    }
  }

  /**
   * What detectors found about the subject.
   *
   * @param detectors their ids
   * @param frames the call frames that prove it, by index in the trace
   * @param assumptions what had to be assumed
   */
  public record Fact(
      List<String> detectors,
      String severity,
      List<Lost> losses,
      String summary,
      List<Integer> frames,
      List<String> assumptions) {
    public Fact {
      detectors = List.copyOf(detectors);
      losses = List.copyOf(losses);
      frames = List.copyOf(frames);
      assumptions = List.copyOf(assumptions);
    }
  }

  /**
   * What the victim lost of one asset.
   *
   * @param token the token; empty for the chain's native asset
   * @param amount in the asset's smallest unit
   * @param share of the victim's balance before, from 0 to 1, or above where it owed the rest
   */
  public record Lost(Optional<Address> token, BigInteger amount, double share) {
    public Lost {
      if (amount.signum() < 0 || !(share >= 0) || Double.isInfinite(share)) {
        throw new IllegalArgumentException("a loss is not negative: " + amount + ", " + share);
      }
    }
  }
}
