package io.tocsin.app.demo;

import io.tocsin.base.Json;
import io.tocsin.pipeline.Stage;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** All acts as one JSON document, with the latencies measured over them. */
final class DemoReport {
  private DemoReport() {}

  /** The document of {@code acts}. */
  static ObjectNode json(List<ActResult> acts) {
    ObjectNode document = Json.object();
    var list = document.putArray("acts");
    acts.forEach(act -> list.add(act.json()));
    ObjectNode latency = document.putObject("latency_ms");
    latency.set("seen_to_certificate", percentiles(times(acts, Stage.CERTIFIED)));
    latency.set("seen_to_pause_accepted", percentiles(times(acts, Stage.SENT)));
    return document;
  }

  /** Milliseconds from first sight to {@code stage}, over all acts and nodes, ascending. */
  static List<Double> times(List<ActResult> acts, Stage stage) {
    List<Double> all = new ArrayList<>();
    acts.forEach(act -> all.addAll(act.story().times(stage)));
    all.sort(null);
    return all;
  }

  private static ObjectNode percentiles(List<Double> ascending) {
    ObjectNode node = Json.object();
    if (ascending.isEmpty()) {
      return node.putNull("p50").putNull("p99");
    }
    return node.put("p50", percentile(ascending, 50)).put("p99", percentile(ascending, 99));
  }

  /** The smallest value that at least {@code percent} of all do not exceed (nearest rank). */
  static double percentile(List<Double> ascending, int percent) {
    int rank = (ascending.size() * percent + 99) / 100;
    return ascending.get(Math.max(rank, 1) - 1);
  }
}
