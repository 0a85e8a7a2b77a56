package io.tocsin.app;

import io.tocsin.audit.Step;
import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Metrics;
import io.tocsin.chain.ChainEvent;
import io.tocsin.claim.Claim;
import io.tocsin.detect.Finding;
import io.tocsin.pipeline.Observer;
import io.tocsin.pipeline.Stage;
import io.tocsin.policy.Case;
import io.tocsin.policy.Decision;
import io.tocsin.quorum.Equivocation;
import io.tocsin.quorum.Opinion;
import io.tocsin.quorum.QuorumCertificate;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.Permit;
import io.tocsin.respond.Ruling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What keeps a node from being ready: a chain without a head yet, or trouble that was not followed
 * by a recovery. Passes every event on. Thread-safe.
 */
final class NodeHealth implements Observer {
  private final Observer next;
  private final Observer watched;
  private final Metrics metrics;
  private final Map<ChainId, String> waiting = new ConcurrentHashMap<>();
  private final Map<String, String> troubles = new ConcurrentHashMap<>();

  /**
   * Passes events on to {@code watched}, where they concern it, and all of them to {@code next}.
   */
  NodeHealth(Observer watched, Observer next, Metrics metrics) {
    this.watched = watched;
    this.next = next;
    this.metrics = metrics;
  }

  /** This chain must show a head before the node is ready. */
  void expect(ChainId chain) {
    waiting.put(chain, "chain " + chain + ": no block was dealt with yet");
  }

  /** What is wrong now, a sentence each. */
  List<String> faults() {
    List<String> all = new ArrayList<>(waiting.values());
    all.addAll(troubles.values());
    return all;
  }

  @Override
  public void trouble(ChainEvent.Trouble trouble) {
    String place = trouble.chain() + " " + trouble.endpoint();
    if (trouble.kind().blinds()) {
      troubles.put(
          place,
          "chain "
              + trouble.chain()
              + ", endpoint "
              + trouble.endpoint()
              + ": "
              + trouble.kind()
              + ", "
              + trouble.detail());
    } else if (trouble.kind() == ChainEvent.TroubleKind.RECOVERED) {
      troubles.remove(place);
    }
    next.trouble(trouble);
  }

  @Override
  public void advanced(ChainEvent.HeadAdvanced advanced) {
    waiting.remove(advanced.chain());
    metrics.gauge(
        "tocsin_chain_head", advanced.chain().toString(), (double) advanced.head().number());
    watched.advanced(advanced);
    next.advanced(advanced);
  }

  @Override
  public void stage(Stage stage, ChainId chain, Hash32 tx, Duration sinceSeen) {
    next.stage(stage, chain, tx, sinceSeen);
  }

  @Override
  public void found(ChainEvent.Traced traced, Finding finding) {
    watched.found(traced, finding);
    next.found(traced, finding);
  }

  @Override
  public void claimed(Claim claim) {
    watched.claimed(claim);
    next.claimed(claim);
  }

  @Override
  public void judged(Claim claim, Opinion opinion) {
    next.judged(claim, opinion);
  }

  @Override
  public void certified(QuorumCertificate certificate) {
    next.certified(certificate);
  }

  @Override
  public void withdrawn(Claim.AllClear clear) {
    next.withdrawn(clear);
  }

  @Override
  public void drilled(Step.Drilled drill) {
    next.drilled(drill);
  }

  @Override
  public void member(Address member, boolean silent) {
    next.member(member, silent);
  }

  @Override
  public void equivocated(Equivocation evidence) {
    next.equivocated(evidence);
  }

  @Override
  public void doubled(Address member, long sequence) {
    next.doubled(member, sequence);
  }

  @Override
  public void decided(Case asked, Decision decision) {
    next.decided(asked, decision);
  }

  @Override
  public void ruled(Case asked, Ruling ruling) {
    next.ruled(asked, ruling);
  }

  @Override
  public void acted(Permit permit, Outcome outcome) {
    next.acted(permit, outcome);
  }
}
