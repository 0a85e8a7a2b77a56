package io.tocsin.detect;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.chain.CallFrame;
import io.tocsin.detect.Activity.Kind;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Recognises payments that the call data of the transaction name, receiver and amount, together
 * with what shows the right to them: a Merkle proof, as airdrops are claimed, or signatures of
 * several, as bridges release what was locked elsewhere.
 */
final class NamedPayment {
  private static final Address ECRECOVER =
      Address.hex("0x0000000000000000000000000000000000000001");

  /** No more call data than this is read. */
  private static final int MAX_WORDS = 4_096;

  private static final int SIGNATURE = 65;
  private static final int MAX_PROOF = 64;

  private final TraceFacts facts;
  private final Roles roles;
  private final Bytes data;
  private final int words;

  NamedPayment(TraceFacts facts, Roles roles) {
    this.facts = facts;
    this.roles = roles;
    CallFrame root = facts.trace().root();
    this.data = root.kind().creates() ? Bytes.EMPTY : root.input();
    this.words = Math.min(MAX_WORDS, Math.max(0, data.size() - 4) / 32);
  }

  Optional<Activity> find() {
    if (!facts.given().isEmpty() || !roles.with(Role.POOL).isEmpty() || words < 2) {
      return Optional.empty();
    }
    Set<BigInteger> named = new HashSet<>();
    for (int i = 0; i < words; i++) {
      named.add(Words.argument(data, i));
    }
    for (Flow flow : facts.flows()) {
      boolean receiver =
          flow.to().equals(facts.trace().sender())
              || named.contains(new BigInteger(1, flow.to().toArray()));
      if (receiver && named.contains(flow.amount())) {
        return kind(flow);
      }
    }
    return Optional.empty();
  }

  private Optional<Activity> kind(Flow flow) {
    long checked =
        facts.trace().frames().stream()
            .filter(f -> !f.failed() && f.to().equals(ECRECOVER))
            .limit(2)
            .count();
    if (checked > 1 || signatures() > 1) {
      return Optional.of(
          new Activity(
              Kind.BRIDGE_RELEASE,
              "The call data name a receiver and an amount and carry several signatures, and that"
                  + " amount was paid or made for him.",
              List.of(0, flow.frame())));
    }
    if (proof()) {
      return Optional.of(
          new Activity(
              Kind.AIRDROP_CLAIM,
              "The call data name an amount and carry a list of hashes, and that amount was paid or"
                  + " made for whoever asked or was named.",
              List.of(0, flow.frame())));
    }
    return Optional.empty();
  }

  /** How many signatures a byte string in the call data would hold. */
  private int signatures() {
    int most = 0;
    for (int i = 0; i < words; i++) {
      BigInteger length = Words.argument(data, i);
      if (length.bitLength() < 16
          && length.signum() > 0
          && length.intValue() % SIGNATURE == 0
          && (length.intValue() + 31) / 32 <= words - i - 1
          && random(i + 1)) {
        most = Math.max(most, length.intValue() / SIGNATURE);
      }
    }
    return most;
  }

  /** Whether a list of hashes stands in the call data. */
  private boolean proof() {
    for (int i = 0; i < words; i++) {
      BigInteger length = Words.argument(data, i);
      if (length.bitLength() < 8
          && length.signum() > 0
          && length.intValue() <= MAX_PROOF
          && length.intValue() <= words - i - 1) {
        boolean all = true;
        for (int k = 1; k <= length.intValue(); k++) {
          all &= random(i + k);
        }
        if (all) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether the word with this number looks like a hash: hardly a byte of it is zero. */
  private boolean random(int number) {
    int zero = 0;
    for (int i = 0; i < 32; i++) {
      zero += data.at(4 + 32 * number + i) == 0 ? 1 : 0;
    }
    return zero <= 4;
  }
}
