package io.tocsin.policy;

import io.tocsin.exposure.Exposure;
import io.tocsin.exposure.OwnEvidence;
import io.tocsin.risk.RiskEstimate;
import java.time.Instant;

/** All that a decision depends on, so that it can be recomputed from the log. */
public record Case(
    Protection protection,
    Mandate mandate,
    Occasion occasion,
    Exposure exposure,
    RiskEstimate estimate) {
  /**
   * What happened and what this node knows about it.
   *
   * @param now when the decision is made
   */
  public record Occasion(Alarm alarm, OwnEvidence own, Epochs epochs, Instant now) {}
}
