package io.tocsin.app;

import io.tocsin.adapter.mesh.Mesh;
import io.tocsin.adapter.mesh.Peer;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Topic;
import io.tocsin.crypto.Verified;
import io.tocsin.gossip.Exchange;
import io.tocsin.identity.DatedRevocation;
import io.tocsin.identity.FederationFile;
import io.tocsin.identity.Member;
import io.tocsin.identity.Revocation;
import io.tocsin.identity.Roster;
import io.tocsin.identity.Rosters;
import io.tocsin.identity.SignedRoster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Keeps three things in step: the rosters that this node believes, its federation file, and the
 * other members.
 *
 * <p>What its owner adds to the file is believed after the same checks as at the start, and sent to
 * the members unless one of them sent it already; what members send is believed after the same
 * checks, and written to the file. The members' logs bring it to those who were away. A file that
 * cannot be read changes nothing and is left as it is. Thread-safe.
 */
final class RosterWatch {
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final Path file;
  private final Ties ties;
  private final Map<Hash32, Set<Address>> senders = new ConcurrentHashMap<>();
  private final Consumer<String> told;
  private boolean news;
  private Optional<Hash32> nonce = Optional.empty();
  private Bytes handled = Bytes.EMPTY;
  private Bytes refused = Bytes.EMPTY;
  private String complaint = "";
  private String unwritten = "";
  private boolean early;

  /**
   * What it ties together.
   *
   * @param self our own account
   */
  record Ties(
      Address self,
      Rosters rosters,
      Exchange exchange,
      Mesh mesh,
      InstantSource clock,
      RosterLog log) {}

  /**
   * A watch over {@code file}, from which the rosters were loaded.
   *
   * @param told is told what the file holds, or should, whenever there is something new
   */
  RosterWatch(Path file, Ties ties, Consumer<String> told) {
    this.file = file;
    this.ties = ties;
    this.told = told;
  }

  /** Listens to the members; before the exchange starts. */
  void subscribe() {
    ties.exchange().subscribe(Revocation.TOPIC, this::onRevocation);
    ties.exchange().subscribe(SignedRoster.TOPIC, this::onRoster);
  }

  /** Takes up what members sent before a restart, in case the file could not be written then. */
  synchronized void restore() {
    for (Verified<Revocation> message : ties.exchange().received(Revocation.TOPIC, Instant.EPOCH)) {
      note(id(message.value()), message.author());
      apply(message.value());
    }
    rostersInLog().forEach(message -> note(message.value().roster().hash(), message.author()));
    applyLogged();
  }

