package io.tocsin.app.report;

import io.tocsin.base.ChainId;
import io.tocsin.detect.evaluate.PastBlock.Fire;
import io.tocsin.detect.evaluate.Retrospect;
import io.tocsin.detect.evaluate.Retrospect.Averted;
import io.tocsin.detect.evaluate.Retrospect.Pause;
import io.tocsin.detect.evaluate.Retrospect.Right;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What would have come of watching some contracts, as a page. */
public final class RetrospectPage {
  private static final int LISTED = 200;

  private final Html page;
  private final Retrospect retrospect;

  private RetrospectPage(Retrospect retrospect, String title) {
    this.retrospect = retrospect;
    this.page = new Html(title, ExplainStyle.CSS);
  }

  /** The page as HTML. */
  public static String write(Retrospect retrospect, ChainId chain, long from, long to) {
    String title = "Blocks " + from + " to " + to + " of " + chain + ", replayed";
    return new RetrospectPage(retrospect, title).page(title);
  }

  private String page(String title) {
    page.open("main").element("h1", title);
    retrospect.rules().watched().forEach(w -> page.element("p", w.toString(), "class", "hash"));
    cards();
    page.element(
        "p",
        "A finding about any of these contracts is supposed to pause all of them, from "
            + retrospect.rules().delay()
            + " blocks later on and for "
            + retrospect.rules().pause().toMinutes()
            + " minutes. The transaction that is found first is not stopped by this; what comes"
            + " while the pause holds is kept out. What would have happened instead nobody knows:"
            + " an attacker might have come back, and others might have waited.");
    pauses();
    List<Pause> all = retrospect.pauses().stream().limit(LISTED).toList();
    for (int i = 0; i < all.size(); i++) {
      pause(i + 1, all.get(i));
    }
    missed();
    page.element(
        "p",
        "Amounts are in the smallest units of an asset. "
            + retrospect.unjudged()
            + " transactions could not be judged, which is not the same as clean. The page loads"
            + " nothing and runs nothing.",
        "class",
        "small");
    return page.finish();
  }

  private void cards() {
    long wrong = count(Right.FALSE_ALARM);
    int averted = retrospect.pauses().stream().mapToInt(p -> p.averted().size()).sum();
    page.open("div", "class", "cards");
    card(Figures.count(retrospect.pauses().size()), "pauses");
    card(
        retrospect.rules().attacks().isEmpty() ? "not said" : Figures.count((int) wrong),
        "false pauses; which ones are is said by naming the known attacks");
    card(Figures.count(averted), "later attacks that a pause would have kept out");
    card(Figures.count(retrospect.missed().size()), "known attacks that were missed");
    card(
        Figures.count(retrospect.transactions()),
        "transactions touched the contracts, in "
            + String.format(Locale.ROOT, "%,d", retrospect.blocks())
            + " blocks");
    page.close();
  }

  private long count(Right right) {
    return retrospect.pauses().stream().filter(p -> p.right() == right).count();
  }

  private void card(String big, String small) {
    page.open("div", "class", "card").element("p", big, "class", "big").element("p", small).close();
  }

  private void pauses() {
    page.element("h2", "Pauses");
    if (retrospect.pauses().isEmpty()) {
      page.element("p", "Nothing would have fired.");
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    for (Pause pause : retrospect.pauses().stream().limit(LISTED).toList()) {
      rows.add(
          List.of(
              Long.toString(pause.by().block()),
              pause.by().time().toString(),
              pause.right().title(),
              Figures.percent(pause.by().probability()),
              Figures.count(pause.averted().size()),
              lead(pause),
              Figures.count(pause.others().transactions()),
              Figures.count(pause.others().senders()),
              pause.by().tx().toString()));
    }
    page.table(
        List.of(
            "block",
            "time",
            "right or wrong",
            "probability",
            "attacks kept out",
            "first of them after",
            "others kept out",
            "senders",
            "transaction"),
        rows);
    if (retrospect.pauses().size() > LISTED) {
      page.element("p", retrospect.pauses().size() - LISTED + " more pauses are not shown.");
    }
  }

  private static String lead(Pause pause) {
    return pause.averted().stream()
        .findFirst()
        .map(a -> a.lead().toSeconds() + " s, " + a.blocks() + " blocks")
        .orElse("");
  }

  private void pause(int number, Pause pause) {
    page.element("h3", "Pause " + number + ", block " + pause.by().block());
    page.element("p", pause.by().tx().toString(), "class", "hash");
    page.open("ul", "class", "text");
    pause.by().fires().forEach(f -> page.element("li", "Not stopped: " + fire(f)));
    for (Averted later : pause.averted().stream().limit(LISTED).toList()) {
      for (Fire fire : later.fired().fires()) {
        page.element(
            "li",
            "Kept out, "
                + later.lead().toSeconds()
                + " s later, in block "
                + later.fired().block()
                + ": "
                + fire(fire));
      }
    }
    page.element(
        "li",
        "Its cost: "
            + Figures.count(pause.others().transactions())
            + " other transactions of "
            + Figures.count(pause.others().senders())
            + " senders kept out until "
            + pause.until()
            + ", which moved "
            + amounts(pause.others().moved())
            + ".");
    page.close();
  }

  private static String fire(Fire fire) {
    return fire.subject()
        + " lost "
        + amounts(fire.losses())
        + " ("
        + String.join(", ", fire.detectors())
        + "). "
        + fire.summary();
  }

  private static String amounts(Map<String, BigInteger> amounts) {
    return amounts.isEmpty()
        ? "nothing"
        : amounts.entrySet().stream()
            .map(e -> String.format(Locale.ROOT, "%,d of %s", e.getValue(), e.getKey()))
            .collect(Collectors.joining(", "));
  }

  private void missed() {
    if (retrospect.missed().isEmpty()) {
      return;
    }
    page.element("h2", "Known attacks that were missed");
    page.table(
        List.of("transaction", "why"),
        retrospect.missed().stream().map(m -> List.of(m.tx().toString(), m.why())).toList());
  }
}
