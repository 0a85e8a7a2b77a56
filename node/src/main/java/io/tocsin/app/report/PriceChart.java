package io.tocsin.app.report;

import io.tocsin.detect.PriceSources.Kind;
import io.tocsin.detect.PriceSources.Reading;
import io.tocsin.detect.PriceSources.Source;
import io.tocsin.detect.explain.Incident;
import io.tocsin.detect.explain.Story;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The prices that a transaction shows, each against its first value, over the frames that read
 * them: a drawing, and the same as a table.
 */
final class PriceChart {
  private static final int MAX_SOURCES = 6;

  /** A price whose highest and lowest value are nearer to each other has not moved. */
  private static final double MOVED = 1.005;

  private static final int MAX_LISTED = 40;

  /** Of more readings, the lowest, the highest and the last of each part are drawn. */
  private static final int PARTS = 100;

  private static final int MAX_HITS = 60;
  private static final int LEFT = 70;
  private static final int TOP = 16;
  private static final int WIDTH = 830;
  private static final int HEIGHT = 280;

  private final Html page;
  private final Incident.View view;
  private final List<Source> drawn;
  private final int frames;
  private double low = 1;
  private double high = 1;

  private PriceChart(Html page, Incident.View view, List<Source> drawn) {
    this.page = page;
    this.view = view;
    this.drawn = drawn;
    this.frames = Math.max(1, view.facts().trace().frames().size() - 1);
    for (Source source : drawn) {
      double first = first(source);
      low = Math.min(low, source.lowest() / first);
      high = Math.max(high, source.highest() / first);
    }
    low /= 1.1;
    high *= 1.1;
  }

  /** Draws the prices of {@code view}; {@code proof} are the frames to be marked. */
  static void draw(Html page, Incident.View view, Set<Integer> proof) {
    List<Source> sources = new ArrayList<>(view.facts().prices());
    sources.sort(Comparator.comparingDouble(s -> -s.highest() / s.lowest()));
    if (sources.isEmpty()) {
      page.element("p", "The trace shows no price: nobody asks a pool, a share or an oracle.");
      return;
    }
    List<Source> moved = sources.stream().filter(s -> s.highest() / s.lowest() >= MOVED).toList();
    if (!moved.isEmpty()) {
      List<Source> drawn = moved.stream().limit(MAX_SOURCES).toList();
      new PriceChart(page, view, drawn).chart(proof);
      table(page, view, moved);
    }
    int still = sources.size() - moved.size();
    if (still > 0) {
      page.element(
          "p",
          Figures.count(still)
              + (moved.isEmpty() ? "" : " more")
              + (still == 1 ? " price was" : " prices were")
              + " read and moved by less than half a percent.");
    }
  }

  private static double first(Source source) {
    return source.readings().getFirst().price();
  }

  private void chart(Set<Integer> proof) {
    page.open(
        "svg",
        "viewBox",
        "0 0 " + (LEFT + WIDTH + 110) + " " + (TOP + HEIGHT + 46),
        "width",
        "1010",
        "height",
        "342",
        "role",
        "img",
        "aria-label",
        "Chart of "
            + drawn.size()
            + " prices over the calls of the transaction; the table below"
            + " holds the same");
    axes();
    proof.stream()
        .sorted()
        .limit(MAX_HITS)
        .forEach(f -> line("hit", x(f), TOP, x(f), (double) TOP + HEIGHT));
    List<Double> labels = new ArrayList<>();
    for (int i = 0; i < drawn.size(); i++) {
      series(drawn.get(i), i, labels);
    }
    page.close();
    page.element(
        "p",
        "Each price against its first value, on a logarithmic scale; the number of the call runs"
            + " to the right"
            + (proof.isEmpty() ? "" : ", with upright lines where a call proves a finding")
            + ". “Before” is the state before the transaction, where it was read.",
        "class",
        "small");
  }

  private void axes() {
    double decades = Math.log10(high / low);
    for (double tick : ticks(decades)) {
      if (tick >= low && tick <= high) {
        line("grid", LEFT, y(tick), (double) LEFT + WIDTH, y(tick));
        text(LEFT - 8.0, y(tick) + 4, "end", "tick", "×" + Story.factor(tick));
      }
    }
    for (int fourth = 0; fourth <= 4; fourth++) {
      int frame = (int) Math.round(frames * fourth / 4.0);
      text(x(frame), TOP + HEIGHT + 18.0, "middle", "tick", "#" + frame);
    }
    text(x(-1), TOP + HEIGHT + 36.0, "start", "tick", "before");
    text(LEFT + WIDTH / 2.0, TOP + HEIGHT + 36.0, "middle", "tick", "call");
  }

