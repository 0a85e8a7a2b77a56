package io.tocsin.pipeline;

import io.tocsin.audit.Step;
import io.tocsin.claim.Claim;
import io.tocsin.exposure.Exposure;
import io.tocsin.quorum.Opinion;
import io.tocsin.risk.RiskEstimate;
import java.math.BigDecimal;

/** What happened, as steps of the audit log. */
final class Steps {
  private Steps() {}

  static Step judged(Claim claim, Opinion opinion) {
    String word;
    String reason;
    switch (opinion) {
      case Opinion.Confirm _ -> {
        word = "confirm";
        reason = "";
      }
      case Opinion.Refute(var why) -> {
        word = "refute";
        reason = why.name();
      }
      case Opinion.Abstain(var why, String detail) -> {
        word = "abstain";
        reason = why.name() + ": " + detail;
      }
      case Opinion.Wait _ -> {
        word = "wait";
        reason = "";
      }
    }
    return new Step.Attested(claim.id(), 0, word, reason);
  }

  static Step estimated(Claim claim, Exposure exposure, RiskEstimate estimate) {
    String kind;
    String text;
    switch (estimate) {
      case RiskEstimate.Priced(BigDecimal usd, _) -> {
        kind = "priced";
        text = usd.toPlainString();
      }
      case RiskEstimate.Unknown(var why, String detail) -> {
        kind = "unknown";
        text = why + ": " + detail;
      }
    }
    return new Step.Estimated(claim.id(), exposure.protectedContract(), kind, text);
  }
}
