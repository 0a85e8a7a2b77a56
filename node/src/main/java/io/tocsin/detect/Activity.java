package io.tocsin.detect;

import java.util.List;

/**
 * What a transaction looks like by its shape, beside what detectors find: harmless business that
 * resembles an attack, or an attack that resembles business. It never changes a verdict.
 *
 * @param why what was seen that makes it look so, one sentence
 * @param frames the frames that show it
 */
public record Activity(Kind kind, String why, List<Integer> frames) {
  /** What it resembles. */
  public enum Kind {
    ARBITRAGE("arbitrage"),
    LIQUIDATION("liquidation"),
    SANDWICH_LEG("sandwich leg"),
    AGGREGATOR_ROUTE("aggregator route"),
    EXCHANGE("exchange"),
    MIGRATION("migration"),
    REBALANCING("vault rebalancing"),
    BRIDGE_RELEASE("bridge release"),
    AIRDROP_CLAIM("airdrop claim");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    /** What people call it. */
    public String title() {
      return title;
    }
  }

  public Activity {
    frames = List.copyOf(frames);
  }
}
