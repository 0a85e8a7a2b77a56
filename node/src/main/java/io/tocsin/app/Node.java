package io.tocsin.app;

import io.tocsin.adapter.files.DrillFolder;
import io.tocsin.adapter.files.OrderFolder;
import io.tocsin.adapter.rpc.RpcChain;
import io.tocsin.adapter.sqlite.Database;
import io.tocsin.adapter.sqlite.DatabaseFault;
import io.tocsin.adapter.sqlite.SqliteAuditStore;
import io.tocsin.adapter.sqlite.SqliteInterlockBook;
import io.tocsin.adapter.web.PrometheusMetrics;
import io.tocsin.adapter.web.StatusServer;
import io.tocsin.audit.AuditLog;
import io.tocsin.audit.Recording;
import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Clocks;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Scope;
import io.tocsin.base.Threads;
import io.tocsin.crypto.Topic;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.Sightings;
import io.tocsin.pipeline.ChainPorts;
import io.tocsin.pipeline.Defence;
import io.tocsin.pipeline.Eyes;
import io.tocsin.pipeline.Observer;
import io.tocsin.pipeline.Pager;
import io.tocsin.pipeline.Pipeline;
import io.tocsin.pipeline.Records;
import io.tocsin.pipeline.Rehearsal;
import io.tocsin.pipeline.Town;
import io.tocsin.policy.Protection;
import io.tocsin.respond.Responder;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A running node: opened in the order of the flow, closed in reverse. */
public final class Node implements AutoCloseable {
  private static final int SIGHTINGS = 20_000;
  private static final int SCANS_WAITING = 1_024;

  private final Scope scope;
  private final NodeConfig config;
  private final Parts parts;

  private record Parts(
      StatusServer status,
      CompletableFuture<String> failed,
      Optional<NodeTown> town,
      List<Protection> protections,
      GuardianWarnings warnings) {}

  private Node(Scope scope, NodeConfig config, Parts parts) {
    this.scope = scope;
    this.config = config;
    this.parts = parts;
  }

  /**
   * Opens everything and starts watching.
   *
   * @param observer is told of every stage
   * @param clocks that it goes by
   * @throws CommandException if something that the configuration names is missing or wrong
   */
  public static Node open(NodeConfig config, Observer observer, Clocks clocks) {
    Scope scope = new Scope();
    try {
      return open(config, observer, clocks, scope);
    } catch (DatabaseFault | IOException | MalformedException e) {
      CommandException sentence = CommandException.environment(String.valueOf(e.getMessage()));
      closeQuietly(scope, sentence);
      throw sentence;
    } catch (RuntimeException e) {
      closeQuietly(scope, e);
      throw e;
    }
  }

  private static void closeQuietly(Scope scope, RuntimeException cause) {
    try {
      scope.close();
    } catch (IllegalStateException e) {
      cause.addSuppressed(e);
    }
  }

