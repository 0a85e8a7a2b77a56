package io.tocsin.pipeline;

import io.tocsin.audit.Step;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.Position;
import io.tocsin.chain.TxTrace;
import io.tocsin.claim.Claim;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Scan;
import io.tocsin.exposure.Exposure;
import io.tocsin.quorum.Opinion;
import io.tocsin.respond.InterlockState.Trip;
import io.tocsin.risk.RiskEstimate;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

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

  static Step seen(Eyes.Look look) {
    TxTrace trace = look.trace();
    Optional<Long> block =
        trace.position() instanceof Position.Mined mined
            ? Optional.of(mined.block().number())
            : Optional.empty();
    List<String> operators = List.of();
    String note = "";
    switch (look.traced().agreement()) {
      case Agreement.Agreed agreed -> operators = agreed.operators().stream().sorted().toList();
      case Agreement.Lacking(String reason) -> note = reason;
    }
    return new Step.Seen(trace.chain(), trace.tx(), block, trace.frames().size(), operators, note);
  }

  static Step scanned(Eyes.Look look) {
    TxTrace trace = look.trace();
    List<Step.Suspicion> suspicions =
        look.report().findings().stream().map(Steps::suspicion).toList();
    return switch (look.report().scan()) {
      case Scan.Clean _ -> new Step.Scanned(trace.chain(), trace.tx(), "clean", suspicions, "");
      case Scan.Found _ -> new Step.Scanned(trace.chain(), trace.tx(), "found", suspicions, "");
      case Scan.NotAnalysed(String reason) ->
          new Step.Scanned(trace.chain(), trace.tx(), "not-analysed", suspicions, reason);
    };
  }

  private static Step.Suspicion suspicion(Finding finding) {
    return new Step.Suspicion(
        String.join(",", finding.detectors()),
        finding.severity().name(),
        finding.subject(),
        finding.why().summary());
  }

  static Step withdrawn(Claim.AllClear clear, List<Trip> resting) {
    return new Step.Withdrawn(
        clear.claimId(), clear.chain(), clear.block(), resting.stream().map(Trip::permit).toList());
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
