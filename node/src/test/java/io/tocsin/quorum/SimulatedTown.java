package io.tocsin.quorum;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.claim.Claim;
import io.tocsin.claim.Claim.AllClear;
import io.tocsin.claim.Claim.ExploitMined;
import io.tocsin.claim.Claim.Subject;
import io.tocsin.claim.Report;
import io.tocsin.claim.ReportCodec;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.KeyPair;
import io.tocsin.crypto.Verified;
import io.tocsin.gossip.Exchange;
import io.tocsin.gossip.FakeNetwork;
import io.tocsin.gossip.FakeNetwork.Faults;
import io.tocsin.gossip.HandClock;
import io.tocsin.gossip.Membership;
import io.tocsin.identity.Rosters;
import io.tocsin.identity.Samples;
import io.tocsin.quorum.OwnView.Harm;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A town whose members report, attest and certify over a bad network, strictly less than a third of
 * them liars, with time moved by hand and every choice drawn from one seed.
 */
final class SimulatedTown {
  private static final Duration STEP = Duration.ofMillis(250);
  private static final Duration STORM = Duration.ofSeconds(20);
  private static final Duration CALM = Duration.ofMinutes(4);
  private static final int CLAIMS = 4;

  private final Random random;
  private final HandClock clock =
      new HandClock(io.tocsin.claim.Samples.BLOCK_TIME.plus(Duration.ofSeconds(1)));
  private final List<KeyPair> keys;
  private final int liars;
  private final Rosters rosters;
  private final List<Resident> residents = new ArrayList<>();
  private final List<ExploitMined> claims = new ArrayList<>();
  private final Set<Hash32> happened = new HashSet<>();
  private final FakeNetwork network;
  private final Fibs fibs;

  /** A town of any size with less than a third of liars. */
  SimulatedTown(long seed) {
    this(seed, size(new Random(seed)));
  }

  private SimulatedTown(long seed, int size) {
    this(seed, size, new Random(seed + 1).nextInt((size - 1) / 3 + 1));
  }

  SimulatedTown(long seed, int size, int liars) {
    this.random = new Random(seed + 2);
    this.keys = Samples.keys(seed, size);
    this.liars = liars;
    this.rosters = Samples.rosters(keys, clock);
    for (int i = 0; i < CLAIMS; i++) {
      ExploitMined claim = io.tocsin.claim.Samples.mined(seed * 100 + i);
      claims.add(claim);
      if (random.nextBoolean()) {
        happened.add(claim.id());
      }
    }
    for (int i = 0; i < size; i++) {
      residents.add(new Resident(i));
    }
    List<Membership> town =
        keys.stream().map(key -> new Membership(key, domain(), rosters)).toList();
    Faults faults =
        new Faults(
            random.nextDouble() * 0.4,
            random.nextDouble() * 0.3,
            Duration.ofMillis(1 + random.nextInt(800)));
    this.network =
        new FakeNetwork(
            town, faults, seed, clock, (n, exchange) -> residents.get(n).moveIn(exchange));
    this.fibs = new Fibs(network, keys.subList(0, liars), domain(), claims, random);
  }

  /** Four to ten members mostly, sometimes up to 31. */
  private static int size(Random random) {
    return random.nextInt(20) == 0 ? 11 + random.nextInt(21) : 4 + random.nextInt(7);
  }

  private Domain domain() {
    return rosters.federation().domain();
  }

  private boolean honest(int member) {
    return member >= liars;
  }

  /** One member's node behind its door, with what survives a crash and what does not. */
  private final class Resident {
    private final int number;
    private final MemoryVerdictBook book = new MemoryVerdictBook();
    private final MemoryEvidenceBook evidence = new MemoryEvidenceBook();
    private final List<Verified<Attestation>> log = new ArrayList<>();
    private final Set<Hash32> held = new LinkedHashSet<>();
    private final Map<Hash32, Instant> sight = new HashMap<>();
    private final Map<Claim, Instant> due = new HashMap<>();
    private final List<Runnable> outbox = new ArrayList<>();
    private AttestationPool pool;
    private Attestor attestor;

    Resident(int number) {
      this.number = number;
      this.pool = freshPool();
      this.attestor = freshAttestor();
      for (ExploitMined claim : claims) {
        sight.put(claim.id(), clock.instant().plusMillis(random.nextInt(8_000)));
      }
    }

