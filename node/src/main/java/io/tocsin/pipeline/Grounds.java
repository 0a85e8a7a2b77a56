package io.tocsin.pipeline;

import io.tocsin.base.Hash32;
import io.tocsin.chain.Canon;
import io.tocsin.claim.Claim;
import io.tocsin.quorum.OwnView;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The blocks that claims rest on: which claims there are, where their blocks stand or stood, and
 * what the canonical chain has there now. Where a block stood is known from the own sight of it or
 * from agreeing endpoints. Thread-safe; bounded, forgetting the oldest.
 */
final class Grounds {
  private static final int CLAIMS = 8_192;
  private static final int BLOCKS = 8_192;

  /** All-clears that may wait for the chain at one time; more are judged as they come. */
  private static final int WAITING = 64;

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final Map<Hash32, Claim> claims = new LinkedHashMap<>();
  private final Map<Hash32, Long> numbers = new LinkedHashMap<>();
  private final Map<Hash32, Instant> asked = new LinkedHashMap<>();

  /** The claim exists, whoever brought it. */
  synchronized void know(Claim claim) {
    claims.putIfAbsent(claim.id(), claim);
    bound(claims.values(), CLAIMS);
  }

  /** The claim of this name, where it is remembered. */
  synchronized Optional<Claim> claim(Hash32 id) {
    return Optional.ofNullable(claims.get(id));
  }

  /** This node itself saw the block of this hash at this number. */
  synchronized void saw(Hash32 block, long number) {
    numbers.putIfAbsent(block, number);
    bound(numbers.values(), BLOCKS);
  }

  private static void bound(Collection<?> values, int most) {
    if (values.size() > most) {
      var first = values.iterator();
      first.next();
      first.remove();
    }
  }

  /** What the canonical chain has in the place of the block that {@code claim} names. */
  Canon.Answer place(Claim.ExploitMined claim, Canon canon) {
    Hash32 block = claim.block().hash();
    OptionalLong number = number(block, canon);
    return number.isPresent()
        ? canon.deep(number.getAsLong())
        : new Canon.Answer.Open("neither this node nor its endpoints know where " + block + " was");
  }

  private OptionalLong number(Hash32 block, Canon canon) {
    synchronized (this) {
      Long own = numbers.get(block);
      if (own != null) {
        return OptionalLong.of(own);
      }
    }
    return canon.number(block);
  }

  /** What this node knows of the claim that {@code clear} would void, and of its block's place. */
  OwnView view(Claim.AllClear clear, Canon canon, Instant now) {
    Optional<Claim> known = claim(clear.claimId());
    if (known.isEmpty()) {
      return later(clear, now, new OwnView.Unavailable("it does not know " + clear.claimId()));
    }
    if (!(known.get() instanceof Claim.ExploitMined claim)
        || !claim.chain().equals(clear.chain())) {
      return new OwnView.Unavailable("only a claim on a mined transaction of that chain is voided");
    }
    Hash32 claimed = claim.block().hash();
    return switch (place(claim, canon)) {
      case Canon.Answer.Deep(var block) -> {
        answered(clear);
        yield new OwnView.Canonical(claimed, Optional.of(block.hash()));
      }
      case Canon.Answer.Open _ ->
          later(clear, now, new OwnView.Canonical(claimed, Optional.empty()));
    };
  }

  private synchronized void answered(Claim.AllClear clear) {
    asked.remove(clear.id());
  }

  /** Asking again makes sense for ten minutes from the first time. */
  private synchronized OwnView later(Claim.AllClear clear, Instant now, OwnView otherwise) {
    Instant first = asked.get(clear.id());
    if (first == null) {
      asked.values().removeIf(one -> now.isAfter(one.plus(PATIENCE).plus(AGAIN).plus(AGAIN)));
      if (asked.size() >= WAITING) {
        return otherwise;
      }
      first = now;
      asked.put(clear.id(), first);
    }
    return now.isBefore(first.plus(PATIENCE)) ? new OwnView.Behind(now.plus(AGAIN)) : otherwise;
  }
}
