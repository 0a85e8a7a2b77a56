package io.tocsin.pipeline;

import io.tocsin.audit.Intent;
import io.tocsin.audit.Recording;
import io.tocsin.base.AccountId;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Threads;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.CodeFingerprint;
import io.tocsin.chain.StateReads;
import io.tocsin.claim.Claim;
import io.tocsin.exposure.Exposure;
import io.tocsin.exposure.Exposures;
import io.tocsin.exposure.Holdings;
import io.tocsin.policy.Action;
import io.tocsin.policy.Alarm;
import io.tocsin.policy.Case;
import io.tocsin.policy.Decision;
import io.tocsin.policy.Epochs;
import io.tocsin.policy.Policy;
import io.tocsin.policy.Protection;
import io.tocsin.policy.Trigger;
import io.tocsin.quorum.QuorumCertificate;
import io.tocsin.respond.Gate;
import io.tocsin.respond.InterlockBook;
import io.tocsin.respond.InterlockState;
import io.tocsin.respond.OrderBook;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.PauseView;
import io.tocsin.respond.Permit;
import io.tocsin.respond.Responder;
import io.tocsin.risk.RiskEstimate;
import io.tocsin.risk.ValueAtRisk;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * From a certificate, or an own sighting, to what is done about it for each protected contract.
 * Thread-safe.
 */
public final class Defence implements AutoCloseable {
  /** No certificate counts without a roster; self-defence needs none. */
  private static final Epochs NO_ROSTER = new Epochs(0, Instant.EPOCH);

  /** A restart asks what became of permits granted this long ago; claims live far shorter. */
  private static final Duration RECENT = Duration.ofDays(1);

  /** After a start an alarm waits this long for the first block of the chain to be defended. */
  private static final Duration FIRST_HEAD = Duration.ofSeconds(30);

  private final Means means;
  private final Eyes eyes;
  private final Function<Instant, Optional<Epochs>> epochs;
  private final Records records;
  private final Gate gate;
  private final Policy policy;
  private final PauseWatch pauses;
  private final OwnerDesk desk;
  private final PendingWatch pending;
  private final Readiness readiness;
  private final Consequences consequences;
  private final ExecutorService workers = Threads.virtual("defence");
  private final Unsettled open;
  private final Rulings rulings;
  private final Blind blind = new Blind();
  private final Unagreed unagreed;
  private final Set<ChainId> looking = ConcurrentHashMap.newKeySet();
  private final Map<ChainId, CountDownLatch> awake;
  private final Map<AccountId, CodeFingerprint> codes = new ConcurrentHashMap<>();

  /**
   * What there is to protect, and with what.
   *
   * @param responders by guardian; a guardian without one is only decided about
   * @param pauses where pauses made before are looked at
   * @param orders where the owner's orders lie
   */
  public record Means(
      List<Protection> protections,
      Map<AccountId, Responder> responders,
      InterlockBook book,
      PauseView pauses,
      OrderBook orders) {
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
    this.pauses = new PauseWatch(gate, means.pauses(), records);
    this.desk = new OwnerDesk(means.protections(), means.orders(), gate, records);
    this.pending = new PendingWatch(gate, eyes, records);
    this.readiness = new Readiness(means.responders(), records);
    this.consequences = new Consequences(gate, records);
    this.open =
        new Unsettled(
            means,
            protection -> estimate(protection, records.clock().instant()),
            this::settled,
            workers,
            records.log());
    this.unagreed = new Unagreed(this::occasion, this::defend, workers, records.log());
    this.rulings = new Rulings(gate, pauses, desk, open, records);
    this.awake =
        means.protections().stream()
            .map(protection -> protection.interest().account().chain())
            .distinct()
            .collect(Collectors.toUnmodifiableMap(c -> c, _ -> new CountDownLatch(1)));
  }

