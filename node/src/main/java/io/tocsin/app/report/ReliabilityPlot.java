package io.tocsin.app.report;

import io.tocsin.detect.evaluate.Reliability;
import java.util.Locale;

/**
 * A reliability diagram: the probability that was said against the share that turned out to be
 * attacks. On the diagonal both are the same.
 */
final class ReliabilityPlot {
  private static final int SIDE = 320;
  private static final int LEFT = 56;
  private static final int TOP = 14;

  private ReliabilityPlot() {}

  static void draw(Html page, Reliability reliability) {
    page.open(
        "svg",
        "viewBox",
        "0 0 " + (LEFT + SIDE + 20) + " " + (TOP + SIDE + 50),
        "width",
        "400",
        "height",
        "388",
        "role",
        "img",
        "aria-label",
        "Reliability diagram");
    for (int tenth = 0; tenth <= 10; tenth += 2) {
      double share = tenth / 10.0;
      line(page, "grid", x(0), y(share), x(1), y(share));
      line(page, "grid", x(share), y(0), x(share), y(1));
      label(page, x(share), y(0) + 18, "middle", tenth * 10 + " %");
      label(page, x(0) - 8, y(share) + 4, "end", tenth * 10 + " %");
    }
    line(page, "ideal", x(0), y(0), x(1), y(1));
    for (Reliability.Point point : reliability.points()) {
      double at = x(point.probability());
      line(page, "bar", at, y(point.low()), at, y(point.high()));
      page.open(
              "circle", "class", "dot", "cx", number(at), "cy", number(y(point.share())), "r", "5")
          .element(
              "title",
              String.format(
                  Locale.ROOT,
                  "said %.1f %%: %d of %d were attacks",
                  100 * point.probability(),
                  point.attacks(),
                  point.transactions()))
          .close();
    }
    label(page, x(0.5), y(0) + 40, "middle", "probability that was said");
    page.element(
        "text",
        "share that were attacks",
        "x",
        "12",
        "y",
        number(y(0.5)),
        "text-anchor",
        "middle",
        "transform",
        "rotate(-90 12 " + number(y(0.5)) + ")");
    page.close();
  }

  private static double x(double share) {
    return LEFT + share * SIDE;
  }

  private static double y(double share) {
    return TOP + (1 - share) * SIDE;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static void line(
      Html page, String kind, double fromX, double fromY, double toX, double toY) {
    page.element(
        "line",
        "",
        "class",
        kind,
        "x1",
        number(fromX),
        "y1",
        number(fromY),
        "x2",
        number(toX),
        "y2",
        number(toY));
  }

  private static void label(Html page, double atX, double atY, String anchor, String text) {
    page.element(
        "text", text, "x", number(atX), "y", number(atY), "text-anchor", anchor, "class", "tick");
  }
}