    private AttestationPool freshPool() {
      return new AttestationPool(
          rosters, evidence, this::said, AttestationPool.Limits.DEFAULT, clock);
    }

    /** What is in the durable log. */
    private List<Attestation> said(Address member, Hash32 claimId) {
      return log.stream()
          .filter(a -> a.author().equals(member) && a.value().claimId().equals(claimId))
          .map(Verified::value)
          .toList();
    }

    private Attestor freshAttestor() {
      return new Attestor(keys.get(number), rosters, book, Patience.DEFAULT, clock);
    }

    void moveIn(Exchange exchange) {
      pool = freshPool();
      attestor = freshAttestor();
      held.clear();
      due.clear();
      outbox.clear();
      exchange.subscribe(ReportCodec.TOPIC, this::onReport);
      exchange.subscribe(Attestation.TOPIC, this::onAttestation);
      exchange.subscribe(Committee.TOPIC, this::onCertificate);
      Set<Hash32> attested = new HashSet<>();
      log.clear();
      for (Verified<Attestation> a : exchange.received(Attestation.TOPIC, Instant.EPOCH)) {
        onAttestation(a);
        if (a.author().equals(keys.get(number).address())) {
          attested.add(a.value().claimId());
        }
      }
      for (Verified<Report> report : exchange.received(ReportCodec.TOPIC, Instant.EPOCH)) {
        tallied(pool.know(report.value().claim()));
        if (!attested.contains(report.value().claim().id())) {
          due.put(report.value().claim(), clock.instant());
        }
      }
      exchange.received(Committee.TOPIC, Instant.EPOCH).forEach(this::onCertificate);
    }

    private void onReport(Verified<Report> report) {
      Claim claim = report.value().claim();
      tallied(pool.know(claim));
      due.putIfAbsent(claim, clock.instant());
    }

    private void onAttestation(Verified<Attestation> attestation) {
      log.add(attestation);
      tallied(pool.add(attestation));
    }

    private void onCertificate(Verified<Bytes> message) {
      if (new Committee(rosters).verify(message.value())
          instanceof Check.Valid(QuorumCertificate certificate)) {
        pool.settle(certificate);
        held.add(certificate.claim().id());
      }
    }

    private void tallied(Tally tally) {
      if (tally instanceof Tally.Reached(QuorumCertificate certificate)
          && held.add(certificate.claim().id())) {
        outbox.add(() -> network.node(number).publish(Committee.TOPIC, certificate.encode()));
      }
    }

    /** Reports what it has seen, judges what is due, and says what it has to say. */
    void step() {
      for (ExploitMined claim : claims) {
        Instant seen = sight.getOrDefault(claim.id(), Instant.MAX);
        if (happened.contains(claim.id()) && !seen.isAfter(clock.instant())) {
          sight.put(claim.id(), Instant.MAX);
          report(claim);
        }
      }
      for (Map.Entry<Claim, Instant> one : List.copyOf(due.entrySet())) {
        if (!one.getValue().isAfter(clock.instant())) {
          judge(one.getKey());
        }
      }
      List<Runnable> all = List.copyOf(outbox);
      outbox.clear();
      all.forEach(Runnable::run);
    }

    private void report(Claim claim) {
      network
          .node(number)
          .publish(
              ReportCodec.TOPIC,
              ReportCodec.encode(
                  io.tocsin.claim.Samples.report(claim),
                  keys.get(number).address(),
                  clock.instant()));
    }

    private void judge(Claim claim) {
      Opinion opinion = attestor.consider(claim, view(claim));
      if (opinion instanceof Opinion.Wait(Instant until)) {
        due.put(claim, until);
        return;
      }
      due.put(claim, Instant.MAX);
      attestor
          .attest(claim.id(), opinion)
          .ifPresent(
              attestation ->
                  outbox.add(
                      () -> network.node(number).publish(Attestation.TOPIC, attestation.encode())));
    }