  /**
   * Asks whether the responders could act, and takes up what a stop left open: a permit that was
   * never about to be carried out is given back, one whose outcome is on record is settled by it,
   * and any other is settled by reading the chain when it shows its next block.
   *
   * @throws MalformedException if the log cannot be read
   */
  public void resume(Recording recording) throws MalformedException {
    workers.execute(records.log().guarded("asking the responders", readiness::look));
    Instant since = records.clock().instant().minus(RECENT);
    Set<Hash32> granted =
        gate.state().trips().stream()
            .filter(trip -> trip.span().from().isAfter(since))
            .map(InterlockState.Trip::permit)
            .collect(Collectors.toSet());
    if (granted.isEmpty()) {
      return;
    }
    Intent.Found found = records.audit().intents(recording, granted, since);
    for (Hash32 digest : granted) {
      Intent intent = found.intents().get(digest);
      if (intent == null && !found.whole()) {
        records.log().resumed(digest, "what became of it was erased from the log; it stays spent");
      } else if (intent == null) {
        gate.annul(digest);
        records.log().resumed(digest, "it was never tried, and is given back");
      } else {
        gate.granted(intent.action()).ifPresent(permit -> resume(permit, intent.outcome()));
      }
    }
  }

  private void resume(Permit permit, Optional<Outcome> outcome) {
    consequences.of(permit);
    if (outcome.isPresent() && !(outcome.get() instanceof Outcome.Unknown)) {
      gate.settled(permit, outcome.get());
    } else {
      open.add(permit);
      records
          .log()
          .resumed(permit.digest(), "its outcome is not known, and is read from the chain");
    }
  }

  Stakes stakes() {
    return Stakes.of(means.protections());
  }

  private Holdings holdings() {
    return new Holdings(means.protections().stream().map(Protection::interest).toList(), codes);
  }

  /** A block of {@code chain} was dealt with. Returns at once. */
  void advanced(ChainId chain, BlockRef head) {
    if (awake.containsKey(chain) && looking.add(chain)) {
      workers.execute(
          records
              .log()
              .guarded(
                  "looking after what is protected on " + chain,
                  () -> {
                    try {
                      look(chain, head);
                    } finally {
                      looking.remove(chain);
                    }
                  }));
    }
  }

  /**
   * Reads code and value at risk of what is protected anew, settles what is open, and looks at the
   * pauses.
   */
  private void look(ChainId chain, BlockRef head) {
    for (AccountId account : holdings().accounts()) {
      if (account.chain().equals(chain)) {
        eyes.ports(chain)
            .flatMap(ports -> ports.code().codeBehind(account.address(), head.hash()))
            .ifPresent(code -> codes.put(account, code.fingerprint()));
      }
    }
    Optional.ofNullable(awake.get(chain)).ifPresent(CountDownLatch::countDown);
    for (Protection protection : means.protections()) {
      if (protection.interest().account().chain().equals(chain)) {
        RiskEstimate estimate = estimate(protection, records.clock().instant());
        blind.seen(protection, estimate).forEach(alarm -> defend(protection, occasion(alarm)));
        unagreed.look(protection);
      }
    }
    open.look(chain);
    desk.obey().forEach(this::handle);
    pending.look(chain, records.clock().instant());
    pauses.look(chain, rulings.unsettled(), records.clock().instant());
    readiness.look(chain);
  }

  /** What did not come to pass is decided anew. */
  private void settled(Permit permit, Outcome outcome) {
    conclude(permit, outcome);
    if (outcome instanceof Outcome.Refused) {
      handle(
          switch (permit.action().trigger()) {
            case Trigger.Certified(QuorumCertificate certificate, _) ->
                new Alarm.Certified(certificate);
            case Trigger.Local(Claim claim, _) -> new Alarm.Local(claim);
          });
    }
  }

  /** The town certified a claim. */
  void certified(QuorumCertificate certificate) {
    if (certificate.claim() instanceof Claim.ExploitMined mined) {
      gate.mined(mined.chain(), mined.tx());
    }
    handle(new Alarm.Certified(certificate));
  }

