package io.tocsin.app;

import io.tocsin.adapter.keys.TlsKey;
import io.tocsin.adapter.mesh.Mesh;
import io.tocsin.adapter.mesh.MeshConfig;
import io.tocsin.adapter.mesh.MeshLog;
import io.tocsin.adapter.mesh.TlsIdentity;
import io.tocsin.adapter.sqlite.Database;
import io.tocsin.adapter.sqlite.SqliteEnvelopeStore;
import io.tocsin.adapter.sqlite.SqliteEvidenceBook;
import io.tocsin.adapter.sqlite.SqliteVerdictBook;
import io.tocsin.audit.AuditLog;
import io.tocsin.audit.Recording;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Clocks;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Metrics;
import io.tocsin.base.Scope;
import io.tocsin.base.Threads;
import io.tocsin.claim.Author;
import io.tocsin.claim.Report;
import io.tocsin.claim.ReportCodec;
import io.tocsin.crypto.KeyPair;
import io.tocsin.crypto.Topic;
import io.tocsin.gossip.Exchange;
import io.tocsin.gossip.GossipConfig;
import io.tocsin.gossip.GossipLog;
import io.tocsin.gossip.Membership;
import io.tocsin.identity.FederationFile;
import io.tocsin.identity.Roster;
import io.tocsin.identity.Rosters;
import io.tocsin.pipeline.DrillBook;
import io.tocsin.pipeline.DrillDesk;
import io.tocsin.pipeline.MemberWatch;
import io.tocsin.pipeline.Pipeline;
import io.tocsin.pipeline.Records;
import io.tocsin.pipeline.Rehearsal;
import io.tocsin.pipeline.Town;
import io.tocsin.pipeline.TownWatch;
import io.tocsin.policy.Epochs;
import io.tocsin.quorum.Attestation;
import io.tocsin.quorum.AttestationPool;
import io.tocsin.quorum.Attestor;
import io.tocsin.quorum.Committee;
import io.tocsin.quorum.Drill;
import io.tocsin.quorum.DrillAnswer;
import io.tocsin.quorum.Patience;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * A node's place among the members: keys, rosters, mesh, and the parts of the flow that need them.
 */
final class NodeTown {
  private final Rosters rosters;
  private final Exchange exchange;
  private final RosterWatch members;
  private final Duration silence;
  private final HeadWatch heads;
  private final Town town;
  private final Needs needs;
  private final Address self;
  private final List<Thread> watch;

  /**
   * What it is built on.
   *
   * @param rosters is told of the federation's file whenever it holds something new
   */
  record Needs(
      Database database,
      Metrics metrics,
      Clocks clocks,
      RandomGenerator random,
      Consumer<String> rosters,
      AuditLog audit) {}

  private record Links(Exchange exchange, RosterWatch members, HeadWatch heads, Duration silence) {}

  /** What the watch over members and drills works with. */
  record Duties(Records records, Rehearsal rehearsal, DrillBook drills) {}

  private NodeTown(
      Rosters rosters, Links links, Town town, Needs needs, List<Thread> watch, Address self) {
    this.rosters = rosters;
    this.exchange = links.exchange();
    this.members = links.members();
    this.silence = links.silence();
    this.heads = links.heads();
    this.watch = watch;
    this.town = town;
    this.needs = needs;
    this.self = self;
  }

  static NodeTown open(NodeConfig.Membership config, NodeKeys keys, Needs needs, Scope scope)
      throws IOException, MalformedException {
    Rosters rosters = rosters(config.federation(), needs.clocks().wall());
    NodeKeys.Member opened = keys.member();
    KeyPair attest = opened.attest();
    TlsKey tls = opened.tls();
    if (rosters.everMember(attest.address()).isEmpty()) {
      throw CommandException.usage(
          config.federation()
              + ": no roster names "
              + attest.address()
              + ", the key in "
              + config.keys());
    }
    Membership membership = new Membership(attest, rosters.federation().domain(), rosters);
    Exchange exchange =
        new Exchange(
            GossipConfig.DEFAULT,
            membership,
            new SqliteEnvelopeStore(needs.database()),
            needs.clocks().steady(),
            new GossipLog(needs.metrics()));
    scope.add(exchange);
    InetSocketAddress listen =
        new InetSocketAddress(config.listen().getHostString(), config.listen().getPort());
    Mesh mesh =
        scope.add(
            Mesh.open(
                MeshConfig.at(listen),
                new TlsIdentity(tls.privateKey(), tls.certificate()),
                membership,
                exchange,
                new Mesh.Surroundings(
                    needs.clocks().steady(), needs.random(), new MeshLog(needs.metrics()))));
    Committee committee = new Committee(rosters);
    Town town =
        Town.of(
            new Town.Members(
                new Author(attest, membership.domain()),
                exchange,
                new Attestor(
                    attest,
                    rosters,
                    new SqliteVerdictBook(needs.database()),
                    Patience.DEFAULT,
                    needs.clocks().wall()),
                new AttestationPool(
                    rosters,
                    new SqliteEvidenceBook(needs.database()),
                    (member, claim) -> exchange.about(Attestation.TOPIC, member, claim),
                    AttestationPool.Limits.DEFAULT,
                    needs.clocks().wall()),
                committee));
    HeadWatch heads =
        new HeadWatch(
            needs.audit(),
            attest.address(),
            exchange,
            needs.clocks().steady(),
            new HeadLog(needs.metrics()));
    List<Thread> watch = new ArrayList<>();
    scope.add(
        () -> {
          stop(watch);
          heads.end();
        });
    RosterWatch members =
        new RosterWatch(
            config.federation(),
            new RosterWatch.Ties(
                attest.address(),
                rosters,
                exchange,
                mesh,
                needs.clocks().wall(),
                new RosterLog(needs.metrics())),
            needs.rosters());
    return new NodeTown(
        rosters,
        new Links(exchange, members, heads, config.silence()),
        town,
        needs,
        watch,
        attest.address());
  }

