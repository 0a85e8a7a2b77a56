package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.adapter.keys.TlsKey;
import io.tocsin.adapter.mesh.Mesh;
import io.tocsin.adapter.mesh.MeshConfig;
import io.tocsin.adapter.mesh.MeshLog;
import io.tocsin.adapter.mesh.TlsIdentity;
import io.tocsin.adapter.sqlite.Database;
import io.tocsin.adapter.sqlite.SqliteEnvelopeStore;
import io.tocsin.app.demo.FreePort;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.Metrics;
import io.tocsin.base.Scope;
import io.tocsin.claim.Samples;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;
import io.tocsin.gossip.Exchange;
import io.tocsin.gossip.GossipConfig;
import io.tocsin.gossip.GossipLog;
import io.tocsin.gossip.Membership;
import io.tocsin.identity.Contact;
import io.tocsin.identity.DatedRevocation;
import io.tocsin.identity.Federation;
import io.tocsin.identity.FederationFile;
import io.tocsin.identity.Member;
import io.tocsin.identity.Revocation;
import io.tocsin.identity.Roster;
import io.tocsin.identity.Rosters;
import io.tocsin.identity.SignedRoster;
import io.tocsin.identity.Term;
import io.tocsin.quorum.Check;
import io.tocsin.quorum.Committee;
import io.tocsin.quorum.Votes;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Five members over the real mesh, each with its own federation file and database. */
final class RosterWatchIT {
  private static final int SIZE = 5;
  private static final Hash32 NONCE = Keccak.hashUtf8("nonce");
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path folder;
  private final InstantSource clock = InstantSource.system();
  private final List<KeyPair> keys = new ArrayList<>();
  private final List<TlsIdentity> tls = new ArrayList<>();
  private final List<Member> members = new ArrayList<>();
  private final List<Node> running = new ArrayList<>();

  private final class Node implements AutoCloseable {
    private final Scope scope = new Scope();
    private final int number;
    private final Rosters rosters;
    private final Mesh mesh;
    private final RosterWatch watch;
    private final List<String> told = new CopyOnWriteArrayList<>();

    Node(int number) throws Exception {
      this.number = number;
      this.rosters = NodeTown.rosters(file(number), clock);
      KeyPair attest = keys.get(number);
      Membership membership = new Membership(attest, domain(), rosters);
      Database database = scope.add(Database.open(folder.resolve(number + ".db")));
      Exchange exchange =
          scope.add(
              new Exchange(
                  GossipConfig.DEFAULT,
                  membership,
                  new SqliteEnvelopeStore(database),
                  clock,
                  new GossipLog(Metrics.NONE)));
      Contact contact = members.get(number).contact();
      mesh =
          scope.add(
              Mesh.open(
                  MeshConfig.at(new InetSocketAddress(contact.host(), contact.port())),
                  tls.get(number),
                  membership,
                  exchange,
                  new Mesh.Surroundings(clock, new Random(number), new MeshLog(Metrics.NONE))));
      watch =
          new RosterWatch(
              file(number),
              new RosterWatch.Ties(
                  attest.address(), rosters, exchange, mesh, clock, new RosterLog(Metrics.NONE)),
              told::add);
      watch.subscribe();
      watch.restore();
      exchange.start();
      watch.look();
      running.add(this);
    }

    FederationFile read() throws Exception {
      return FederationFile.read(Files.readAllBytes(file(number)));
    }

    boolean revoked(int member) {
      return rosters.revoked(keys.get(member).address());
    }

    boolean linked(int member) {
      return mesh.linked().contains(keys.get(member).address());
    }

    @Override
    public void close() {
      running.remove(this);
      scope.close();
    }
  }

  @BeforeEach
  void found() throws Exception {
    for (int i = 0; i < SIZE; i++) {
      keys.add(KeyPair.generate(new Random(i)));
    }
    keys.sort(Comparator.comparing(KeyPair::address));
    for (int i = 0; i < SIZE; i++) {
      TlsKey key = TlsKey.generate("member " + i, clock.instant(), new SecureRandom());
      tls.add(new TlsIdentity(key.privateKey(), key.certificate()));
      members.add(member(i));
    }
    Roster roster = new Roster(1, Hash32.ZERO, term(-60), members);
    SignedRoster signed = new SignedRoster(roster, List.of());
    for (KeyPair key : keys) {
      signed = signed.endorse(key, Federation.founded(roster.hash(), NONCE).domain());
    }
    FederationFile file = new FederationFile(NONCE, List.of(signed), List.of());
    for (int i = 0; i < SIZE; i++) {
      FileText.replace(file(i), file.write());
    }
  }