    /** The truth, once its chain has come so far. */
    private OwnView view(Claim claim) {
      if (claim instanceof AllClear clear) {
        return place(clear);
      }
      if (!(claim instanceof ExploitMined mined)) {
        return new OwnView.Unwatched();
      }
      if (!happened.contains(claim.id())) {
        return new OwnView.Absent(true, clock.instant());
      }
      Subject subject = mined.subject();
      return new OwnView.Mined(
          mined.block(),
          true,
          false,
          new Harm(
              Map.of(subject.address(), subject.code()),
              Set.of(subject.address()),
              Optional.empty()));
    }
  }

  /** The block of every claim that happened is canonical still. */
  private OwnView place(AllClear clear) {
    return claims.stream()
        .filter(claim -> claim.id().equals(clear.claimId()) && happened.contains(claim.id()))
        .map(claim -> claim.block().hash())
        .findFirst()
        .<OwnView>map(block -> new OwnView.Canonical(block, Optional.of(block)))
        .orElseGet(() -> new OwnView.Unavailable("it does not know the claim"));
  }

  /** Lets the town live through a storm, then through a calm in which all is connected. */
  void live() {
    Instant end = clock.instant().plus(STORM);
    while (clock.instant().isBefore(end)) {
      trouble();
      step();
    }
    network.calm();
    for (int i = 0; i < residents.size(); i++) {
      network.join(i);
    }
    end = clock.instant().plus(CALM);
    while (clock.instant().isBefore(end) && !settled()) {
      step();
    }
  }

  private void step() {
    for (int i = liars; i < residents.size(); i++) {
      residents.get(i).step();
    }
    network.pass(STEP);
  }

  private boolean settled() {
    return residents.stream()
        .skip(liars)
        .allMatch(resident -> resident.held.containsAll(happened) && resident.outbox.isEmpty());
  }

  private void trouble() {
    int victim = random.nextInt(residents.size());
    switch (random.nextInt(12)) {
      case 0 -> network.leave(victim);
      case 1, 2 -> network.join(victim);
      case 3 -> network.crash(victim);
      case 4 -> part();
      case 5 -> crashBetweenSigningAndSending(victim);
      default -> {}
    }
    for (int liar = 0; liar < liars; liar++) {
      fibs.tell(liar);
    }
  }

  /** Cuts the town in two. */
  private void part() {
    int cut = 1 + random.nextInt(residents.size() - 1);
    for (int i = 0; i < cut; i++) {
      for (int j = cut; j < residents.size(); j++) {
        network.disconnect(i, j);
      }
    }
  }

  private void crashBetweenSigningAndSending(int member) {
    if (honest(member)) {
      Resident resident = residents.get(member);
      resident.due.keySet().forEach(claim -> resident.due.put(claim, clock.instant()));
      for (Claim claim : List.copyOf(resident.due.keySet())) {
        resident.judge(claim);
      }
      resident.outbox.clear();
      network.crash(member);
    }
  }

  /** What went against the promises; empty if nothing did. */
  List<String> broken() {
    List<String> faults = new ArrayList<>();
    for (int i = liars; i < residents.size(); i++) {
      Resident resident = residents.get(i);
      for (Hash32 claim : resident.held) {
        if (!happened.contains(claim)) {
          faults.add("member " + i + " holds a certificate of what never happened, " + claim);
        }
      }
      for (Hash32 claim : happened) {
        if (seenByAnyone(claim) && !resident.held.contains(claim)) {
          faults.add("member " + i + " lacks the certificate of what happened, " + claim);
        }
      }
      for (Equivocation proof : resident.evidence.all()) {
        if (!proof.proven(rosters) || honest(number(proof.member()))) {
          faults.add("member " + i + " accuses " + proof.member() + " wrongly");
        }
      }
      if (resident.pool.size() > AttestationPool.Limits.DEFAULT.claims()) {
        faults.add("the pool of member " + i + " holds " + resident.pool.size() + " claims");
      }
    }
    return faults;
  }

  private boolean seenByAnyone(Hash32 claim) {
    return residents.stream()
        .skip(liars)
        .anyMatch(resident -> resident.sight.getOrDefault(claim, Instant.MAX).equals(Instant.MAX));
  }

  private int number(Address account) {
    for (int i = 0; i < keys.size(); i++) {
      if (keys.get(i).address().equals(account)) {
        return i;
      }
    }
    return -1;
  }

  /** What kind of town it was. */
  String describe() {
    return keys.size()
        + " members, "
        + liars
        + " of them liars, "
        + happened.size()
        + " true claims";
  }
}
