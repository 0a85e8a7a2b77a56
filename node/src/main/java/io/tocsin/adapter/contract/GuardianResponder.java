package io.tocsin.adapter.contract;

import io.tocsin.adapter.contract.ChainAccess.Quote;
import io.tocsin.adapter.contract.Race.Bid;
import io.tocsin.adapter.contract.TransactionLane.Sending;
import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.CanonicalJson;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.Wei;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.Fees;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.TxCall;
import io.tocsin.claim.Claim;
import io.tocsin.policy.Action;
import io.tocsin.policy.Lever;
import io.tocsin.policy.Trigger;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.Outcome.Effect;
import io.tocsin.respond.Permit;
import io.tocsin.respond.Responder;
import io.tocsin.respond.SentBook.Sent;
import io.tocsin.risk.RiskEstimate;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Trips guardians of one chain with one key. Thread-safe. */
public final class GuardianResponder implements Responder {
  private final TransactionLane lane;
  private final ChainAccess access;
  private final Settings settings;
  private final Progress progress;
  private final ResponderEvents events;
  private final Rehearsal rehearsal;

  /** Sends through {@code lane}. */
  public GuardianResponder(
      TransactionLane lane, Settings settings, Progress progress, ResponderEvents events) {
    this.lane = lane;
    this.access = lane.access();
    this.settings = settings;
    this.progress = progress;
    this.events = events;
    this.rehearsal = new Rehearsal(access, lane.address());
  }

  /**
   * How it behaves.
   *
   * @param lowBalance below this the operator is alarmed
   * @param patience how long to wait for a receipt before the outcome is unknown
   * @param interval between two looks for a receipt
   */
  public record Settings(Wei lowBalance, Duration patience, Duration interval) {
    /** Alarm under 0.05 ether, two minutes of patience, a look every 50 ms. */
    public static final Settings DEFAULT =
        new Settings(
            new Wei(Wei.ether(1).amount().divide(BigInteger.valueOf(20))),
            Duration.ofMinutes(2),
            Duration.ofMillis(50));
  }

  /** Hears how far a response has come. */
  public interface Progress {
    /** Hears nothing. */
    Progress NONE =
        new Progress() {
          @Override
          public void simulated(Permit permit, JsonNode evidence) {}

          @Override
          public void accepted(Permit permit, Hash32 tx) {}
        };

    /** The simulation before sending is done, whatever follows from it. */
    void simulated(Permit permit, JsonNode evidence);

    /** Some endpoint has taken the transaction. */
    void accepted(Permit permit, Hash32 tx);
  }

  @Override
  public Outcome execute(Permit permit, RiskEstimate stake) {
    Outcome outcome;
    try {
      outcome = attempt(permit, stake);
    } catch (ChainException e) {
      outcome = new Outcome.Refused(Outcome.Refusal.NOT_ACCEPTED, String.valueOf(e.getMessage()));
    }
    events.ended(permit, outcome);
    return outcome;
  }