  private Member member(int number) throws Exception {
    return Member.sign(
        keys.get(number),
        new Member.Keys(tls.get(number).hash(), Keccak.hashUtf8("x25519 " + number)),
        new Contact("127.0.0.1:" + FreePort.next(), "Operator " + number),
        1);
  }

  private Term term(int fromSeconds) {
    Instant from = clock.instant().truncatedTo(ChronoUnit.SECONDS).plusSeconds(fromSeconds);
    return new Term(from, from.plus(Duration.ofDays(1)));
  }

  private Path file(int number) {
    return folder.resolve(number + ".json");
  }

  private Domain domain() throws Exception {
    return FederationFile.read(Files.readAllBytes(file(4))).federation().domain();
  }

  /** What the owner of {@code holder} does with {@code tocsin roster revoke}, his node running. */
  private void revoke(int revoked, int holder) throws Exception {
    FederationFile file = FederationFile.read(Files.readAllBytes(file(holder)));
    long epoch = file.rosters().getLast().roster().epoch();
    Revocation revocation = Revocation.sign(keys.get(revoked), domain());
    FileText.replace(file(holder), file, file.with(new DatedRevocation(revocation, epoch)));
  }

  private SignedRoster next(FederationFile file, int seconds, List<Integer> signers)
      throws Exception {
    Roster latest = file.rosters().getLast().roster();
    SignedRoster next =
        new SignedRoster(
            new Roster(latest.epoch() + 1, latest.hash(), term(seconds), members), List.of());
    for (int signer : signers) {
      next = next.endorse(keys.get(signer), domain());
    }
    return next;
  }

