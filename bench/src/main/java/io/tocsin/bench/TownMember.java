package io.tocsin.bench;

import io.tocsin.adapter.keys.TlsKey;
import io.tocsin.adapter.mesh.Mesh;
import io.tocsin.adapter.mesh.MeshConfig;
import io.tocsin.adapter.mesh.MeshLog;
import io.tocsin.adapter.mesh.Peer;
import io.tocsin.adapter.mesh.TlsIdentity;
import io.tocsin.adapter.sqlite.Database;
import io.tocsin.adapter.sqlite.SqliteAuditStore;
import io.tocsin.adapter.sqlite.SqliteEnvelopeStore;
import io.tocsin.adapter.sqlite.SqliteEvidenceBook;
import io.tocsin.adapter.sqlite.SqliteInterlockBook;
import io.tocsin.adapter.sqlite.SqliteSentBook;
import io.tocsin.adapter.sqlite.SqliteVerdictBook;
import io.tocsin.audit.AuditLog;
import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Clocks;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Metrics;
import io.tocsin.base.Scope;
import io.tocsin.base.Threads;
import io.tocsin.chain.ChainEvent;
import io.tocsin.claim.Author;
import io.tocsin.claim.ReportCodec;
import io.tocsin.crypto.KeyPair;
import io.tocsin.detect.DetectConfig;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.Sightings;
import io.tocsin.gossip.Exchange;
import io.tocsin.gossip.GossipConfig;
import io.tocsin.gossip.GossipLog;
import io.tocsin.gossip.Membership;
import io.tocsin.identity.Rosters;
import io.tocsin.pipeline.Defence;
import io.tocsin.pipeline.Eyes;
import io.tocsin.pipeline.Observer;
import io.tocsin.pipeline.Pipeline;
import io.tocsin.pipeline.Records;
import io.tocsin.pipeline.Town;
import io.tocsin.quorum.Attestation;
import io.tocsin.quorum.AttestationPool;
import io.tocsin.quorum.Attestor;
import io.tocsin.quorum.Committee;
import io.tocsin.quorum.Patience;
import io.tocsin.respond.OrderBook;
import io.tocsin.respond.PauseView;
import io.tocsin.respond.SentBook;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A member of a town on loopback: a node's own parts on a real disk, and a chain that is told. */
final class TownMember implements AutoCloseable {
  private final Scope scope = new Scope();
  private final ToldChain chain;
  private final Mesh mesh;
  private final SqliteSentBook book;

  /** Who a member is. */
  record Keys(KeyPair attest, TlsKey tls, int port) {}

  /** Opens the node of {@code keys}, with its database in {@code directory}. */
  TownMember(Keys keys, Rosters rosters, ChainId id, Path directory, Observer observer)
      throws MalformedException {
    InstantSource clock = InstantSource.system();
    SecureRandom random = new SecureRandom();
    Database database = scope.add(Database.open(directory.resolve("tocsin.db")));
    book = new SqliteSentBook(database);
    AuditLog audit = scope.add(AuditLog.open(new SqliteAuditStore(database), clock, random));
    Records records =
        new Records("bench", audit, Metrics.NONE, observer, _ -> {}, Clocks.of(clock));
    chain = new ToldChain(id);
    var cpu = Threads.cpu("detect", 1, 1_024);
    scope.add(cpu::shutdownNow);
    Eyes eyes =
        new Eyes(
            Map.of(id, chain.ports()),
            new Detectors(DetectConfig.DEFAULT),
            cpu,
            new Sightings(20_000),
            clock);
    Membership membership = new Membership(keys.attest(), rosters.federation().domain(), rosters);
    Exchange exchange =
        scope.add(
            new Exchange(
                GossipConfig.DEFAULT,
                membership,
                new SqliteEnvelopeStore(database),
                clock,
                new GossipLog(Metrics.NONE)));
    mesh =
        scope.add(
            Mesh.open(
                MeshConfig.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), keys.port())),
                new TlsIdentity(keys.tls().privateKey(), keys.tls().certificate()),
                membership,
                exchange,
                new Mesh.Surroundings(clock, random, new MeshLog(Metrics.NONE))));
    Town town =
        Town.of(
            new Town.Members(
                new Author(keys.attest(), membership.domain()),
                exchange,
                new Attestor(
                    keys.attest(),
                    rosters,
                    new SqliteVerdictBook(database),
                    Patience.DEFAULT,
                    clock),
                new AttestationPool(
                    rosters,
                    new SqliteEvidenceBook(database),
                    (member, claim) -> exchange.about(Attestation.TOPIC, member, claim),
                    AttestationPool.Limits.DEFAULT,
                    clock),
                new Committee(rosters)));
    Defence defence =
        scope.add(
            new Defence(
                new Defence.Means(
                    List.of(),
                    Map.of(),
                    new SqliteInterlockBook(database),
                    (_, _) -> new PauseView.Standing.Unavailable("nothing is paused"),
                    new NoOrders()),
                eyes,
                _ -> Optional.empty(),
                records));
    Pipeline pipeline = scope.add(new Pipeline(eyes, town, defence, records));
    exchange.subscribe(ReportCodec.topic(membership.domain(), rosters), pipeline::onReport);
    exchange.subscribe(Attestation.TOPIC, pipeline::onAttestation);
    exchange.subscribe(Committee.TOPIC, pipeline::onCertificate);
    exchange.start();
    Thread follower =
        Threads.start(
            "follow",
            () -> {
              try {
                pipeline.follow(chain.ports());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    scope.add(follower::interrupt);
  }

  private static final class NoOrders implements OrderBook {
    @Override
    public List<Given> given() {
      return List.of();
    }

    @Override
    public void done(Given given) {}
  }

  /** Dials these members. */
  void meet(Collection<Peer> members) {
    mesh.update(members);
  }

  /** How many members it is linked to. */
  int linked() {
    return mesh.linked().size();
  }

  /** Lets it see {@code event} with its own eyes. */
  void see(ChainEvent event) {
    chain.tell(event);
  }

  /** Lets it find {@code traced} when it looks for its transaction. */
  void couldSee(ChainEvent.Traced traced) {
    chain.know(traced);
  }

  /** One durable commit of a small row, as the verdict and the intent are. */
  void commit(Hash32 name) {
    book.record(new SentBook.Sent(name, new AccountId(ChainId.evm(1), Address.ZERO), 1, name));
  }

  @Override
  public void close() {
    scope.close();
  }
}
