package io.tocsin.detect;

import io.tocsin.base.Json;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Findings as JSON; amounts are decimal strings in the asset's smallest unit. */
public final class FindingJson {
  private FindingJson() {}

  /** One finding as an object. */
  public static ObjectNode write(Finding finding) {
    ObjectNode out = Json.object();
    ArrayNode detectors = out.putArray("detectors");
    finding.detectors().forEach(detectors::add);
    out.put("severity", finding.severity().name());
    out.put("subject", finding.subject().toString());
    ArrayNode losses = out.putArray("losses");
    for (Loss loss : finding.losses()) {
      losses
          .addObject()
          .put("asset", loss.asset().toString())
          .put("amount", loss.amount().toString())
          .put("share_of_balance", loss.shareOfBalance());
    }
    Explanation why = finding.why();
    out.put("summary", why.summary());
    ArrayNode frames = out.putArray("frames");
    why.frames().forEach(frames::add);
    ArrayNode flows = out.putArray("flows");
    for (Flow flow : why.flows()) {
      flows
          .addObject()
          .put("asset", flow.asset().toString())
          .put("from", flow.from().toString())
          .put("to", flow.to().toString())
          .put("amount", flow.amount().toString())
          .put("frame", flow.frame());
    }
    ArrayNode assumptions = out.putArray("assumptions");
    why.assumptions().forEach(assumptions::add);
    return out;
  }
}