  /** Looks after everything until it is interrupted. */
  void run() {
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads the file if it changed, sends what members may lack, dials who is a member now. */
  synchronized void look() {
    try {
      keep();
      send();
      dial();
    } catch (RuntimeException e) {
      ties.log().onFailure(e);
    }
  }

  /** Dials who is a member now; a roster takes effect by time alone. */
  synchronized void dial() {
    Rosters rosters = ties.rosters();
    ties.mesh()
        .update(
            rosters.current(ties.clock().instant()).map(Roster::members).orElse(List.of()).stream()
                .filter(member -> !rosters.revoked(member.account()))
                .map(RosterWatch::peer)
                .toList());
  }

  private static Peer peer(Member member) {
    return new Peer(
        member.account(), member.keys().tls(), member.contact().host(), member.contact().port());
  }

  // ---- what members send

  private synchronized void onRevocation(Verified<Revocation> message) {
    note(id(message.value()), message.author());
    if (apply(message.value())) {
      keep();
      dial();
    }
  }

  private synchronized void onRoster(Verified<SignedRoster> message) {
    note(message.value().roster().hash(), message.author());
    if (apply(message.value())) {
      if (early) {
        applyLogged();
      }
      keep();
      dial();
    }
  }

  private void note(Hash32 what, Address sender) {
    senders.computeIfAbsent(what, _ -> ConcurrentHashMap.newKeySet()).add(sender);
  }

  private List<Verified<SignedRoster>> rostersInLog() {
    return ties.exchange().received(SignedRoster.TOPIC, Instant.EPOCH);
  }

  /** Applies what came before its predecessor, now that another roster is known. */
  private void applyLogged() {
    Set<Long> applied = new HashSet<>();
    int before;
    do {
      before = applied.size();
      for (Verified<SignedRoster> message : rostersInLog()) {
        Roster roster = message.value().roster();
        boolean next = roster.epoch() == ties.rosters().latest().roster().epoch() + 1;
        if (next && apply(message.value())) {
          applied.add(roster.epoch());
        }
      }
    } while (applied.size() > before);
    early = false;
  }

  private boolean apply(Revocation revocation) {
    return switch (ties.rosters().apply(revocation)) {
      case Rosters.Change.Applied _ -> {
        ties.log().onRevoked(revocation.account());
        news = true;
        yield true;
      }
      case Rosters.Change.Known _ -> false;
      case Rosters.Change.Refused(var fault, String detail) -> {
        ties.log().onRefused("A revocation", fault, detail);
        yield false;
      }
    };
  }

  private boolean apply(SignedRoster signed) {
    return switch (ties.rosters().apply(signed)) {
      case Rosters.Change.Applied _ -> {
        ties.log().onRoster(signed.roster());
        news = true;
        yield true;
      }
      case Rosters.Change.Known _ -> false;
      case Rosters.Change.Refused(var fault, String detail) -> {
        early |= signed.roster().epoch() > ties.rosters().latest().roster().epoch() + 1;
        ties.log().onRefused("A roster of epoch " + signed.roster().epoch(), fault, detail);
        yield false;
      }
    };
  }

  // ---- the file

  /** Believes what is new in the file, and writes what it lacks. */
  private void keep() {
    Optional<FederationFile> read = read();
    read.ifPresent(one -> nonce = Optional.of(one.nonce()));
    if (news && nonce.isPresent()) {
      news = false;
      told.accept(FederationFile.of(ties.rosters(), nonce.get()).write());
    }
    if (read.isEmpty()) {
      return;
    }
    FederationFile next = read.get().brought(ties.rosters());
    if (next.equals(read.get())) {
      unwritten = "";
    } else {
      write(read.get(), next);
    }
  }

  private Optional<FederationFile> read() {
    Bytes content;
    try {
      content = Bytes.of(Files.readAllBytes(file));
    } catch (IOException e) {
      complain(FileText.reason(e));
      return Optional.empty();
    }
    if (content.equals(refused)) {
      return Optional.empty();
    }
    try {
      FederationFile read = FederationFile.read(content.toArray());
      if (!content.equals(handled)) {
        take(read);
        handled = content;
      }
      complaint = "";
      return Optional.of(read);
    } catch (MalformedException e) {
      refused = content;
      complain(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void complain(String why) {
    if (!why.equals(complaint)) {
      complaint = why;
      ties.log().onUnusable(file, why);
    }
  }

  private void take(FederationFile read) throws MalformedException {
    if (!read.federation().equals(ties.rosters().federation())) {
      throw new MalformedException("another federation, " + read.federation().id());
    }
    switch (read.load(ties.clock())) {
      case FederationFile.Loaded.Founding _ ->
          throw new MalformedException("its founding roster lacks signatures");
      case FederationFile.Loaded.Standing(Rosters found, var _) -> take(found);
    }
  }

  /** Applies what a file holds, in the order of its epochs; a revocation counts in any case. */
  private void take(Rosters found) throws MalformedException {
    found.revocations().stream()
        .filter(dated -> dated.account().equals(ties.self()))
        .forEach(dated -> sendOwn(dated.revocation()));
    String conflict = "";
    for (SignedRoster signed : found.history()) {
      long epoch = signed.roster().epoch();
      found.revocations().stream()
          .filter(dated -> dated.epoch() < epoch)
          .forEach(dated -> apply(dated.revocation()));
      switch (ties.rosters().apply(signed)) {
        case Rosters.Change.Applied _ -> {
          ties.log().onRoster(signed.roster());
          news = true;
        }
        case Rosters.Change.Known _ -> {}
        case Rosters.Change.Refused(var fault, String detail) ->
            conflict = "this node refuses its epoch " + epoch + ": " + fault + ", " + detail;
      }
      if (!conflict.isEmpty()) {
        break;
      }
    }
    found.revocations().forEach(dated -> apply(dated.revocation()));
    if (!conflict.isEmpty()) {
      throw new MalformedException(conflict + "; compare it with the other members' files");
    }
  }

  private void write(FederationFile read, FederationFile next) {
    try {
      var _ = next.load(ties.clock());
      Bytes before = handled;
      SignedRoster last = read.rosters().getLast();
      if (next.rosters().stream().noneMatch(r -> r.roster().hash().equals(last.roster().hash()))) {
        Path copy = copy(last.roster().hash());
        if (!Files.exists(copy)) {
          FileText.replace(copy, before.toUtf8());
        }
        ties.log().onSuperseded(copy);
      }
      String text = next.write();
      if (FileText.replaceIf(file, now -> Bytes.of(now).equals(before), text)) {
        handled = Bytes.utf8(text);
        ties.log().onWritten(file, latestEpoch(), next.revocations().size());
      }
    } catch (IOException | MalformedException | CommandException e) {
      String why = String.valueOf(e.getMessage());
      if (!why.equals(unwritten)) {
        unwritten = why;
        ties.log().onUnwritten(file, why);
      }
    }
  }

  private long latestEpoch() {
    return ties.rosters().latest().roster().epoch();
  }

  private Path copy(Hash32 proposal) {
    String name = file.getFileName() + ".superseded-" + proposal.toString().substring(2, 10);
    return file.toAbsolutePath().resolveSibling(name);
  }

  // ---- what members may lack

  /**
   * Sends what no member has sent yet who can be heard by all that lack it: for a roster a member
   * of the epoch before, for a revocation any member.
   */
  private void send() {
    Rosters rosters = ties.rosters();
    if (rosters.keyOf(ties.self()).isEmpty()) {
      return;
    }
    for (SignedRoster signed : rosters.history()) {
      Optional<Roster> before = rosters.epoch(signed.roster().epoch() - 1);
      if (before.isPresent()
          && before.get().member(ties.self()).isPresent()
          && unsent(signed.roster().hash(), before.get())) {
        send(signed.roster().hash(), SignedRoster.TOPIC, signed.encode());
      }
    }
    for (DatedRevocation dated : rosters.revocations()) {
      if (senders.getOrDefault(id(dated.revocation()), Set.of()).stream()
          .allMatch(rosters::revoked)) {
        send(id(dated.revocation()), Revocation.TOPIC, dated.revocation().encode());
      }
    }
  }

  private boolean unsent(Hash32 roster, Roster before) {
    return senders.getOrDefault(roster, Set.of()).stream()
        .allMatch(sender -> before.member(sender).isEmpty() || ties.rosters().revoked(sender));
  }

  private void send(Hash32 what, Topic<?> topic, Bytes payload) {
    ties.exchange().publish(topic, payload);
    note(what, ties.self());
  }

  /** Our own revocation is the last word we can say. */
  private void sendOwn(Revocation revocation) {
    try {
      if (ties.rosters().keyOf(ties.self()).isPresent()) {
        send(id(revocation), Revocation.TOPIC, revocation.encode());
      }
    } catch (RuntimeException e) {
      ties.log().onFailure(e);
    }
  }

  private static Hash32 id(Revocation revocation) {
    return revocation.account().toWord();
  }
}
