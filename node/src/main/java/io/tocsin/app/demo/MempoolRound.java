package io.tocsin.app.demo;

import io.tocsin.app.demo.BlockBuilder.Mined;
import io.tocsin.app.demo.BlockBuilder.Terms;
import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.Wei;
import io.tocsin.chain.Fees;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** One race for the pause of Dogwood in the public pool of chain one. */
final class MempoolRound {
  /** What an attacker who bids pays at most for each unit of gas. */
  static final Wei LIMIT = Wei.gwei(30);

  private static final Duration REACTION = Duration.ofMillis(10);
  private static final Duration SETTLE = Duration.ofSeconds(20);

  private final Stagecraft stage;
  private final Lender lender;
  private final BlockBuilder builder;
  private final Plan plan;
  private final List<Fees> bids = new ArrayList<>();

  MempoolRound(Stagecraft stage, Plan plan) {
    this.stage = stage;
    this.lender = stage.world().fresh();
    this.builder = lender.chain().builder();
    this.plan = plan;
  }

  /**
   * Who does what.
   *
   * @param name of the round
   * @param blocks after which the first block comes that is not empty; 1 is the next
   * @param bidder whether the attacker bids above what he sees
   * @param producer who makes the block
   */
  record Plan(String name, int blocks, boolean bidder, Producer producer) {}

  /** Who makes the block for which attack and pause race. */
  enum Producer {
    /** Has the whole public pool, and takes no bundles. */
    HONEST,
    /** Has a public pool from which others keep the pause away, and takes bundles. */
    OVERLOOKING,
    /** Leaves the pause out, whichever way it comes, until the attack is mined. */
    CENSORING
  }

  /**
   * How it went.
   *
   * @param attack its first transaction
   * @param bids of the attacker
   * @param pauses every bid of the responder, in order
   * @param mined where an attack of this round was mined
   * @param ahead whether a pause was mined in an earlier block or before it in the same
   * @param lost dollars in this round
   */
  record Result(
      Hash32 attack,
      List<Fees> bids,
      List<GuardianWatch.Call> pauses,
      Mined mined,
      boolean ahead,
      BigDecimal lost) {
    Result {
      bids = List.copyOf(bids);
      pauses = List.copyOf(pauses);
    }

    /** The pause that was mined, if one was. */
    Optional<GuardianWatch.Call> pause() {
      return pauses.stream().filter(p -> p.place().isPresent()).findFirst();
    }
  }

  /** Plays it, from the beginning of a slot on. */
  Result play() throws InterruptedException {
    BigDecimal before = lender.lost();
    long next = builder.head().number() + 1;
    switch (plan.producer) {
      case HONEST -> builder.rules().takeBundles(BlockPlan.Placement.NONE);
      case OVERLOOKING -> {
        builder.rules().overlook(guardian());
        builder.rules().takeBundles(BlockPlan.Placement.BY_PRICE);
      }
      case CENSORING -> {
        builder.rules().censor(guardian());
        builder.rules().takeBundles(BlockPlan.Placement.BY_PRICE);
      }
    }
    boolean _ = builder.awaitBlock(next, Stagecraft.PATIENCE);
    long minable = next + plan.blocks;
    builder.rules().leaveEmptyBefore(minable);
    Terms terms = Terms.publicFrom(minable);
    Attacker attacker = stage.world().attacker();
    Hash32 first = attacker.rob(lender, terms);
    bids.add(Wallet.ordinaryFees());
    Hash32 last = first;
    Optional<Mined> mined = builder.await(last, REACTION);
    long end = System.nanoTime() + Stagecraft.PATIENCE.toNanos();
    while (mined.isEmpty() && System.nanoTime() - end < 0) {
      Optional<Fees> bid = plan.bidder ? answer(first) : Optional.empty();
      if (bid.isPresent()) {
        last = attacker.rebid(lender, bid.get(), terms).orElse(last);
        bids.add(bid.get());
      }
      mined = builder.await(last, REACTION);
    }
    if (mined.isEmpty()) {
      throw new Act.Failed("the attack on " + lender.name() + " was never mined");
    }
    builder.rules().takeEverything();
    boolean _ =
        stage
            .town()
            .chronicle()
            .await(_ -> pauses(first).stream().anyMatch(MempoolRound::done), SETTLE);
    return result(first, last, mined.get(), lender.lost().subtract(before));
  }

  private Address guardian() {
    return Optional.ofNullable(stage.town().guardians().get(lender)).orElseThrow().contract();
  }

  private static boolean done(GuardianWatch.Call call) {
    return call.place().isPresent();
  }

  private List<GuardianWatch.Call> pauses(Hash32 attack) {
    return stage.town().calls(attack).stream()
        .sorted(Comparator.comparingLong(GuardianWatch.Call::accepted))
        .toList();
  }

  /** Four times what the newest pause pays, up to the limit, if that is more than he bids now. */
  private Optional<Fees> answer(Hash32 attack) {
    List<GuardianWatch.Call> pauses = pauses(attack);
    Wei mine = bids.getLast().tip();
    if (pauses.isEmpty() || mine.compareTo(LIMIT) >= 0) {
      return Optional.empty();
    }
    Wei theirs = pauses.getLast().body().fees().tip();
    if (theirs.compareTo(mine) < 0) {
      return Optional.empty();
    }
    Wei more = theirs.times(4);
    Wei tip = more.compareTo(LIMIT) < 0 ? more : LIMIT;
    return Optional.of(new Fees(bids.getLast().cap().times(2), tip));
  }

  private Result result(Hash32 first, Hash32 last, Mined mined, BigDecimal lost) {
    List<GuardianWatch.Call> pauses = pauses(first);
    boolean ahead =
        pauses.stream()
            .flatMap(p -> p.place().stream().map(at -> ahead(p.body().hash(), at, last, mined)))
            .anyMatch(yes -> yes);
    return new Result(first, bids, pauses, mined, ahead, lost);
  }

  private static boolean ahead(Hash32 pause, GuardianWatch.Place at, Hash32 attack, Mined mined) {
    return at.number() < mined.head().number()
        || (at.number() == mined.head().number()
            && mined.transactions().indexOf(pause) < mined.transactions().indexOf(attack));
  }

  /** An amount for each unit of gas, for people. */
  static String gwei(Wei amount) {
    return new BigDecimal(amount.amount(), 9).setScale(2, RoundingMode.HALF_EVEN) + " gwei";
  }
}
