package io.tocsin.identity;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.KeyDirectory;
import io.tocsin.crypto.PublicKey;
import io.tocsin.crypto.Secp256k1;
import io.tocsin.crypto.Signature;
import io.tocsin.crypto.SignatureMemo;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The rosters of a federation, epoch by epoch, and the keys revoked. Thread-safe: readers see one
 * consistent state, changes are made one after the other.
 */
public final class Rosters implements KeyDirectory {
  /** How long the epoch before still counts after a rotation. */
  public static final Duration GRACE = Duration.ofHours(1);

  private final Federation federation;
  private final InstantSource clock;
  private final SignatureMemo memo = new SignatureMemo();
  private volatile State state;

  private record State(TreeMap<Long, SignedRoster> epochs, Map<Address, DatedRevocation> revoked) {
    State {
      epochs = new TreeMap<>(epochs);
      revoked = Map.copyOf(revoked);
    }
  }

  private Rosters(Federation federation, InstantSource clock, State state) {
    this.federation = federation;
    this.clock = clock;
    this.state = state;
  }

  /** What became of a roster or a revocation. */
  public sealed interface Change {
    /** It counts from now on; a roster takes effect when its term begins. */
    record Applied() implements Change {}

    /** It was known already. */
    record Known() implements Change {}

    /** It does not count. */
    record Refused(RosterFault fault, String detail) implements Change {}
  }

  /** The outcome of {@link #found}. */
  public sealed interface Founding {
    /** The federation begins. */
    record Founded(Rosters rosters) implements Founding {}

    /** It cannot. */
    record Refused(RosterFault fault, String detail) implements Founding {}
  }

  /** Begins a federation with its founding roster, which every founder must have signed. */
  public static Founding found(SignedRoster founding, Hash32 nonce, InstantSource clock) {
    Roster roster = founding.roster();
    if (roster.epoch() != 1) {
      return new Founding.Refused(
          RosterFault.EPOCH, "a federation begins with epoch 1, not " + roster.epoch());
    }
    for (Member member : roster.members()) {
      if (!member.authentic()) {
        return new Founding.Refused(RosterFault.MEMBER, unsigned(member));
      }
    }
    Federation federation = Federation.founded(roster.hash(), nonce);
    Hash32 digest = federation.domain().digest(SignedRoster.ballot(roster));
    switch (new Electorate(roster, Set.of())
        .count(founding.endorsements(), digest, new SignatureMemo())) {
      case Poll.Faulty(PollFault fault, String detail) -> {
        return new Founding.Refused(RosterFault.SIGNATURES, fault + ": " + detail);
      }
      case Poll.Carried _ -> {
        if (founding.endorsements().size() != roster.members().size()) {
          return new Founding.Refused(
              RosterFault.SIGNATURES,
              "every founder signs: "
                  + founding.endorsements().size()
                  + " of "
                  + roster.members().size());
        }
      }
    }
    TreeMap<Long, SignedRoster> epochs = new TreeMap<>(Map.of(1L, founding));
    return new Founding.Founded(new Rosters(federation, clock, new State(epochs, Map.of())));
  }

  private static String unsigned(Member member) {
    return member.account() + " did not sign its own record";
  }

  /** The federation. */
  public Federation federation() {
    return federation;
  }

  /** All rosters known, by epoch. */
  public List<SignedRoster> history() {
    return List.copyOf(state.epochs().values());
  }

  /** All revocations known, in the order in which epochs and they were taken in. */
  public List<DatedRevocation> revocations() {
    return state.revoked().values().stream()
        .sorted(
            Comparator.comparingLong(DatedRevocation::epoch)
                .thenComparing(DatedRevocation::account))
        .toList();
  }