  private static Node open(NodeConfig config, Observer observer, Clocks clocks, Scope scope)
      throws IOException, MalformedException {
    NodeKeys keys = scope.add(NodeKeys.open(config));
    InstantSource clock = clocks.wall();
    SecureRandom random = new SecureRandom();
    PrometheusMetrics metrics = new PrometheusMetrics();
    Pager pager = NodePager.open(config, metrics, scope);
    WatchedContracts watched =
        scope.add(
            new WatchedContracts(
                config.defence().watched(),
                new WatchedContracts.Surroundings(config.basics().name(), pager, metrics, clock)));
    NodeHealth health = new NodeHealth(watched, observer, metrics);

    Database database = scope.add(NodeStorage.database(config));
    AuditLog audit = scope.add(NodeStorage.log(config, new SqliteAuditStore(database), clock));
    Records records = new Records(config.basics().name(), audit, metrics, health, pager, clocks);

    NodeChains chains = new NodeChains(clocks.steady(), random, database);
    Map<ChainId, RpcChain> open = new LinkedHashMap<>();
    Map<ChainId, ChainPorts> ports = new LinkedHashMap<>();
    for (NodeConfig.Chain chain : config.chains()) {
      RpcChain rpc = scope.add(chains.open(chain));
      open.put(chain.id(), rpc);
      ports.put(chain.id(), NodeChains.ports(rpc, chain.depth()));
      watched.reads(chain.id(), rpc.code());
      health.expect(chain.id());
    }

    int cores = Math.max(1, Runtime.getRuntime().availableProcessors());
    var cpu = Threads.cpu("detect", cores, SCANS_WAITING);
    scope.add(cpu::shutdownNow);
    Detectors detectors = new Detectors(config.detection());
    Eyes eyes = new Eyes(ports, detectors, cpu, new Sightings(SIGHTINGS), clock);

    Optional<NodeTown> town = Optional.empty();
    if (config.membership().isPresent()) {
      town =
          Optional.of(
              NodeTown.open(
                  config.membership().get(),
                  keys,
                  new NodeTown.Needs(database, metrics, clocks, random, records::federated, audit),
                  scope));
    }

    List<Protection> protections = NodeDefence.protections(config, clock.instant());
    NodeDefence defences = new NodeDefence(config, open, database, metrics);
    Map<AccountId, Responder> responders = defences.open(protections, keys, records, scope);
    Defence defence =
        scope.add(
            new Defence(
                new Defence.Means(
                    protections,
                    responders,
                    new SqliteInterlockBook(database),
                    defences.pauses(scope),
                    new OrderFolder(config.basics().data().resolve("orders"), metrics)),
                eyes,
                town.map(NodeTown::epochs).orElse(_ -> Optional.empty()),
                records));

    Pipeline pipeline =
        scope.add(
            new Pipeline(eyes, town.map(NodeTown::town).orElseGet(Town::alone), defence, records));
    records.opened(
        NodeDefence.documents(config),
        town.map(NodeTown::federation).orElse(Hash32.ZERO),
        town.map(NodeTown::self).orElse(Address.ZERO));
    defence.resume(town.map(NodeTown::recording).orElseGet(Recording::new));
    NodeTown.Duties duties =
        new NodeTown.Duties(
            records,
            new Rehearsal(protections, responders),
            new DrillFolder(config.basics().data().resolve("drills"), metrics));
    town.ifPresent(t -> t.start(pipeline, duties));
    List<Thread> followers = new ArrayList<>();
    scope.add(() -> followers.forEach(Thread::interrupt));
    ports.forEach(
        (chain, port) ->
            followers.add(Threads.start("follow-" + chain, () -> follow(pipeline, port))));
    StatusServer status =
        scope.add(StatusServer.open(config.basics().statusPort(), metrics, health::faults));
    GuardianWarnings warnings =
        GuardianWarnings.start(
            config.basics().name(),
            new GuardianWarnings.Means(protections, open, town.map(NodeTown::rosters)),
            metrics,
            scope);
    return new Node(
        scope,
        config,
        new Parts(
            status,
            NodeStorage.failure(config, database, audit, pager),
            town,
            protections,
            warnings));
  }

  private static void follow(Pipeline pipeline, ChainPorts ports) {
    try {
      pipeline.follow(ports);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The port of health, readiness and metrics. */
  public int statusPort() {
    return parts.status().port();
  }

  /**
   * Completed, with a sentence that says why, when this node can keep no record any more. It does
   * nothing then that is not on record, and has to be closed; the next start takes up the rest.
   */
  public CompletableFuture<String> failed() {
    return parts.failed().copy();
  }

  /** Publishes {@code payload} as this member, through the same door as everything else. */
  public void publish(Topic<?> topic, Bytes payload) {
    parts
        .town()
        .orElseThrow(() -> new IllegalStateException("this node is no member"))
        .publish(topic, payload);
  }

  /** What it watches, whom it trusts and what it may do, a sentence a line. */
  public List<String> manifest() {
    return NodeManifest.lines(
        config, parts.town(), parts.protections(), parts.warnings(), statusPort());
  }

  @Override
  public void close() {
    scope.close();
  }
}