  /** A claim is withdrawn; what was done because of it is its owner's to judge. */
  void withdrawn(Claim.AllClear clear) {
    consequences.withdrawn(clear);
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

  /** Each protection is dealt with by itself, so that none waits for another's chain. */
  private void handle(Alarm alarm) {
    if (means.protections().isEmpty() || pending.doubted(alarm)) {
      return;
    }
    Case.Occasion occasion = occasion(alarm);
    means.protections().forEach(protection -> defend(protection, occasion));
  }

  private void defend(Protection protection, Case.Occasion occasion) {
    workers.execute(
        records
            .log()
            .guarded(
                "defending " + protection.interest().name(), () -> handle(protection, occasion)));
  }

  private Case.Occasion occasion(Alarm alarm) {
    Instant now = records.clock().instant();
    Epochs epoch = epochs.apply(now).orElse(NO_ROSTER);
    return new Case.Occasion(alarm, eyes.evidence(alarm.claim(), holdings().ages()), epoch, now);
  }

  private void handle(Protection protection, Case.Occasion occasion) {
    if (!awaken(protection.interest().account().chain())) {
      return;
    }
    unagreed.weighs(protection, occasion);
    Claim claim = occasion.alarm().claim();
    Holdings holdings = new Holdings(List.of(protection.interest()), codes);
    for (Exposure exposure : Exposures.of(claim, occasion.own(), holdings)) {
      records.exposed(claim, exposure);
      weigh(protection, exposure, occasion);
    }
  }

  /** False when interrupted; a chain that stays dark is defended with what is known. */
  private boolean awaken(ChainId chain) {
    try {
      CountDownLatch first = awake.get(chain);
      boolean _ = first == null || first.await(FIRST_HEAD.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void weigh(Protection protection, Exposure exposure, Case.Occasion occasion) {
    RiskEstimate estimate = estimate(protection, occasion.now());
    records.estimated(occasion.alarm().claim(), exposure, estimate);
    List<Case> cases = policy.cases(occasion, exposure, estimate);
    if (cases.isEmpty()) {
      policy
          .judge(occasion, exposure, estimate)
          .forEach(
              decided ->
                  records.unserved(
                      new Recording.Unserved(protection, occasion, exposure, estimate),
                      decided.decision()));
    }
    for (Case asked : cases) {
      Decision decision = Policy.decide(asked);
      records.decided(asked, decision);
      switch (decision) {
        case Decision.Observe _ -> {}
        case Decision.Alert _ -> blind.weighed(protection, occasion.alarm(), estimate);
        case Decision.Act(Action action) -> permit(asked, action);
      }
    }
  }

  private RiskEstimate estimate(Protection protection, Instant now) {
    ChainId chain = protection.interest().account().chain();
    StateReads reads = eyes.read(chain, ValueAtRisk.queries(protection.valuation()));
    return ValueAtRisk.estimate(protection.valuation(), reads, now);
  }

  private void permit(Case asked, Action action) {
    rulings
        .ask(asked, action)
        .ifPresent(
            permit ->
                workers.execute(
                    records
                        .log()
                        .guarded("acting on " + permit, () -> act(permit, asked.estimate()))));
  }

  private void act(Permit permit, RiskEstimate stake) {
    Responder responder = means.responders().get(permit.action().guardian());
    records.intended(permit);
    consequences.of(permit);
    conclude(
        permit,
        responder == null
            ? new Outcome.Refused(
                Outcome.Refusal.NO_MEANS, "no responder key is configured for this guardian")
            : responder.execute(permit, stake));
  }

  /** On record before the interlock takes note, so that a restart can repeat the latter. */
  private void conclude(Permit permit, Outcome outcome) {
    records.acted(permit, outcome);
    gate.settled(permit, outcome);
    switch (outcome) {
      case Outcome.Unknown _ -> open.add(permit);
      case Outcome.Done _, Outcome.Refused _ -> open.remove(permit);
    }
    rulings.concluded(permit);
  }

  /** Stops all work under way; what was not finished is taken up after a restart. */
  @Override
  public void close() {
    workers.shutdownNow();
  }
}
