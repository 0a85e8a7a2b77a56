package io.tocsin.identity;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.StructHash;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The members of one epoch: at least four, none with a third of the weight, no operator behind a
 * third, no key used twice.
 *
 * @param epoch from 1, one more than the parent's
 * @param parent the hash of the roster before; zero for epoch 1
 * @param members ascending by account
 */
public record Roster(long epoch, Hash32 parent, Term term, List<Member> members) {
  /** The fewest members. */
  public static final int MIN_MEMBERS = 4;

  /** The most members. */
  public static final int MAX_MEMBERS = 100;

  private static final Hash32 TYPE =
      Keccak.hashUtf8(
          "Roster(uint64 epoch,bytes32 parent,uint64 validFrom,uint64 validUntil,Seat[]"
              + " seats,bytes32 details)"
              + Seat.TYPE);

  /** Sorts the members by account. */
  public Roster {
    members = members.stream().sorted(Comparator.comparing(Member::account)).toList();
    if (epoch < 1 || (epoch == 1) != parent.isZero()) {
      throw new IllegalArgumentException(
          "epoch: epoch 1 has no parent and every later one has, found epoch " + epoch);
    }
    if (members.size() < MIN_MEMBERS || members.size() > MAX_MEMBERS) {
      throw new IllegalArgumentException("members: expected 4 to 100, found " + members.size());
    }
    requireDistinct(members);
    requireBalanced(members);
  }

  private static void requireDistinct(List<Member> members) {
    Set<Object> seen = new HashSet<>();
    for (Member member : members) {
      if (!seen.add(member.account())) {
        throw new IllegalArgumentException("members: " + member.account() + " appears twice");
      }
      if (!seen.add(member.keys().tls()) || !seen.add(member.keys().x25519())) {
        throw new IllegalArgumentException(
            "members: " + member.account() + " uses a TLS or X25519 key of another member");
      }
    }
  }

  private static void requireBalanced(List<Member> members) {
    long total = members.stream().mapToLong(Member::weight).sum();
    Map<String, Long> operators = new HashMap<>();
    for (Member member : members) {
      if (!belowThird(member.weight(), total)) {
        throw new IllegalArgumentException(
            "members: " + member.account() + " has a third of the weight or more");
      }
      String operator = member.contact().operator();
      if (!belowThird(operators.merge(operator, member.weight(), Long::sum), total)) {
        throw new IllegalArgumentException(
            "members: operator \"" + operator + "\" stands behind a third of the weight or more");
      }
    }
  }

  private static boolean belowThird(long weight, long total) {
    return 3 * weight < total;
  }

  /** The seats, ascending by account. */
  public List<Seat> seats() {
    return members.stream().map(Member::seat).toList();
  }

  /** The hash over the members' full records. */
  public Hash32 details() {
    return Keccak.hash(
        members.stream().map(member -> member.structHash().bytes()).toArray(Bytes[]::new));
  }

  /** The EIP-712 struct hash: what members vote on and guardians know the roster by. */
  public Hash32 hash() {
    return StructHash.ofTypeHash(TYPE)
        .uint(epoch)
        .bytes32(parent)
        .uint(term.from().getEpochSecond())
        .uint(term.until().getEpochSecond())
        .array(seats().stream().map(Seat::structHash).toList())
        .bytes32(details())
        .hash();
  }

  /** The sum of all weights, revoked members' included. */
  public long totalWeight() {
    return members.stream().mapToLong(Member::weight).sum();
  }

  /** Whether {@code weight} is a quorum: more than two thirds of the total. */
  public boolean quorum(long weight) {
    return 3 * weight > 2 * totalWeight();
  }

  /** The least weight that is a quorum. */
  public long quorumWeight() {
    return 2 * totalWeight() / 3 + 1;
  }

  /** The member with this account. */
  public Optional<Member> member(Address account) {
    return members.stream().filter(member -> member.account().equals(account)).findFirst();
  }
}
