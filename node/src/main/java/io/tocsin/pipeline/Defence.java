package io.tocsin.pipeline;

import io.tocsin.base.AccountId;
import io.tocsin.base.ChainId;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.CodeFingerprint;
import io.tocsin.chain.StateReads;
import io.tocsin.claim.Claim;
import io.tocsin.exposure.Exposure;
import io.tocsin.exposure.Exposures;
import io.tocsin.exposure.Holdings;
import io.tocsin.exposure.OwnEvidence;
import io.tocsin.policy.Action;
import io.tocsin.policy.Alarm;
import io.tocsin.policy.Case;
import io.tocsin.policy.Decision;
import io.tocsin.policy.Epochs;
import io.tocsin.policy.Policy;
import io.tocsin.policy.Protection;
import io.tocsin.quorum.QuorumCertificate;
import io.tocsin.respond.Gate;
import io.tocsin.respond.InterlockBook;
import io.tocsin.respond.InterlockState;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.Permit;
import io.tocsin.respond.Responder;
import io.tocsin.respond.Ruling;
import io.tocsin.risk.RiskEstimate;
import io.tocsin.risk.ValueAtRisk;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * From a certificate, or an own sighting, to what is done about it for each protected contract.
 * Thread-safe.
 */
public final class Defence {
  /** No certificate counts without a roster; self-defence needs none. */
  private static final Epochs NO_ROSTER = new Epochs(0, Instant.EPOCH);

  private static final Duration SETTLE = Duration.ofSeconds(1);
  private static final int SETTLE_TRIES = 120;

  private final Means means;
  private final Eyes eyes;
  private final Function<Instant, Optional<Epochs>> epochs;
  private final Records records;
  private final Gate gate;
  private final Policy policy;
  private volatile Map<AccountId, CodeFingerprint> codes = Map.of();

  /**
   * What there is to protect, and with what.
   *
   * @param responders by guardian; a guardian without one is only decided about
   */
  public record Means(
      List<Protection> protections, Map<AccountId, Responder> responders, InterlockBook book) {
    public Means {
      protections = List.copyOf(protections);
      responders = Map.copyOf(responders);
    }
  }

  /** A defence with these means. */
  public Defence(
      Means means, Eyes eyes, Function<Instant, Optional<Epochs>> epochs, Records records) {
    this.means = means;
    this.eyes = eyes;
    this.epochs = epochs;
    this.records = records;
    this.gate = new Gate(means.book());
    this.policy = new Policy(means.protections());
  }

  private Holdings holdings() {
    return new Holdings(means.protections().stream().map(Protection::interest).toList(), codes);
  }

  /** Reads the code of what is protected on {@code chain} anew. */
  void advanced(ChainId chain, BlockRef head) {
    Map<AccountId, CodeFingerprint> fresh = new HashMap<>(codes);
    for (AccountId account : holdings().accounts()) {
      if (account.chain().equals(chain)) {
        eyes.ports(chain)
            .flatMap(ports -> ports.code().codeBehind(account.address(), head.hash()))
            .ifPresent(code -> fresh.put(account, code.fingerprint()));
      }
    }
    codes = Map.copyOf(fresh);
  }

  /** The town certified a claim. */
  void certified(QuorumCertificate certificate) {
    if (certificate.claim() instanceof Claim.ExploitMined mined) {
      gate.mined(mined.chain(), mined.tx());
    }
    handle(new Alarm.Certified(certificate));
  }

  /** This node saw something itself; only what is its own may rest on that alone. */
  void sighted(Claim claim) {
    boolean own =
        means.protections().stream()
            .map(protection -> protection.interest().account())
            .anyMatch(
                account ->
                    claim.where().filter(account.chain()::equals).isPresent()
                        && claim
                            .about()
                            .filter(s -> s.address().equals(account.address()))
                            .isPresent());
    if (own) {
      handle(new Alarm.Local(claim));
    }
  }

  private void handle(Alarm alarm) {
    if (means.protections().isEmpty()) {
      return;
    }
    Instant now = records.clock().instant();
    Epochs epoch = epochs.apply(now).orElse(NO_ROSTER);
    OwnEvidence own = eyes.evidence(alarm.claim(), holdings().ages());
    Case.Occasion occasion = new Case.Occasion(alarm, own, epoch, now);
    for (Exposure exposure : Exposures.of(alarm.claim(), own, holdings())) {
      records.exposed(alarm.claim(), exposure);
      for (Protection protection : means.protections()) {
        if (protection.interest().equals(exposure.interest())) {
          weigh(protection, exposure, occasion);
        }
      }
    }
  }

  private void weigh(Protection protection, Exposure exposure, Case.Occasion occasion) {
    RiskEstimate estimate = estimate(protection, occasion.now());
    records.estimated(occasion.alarm().claim(), exposure, estimate);
    List<Case> cases = policy.cases(occasion, exposure, estimate);
    if (cases.isEmpty()) {
      policy
          .judge(occasion, exposure, estimate)
          .forEach(decided -> records.unserved(exposure, decided.decision()));
    }
    for (Case asked : cases) {
      Decision decision = Policy.decide(asked);
      records.decided(asked, decision);
      switch (decision) {
        case Decision.Observe _, Decision.Alert _ -> {}
        case Decision.Act(Action action) -> permit(asked, action);
      }
    }
  }

  private RiskEstimate estimate(Protection protection, Instant now) {
    ChainId chain = protection.interest().account().chain();
    StateReads reads =
        eyes.ports(chain)
            .flatMap(
                ports ->
                    eyes.head(chain)
                        .map(
                            head ->
                                ports
                                    .state()
                                    .read(
                                        ValueAtRisk.queries(protection.valuation()), head.hash())))
            .orElse(StateReads.NONE);
    return ValueAtRisk.estimate(protection.valuation(), reads, now);
  }

  private void permit(Case asked, Action action) {
    Instant now = records.clock().instant();
    InterlockState before;
    Ruling ruling;
    synchronized (gate) {
      before = gate.state();
      ruling = gate.rule(action, now);
    }
    records.ruled(asked, before, action, now, ruling);
    switch (ruling) {
      case Ruling.Held _ -> {}
      case Ruling.Granted(Permit permit, _) -> act(permit);
    }
  }

  private void act(Permit permit) {
    Responder responder = means.responders().get(permit.action().guardian());
    records.intended(permit);
    Outcome outcome =
        responder == null
            ? new Outcome.Refused(
                Outcome.Refusal.NO_MEANS, "no responder key is configured for this guardian")
            : settled(responder, permit, responder.execute(permit));
    gate.settled(permit, outcome);
    records.acted(permit, outcome);
  }

  private Outcome settled(Responder responder, Permit permit, Outcome first) {
    Outcome outcome = first;
    for (int i = 0; i < SETTLE_TRIES && outcome instanceof Outcome.Unknown; i++) {
      try {
        Thread.sleep(SETTLE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return outcome;
      }
      outcome = responder.settle(permit);
    }
    return outcome;
  }
}
