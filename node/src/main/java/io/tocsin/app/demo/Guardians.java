package io.tocsin.app.demo;

import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.identity.Federation;
import io.tocsin.identity.Roster;
import io.tocsin.identity.Seat;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Lever;
import io.tocsin.policy.Limits;
import io.tocsin.policy.SubjectTree;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Founds the lenders' guardians: each may pause its lender on a certificate about the lender itself
 * (direct) or about one of its sisters (derived), Dogwood's on what waits to be mined (pending).
 */
final class Guardians {
  /** How long a trip pauses; below half of the cap, so that derived trips may use it. */
  static final Duration PAUSE = Duration.ofHours(6);

  /** How long a pending claim pauses, at most 25 blocks. */
  static final Duration BRIEF = Duration.ofSeconds(25);

  /** The most pause in 30 days. */
  static final Duration CAP = Duration.ofDays(3);

  static final Duration COOLDOWN = Duration.ofSeconds(30);
  static final int USES = 5;

  /** The dollars that a sister must lose before the others pause. */
  static final long FLOOR = 1_000;

  private static final Duration DELAY = Duration.ofDays(1);

  /** What the lenders of the first acts are guarded against. */
  static final List<BudgetClass> MINED = List.of(BudgetClass.DIRECT, BudgetClass.DERIVED);

  /** What Dogwood is guarded against: what is not mined yet. */
  static final List<BudgetClass> WAITING = List.of(BudgetClass.PENDING);

  private final Federation federation;
  private final Roster roster;
  private final Function<BudgetClass, Limits> limits;

  /** For a federation with its founding roster; mandates have {@code limits}. */
  Guardians(Federation federation, Roster roster, Function<BudgetClass, Limits> limits) {
    this.federation = federation;
    this.roster = roster;
    this.limits = limits;
  }

  /**
   * Deploys the guardian of {@code ward} with a mandate of each of its classes, which {@code
   * responder} may trip, and appoints it.
   */
  DemoTown.Guard found(Ward ward, Address responder) {
    Lender lender = ward.lender();
    Deployer deployer = lender.chain().deployer();
    List<Object> mandates = new ArrayList<>();
    ward.limits().forEach((type, limits) -> mandates.add(mandate(type, limits, ward, responder)));
    Address guardian =
        deployer.deploy(
            Artifact.own("Guardian"),
            List.of(
                deployer.address(),
                federation.id(),
                DELAY.toSeconds(),
                DELAY.toSeconds(),
                CAP.toSeconds()),
            roster(),
            mandates);
    lender.appoint(guardian);
    deployer.fund(responder);
    deployer.settle();
    Bytes answer =
        Deployer.answer(lender.chain().builder().chain(), guardian, AbiCalls.call("mandateIds()"));
    List<Hash32> ids = new ArrayList<>();
    for (int i = 0; i < mandates.size(); i++) {
      ids.add(Hash32.of(answer.slice(64 + 32 * i, 96 + 32 * i).toArray()));
    }
    return new DemoTown.Guard(guardian, ward.classes(), ids);
  }

  private List<Object> roster() {
    List<Object> seats = roster.seats().stream().<Object>map(Guardians::seat).toList();
    return List.of(
        roster.epoch(),
        roster.parent(),
        roster.term().from().getEpochSecond(),
        roster.term().until().getEpochSecond(),
        seats,
        roster.details());
  }

  private static List<Object> seat(Seat seat) {
    return List.of(seat.account(), seat.weight(), seat.operator());
  }

  private static List<Object> mandate(
      BudgetClass type, Limits bounds, Ward ward, Address responder) {
    Lever lever = lever(ward.lender());
    Lever.Probe probe = lever.calls().probe();
    List<AccountId> subjects =
        type == BudgetClass.DERIVED
            ? ward.siblings().stream().map(Lender::account).toList()
            : List.of(ward.lender().account());
    return List.of(
        List.of(
            lever.target(),
            lever.safe(),
            lever.calls().call(),
            lever.calls().release(),
            List.of(probe.account(), probe.call(), probe.mask(), probe.expected())),
        type.code(),
        type.kinds(),
        List.of(responder),
        SubjectTree.of(subjects).root(),
        List.of(
            bounds.maxAge().toSeconds(),
            bounds.uses(),
            bounds.cooldown().toSeconds(),
            bounds.duration().toSeconds(),
            bounds.expiry().getEpochSecond()));
  }

  /** The pause of a lender. */
  static Lever lever(Lender lender) {
    Hash32 yes = Hash32.of(word(BigInteger.ONE));
    Hash32 all = Hash32.of(word(BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE)));
    return new Lever(
        "pause",
        lender.address(),
        Address.ZERO,
        new Lever.Calls(
            AbiCalls.call("pause()"),
            AbiCalls.call("unpause()"),
            new Lever.Probe(lender.address(), AbiCalls.call("paused()"), all, yes)),
        1,
        lender.blocked());
  }

  private static byte[] word(BigInteger number) {
    byte[] digits = number.toByteArray();
    byte[] word = new byte[32];
    int from = Math.max(0, digits.length - 32);
    System.arraycopy(digits, from, word, 32 - (digits.length - from), digits.length - from);
    return word;
  }

  /** A lender with a mandate of each of {@code classes}. */
  Ward ward(Lender lender, List<BudgetClass> classes, List<Lender> siblings) {
    Map<BudgetClass, Limits> bounds = new EnumMap<>(BudgetClass.class);
    classes.forEach(type -> bounds.put(type, limits.apply(type)));
    return new Ward(lender, siblings, FLOOR, bounds);
  }

  /** What the demonstration's mandates are bounded by, until {@code expiry}. */
  static Limits limits(BudgetClass type, Instant expiry) {
    return switch (type) {
      case DIRECT, DERIVED -> new Limits(Limits.MAX_AGE, USES, COOLDOWN, PAUSE, expiry);
      case PENDING -> new Limits(Limits.MAX_AGE, 2 * USES, Duration.ofSeconds(1), BRIEF, expiry);
      case LOCAL -> new Limits(Duration.ZERO, 2 * USES, Duration.ofSeconds(1), BRIEF, expiry);
    };
  }
}
