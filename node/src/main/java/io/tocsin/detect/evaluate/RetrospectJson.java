package io.tocsin.detect.evaluate;

import io.tocsin.base.Json;
import io.tocsin.detect.evaluate.PastBlock.Fire;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A retrospect as JSON; amounts are decimal strings in the asset's smallest unit. */
public final class RetrospectJson {
  private RetrospectJson() {}

  /** The whole. */
  public static ObjectNode write(Retrospect retrospect) {
    ObjectNode out =
        Json.object()
            .put("blocks", retrospect.blocks())
            .put("transactions", retrospect.transactions())
            .put("not_analysed", retrospect.unjudged())
            .put("delay_blocks", retrospect.rules().delay())
            .put("pause_seconds", retrospect.rules().pause().toSeconds());
    ArrayNode watched = out.putArray("watched");
    retrospect.rules().watched().forEach(w -> watched.add(w.toString()));
    ArrayNode pauses = out.putArray("pauses");
    for (Retrospect.Pause pause : retrospect.pauses()) {
      ObjectNode one = fired(pauses.addObject(), pause.by());
      one.put("right", pause.right().name().toLowerCase(Locale.ROOT))
          .put("until", pause.until().toString());
      ArrayNode averted = one.putArray("averted");
      for (Retrospect.Averted later : pause.averted()) {
        fired(averted.addObject(), later.fired())
            .put("lead_blocks", later.blocks())
            .put("lead_seconds", later.lead().toSeconds());
      }
      ObjectNode cost =
          one.putObject("others_kept_out")
              .put("transactions", pause.others().transactions())
              .put("senders", pause.others().senders());
      amounts(cost.putObject("moved"), pause.others().moved());
    }
    ArrayNode missed = out.putArray("missed");
    for (Retrospect.Missed one : retrospect.missed()) {
      missed.addObject().put("tx", one.tx().toString()).put("why", one.why());
    }
    return out;
  }

  private static ObjectNode fired(ObjectNode out, Retrospect.Fired fired) {
    out.put("tx", fired.tx().toString())
        .put("block", fired.block())
        .put("time", fired.time().toString())
        .put("probability", fired.probability());
    ArrayNode findings = out.putArray("findings");
    for (Fire fire : fired.fires()) {
      ObjectNode one =
          findings
              .addObject()
              .put("subject", fire.subject().toString())
              .put("summary", fire.summary());
      ArrayNode detectors = one.putArray("detectors");
      fire.detectors().forEach(detectors::add);
      amounts(one.putObject("losses"), fire.losses());
    }
    return out;
  }

  private static void amounts(ObjectNode out, Map<String, BigInteger> amounts) {
    amounts.forEach((asset, amount) -> out.put(asset, amount.toString()));
  }
}
