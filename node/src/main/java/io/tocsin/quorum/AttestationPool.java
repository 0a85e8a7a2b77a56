package io.tocsin.quorum;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.claim.Claim;
import io.tocsin.crypto.Verified;
import io.tocsin.identity.Endorsement;
import io.tocsin.identity.Member;
import io.tocsin.identity.Roster;
import io.tocsin.identity.Rosters;
import io.tocsin.quorum.Tally.RefusalReason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Counts attestations until a quorum confirms, and catches members that contradict themselves.
 * Owned by one thread. Bounded: a full pool forgets what is certified, else the claim that the
 * fewest members spoke of, the oldest of those first, so that one member's inventions push out each
 * other; and each member may only keep so many attestations waiting for claims that are not known
 * yet. A contradiction is found however much later it comes, since what is forgotten here is still
 * in the log.
 */
public final class AttestationPool {
  private final Rosters rosters;
  private final Committee committee;
  private final EvidenceBook evidence;
  private final AttestationLog log;
  private final Limits limits;
  private final InstantSource clock;
  private final LinkedHashMap<Hash32, Entry> entries = new LinkedHashMap<>();
  private final Map<Address, Integer> waiting = new HashMap<>();

  /** An empty pool. */
  public AttestationPool(
      Rosters rosters,
      EvidenceBook evidence,
      AttestationLog log,
      Limits limits,
      InstantSource clock) {
    this.log = log;
    this.rosters = rosters;
    this.committee = new Committee(rosters);
    this.evidence = evidence;
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * The bounds of a pool.
   *
   * @param claims the most claims
   * @param waitingPerMember the most attestations of one member for unknown claims
   * @param life how long a claim is counted
   */
  public record Limits(int claims, int waitingPerMember, Duration life) {
    /** For a node: 4,096 claims for an hour, 256 attestations waiting a member. */
    public static final Limits DEFAULT = new Limits(4_096, 256, Duration.ofHours(1));
  }

  private static final class Entry {
    final Instant born;
    Optional<Claim> claim = Optional.empty();
    final Map<Address, Attestation> verdicts = new HashMap<>();
    final Map<Long, TreeMap<Address, Endorsement>> confirmed = new TreeMap<>();
    final Set<Long> certified = new HashSet<>();
    final Set<Address> contradicted = new HashSet<>();

    Entry(Instant born) {
      this.born = born;
    }
  }

  /** Makes a claim known, and counts what waited for it. */
  public Tally know(Claim claim) {
    expire();
    Entry entry = entry(claim.id());
    if (entry.claim.isPresent()) {
      return new Tally.Duplicate();
    }
    entry.claim = Optional.of(claim);
    entry.verdicts.keySet().forEach(member -> waiting.merge(member, -1, Integer::sum));
    Tally tally = new Tally.Pending(0, need());
    for (long epoch : List.copyOf(entry.confirmed.keySet())) {
      tally = count(claim, entry, epoch);
      if (tally instanceof Tally.Reached) {
        return tally;
      }
    }
    return tally;
  }

  private long need() {
    return rosters.current(clock.instant()).map(Roster::quorumWeight).orElse(0L);
  }

  /** Takes over a certificate that another node formed: its claim and epoch are settled. */
  public void settle(QuorumCertificate certificate) {
    know(certificate.claim());
    entry(certificate.claim().id()).certified.add(certificate.epoch());
  }

  /** Adds one attestation. */
  public Tally add(Verified<Attestation> verified) {
    expire();
    Attestation attestation = verified.value();
    Address author = verified.author();
    Optional<RefusalReason> refusal = refusal(author, attestation);
    if (refusal.isPresent()) {
      return new Tally.Refused(refusal.get());
    }
    Hash32 claimId = attestation.claimId();
    Optional<Attestation> first = first(author, claimId);
    Optional<Attestation> opposite =
        first.isPresent()
            ? first.filter(a -> a.verdict() != attestation.verdict())
            : logged(author, attestation);
    if (opposite.isPresent()) {
      return conflict(author, opposite.get(), attestation);
    }
    if (rosters.revoked(author)) {
      return new Tally.Refused(RefusalReason.REVOKED);
    }
    if (!rosters.actionable(attestation.epoch(), clock.instant())) {
      return new Tally.Refused(RefusalReason.OTHER_EPOCH);
    }
    Entry known = entries.get(claimId);
    if (known == null || (known.claim.isEmpty() && !known.verdicts.containsKey(author))) {
      if (waiting.getOrDefault(author, 0) >= limits.waitingPerMember()) {
        return new Tally.Refused(RefusalReason.TOO_MANY_BUFFERED);
      }
      waiting.merge(author, 1, Integer::sum);
    }
    Entry entry = entry(claimId);
    entry.verdicts.putIfAbsent(author, attestation);
    if (entry.contradicted.contains(author)) {
      return new Tally.Duplicate();
    }
    boolean fresh = first.isEmpty();
    if (attestation.verdict() == Verdict.CONFIRM) {
      Endorsement endorsement = new Endorsement(author, attestation.signature());
      fresh =
          entry
                  .confirmed
                  .computeIfAbsent(attestation.epoch(), _ -> new TreeMap<>())
                  .putIfAbsent(author, endorsement)
              == null;
    }
    if (entry.claim.isEmpty()) {
      return fresh ? new Tally.Buffered() : new Tally.Duplicate();
    }
    return fresh ? count(entry.claim.get(), entry, attestation.epoch()) : new Tally.Duplicate();
  }

  private Optional<RefusalReason> refusal(Address author, Attestation attestation) {
    if (rosters.epoch(attestation.epoch()).isEmpty()) {
      return Optional.of(RefusalReason.UNKNOWN_EPOCH);
    }
    Optional<Member> member = rosters.member(attestation.epoch(), author);
    if (member.isEmpty()) {
      return Optional.of(RefusalReason.NOT_A_MEMBER);
    }
    return rosters.signed(member.get(), attestation.structHash(), attestation.signature())
        ? Optional.empty()
        : Optional.of(RefusalReason.SIGNATURE);
  }

  private Optional<Attestation> first(Address author, Hash32 claimId) {
    Entry entry = entries.get(claimId);
    if (entry != null && entry.verdicts.containsKey(author)) {
      return Optional.ofNullable(entry.verdicts.get(author));
    }
    return Optional.empty();
  }

  /** A right attestation in the log that says the opposite. */
  private Optional<Attestation> logged(Address author, Attestation attestation) {
    return log.of(author, attestation.claimId()).stream()
        .filter(
            other -> other.verdict() != attestation.verdict() && refusal(author, other).isEmpty())
        .findFirst();
  }

  private Tally conflict(Address author, Attestation first, Attestation second) {
    boolean confirmedFirst = first.verdict() == Verdict.CONFIRM;
    Equivocation proof =
        new Equivocation(author, confirmedFirst ? first : second, confirmedFirst ? second : first);
    Entry entry = entries.get(first.claimId());
    if (entry != null && !entry.contradicted.add(author)) {
      return new Tally.Duplicate();
    }
    evidence.keep(proof);
    if (entry != null) {
      entry.confirmed.values().forEach(confirmed -> confirmed.remove(author));
    }
    return new Tally.Conflict(proof);
  }

  private Tally count(Claim claim, Entry entry, long epoch) {
    if (entry.certified.contains(epoch)) {
      return new Tally.Duplicate();
    }
    Roster roster = rosters.epoch(epoch).orElseThrow();
    List<Endorsement> endorsements = new ArrayList<>();
    long have = 0;
    for (Endorsement endorsement : entry.confirmed.getOrDefault(epoch, new TreeMap<>()).values()) {
      if (!rosters.revoked(endorsement.signer())) {
        endorsements.add(endorsement);
        have += roster.member(endorsement.signer()).map(Member::weight).orElse(0L);
      }
    }
    if (!roster.quorum(have)) {
      return new Tally.Pending(have, roster.quorumWeight());
    }
    return switch (committee.count(claim, epoch, endorsements)) {
      case Check.Valid(QuorumCertificate certificate) -> {
        entry.certified.add(epoch);
        yield new Tally.Reached(certificate);
      }
      case Check.Invalid(Check.Flaw flaw, String detail) ->
          throw new IllegalStateException("counted signatures do not hold: " + flaw + detail);
    };
  }

  private Entry entry(Hash32 claimId) {
    Entry entry = entries.get(claimId);
    if (entry == null) {
      if (entries.size() >= limits.claims()) {
        forget(leastNeeded());
      }
      entry = new Entry(clock.instant());
      entries.put(claimId, entry);
    }
    return entry;
  }

  private Hash32 leastNeeded() {
    Hash32 least = Hash32.ZERO;
    int fewest = Integer.MAX_VALUE;
    for (Map.Entry<Hash32, Entry> one : entries.entrySet()) {
      Entry entry = one.getValue();
      int voices = entry.certified.isEmpty() ? entry.verdicts.size() : -1;
      if (voices < fewest) {
        fewest = voices;
        least = one.getKey();
      }
    }
    return least;
  }

  /** Forgets claims past their life; called by every other method. */
  public void expire() {
    Instant now = clock.instant();
    while (!entries.isEmpty()
        && now.isAfter(entries.firstEntry().getValue().born.plus(limits.life()))) {
      forget(entries.sequencedKeySet().getFirst());
    }
  }

  private void forget(Hash32 claimId) {
    Entry entry = entries.remove(claimId);
    if (entry == null) {
      return;
    }
    if (entry.claim.isEmpty()) {
      entry.verdicts.keySet().forEach(member -> waiting.merge(member, -1, Integer::sum));
    }
  }

  /** Claims counted now. */
  public int size() {
    return entries.size();
  }
}