  private static void stop(List<Thread> threads) {
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The rosters in a federation's file. */
  static Rosters rosters(Path file, InstantSource clock) throws IOException, MalformedException {
    FederationFile.Loaded loaded;
    try {
      loaded = FederationFile.read(Files.readAllBytes(file)).load(clock);
    } catch (MalformedException e) {
      throw new MalformedException(file + ": " + e.getMessage(), e);
    }
    return switch (loaded) {
      case FederationFile.Loaded.Standing(Rosters rosters, _) -> rosters;
      case FederationFile.Loaded.Founding(var proposal) ->
          throw new MalformedException(
              file + ": the founding roster lacks signatures: " + proposal.lacks());
    };
  }

  Rosters rosters() {
    return rosters;
  }

  /** Reads the audit log, certificates through the rosters known now. */
  Recording recording() {
    return new Recording(new Committee(rosters));
  }

  /** Lets messages reach {@code pipeline}, then dials the members. */
  void start(Pipeline pipeline, Duties duties) {
    DrillDesk drills =
        new DrillDesk(town, rosters, duties.rehearsal(), duties.drills(), duties.records());
    Topic<Report> reports = ReportCodec.topic(rosters.federation().domain(), rosters);
    exchange.subscribe(reports, pipeline::onReport);
    exchange.subscribe(Attestation.TOPIC, pipeline::onAttestation);
    exchange.subscribe(Committee.TOPIC, pipeline::onCertificate);
    exchange.subscribe(Drill.TOPIC, drills::onDrill);
    exchange.subscribe(DrillAnswer.TOPIC, drills::onAnswer);
    members.subscribe();
    heads.subscribe(pipeline::onRewritten);
    exchange.onEquivocation(proof -> pipeline.onDoubled(proof.author(), proof.sequence()));
    members.restore();
    Instant since = exchange.archive().lately(AttestationPool.Limits.DEFAULT.life());
    pipeline.restore(
        exchange.received(reports, since),
        exchange.received(Attestation.TOPIC, since),
        exchange.received(Committee.TOPIC, since));
    exchange.start();
    members.look();
    watch.add(Threads.start("roster-watch", members::run));
    MemberWatch listening =
        new MemberWatch(
            new MemberWatch.Means(self, rosters, exchange::heard, silence), duties.records());
    TownWatch both = new TownWatch(listening, drills, duties.records());
    watch.add(Threads.start("town-watch", both::run));
    watch.add(Threads.start("head-watch", heads::run));
  }

  void publish(Topic<?> topic, Bytes payload) {
    exchange.publish(topic, payload);
  }

  Town town() {
    return town;
  }

  Address self() {
    return self;
  }

  Hash32 federation() {
    return rosters.federation().id();
  }

  /** The epoch in force at an instant. */
  Function<Instant, Optional<Epochs>> epochs() {
    return now ->
        rosters.current(now).map(roster -> new Epochs(roster.epoch(), roster.term().from()));
  }

  String describe() {
    Optional<Roster> roster = rosters.current(needs.clocks().wall().instant());
    return "is member "
        + self
        + " of federation "
        + federation()
        + roster
            .map(
                r ->
                    ": trusts more than two thirds of the weight of "
                        + r.members().size()
                        + " members in epoch "
                        + r.epoch())
            .orElse(": no roster is in force");
  }
}
