package io.tocsin.app.report;

import java.util.List;

/**
 * A figure that others published about detecting attacks, as they give it; read in November 2026.
 *
 * @param repeatable whether the source gives data and method to do it again
 */
record PublishedFigure(
    String system, String judges, String recall, String wrongly, String source, String repeatable) {
  private static final String VENDOR = "no: the seller's word";

  /** What was found. They judge different things on different data. */
  static final List<PublishedFigure> ALL =
      List.of(
          new PublishedFigure(
              "Forta Firewall",
              "transactions before inclusion",
              "over 99 %",
              "under 0.0002 % of transactions",
              "Forta docs, FORTRESS AI-based risk scoring",
              VENDOR),
          new PublishedFigure(
              "Hexagate",
              "transactions before they happen",
              "over 98 %",
              "under 0.15 %",
              "a post that relays the seller (binance.bh)",
              VENDOR),
          new PublishedFigure(
              "Forta open contract model V3",
              "contracts at deployment",
              "55.2 %",
              "precision 87.8 %",
              "forta-network/starter-kits",
              "yes"),
          new PublishedFigure(
              "LookAhead",
              "contracts at deployment",
              "F1 score 0.8966",
              "0.16 % of contracts",
              "arXiv 2401.07261",
              "yes"),
          new PublishedFigure(
              "CrossGuard",
              "transactions of one guarded protocol",
              "35 of 37 attacks",
              "0.26 % of transactions",
              "arXiv 2504.05509v2",
              "yes"));
}
