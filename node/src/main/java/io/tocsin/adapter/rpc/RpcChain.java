package io.tocsin.adapter.rpc;

import io.tocsin.base.Hash32;
import io.tocsin.chain.Canon;
import io.tocsin.chain.CodeView;
import io.tocsin.chain.Cursor;
import io.tocsin.chain.NodeCalls;
import io.tocsin.chain.PendingTrials;
import io.tocsin.chain.StateView;
import io.tocsin.chain.TraceSource;
import io.tocsin.exposure.CodeAge;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One chain seen through its endpoints. Thread-safe.
 *
 * <p>Opening connects nothing: an endpoint that is down is trouble to report, not a reason to fail.
 */
public final class RpcChain implements AutoCloseable {
  /**
   * Events waiting for the reader, some hundred blocks' worth of what detectors look at. Mined
   * transactions wait for room, pending ones are dropped with an alarm.
   */
  private static final int WAITING = 4_096;

  private final RpcChainConfig config;
  private final Surroundings around;
  private final Panel panel;
  private final EventQueue events;
  private final ProofDesk proofs;
  private final StateView state;
  private final CodeView code;
  private final CodeAge age;
  private final Lookup lookup;
  private final PendingTrials trials;
  private @Nullable RpcTraceSource following;

  /** Where time, jitter and the memory of processed blocks come from. */
  public record Surroundings(InstantSource clock, RandomGenerator random, Cursor cursor) {}

  private RpcChain(RpcChainConfig config, Surroundings around, Panel panel, EventQueue events) {
    this.config = config;
    this.around = around;
    this.panel = panel;
    this.events = events;
    this.proofs = new ProofDesk(panel);
    this.state = new RpcStateView(panel, proofs);
    this.code = new RpcCodeView(state);
    this.age = new RpcCodeAge(panel, state);
    this.trials = new Trials(panel, config.following().slot(), around);
    this.lookup = new Lookup(panel, new Witnesses(panel), around.clock());
  }

  /** The chain of {@code config}. */
  public static RpcChain open(RpcChainConfig config, Surroundings around) {
    RpcChainConfig.Following following = config.following();
    EventQueue events = new EventQueue(WAITING);
    Panel.Common common =
        new Panel.Common(config.chain(), new Headers(), new Conduct(config.chain(), events::alarm));
    List<Endpoint> endpoints = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (RpcChainConfig.Remote remote : config.endpoints()) {
      JsonRpc rpc = JsonRpc.open(remote.url(), following.timeout());
      String name = rpc.name();
      for (int twin = 2; !names.add(name); twin++) {
        name = rpc.name() + "#" + twin;
      }
      endpoints.add(new Endpoint(common, rpc, name, remote.operator()));
    }
    return new RpcChain(
        config,
        around,
        new Panel(common, endpoints, following.agreement(), following.timeout()),
        events);
  }

  /**
   * Follows the chain from where it was left; the caller closes the source, or this chain.
   *
   * @throws IllegalStateException if it is followed already
   */
  public synchronized TraceSource follow() {
    if (following != null) {
      throw new IllegalStateException(config.chain() + " is followed already");
    }
    following = new RpcTraceSource(config, around, panel, events);
    return following;
  }

  /** State as agreeing endpoints read it. */
  public StateView state() {
    return state;
  }

  /** Code behind proxies as agreeing endpoints read it. */
  public CodeView code() {
    return code;
  }

  /** How long accounts have had code, as agreeing endpoints know it. */
  public CodeAge age() {
    return age;
  }

  /** Tries out pending transactions. */
  public PendingTrials trials() {
    return trials;
  }

  /** Which blocks are there to stay: those on which {@code depth} others lie. */
  public Canon canon(int depth) {
    return new RpcCanon(panel, depth);
  }

  /** Traces one transaction, whether or not the chain is followed. */
  public TraceSource.Answer trace(Hash32 tx) {
    return lookup.trace(tx);
  }

  /** Traces a whole past block. */
  public BlockAnswer block(long number) {
    return lookup.block(number);
  }

  /** The endpoints themselves, in their order, for sending transactions and reading receipts. */
  public List<NodeCalls> endpoints() {
    return panel.endpoints().stream().map(Endpoint::rpc).map(NodeCalls.class::cast).toList();
  }

  /**
   * Tries every endpoint now.
   *
   * @return by endpoint: why it cannot be used, or empty if it can
   */
  public Map<String, Optional<String>> check() {
    Panel.Answers<Boolean> answers = panel.ask(_ -> true, _ -> false);
    Map<String, Optional<String>> out = new LinkedHashMap<>();
    for (Endpoint endpoint : panel.endpoints()) {
      out.put(
          endpoint.name(),
          answers.given().containsKey(endpoint.name())
              ? Optional.empty()
              : Optional.ofNullable(answers.faults().get(endpoint.name())));
    }
    return out;
  }

  /** What the endpoints lack and how that showed, by name, as far as they were reached. */
  public Map<String, Map<Capability, String>> missing() {
    Map<String, Map<Capability, String>> out = new LinkedHashMap<>();
    panel.endpoints().forEach(e -> out.put(e.name(), e.capabilities().missing()));
    return out;
  }

  @Override
  public synchronized void close() {
    if (following != null) {
      following.close();
    }
    proofs.close();
    panel.endpoints().forEach(Endpoint::close);
  }
}
