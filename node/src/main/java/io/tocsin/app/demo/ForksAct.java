package io.tocsin.app.demo;

import io.tocsin.app.demo.ActResult.Losses;
import io.tocsin.app.demo.ActResult.Scene;
import io.tocsin.app.demo.ActResult.Story;
import io.tocsin.app.demo.BlockBuilder.Mined;
import io.tocsin.app.demo.BlockBuilder.Terms;
import io.tocsin.base.Hash32;
import io.tocsin.pipeline.Stage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Act two: Alder is robbed, and its sisters pause before the attacker reaches them. */
final class ForksAct implements Act {
  /** How long the receipts of pauses may take after the attacks were mined. */
  private static final Duration SETTLE = Duration.ofSeconds(3);

  private final Stagecraft stage;
  private final Map<Lender, BigDecimal> control;
  private final int delay;

  /**
   * @param control what the same attack took when nobody defended
   * @param delay blocks from Alder's receipt to the first block that may hold the other attacks
   */
  ForksAct(Stagecraft stage, Map<Lender, BigDecimal> control, int delay) {
    this.stage = stage;
    this.control = control;
    this.delay = delay;
  }

  @Override
  public Scene scene() {
    return new Scene("forks", "Sister protocols on two chains pause before the copies arrive");
  }

  @Override
  public ActResult play() throws InterruptedException {
    introduce();
    DemoWorld world = stage.world();
    Lender alder = world.alder();
    Hash32 first = world.attacker().rob(alder, Terms.PRIVATE);
    Mined robbed = mined(alder, first);
    Map<Lender, Hash32> attacks = new LinkedHashMap<>();
    for (Lender sister : world.sisters()) {
      long head = sister.chain().builder().head().number();
      attacks.put(sister, world.attacker().rob(sister, Terms.publicFrom(head + delay)));
    }
    Map<Lender, Mined> reached = new LinkedHashMap<>();
    for (Lender sister : world.sisters()) {
      reached.put(sister, mined(sister, attacks.getOrDefault(sister, first)));
    }
    DemoTown town = stage.town();
    boolean _ = town.chronicle().await(_ -> placed(town.calls(first)), SETTLE);
    Story story = stage.story(first);
    stage.tell(story);
    losses();
    for (Lender sister : world.sisters()) {
      fate(sister, story, reached.getOrDefault(sister, robbed));
    }
    boolean good =
        alder.lost().signum() > 0
            && world.sisters().stream().allMatch(s -> s.paused() && s.lost().signum() == 0);
    String failure = "expected Birch and Cedar paused and whole";
    stage
        .screen()
        .verdict(
            good,
            good ? "Birch and Cedar paused themselves before the attacker reached them" : failure);
    stage.screen().gap();
    return new ActResult(
        scene(),
        story,
        new Losses(sum(control), stage.missing()),
        stage.town().chronicle().certificate(first),
        stage.fates(Map.of()),
        good ? Optional.empty() : Optional.of(failure));
  }

  private void introduce() {
    Screen screen = stage.screen();
    screen.say(Screen.Tone.TITLE, "Act 2  One attacker, three forks, two chains");
    screen.note(
        "Alder and Birch live on chain one, Cedar on chain two: one code, one weakness (the spot"
            + " price of a Uniswap v2 pair), a flash loan of Aave v3");
    screen.note(
        "the attack on Alder is private and cannot be stopped; those on Birch and Cedar are"
            + " broadcast when Alder's receipt is there, minable "
            + delay
            + (delay == 1 ? " block later" : " blocks later")
            + ", at an ordinary tip");
    screen.note(
        "the mandates of Birch and Cedar name Alder as a sibling; its minimum age is set to zero"
            + " here, because everything was deployed a minute ago");
  }

  private static Mined mined(Lender lender, Hash32 tx) throws InterruptedException {
    Optional<Mined> block = lender.chain().builder().await(tx, Stagecraft.PATIENCE);
    return block.orElseThrow(
        () -> new Failed("the attack on " + lender.name() + " was never mined"));
  }

  private static boolean placed(List<GuardianWatch.Call> calls) {
    return calls.stream().allMatch(call -> call.place().isPresent());
  }

  private static BigDecimal sum(Map<Lender, BigDecimal> losses) {
    return losses.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private void losses() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("protocol", "chain", "lost without Tocsin", "lost with", "paused"));
    stage
        .world()
        .losses()
        .forEach(
            (lender, lost) ->
                rows.add(
                    List.of(
                        lender.name(),
                        lender.chain().id().toString(),
                        Stagecraft.dollars(control.getOrDefault(lender, BigDecimal.ZERO)),
                        Stagecraft.dollars(lost),
                        lender.paused() ? "yes" : "no")));
    stage.screen().table(rows);
  }

  private void fate(Lender sister, Story story, Mined attack) {
    stage
        .screen()
        .line(
            "    %s: certificate %s, pause accepted %s, pause mined %s; the attack came in block"
                + " %d at %s",
            sister.name(),
            time(story, Stage.CERTIFIED, sister),
            time(story, Stage.SENT, sister),
            time(story, Stage.INCLUDED, sister),
            attack.head().number(),
            Stagecraft.millis(story.millis(attack.nanos())));
  }

  private static String time(Story story, Stage stage, Lender lender) {
    return story.moments().stream()
        .filter(m -> m.stage() == stage && m.node().equals(lender.name()))
        .findFirst()
        .map(m -> Stagecraft.millis(story.millis(m.nanos())))
        .orElse("never");
  }
}
