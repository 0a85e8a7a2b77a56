package io.tocsin.detect.evaluate;

import io.tocsin.base.Json;
import io.tocsin.detect.DetectorResult;
import io.tocsin.detect.FindingJson;
import io.tocsin.detect.Scan;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An evaluation as JSON. */
public final class EvaluationJson {
  private EvaluationJson() {}

  /** The whole evaluation as one document. */
  public static ObjectNode write(Evaluation evaluation) {
    ObjectNode out = Json.object();
    out.set("exploits", attacks(evaluation.attacks()));
    out.set("exploits_moving_value", attacks(evaluation.moving()));
    out.set("benign", benign(evaluation.benign()));
    out.set("benign_large", benign(evaluation.benignLarge()).put("frames", Evaluation.LARGE));
    out.put("failed", evaluation.reading().failures().size());
    groups(out.putObject("by_type"), evaluation.byType());
    groups(out.putObject("by_chain"), evaluation.byChain());
    groups(out.putObject("by_year"), evaluation.byYear());
    ObjectNode lookalikes = out.putObject("lookalikes");
    evaluation.lookalikes().forEach((kind, tally) -> lookalikes.set(kind, benign(tally)));
    detectors(out.putArray("by_detector"), evaluation.detectors());
    out.putObject("naive_rule")
        .put("exploits_found", evaluation.attacks().naive())
        .put("benign_fired", evaluation.benign().naive());
    calibration(out.putObject("calibration"), evaluation);
    times(out.putObject("trace_ms"), evaluation, false);
    times(out.putObject("read_ms"), evaluation, true);
    ArrayNode items = out.putArray("items");
    evaluation.all().forEach(one -> items.add(item(evaluation, one)));
    texts(out.putArray("failures"), evaluation.reading().failures());
    texts(out.putArray("notes"), evaluation.reading().notes());
    return out;
  }

  private static ObjectNode attacks(Tally tally) {
    return Json.object()
        .put("total", tally.total())
        .put("found_alert", tally.alert())
        .put("found_act", tally.act())
        .put("not_analysed", tally.notAnalysed());
  }

  private static ObjectNode benign(Tally tally) {
    return Json.object()
        .put("transactions", tally.total())
        .put("fired_alert", tally.alert())
        .put("fired_act", tally.act())
        .put("not_analysed", tally.notAnalysed());
  }

  private static void groups(ObjectNode out, Map<String, Tally> groups) {
    groups.forEach((key, tally) -> out.set(key, attacks(tally)));
  }

  private static void detectors(ArrayNode out, List<Evaluation.Row> rows) {
    for (Evaluation.Row row : rows) {
      out.addObject()
          .put("id", row.id())
          .put("exploits_found", row.attacks().alert())
          .put("exploits_not_analysed", row.attacks().notAnalysed())
          .put("benign_fired", row.benign().alert())
          .put("benign_not_analysed", row.benign().notAnalysed());
    }
  }

  private static void calibration(ObjectNode out, Evaluation evaluation) {
    reliability(out, evaluation.reliability());
    out.put("acting", Evaluation.ACTING);
    texts(out.putArray("provenance"), evaluation.calibration().provenance());
    ArrayNode steps = out.putArray("steps");
    for (Calibration.Step step : evaluation.calibration().steps()) {
      steps
          .addObject()
          .put("strength", step.strength())
          .put("attacks", step.attacks())
          .put("transactions", step.transactions())
          .put("probability", step.probability());
    }
    evaluation
        .split()
        .ifPresent(
            split -> {
              out.put("until", split.until().toString());
              part(out.putObject("before"), split.before());
              part(out.putObject("after"), split.after());
              out.put("undated", split.undated());
            });
  }

  private static void part(ObjectNode out, Evaluation.Part part) {
    out.set("exploits", attacks(part.attacks()));
    out.set("exploits_moving_value", attacks(part.moving()));
    out.set("benign", benign(part.benign()));
    reliability(out, part.reliability());
  }

  private static void reliability(ObjectNode out, Reliability reliability) {
    out.put("brier", reliability.brier());
    out.put("brier_of_base_rate", reliability.base());
    out.put("transactions", reliability.transactions());
    ArrayNode points = out.putArray("reliability");
    for (Reliability.Point point : reliability.points()) {
      points
          .addObject()
          .put("probability", point.probability())
          .put("attacks", point.attacks())
          .put("transactions", point.transactions());
    }
  }

  private static void times(ObjectNode out, Evaluation evaluation, boolean read) {
    for (int percent : new int[] {50, 99}) {
      out.put(
          "p" + percent,
          evaluation.millis(read ? Judged.Nanos::read : Judged.Nanos::scan, percent / 100.0));
    }
  }

  private static ObjectNode item(Evaluation evaluation, Judged one) {
    ObjectNode out =
        Json.object()
            .put("tx", one.tx().toString())
            .put("benign", one.label().benign())
            .put("probability", evaluation.probability(one));
    ArrayNode ids = out.putArray("detectors");
    one.report().results().stream()
        .filter(r -> r.scan() instanceof Scan.Found)
        .map(DetectorResult::detector)
        .forEach(ids::add);
    ArrayNode subjects = out.putArray("subjects");
    one.report().findings().forEach(f -> subjects.add(f.subject().toString()));
    ArrayNode signs = out.putArray("signs");
    one.report().signs().stream().sorted().forEach(s -> signs.add(s.toString()));
    out.put("act", evaluation.acts(one));
    out.put("not_analysed", one.report().scan() instanceof Scan.NotAnalysed);
    out.put("frames", one.shape().frames());
    out.put("naive_rule", one.shape().naive());
    if (!one.label().benign() && !one.alert()) {
      out.put("reason", one.remark());
    }
    if (one.label().benign() && one.alert()) {
      ArrayNode findings = out.putArray("findings");
      one.report().findings().forEach(f -> findings.add(FindingJson.write(f)));
    }
    return out;
  }

  private static void texts(ArrayNode out, List<String> texts) {
    texts.forEach(out::add);
  }
}