  @Override
  public Outcome settle(Permit permit) {
    try {
      return settled(permit, evidence());
    } catch (ChainException e) {
      return new Outcome.Unknown(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Outcome bidOn(Permit permit, RiskEstimate stake) {
    ObjectNode evidence = evidence();
    try {
      Outcome before = settled(permit, evidence);
      Optional<Bid> bid = lane.waiting(permit.digest());
      TxCall call = call(permit);
      if (!(before instanceof Outcome.Unknown)
          || bid.isEmpty()
          || rehearsal.revert(call, evidence).isPresent()) {
        return before;
      }
      events.takenUp(permit, bid.get().sent().tx());
      Race race = race(permit, call, access.quote(lane.address(), call), stake);
      return await(permit, raising(permit, bid.get(), race), evidence);
    } catch (ChainException e) {
      return new Outcome.Unknown(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Optional<String> unready() {
    Optional<String> spent = lane.gas().low(lane.account());
    if (spent.isPresent()) {
      return spent;
    }
    try {
      return low(access.balance(lane.address()))
          ? Optional.of(
              lane.account()
                  + " holds less than "
                  + settings.lowBalance().toEther().toPlainString()
                  + " ether; fund it")
          : Optional.empty();
    } catch (ChainException e) {
      return Optional.of("no endpoint says what " + lane.account() + " holds");
    }
  }

  @Override
  public Optional<String> rehearse(AccountId guardian, Lever lever) {
    Address puller = lever.safe().equals(Address.ZERO) ? guardian.address() : lever.safe();
    TxCall call = TxCall.of(lever.target(), lever.calls().call());
    List<CallAnswer> answers = access.attempt(puller, call);
    if (answers.stream().anyMatch(answer -> answer instanceof CallAnswer.Reverted)) {
      return Optional.of("the pause reverts: it stands already, or " + puller + " may not make it");
    }
    return answers.stream().anyMatch(answer -> answer instanceof CallAnswer.Returned)
        ? Optional.empty()
        : Optional.of("no endpoint says what the pause would do");
  }

  private boolean low(Wei balance) {
    events.balanceIs(lane.account(), balance);
    if (balance.compareTo(settings.lowBalance()) >= 0) {
      return false;
    }
    events.balanceLow(lane.account(), balance, settings.lowBalance());
    return true;
  }

  private static ObjectNode evidence() {
    return Json.object();
  }

  private GuardianContract guardian(Permit permit) {
    Action action = permit.action();
    if (!action.guardian().chain().equals(access.chain())) {
      throw new IllegalArgumentException(
          "this responder serves " + access.chain() + ", not " + action.guardian().chain());
    }
    return new GuardianContract(action.guardian().address(), access);
  }

  /** What identifies a use of a mandate on chain. */
  private record Use(int kind, Hash32 tx) {
    static Use of(Trigger trigger) {
      Hash32 tx =
          switch (trigger.claim()) {
            case Claim.ExploitMined mined -> mined.tx();
            case Claim.ExploitPending pending -> pending.tx();
            case Claim.AllClear clear -> clear.claimId();
            case Claim.RosterChanged changed -> changed.rosterHash();
          };
      return switch (trigger) {
        case Trigger.Certified certified -> new Use(certified.claim().kind().code(), tx);
        case Trigger.Local _ -> new Use(0, tx);
      };
    }
  }

  private TxCall call(Permit permit) {
    Action action = permit.action();
    GuardianContract guardian = guardian(permit);
    return switch (action.trigger()) {
      case Trigger.Certified(var certificate, var proof) ->
          guardian.trip(action.mandateId(), certificate, proof);
      case Trigger.Local(var claim, var proof) ->
          guardian.tripLocal(
              action.mandateId(),
              claim
                  .about()
                  .orElseThrow(() -> new IllegalArgumentException("a claim without a victim"))
                  .address(),
              Use.of(action.trigger()).tx(),
              proof);
    };
  }

  private Outcome attempt(Permit permit, RiskEstimate stake) throws ChainException {
    ObjectNode evidence = evidence();
    if (lane.sent(permit.digest()).isPresent()) {
      Outcome before = settled(permit, evidence);
      if (!(before instanceof Outcome.Refused(Outcome.Refusal reason, String _)
          && reason == Outcome.Refusal.DROPPED)) {
        return before;
      }
    }
    evidence.put("value_at_risk", stake.coin(access.chain()).map(Wei::toString).orElse("unknown"));
    TxCall call = call(permit);
    Future<Quote> quote = access.start(() -> access.quote(lane.address(), call));
    Optional<Claim.ExploitPending> pending = pending(permit);
    Future<Optional<Fees>> rival =
        access.start(() -> pending.flatMap(access::rival).map(SignedTransaction::fees));
    Optional<Bytes> revert = rehearsal.revert(call, evidence);
    if (revert.isPresent()) {
      evidence.put("refusal", Refusal.decode(revert.get()).toString());
      progress.simulated(permit, evidence.deepCopy());
      return refused(permit, revert.get(), evidence);
    }
    progress.simulated(permit, evidence.deepCopy());
    Race race = race(permit, call, access.join(quote), stake);
    Wei baseFee = race.quote().market().baseFee();
    if (!race.fees().equals(lane.fees()) && race.fees().maxCap().compareTo(baseFee) < 0) {
      return new Outcome.Refused(
          Outcome.Refusal.NOT_WORTH_IT,
          "the value at risk allows "
              + race.fees().maxCap()
              + " for a unit of gas, and the base fee is "
              + baseFee);
    }
    return send(permit, race, access.join(rival), evidence);
  }

  private Race race(Permit permit, TxCall call, Quote quote, RiskEstimate stake) {
    FeePolicy fees =
        stake
            .coin(access.chain())
            .map(worth -> lane.fees().within(worth, quote.gas()))
            .orElse(lane.fees());
    return new Race(call, quote, fees, pending(permit));
  }

  private static Optional<Claim.ExploitPending> pending(Permit permit) {
    return permit.action().trigger().claim() instanceof Claim.ExploitPending pending
        ? Optional.of(pending)
        : Optional.empty();
  }

  private Outcome refused(Permit permit, Bytes data, ObjectNode evidence) throws ChainException {
    Refusal refusal = Refusal.decode(data);
    evidence.put("refusal", refusal.toString());
    Outcome.Refused plain =
        new Outcome.Refused(Outcome.Refusal.SIMULATION_FAILED, refusal.toString());
    return switch (refusal.reason()) {
      case ALREADY_PAUSED -> done(Effect.ALREADY_PAUSED, Hash32.ZERO, Optional.empty(), evidence);
      case ALREADY_CONSUMED ->
          guardian(permit).isPaused(permit.action().mandateId())
              ? done(Effect.ALREADY_PAUSED, Hash32.ZERO, Optional.empty(), evidence)
              : plain;
      default -> plain;
    };
  }

  private Outcome send(Permit permit, Race race, Optional<Fees> rival, ObjectNode evidence)
      throws ChainException {
    Quote quote = race.quote();
    rival.ifPresent(
        r -> evidence.put("attack_tip", r.effectiveTip(quote.market().baseFee()).toString()));
    Sending sending = lane.send(permit.digest(), race, rival);
    if (sending instanceof Sending.Taken(Bid bid, List<String> by)) {
      events.sent(permit, bid.sent().tx(), by);
      progress.accepted(permit, bid.sent().tx());
    }
    // Evidence only, so it comes after the race has begun.
    Rehearsal.keep(rehearsal.withAttack(race.call(), pending(permit)), evidence);
    boolean _ = low(quote.balance());
    return switch (sending) {
      case Sending.Taken(Bid bid, List<String> _) ->
          await(permit, raising(permit, bid, race), evidence);
      case Sending.Unsure(Bid bid, String detail) -> {
        evidence.put("sending", detail);
        yield await(permit, raising(permit, bid, race), evidence);
      }
      case Sending.NotTaken(String detail) ->
          new Outcome.Refused(Outcome.Refusal.NOT_ACCEPTED, detail);
      case Sending.OverBudget(String detail) ->
          new Outcome.Refused(Outcome.Refusal.GAS_BUDGET, detail);
      case Sending.NoMeans(Wei balance, Wei needed) ->
          new Outcome.Refused(
              Outcome.Refusal.NO_MEANS,
              lane.account() + " holds " + balance + " and may need " + needed);
    };
  }

  private Raising raising(Permit permit, Bid bid, Race race) {
    return new Raising(lane, bid, race, events.of(permit));
  }

  private Outcome await(Permit permit, Raising raising, ObjectNode evidence) throws ChainException {
    Optional<MinedTransaction> mined = raising.await(settings.patience(), settings.interval());
    evidence.put("bids", lane.all(permit.digest()).size());
    return mined.isPresent()
        ? mined(permit, mined.get(), evidence)
        : new Outcome.Unknown(
            raising.bid().sent().tx()
                + " was not mined within "
                + settings.patience().toSeconds()
                + " s");
  }

  private Outcome mined(Permit permit, MinedTransaction mined, ObjectNode evidence)
      throws ChainException {
    evidence.put("gas_used", mined.gasUsed().amount());
    if (mined.succeeded()) {
      mined.logs().stream()
          .map(GuardianEvent::decode)
          .flatMap(Optional::stream)
          .forEach(event -> keepTakeover(event, evidence));
      return done(Effect.PAUSED, mined.tx(), Optional.of(mined.block().number()), evidence);
    }
    Optional<Bytes> revert = rehearsal.revert(call(permit), evidence);
    if (revert.isEmpty()) {
      return new Outcome.Refused(
          Outcome.Refusal.REVERTED, mined.tx() + " reverted, and would not any more");
    }
    return switch (refused(permit, revert.get(), evidence)) {
      case Outcome.Refused(Outcome.Refusal _, String detail) ->
          new Outcome.Refused(Outcome.Refusal.REVERTED, mined.tx() + ": " + detail);
      case Outcome.Done done -> done;
      case Outcome.Unknown unknown -> unknown;
    };
  }

  /** A takeover spends what every trip spends: use, time and cool-down. */
  private static void keepTakeover(GuardianEvent event, ObjectNode evidence) {
    if (event instanceof GuardianEvent.TakenOver(Hash32 from, Hash32 _)) {
      evidence.put("taken_over_from", from.toString());
    }
  }

  private Outcome done(Effect effect, Hash32 tx, Optional<Long> number, ObjectNode evidence)
      throws ChainException {
    BlockRef block = access.block(number);
    return new Outcome.Done(
        new Outcome.Receipt(
            effect, tx, block.number(), block.time(), CanonicalJson.write(evidence).toUtf8()));
  }

  private Outcome settled(Permit permit, ObjectNode evidence) throws ChainException {
    GuardianContract guardian = guardian(permit);
    Optional<Sent> sent = lane.sent(permit.digest());
    Optional<MinedTransaction> mined = sent.flatMap(lane::mined);
    if (mined.isPresent()) {
      return mined(permit, mined.get(), evidence);
    }
    Action action = permit.action();
    Use use = Use.of(action.trigger());
    if (action.trigger().claim().where().isPresent()
        && guardian.consumed(
            action.mandateId(), use.kind(), action.trigger().claim().where().get(), use.tx())) {
      evidence.put("settled", "the guardian has this use on record");
      Hash32 tx = sent.map(Sent::tx).orElse(Hash32.ZERO);
      return done(Effect.PAUSED, tx, Optional.empty(), evidence);
    }
    if (sent.isEmpty()) {
      return new Outcome.Refused(Outcome.Refusal.DROPPED, "it was never sent");
    }
    if (access.nonce(lane.address()) > sent.get().nonce()) {
      return new Outcome.Refused(
          Outcome.Refusal.DROPPED,
          "another transaction took nonce " + sent.get().nonce() + " of " + lane.account());
    }
    if (lane.all(permit.digest()).stream().anyMatch(rung -> access.knows(rung.tx()))) {
      return new Outcome.Unknown(sent.get().tx() + " still waits to be mined");
    }
    return new Outcome.Refused(
        Outcome.Refusal.DROPPED, "no endpoint holds " + sent.get().tx() + " any more");
  }
}
