package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.sqlite.Database;
import io.tocsin.adapter.sqlite.SqliteAuditStore;
import io.tocsin.adapter.sqlite.SqliteEnvelopeStore;
import io.tocsin.adapter.sqlite.SqliteInterlockBook;
import io.tocsin.adapter.sqlite.SqliteSentBook;
import io.tocsin.adapter.sqlite.SqliteVerdictBook;
import io.tocsin.app.Main;
import io.tocsin.audit.AuditEntry;
import io.tocsin.audit.AuditLog;
import io.tocsin.audit.Step;
import io.tocsin.audit.Verification;
import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Envelope;
import io.tocsin.quorum.Attestation;
import io.tocsin.quorum.Verdict;
import io.tocsin.respond.SentBook.Sent;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the member that dies has on its disk, and what may never be missing there. */
final class Survival {
  private static final int ALL = 1_000_000;

  private final CrashTown town;
  private final Path folder;
  private Kept last = new Kept(Map.of(), List.of(), List.of());

  /** What was on the disk at one moment. */
  private record Kept(Map<Address, List<Bytes>> mail, List<AuditEntry> entries, List<Sent> sent) {}

  Survival(CrashTown town) {
    this.town = town;
    this.folder = data(town.victim());
  }

  private static Path data(Resident resident) {
    return resident.home().resolve("data");
  }

  private static Database open(Path folder) {
    return Database.openReadOnly(folder.resolve("tocsin.db"));
  }

  private Address self() {
    return town.victim().parts().attest().orElseThrow().address();
  }

  private static Map<Address, List<Bytes>> mail(Database database) {
    SqliteEnvelopeStore store = new SqliteEnvelopeStore(database);
    Map<Address, List<Bytes>> mail = new HashMap<>();
    store
        .heights()
        .keySet()
        .forEach(author -> mail.put(author, store.after(author, 0, ALL, Long.MAX_VALUE)));
    return mail;
  }

  private Kept read() throws MalformedException {
    try (Database database = open(folder)) {
      return new Kept(
          mail(database),
          new SqliteAuditStore(database).read(1, ALL),
          new SqliteSentBook(database)
              .from(new AccountId(town.chain().id(), town.victim().responder()), 0));
    }
  }

  /**
   * Whatever the process had said to anyone, or had on its disk at the check before, is on its disk
   * now, unchanged.
   */
  void check(List<Hash32> attacks) throws MalformedException {
    Kept now = read();
    last.mail.forEach(
        (author, wires) -> begins("mail", now.mail.getOrDefault(author, List.of()), wires));
    begins("audit log", now.entries, last.entries);
    assertThat(now.sent).as("transactions").containsAll(last.sent);
    for (Resident peer : town.peers()) {
      List<Bytes> told = mailOf(peer).getOrDefault(self(), List.of());
      begins(
          "what " + peer.cast().name() + " has of it",
          now.mail.getOrDefault(self(), List.of()),
          told);
      verdicts(told);
    }
    for (Hash32 attack : attacks) {
      for (GuardianWatch.Call call : town.calls(attack)) {
        assertThat(now.sent).as("sent").extracting(Sent::tx).contains(call.body().hash());
        assertThat(intents(now.entries, attack)).as("intents").isNotEmpty();
      }
    }
    try (Database database = open(folder)) {
      assertThat(Verification.of(new SqliteAuditStore(database), List.of(), (_, _) -> {}).faults())
          .isEmpty();
    }
    assertThat(town.contradictions()).isEmpty();
    last = now;
  }

  private static <T> void begins(String what, List<T> now, List<T> before) {
    assertThat(now.size()).as(what).isGreaterThanOrEqualTo(before.size());
    assertThat(now.subList(0, before.size())).as(what).isEqualTo(before);
  }

  private static Map<Address, List<Bytes>> mailOf(Resident peer) {
    try (Database database = open(data(peer))) {
      return mail(database);
    }
  }

