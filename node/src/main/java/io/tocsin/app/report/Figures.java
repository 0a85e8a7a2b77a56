package io.tocsin.app.report;

import io.tocsin.detect.evaluate.Tally;
import java.util.Locale;

/** Numbers as they stand on a page. */
final class Figures {
  private Figures() {}

  static String count(int number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String outOf(int some, Tally tally) {
    return count(some) + " of " + count(tally.total());
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  static String rate(Tally tally, int some) {
    return String.format(Locale.ROOT, "%,.1f", tally.perTenThousand(some));
  }
}