  private void rotate(int holder, int seconds) throws Exception {
    FederationFile file = FederationFile.read(Files.readAllBytes(file(holder)));
    FileText.replace(file(holder), file, file.withNext(next(file, seconds, List.of(0, 1, 2, 3))));
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.sleep(20);
    }
  }

  private void awaitLinks() throws InterruptedException {
    await(
        "all are linked",
        () -> running.stream().allMatch(node -> node.mesh.linked().size() == running.size() - 1));
  }

  @AfterEach
  void stop() {
    List.copyOf(running).forEach(Node::close);
  }

  @Test
  void aRevocationAppliedAtOneNodeReachesAllAndOneThatWasAway() throws Exception {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      nodes.add(new Node(i));
    }
    awaitLinks();
    Bytes certificate =
        Votes.certificate(Samples.mined(1), domain(), 1, 1, List.copyOf(keys.subList(0, 4)));
    Committee committee = new Committee(nodes.get(1).rosters);
    assertThat(committee.verify(certificate)).isInstanceOf(Check.Valid.class);
    revoke(3, 0);
    nodes.get(0).watch.look();
    await("all know", () -> nodes.stream().allMatch(node -> node.revoked(3)));
    assertThat(committee.verify(certificate)).isInstanceOf(Check.Invalid.class);
    await("files", () -> nodes.stream().allMatch(n -> readSafely(n).revocations().size() == 1));
    for (Node node : nodes) {
      assertThat(node.rosters.keyOf(keys.get(3).address())).isEmpty();
      assertThat(node.rosters.current(clock.instant()).map(Roster::totalWeight)).contains(5L);
    }
    for (Node node : nodes) {
      assertThat(node.told).singleElement().asString().contains(keys.get(3).address().toString());
    }
    await("its links are gone", () -> nodes.get(3).mesh.linked().isEmpty());
    nodes.get(0).close();
    Node away = new Node(4);
    await("the one who was away knows", () -> away.revoked(3));
    await("the file knows", () -> readSafely(away).revocations().size() == 1);
    await("no link to the revoked one is left", () -> !away.linked(3));
    away.close();
    assertThat(NodeTown.rosters(file(4), clock).revoked(keys.get(3).address())).isTrue();
  }

  private static FederationFile readSafely(Node node) {
    try {
      return node.read();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aMemberThatRevokesItselfAtItsOwnNodeTellsTheOthersFirst() throws Exception {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      nodes.add(new Node(i));
    }
    awaitLinks();
    revoke(0, 0);
    nodes.get(0).watch.look();
    assertThat(nodes.get(0).revoked(0)).isTrue();
    await("the others know", () -> nodes.get(1).revoked(0) && nodes.get(2).revoked(0));
    nodes.get(1).watch.look();
    nodes.get(0).close();
    nodes.get(2).close();
    Node away = new Node(3);
    await("one who never heard the revoked member knows", () -> away.revoked(0));
  }

  @Test
  void rostersReachAllInOrderAndOneThatMissedTwo() throws Exception {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      nodes.add(new Node(i));
    }
    awaitLinks();
    rotate(0, -30);
    nodes.get(0).watch.look();
    await("epoch 2", () -> nodes.stream().allMatch(n -> readSafely(n).rosters().size() == 2));
    rotate(1, -10);
    nodes.get(1).watch.look();
    await("epoch 3", () -> nodes.stream().allMatch(n -> readSafely(n).rosters().size() == 3));
    assertThat(nodes.get(2).read()).isEqualTo(nodes.get(1).read());
    Node away = new Node(4);
    await("epoch 3 at the one who was away", () -> away.rosters.history().size() == 3);
    assertThat(away.rosters.current(clock.instant()).map(Roster::epoch)).contains(3L);
    away.close();
    assertThat(NodeTown.rosters(file(4), clock).history()).hasSize(3);
  }

  @Test
  void aFileThatCannotBeReadChangesNothingAndIsLeftAsItIs() throws Exception {
    Node one = new Node(0);
    Node two = new Node(1);
    awaitLinks();
    Files.writeString(file(0), "half a file");
    revoke(2, 1);
    two.watch.look();
    await("known in spite of the file", () -> one.revoked(2));
    one.watch.look();
    assertThat(Files.readString(file(0))).isEqualTo("half a file");
    assertThat(one.linked(1)).isTrue();
    Files.copy(file(3), file(0), StandardCopyOption.REPLACE_EXISTING);
    one.watch.look();
    assertThat(one.read().revocations()).hasSize(1);
  }

  @Test
  void whatTheOwnerProposedIsKept() throws Exception {
    Node one = new Node(0);
    Node two = new Node(1);
    awaitLinks();
    FederationFile before = one.read();
    SignedRoster proposal = next(before, 3_600, List.of(0));
    FileText.replace(file(0), before, before.withNext(proposal));
    one.watch.look();
    rotateElsewhere(two);
    await("epoch 2", () -> one.rosters.history().size() == 2);
    await("the file follows", () -> !readSafely(one).rosters().getLast().equals(proposal));
    String hash = proposal.roster().hash().toString().substring(2, 10);
    Path copy = folder.resolve("0.json.superseded-" + hash);
    assertThat(FederationFile.read(Files.readAllBytes(copy)).rosters()).last().isEqualTo(proposal);
  }

  private void rotateElsewhere(Node node) throws Exception {
    rotate(node.number, -10);
    node.watch.look();
  }

  @Test
  void aRevocationDoesNotCostTheOwnerHisProposal() throws Exception {
    Node one = new Node(0);
    Node two = new Node(1);
    awaitLinks();
    FederationFile before = one.read();
    Roster latest = before.rosters().getLast().roster();
    SignedRoster proposal =
        new SignedRoster(
            new Roster(2, latest.hash(), term(3_600), members.subList(0, 4)), List.of());
    FileText.replace(file(0), before, before.withNext(proposal));
    one.watch.look();
    revoke(4, 1);
    two.watch.look();
    await("revoked", () -> one.revoked(4));
    await("written", () -> readSafely(one).revocations().size() == 1);
    assertThat(one.read().rosters()).last().isEqualTo(proposal);
  }

  @Test
  void aCommandDoesNotUndoWhatTheNodeWroteMeanwhile() throws Exception {
    FederationFile before = FederationFile.read(Files.readAllBytes(file(0)));
    revoke(2, 0);
    FederationFile mine = before.withNext(next(before, 60, List.of(0)));
    assertThatThrownBy(() -> FileText.replace(file(0), before, mine))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("changed in the meantime");
  }

  @Test
  void theWireFormOfARosterComesBack() throws Exception {
    SignedRoster founding = FederationFile.read(Files.readAllBytes(file(0))).rosters().getFirst();
    assertThat(SignedRoster.decode(founding.encode())).isEqualTo(founding);
  }
}