  /** What it told of its verdicts is what it has for ever. */
  private void verdicts(List<Bytes> told) throws MalformedException {
    try (Database database = open(folder)) {
      SqliteVerdictBook book = new SqliteVerdictBook(database);
      for (Bytes wire : told) {
        Envelope envelope = Envelope.decode(wire);
        if (envelope.topic().equals(Attestation.TOPIC.name())) {
          Attestation attestation = Attestation.decode(envelope.payload());
          assertThat(book.verdict(attestation.claimId())).contains(attestation.verdict());
        }
      }
    }
  }

  /** The command that an operator would run says that the log holds, also against the peers'. */
  private void audit() {
    List<String> command = new ArrayList<>(List.of("audit", "--data", folder.toString()));
    town.peers().forEach(peer -> command.addAll(List.of("--witness", data(peer).toString())));
    assertThat(Main.commandLine().execute(command.toArray(String[]::new))).isZero();
  }

  private static <T extends Step> Stream<T> steps(List<AuditEntry> entries, Class<T> kind) {
    return entries.stream().map(Survival::step).filter(kind::isInstance).map(kind::cast);
  }

  private static Step step(AuditEntry entry) {
    try {
      return switch (entry.content()) {
        case AuditEntry.Content.Kept(_, Bytes body) -> AuditLog.decode(body).step();
        case AuditEntry.Content.Erased _ -> throw new AssertionError("nobody erases here");
      };
    } catch (MalformedException e) {
      throw new AssertionError(entry.toString(), e);
    }
  }

  private List<Step.Intended> intents(List<AuditEntry> entries, Hash32 attack) {
    return steps(entries, Step.Intended.class)
        .filter(intended -> town.claims(attack).contains(intended.claim()))
        .toList();
  }

  /**
   * Whether the alarm about {@code attack} is dealt with to its end; else what is still missing.
   */
  List<String> missing(Hash32 attack) throws MalformedException {
    List<String> missing = new ArrayList<>();
    if (!town.lender().paused()) {
      return List.of("the lender is not paused");
    }
    Kept now = read();
    Set<Hash32> claims = town.claims(attack);
    List<Hash32> certified =
        steps(now.entries, Step.Certified.class).map(Step.Certified::claim).toList();
    if (claims.isEmpty() || !certified.containsAll(claims)) {
      missing.add("a certificate is not on record");
    }
    try (Database database = open(folder)) {
      SqliteVerdictBook book = new SqliteVerdictBook(database);
      for (Hash32 claim : claims) {
        if (book.verdict(claim).filter(Verdict.CONFIRM::equals).isEmpty()) {
          missing.add("no verdict on " + claim);
        }
      }
    }
    if (outcomes(now.entries, attack).isEmpty()) {
      missing.add("no outcome is on record");
    }
    if (town.calls(attack).stream().allMatch(call -> call.place().isEmpty())) {
      missing.add("no call of the guardian is in a block");
    }
    for (Resident peer : town.peers()) {
      if (!mailOf(peer).equals(now.mail)) {
        missing.add(peer.cast().name() + " has other mail");
      }
    }
    return missing;
  }

  private List<Step.Acted> outcomes(List<AuditEntry> entries, Hash32 attack) {
    Set<Hash32> permits =
        intents(entries, attack).stream().map(Step.Intended::permit).collect(Collectors.toSet());
    return steps(entries, Step.Acted.class)
        .filter(acted -> permits.contains(acted.permit()) && acted.outcome().equals("done"))
        .toList();
  }

  /** It was done, and done once. */
  void once(Hash32 attack) throws MalformedException {
    List<GuardianWatch.Call> mined =
        town.calls(attack).stream().filter(call -> call.place().isPresent()).toList();
    assertThat(mined).as("calls of the guardian in blocks").hasSize(1);
    assertThat(mined.getFirst().place().orElseThrow().succeeded()).isTrue();
    assertThat(outcomes(read().entries, attack).stream().map(Step.Acted::permit).distinct())
        .hasSize(1);
    audit();
  }

  /** Whether the interlock has taken note that no pause is in force. */
  boolean released(Instant now) {
    try (Database database = open(folder)) {
      return new SqliteInterlockBook(database)
          .load().trips().stream().noneMatch(trip -> trip.span().to().isAfter(now));
    }
  }
}