  /** The roster in force at {@code now}; empty before the first, and when the last has expired. */
  public Optional<Roster> current(Instant now) {
    for (SignedRoster signed : state.epochs().descendingMap().values()) {
      Roster roster = signed.roster();
      if (!now.isBefore(roster.term().from())) {
        return roster.term().contains(now) ? Optional.of(roster) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** The newest roster, in force or not. */
  public SignedRoster latest() {
    return state.epochs().lastEntry().getValue();
  }

  /** The roster of {@code epoch}, past, present or coming. */
  public Optional<Roster> epoch(long epoch) {
    return Optional.ofNullable(state.epochs().get(epoch)).map(SignedRoster::roster);
  }

  /**
   * Whether decisions may rest on {@code epoch} at {@code now}: the current one, or the one before
   * it within {@link #GRACE} of the rotation and its own term's end.
   */
  public boolean actionable(long epoch, Instant now) {
    Optional<Roster> current = current(now);
    if (current.isEmpty() || epoch == current.get().epoch()) {
      return current.isPresent();
    }
    return epoch == current.get().epoch() - 1
        && now.isBefore(current.get().term().from().plus(GRACE))
        && epoch(epoch).filter(roster -> now.isBefore(roster.term().until())).isPresent();
  }

  /** Whether the key of {@code account} is revoked. */
  public boolean revoked(Address account) {
    return state.revoked().containsKey(account);
  }

  /** The member of {@code epoch} with this account, revoked or not. */
  public Optional<Member> member(long epoch, Address account) {
    return epoch(epoch).flatMap(roster -> roster.member(account));
  }

  /** The newest record of {@code account} in any epoch, revoked or not. */
  public Optional<Member> everMember(Address account) {
    for (SignedRoster signed : state.epochs().descendingMap().values()) {
      Optional<Member> member = signed.roster().member(account);
      if (member.isPresent()) {
        return member;
      }
    }
    return Optional.empty();
  }

  /**
   * The key of a member of the current epoch, or of the one before within {@link #GRACE}; empty
   * when it is revoked.
   */
  @Override
  public Optional<PublicKey> keyOf(Address account) {
    if (revoked(account)) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    Optional<Roster> current = current(now);
    if (current.isEmpty()) {
      return Optional.empty();
    }
    Optional<Member> member = current.get().member(account);
    long before = current.get().epoch() - 1;
    if (member.isEmpty() && actionable(before, now)) {
      member = member(before, account);
    }
    return member.map(Member::key);
  }

  @Override
  public Optional<PublicKey> everKeyOf(Address account) {
    if (revoked(account)) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    for (SignedRoster signed : state.epochs().descendingMap().values()) {
      Roster roster = signed.roster();
      Optional<Member> member =
          now.isBefore(roster.term().from()) ? Optional.empty() : roster.member(account);
      if (member.isPresent()) {
        return member.map(Member::key);
      }
    }
    return Optional.empty();
  }

  /** Whether they have a third of the weight or more: liars together have less. */
  @Override
  public boolean trustworthy(Set<Address> witnesses) {
    Optional<Roster> current = current(clock.instant());
    long weight =
        current.stream()
            .flatMap(roster -> roster.members().stream())
            .filter(m -> witnesses.contains(m.account()) && !revoked(m.account()))
            .mapToLong(Member::weight)
            .sum();
    return current.isPresent() && 3 * weight >= current.get().totalWeight();
  }

  /**
   * Counts signatures of members of {@code epoch} over the struct {@code structHash}; empty when
   * the epoch is unknown.
   */
  public Optional<Poll> poll(long epoch, Hash32 structHash, List<Endorsement> endorsements) {
    State now = state;
    return Optional.ofNullable(now.epochs().get(epoch))
        .map(
            signed ->
                new Electorate(signed.roster(), now.revoked().keySet())
                    .count(endorsements, federation.domain().digest(structHash), memo));
  }

  /** Whether {@code member} signed the struct of this hash in the federation's domain. */
  public boolean signed(Member member, Hash32 structHash, Signature signature) {
    return memo.verify(signature, federation.domain().digest(structHash), member.key());
  }

  /** Adds the roster of the next epoch if a quorum of the latest one signed it. */
  public synchronized Change apply(SignedRoster next) {
    Roster roster = next.roster();
    Optional<SignedRoster> known = Optional.ofNullable(state.epochs().get(roster.epoch()));
    if (known.isPresent()) {
      if (!known.get().roster().hash().equals(roster.hash())) {
        return new Change.Refused(
            RosterFault.FORK, "epoch " + roster.epoch() + " already has another roster");
      }
      complete(known.get(), next.endorsements());
      return new Change.Known();
    }
    Roster latest = latest().roster();
    if (roster.epoch() != latest.epoch() + 1) {
      return new Change.Refused(
          RosterFault.EPOCH,
          "epoch " + roster.epoch() + " does not follow epoch " + latest.epoch());
    }
    if (!roster.parent().equals(latest.hash())) {
      return new Change.Refused(
          RosterFault.PARENT, "the parent is not the roster of epoch " + latest.epoch());
    }
    if (!roster.term().from().isAfter(latest.term().from())) {
      return new Change.Refused(
          RosterFault.TERM, "the term begins no later than that of epoch " + latest.epoch());
    }
    for (Member member : roster.members()) {
      if (!member.authentic()) {
        return new Change.Refused(RosterFault.MEMBER, unsigned(member));
      }
      if (revoked(member.account())) {
        return new Change.Refused(RosterFault.MEMBER, member.account() + " is revoked");
      }
    }
    Poll poll =
        poll(latest.epoch(), SignedRoster.ballot(roster), next.endorsements()).orElseThrow();
    return switch (poll) {
      case Poll.Faulty(PollFault fault, String detail) ->
          new Change.Refused(RosterFault.SIGNATURES, fault + ": " + detail);
      case Poll.Carried _ -> {
        put(next);
        yield new Change.Applied();
      }
    };
  }

  private void put(SignedRoster signed) {
    TreeMap<Long, SignedRoster> epochs = new TreeMap<>(state.epochs());
    epochs.put(signed.roster().epoch(), signed);
    state = new State(epochs, state.revoked());
  }

  /** Keeps right signatures under a roster that counts already, as a spare for others. */
  private void complete(SignedRoster known, List<Endorsement> more) {
    Hash32 digest = federation.domain().digest(SignedRoster.ballot(known.roster()));
    List<Endorsement> right =
        more.stream()
            .filter(
                e ->
                    member(known.roster().epoch() - 1, e.signer())
                        .filter(m -> Secp256k1.verify(e.signature(), digest, m.key()))
                        .isPresent())
            .toList();
    SignedRoster fuller = known.with(right);
    if (fuller.endorsements().size() > known.endorsements().size()) {
      put(fuller);
    }
  }

  /** Revokes a key if its owner, a member of any epoch, signed so. */
  public synchronized Change apply(Revocation revocation) {
    if (revoked(revocation.account())) {
      return new Change.Known();
    }
    Optional<Member> member = everMember(revocation.account());
    if (member.isEmpty()) {
      return new Change.Refused(RosterFault.MEMBER, revocation.account() + " was never a member");
    }
    if (!revocation.signedBy(member.get().key(), federation.domain())) {
      return new Change.Refused(
          RosterFault.SIGNATURES, revocation.account() + " did not sign this revocation");
    }
    Map<Address, DatedRevocation> revoked = new HashMap<>(state.revoked());
    revoked.put(revocation.account(), new DatedRevocation(revocation, latest().roster().epoch()));
    state = new State(state.epochs(), revoked);
    return new Change.Applied();
  }

  /** The accounts revoked. */
  public Set<Address> revokedAccounts() {
    return new HashSet<>(state.revoked().keySet());
  }
}
