package io.tocsin.app.demo;

import io.tocsin.app.demo.ActResult.Fate;
import io.tocsin.app.demo.ActResult.Losses;
import io.tocsin.app.demo.ActResult.Scene;
import io.tocsin.app.demo.ActResult.Story;
import io.tocsin.app.demo.MempoolRound.Plan;
import io.tocsin.app.demo.MempoolRound.Producer;
import io.tocsin.app.demo.MempoolRound.Result;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Act five: an attack that everybody sees before it is mined, in four rounds. */
final class MempoolAct implements Act {
  /** Blocks in which a node takes note that its pause was lifted. */
  private static final int NOTICE = 2;

  private final Stagecraft stage;
  private final Lender lender;
  private final BigDecimal control;
  private final List<Plan> plans;

  /**
   * @param control what the attack took when nobody defended
   * @param delay blocks from the attack to the first that is not empty, with more for bidding
   */
  MempoolAct(Stagecraft stage, BigDecimal control, int delay) {
    this.stage = stage;
    this.lender = stage.world().fresh();
    this.control = control;
    this.plans =
        List.of(
            new Plan("an ordinary tip", delay, false, Producer.HONEST),
            new Plan("an attacker who bids", delay + 2, true, Producer.HONEST),
            new Plan("a censored pool", delay, false, Producer.OVERLOOKING),
            new Plan("a builder who censors", delay, false, Producer.CENSORING));
  }

  @Override
  public Scene scene() {
    return new Scene("mempool", "The pause overtakes an attack in the public pool");
  }

  @Override
  public ActResult play() throws InterruptedException {
    introduce();
    BlockBuilder builder = lender.chain().builder();
    builder.announcePool();
    Map<Plan, Result> results = new LinkedHashMap<>();
    List<Fate> fates = new ArrayList<>();
    for (Plan plan : plans) {
      if (!results.isEmpty()) {
        lift(builder);
      }
      Result result = new MempoolRound(stage, plan).play();
      results.put(plan, result);
      fates.add(
          new Fate(
              lender.name() + ", " + plan.name(),
              lender.chain().id().toString(),
              result.lost().signum() > 0,
              lender.paused()));
    }
    List<Result> rounds = List.copyOf(results.values());
    Story story = stage.story(rounds.getFirst().attack());
    stage.screen().line("    round 1, as the nodes saw it:");
    stage.tell(story);
    table(results);
    Result last = rounds.getLast();
    boolean good =
        rounds.stream().limit(rounds.size() - 1).allMatch(MempoolAct::saved)
            && !last.ahead()
            && last.lost().signum() > 0;
    String failure = "expected three rounds won and the one with the censoring builder lost";
    stage
        .screen()
        .verdict(
            good,
            good
                ? "the pause overtook the attack, outbid one that bids, and came as a bundle where"
                    + " the public pool was censored; against a builder who leaves it out nothing"
                    + " helps, and that round is lost"
                : failure);
    stage.screen().gap();
    BigDecimal with = rounds.stream().map(Result::lost).reduce(BigDecimal.ZERO, BigDecimal::add);
    return new ActResult(
        scene(),
        story,
        new Losses(control.multiply(BigDecimal.valueOf(rounds.size())), with),
        stage.town().chronicle().certificate(rounds.getFirst().attack()),
        fates,
        good ? Optional.empty() : Optional.of(failure));
  }

  /** Again, if a certificate about a replaced attack came late and paused it once more. */
  private void lift(BlockBuilder builder) throws InterruptedException {
    do {
      stage.lift(lender);
      boolean _ = builder.awaitBlock(builder.head().number() + NOTICE, Stagecraft.PATIENCE);
    } while (lender.paused());
  }

  private static boolean saved(Result round) {
    return round.ahead() && round.lost().signum() == 0;
  }

  private void introduce() {
    Screen screen = stage.screen();
    screen.say(Screen.Tone.TITLE, "Act 5  Public mempool");
    screen.note(
        "from here on the endpoints of chain one announce what waits to be mined; Dogwood's lender"
            + " is a fresh sister with a mandate for pending attacks, which come through the public"
            + " pool");
    screen.note(
        "round 1: an ordinary tip; round 2: the attacker bids four times what the pause does, up to"
            + " "
            + MempoolRound.gwei(MempoolRound.LIMIT)
            + " (the responder's own limit is 100); round 3: the public pool that the builder has"
            + " lacks the pause, but he takes bundles; round 4: the builder leaves the pause out,"
            + " whichever way it comes, until the attack is mined");
    screen.note(
        "attack and pause race for one block, the next that is not empty: number "
            + plans.get(0).blocks()
            + " from the attack on, number "
            + plans.get(1).blocks()
            + " in round 2");
  }

  private void table(Map<Plan, Result> results) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "round",
            "attack bids",
            "last tip",
            "pause bids",
            "last tip",
            "pause mined",
            "attack mined",
            "lost without",
            "lost with"));
    results.forEach((plan, result) -> rows.add(row(plan, result)));
    stage.screen().table(rows);
  }

  private List<String> row(Plan plan, Result result) {
    List<GuardianWatch.Call> pauses = result.pauses();
    return List.of(
        plan.name(),
        Integer.toString(result.bids().size()),
        MempoolRound.gwei(result.bids().getLast().tip()),
        Integer.toString(pauses.size()),
        pauses.isEmpty() ? "-" : MempoolRound.gwei(pauses.getLast().body().fees().tip()),
        result
            .pause()
            .flatMap(GuardianWatch.Call::place)
            .map(at -> "block " + at.number() + (result.ahead() ? ", ahead" : ", too late"))
            .orElse("never"),
        "block " + result.mined().head().number(),
        Stagecraft.dollars(control),
        Stagecraft.dollars(result.lost()));
  }
}