  /** Powers of ten, or, where the prices are close to each other, round factors. */
  private List<Double> ticks(double decades) {
    List<Double> all = new ArrayList<>();
    if (decades > 1.2) {
      int step = (int) Math.ceil(decades / 7);
      for (int e = (int) Math.floor(Math.log10(low)); e <= Math.log10(high); e++) {
        if (e % step == 0) {
          all.add(Math.pow(10, e));
        }
      }
      return all;
    }
    double ratio = Math.pow(high / low, 1 / 5.0);
    for (int k = -5; k <= 5; k++) {
      all.add(Math.pow(ratio, k));
    }
    return all;
  }

  private void series(Source source, int number, List<Double> labels) {
    StringBuilder path = new StringBuilder();
    double first = first(source);
    double last = y(1);
    for (Reading reading : thinned(source.readings())) {
      double at = y(reading.price() / first);
      String x = number(x(reading.frame()));
      if (path.isEmpty()) {
        path.append("M").append(x).append(' ').append(number(at));
      } else {
        path.append("H").append(x).append("V").append(number(at));
      }
      last = at;
    }
    path.append("H").append(number((double) LEFT + WIDTH));
    page.element("path", "", "class", "line s" + number, "d", path.toString());
    for (Reading reading : thinned(source.readings())) {
      page.element(
          "circle",
          "",
          "class",
          "p" + number,
          "cx",
          number(x(reading.frame())),
          "cy",
          number(y(reading.price() / first)),
          "r",
          "2.5");
    }
    double label = last + 4;
    while (labels.stream().anyMatch(near(label))) {
      label += 13;
    }
    labels.add(label);
    text(
        LEFT + WIDTH + 6.0, label, "start", "p" + number, brief(view.names().of(source.address())));
  }

  private static Predicate<Double> near(double place) {
    return other -> Math.abs(other - place) < 12;
  }

  private static String brief(String name) {
    int quote = name.indexOf(" “");
    return quote < 0 ? name : name.substring(0, quote);
  }

  private static List<Reading> thinned(List<Reading> all) {
    if (all.size() <= 3 * PARTS) {
      return all;
    }
    List<Reading> some = new ArrayList<>();
    for (int part = 0; part < PARTS; part++) {
      List<Reading> slice =
          all.subList(
              (int) ((long) all.size() * part / PARTS),
              (int) ((long) all.size() * (part + 1) / PARTS));
      Reading low = slice.stream().min(Comparator.comparingDouble(Reading::price)).orElseThrow();
      Reading high = slice.stream().max(Comparator.comparingDouble(Reading::price)).orElseThrow();
      slice.stream()
          .filter(r -> r.equals(low) || r.equals(high) || r.equals(slice.getLast()))
          .forEach(some::add);
    }
    return some;
  }

  private double x(int frame) {
    return LEFT + 24 + (WIDTH - 24.0) * Math.max(frame, 0) / frames - (frame < 0 ? 24 : 0);
  }

  private double y(double factor) {
    double share = Math.log(factor / low) / Math.log(high / low);
    return TOP + HEIGHT * (1 - share);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private void line(String kind, double fromX, double fromY, double toX, double toY) {
    page.element(
        "path",
        "",
        "class",
        kind,
        "d",
        "M" + number(fromX) + " " + number(fromY) + "L" + number(toX) + " " + number(toY));
  }

  private void text(double atX, double atY, String anchor, String kind, String text) {
    page.element(
        "text", text, "x", number(atX), "y", number(atY), "text-anchor", anchor, "class", kind);
  }

  private static void table(Html page, Incident.View view, List<Source> sources) {
    List<List<String>> rows = new ArrayList<>();
    for (Source source : sources.stream().limit(MAX_LISTED).toList()) {
      double first = first(source);
      rows.add(
          List.of(
              view.names().of(source.address()),
              kind(source.kind()),
              Figures.count(source.readings().size()),
              "×" + Story.factor(source.lowest() / first),
              "×" + Story.factor(source.highest() / first),
              "×" + Story.factor(source.readings().getLast().price() / first),
              Story.factor(source.highest() / source.lowest())));
    }
    page.table(
        List.of("source", "shows", "readings", "lowest", "highest", "last", "highest / lowest"),
        rows);
    if (sources.size() > MAX_LISTED) {
      page.element(
          "p", sources.size() - MAX_LISTED + " more sources moved less.", "class", "small");
    }
  }

  private static String kind(Kind kind) {
    return switch (kind) {
      case POOL -> "price of a pool";
      case SHARE -> "worth of a share";
      case VIEW -> "price it answers";
    };
  }
}
