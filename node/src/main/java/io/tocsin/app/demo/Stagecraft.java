package io.tocsin.app.demo;

import io.tocsin.app.demo.ActResult.Fate;
import io.tocsin.app.demo.ActResult.Story;
import io.tocsin.base.Hash32;
import io.tocsin.pipeline.Stage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What all acts share: the world, the town, the screen, and telling the timeline. */
record Stagecraft(DemoWorld world, DemoTown town, Screen screen) {
  /** How long an act waits for what must happen; the attacker may wait a minute himself. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Everything about {@code tx}, counted from the first sight of it. */
  Story story(Hash32 tx) {
    List<Moment> moments = new ArrayList<>(town.chronicle().about(tx));
    town.calls(tx).forEach(call -> moments.addAll(call.moments(tx)));
    moments.sort(Comparator.comparingLong(Moment::nanos));
    Set<List<Object>> reached = new HashSet<>();
    moments.removeIf(m -> !reached.add(List.of(m.stage(), m.node(), m.chain())));
    long origin =
        moments.stream()
            .filter(m -> m.stage() == Stage.SEEN)
            .mapToLong(Moment::nanos)
            .min()
            .orElse(moments.isEmpty() ? 0 : moments.getFirst().nanos());
    return new Story(origin, moments);
  }

  /** Prints when the first and the last node reached each stage. */
  void tell(Story story) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("stage", "first", "last", "nodes", "who came first"));
    for (Stage stage : Stage.values()) {
      List<Moment> reached = story.moments().stream().filter(m -> m.stage() == stage).toList();
      Optional<Moment> first = reached.stream().min(Comparator.comparing(Moment::nanos));
      if (first.isPresent()) {
        Moment last = reached.stream().max(Comparator.comparing(Moment::nanos)).orElseThrow();
        rows.add(
            List.of(
                stage.label(),
                millis(story.millis(first.get().nanos())),
                millis(story.millis(last.nanos())),
                Long.toString(reached.stream().map(Moment::node).distinct().count()),
                first.get().node() + " " + deed(stage)));
      }
    }
    screen.table(rows);
  }

  private static String deed(Stage stage) {
    return switch (stage) {
      case SEEN -> "sees the transaction";
      case SIMULATED -> "has its call tree";
      case DETECTED -> "finds an exploit in it";
      case SIGNED -> "signs a claim";
      case ADMITTED -> "admits a report";
      case ATTESTED -> "attests";
      case CERTIFIED -> "holds a quorum certificate";
      case DECIDED -> "has decided under its mandates";
      case SENT -> "has its pause accepted";
      case INCLUDED -> "has its pause in a block";
      case WITHDRAWN -> "holds an all-clear";
    };
  }

  /** A time for people. */
  static String millis(double value) {
    return String.format(Locale.ROOT, "%+.1f ms", value);
  }

  /** An amount of dollars for people. */
  static String dollars(BigDecimal amount) {
    return String.format(Locale.ROOT, "$%,.0f", amount);
  }

  /** How the lenders stand now, compared with what they had lost when the act began. */
  List<Fate> fates(Map<Lender, BigDecimal> before) {
    return world.losses().entrySet().stream()
        .map(
            entry ->
                new Fate(
                    entry.getKey().name(),
                    entry.getKey().chain().id().toString(),
                    entry.getValue().compareTo(before.getOrDefault(entry.getKey(), BigDecimal.ZERO))
                        > 0,
                    entry.getKey().paused()))
        .toList();
  }

  /** Lets the owners lift the pauses of the act before, so that the next could pause them again. */
  void liftPauses() throws InterruptedException {
    for (Lender lender : world.lenders()) {
      lift(lender);
    }
    screen.note("the owners look, and lift the pauses");
    screen.gap();
  }

  /** Lets the owner of {@code lender} lift its pause. */
  void lift(Lender lender) throws InterruptedException {
    DemoTown.Guard guard = town.guardians().get(lender);
    if (guard != null && lender.paused()) {
      for (Hash32 mandate : guard.mandates()) {
        Hash32 at = lender.chain().deployer().read(guard.contract(), "tripOf(bytes32)", mandate);
        if (!at.isZero()) {
          Hash32 tx = lender.chain().deployer().now(guard.contract(), "lift(bytes32)", mandate);
          var _ = lender.chain().builder().await(tx, PATIENCE);
        }
      }
    }
  }

  /** The dollars missing at all lenders. */
  BigDecimal missing() {
    return world.losses().values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
