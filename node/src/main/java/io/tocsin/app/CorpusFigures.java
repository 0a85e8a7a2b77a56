package io.tocsin.app;

import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.Text;
import io.tocsin.chain.StateReads;
import io.tocsin.detect.Detector;
import io.tocsin.detect.DetectorResult;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.Finding;
import io.tocsin.detect.History;
import io.tocsin.detect.Scan;
import io.tocsin.detect.ScanReport;
import io.tocsin.detect.evaluate.Labelled;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a replay of a corpus found, counted. Owned by the thread that fills it. */
final class CorpusFigures {
  /** One scanned transaction; {@code nanos} is the time of the scan alone. */
  record Scanned(Hash32 tx, boolean benign, ScanReport report, long nanos) {
    static Scanned of(Detectors detectors, Labelled labelled) {
      long start = System.nanoTime();
      ScanReport report = detectors.scan(labelled.trace(), StateReads.NONE, History.NONE);
      return new Scanned(
          labelled.trace().tx(), labelled.label().benign(), report, System.nanoTime() - start);
    }
  }

  /** Counts of one kind of transaction: all, with a finding, not analysed. */
  private static final class Count {
    private int total;
    private int found;
    private int notAnalysed;

    void add(Scan scan) {
      total++;
      switch (scan) {
        case Scan.Clean _ -> {}
        case Scan.Found _ -> found++;
        case Scan.NotAnalysed _ -> notAnalysed++;
      }
    }
  }

  private record Row(Count exploits, Count benign) {
    Row() {
      this(new Count(), new Count());
    }

    Count of(boolean isBenign) {
      return isBenign ? benign : exploits;
    }
  }

  private final Row together = new Row();
  private final Map<String, Row> detectors = new LinkedHashMap<>();
  private final List<Scanned> fired = new ArrayList<>();
  private final List<Long> nanos = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();

  CorpusFigures() {
    for (Detector detector : Detectors.ALL) {
      detectors.put(detector.metadata().id(), new Row());
    }
  }

  void add(Scanned one) {
    together.of(one.benign()).add(one.report().scan());
    for (DetectorResult result : one.report().results()) {
      detectors
          .computeIfAbsent(result.detector(), _ -> new Row())
          .of(one.benign())
          .add(result.scan());
    }
    if (!one.report().findings().isEmpty()) {
      fired.add(one);
    }
    nanos.add(one.nanos());
  }

  void fault(String sentence) {
    faults.add(sentence);
  }

  private double millis(double quantile) {
    if (nanos.isEmpty()) {
      return 0;
    }
    List<Long> sorted = nanos.stream().sorted().toList();
    int at = (int) Math.ceil(quantile * sorted.size()) - 1;
    return Math.round(sorted.get(Math.max(0, at)) / 1e3) / 1e3;
  }

  void print(PrintStream out) {
    out.printf("%-22s %25s   %25s%n", "", "exploits", "benign transactions");
    out.printf(
        "%-22s %7s %7s %9s   %7s %7s %9s%n",
        "detector", "all", "found", "not judged", "all", "fired", "not judged");
    detectors.forEach((id, row) -> line(out, id, row));
    line(out, "together", together);
    out.printf(
        Locale.ROOT, "scan time per trace: p50 %.3f ms, p99 %.3f ms%n", millis(0.5), millis(0.99));
    for (String fault : faults) {
      out.println("failed: " + Text.printable(fault));
    }
  }

  private static void line(PrintStream out, String name, Row row) {
    Count e = row.exploits();
    Count b = row.benign();
    out.printf(
        "%-22s %7d %7d %9d   %7d %7d %9d%n",
        name, e.total, e.found, e.notAnalysed, b.total, b.found, b.notAnalysed);
  }

  ObjectNode json() {
    ObjectNode out = Json.object();
    out.putObject("exploits")
        .put("total", together.exploits().total)
        .put("found", together.exploits().found)
        .put("not_analysed", together.exploits().notAnalysed);
    out.putObject("benign")
        .put("transactions", together.benign().total)
        .put("fired", together.benign().found)
        .put("not_analysed", together.benign().notAnalysed);
    out.put("failed", faults.size());
    ArrayNode rules = out.putArray("detectors");
    detectors.forEach(
        (id, row) ->
            rules
                .addObject()
                .put("id", id)
                .put("exploits_found", row.exploits().found)
                .put("exploits_not_analysed", row.exploits().notAnalysed)
                .put("benign_fired", row.benign().found)
                .put("benign_not_analysed", row.benign().notAnalysed));
    out.putObject("trace_ms").put("p50", millis(0.5)).put("p99", millis(0.99));
    ArrayNode hits = out.putArray("fired");
    for (Scanned one : fired) {
      ObjectNode hit = hits.addObject().put("tx", one.tx().toString()).put("benign", one.benign());
      ArrayNode ids = hit.putArray("detectors");
      one.report().results().stream()
          .filter(r -> r.scan() instanceof Scan.Found)
          .forEach(r -> ids.add(r.detector()));
      ArrayNode subjects = hit.putArray("subjects");
      one.report().findings().stream()
          .map(Finding::subject)
          .forEach(a -> subjects.add(a.toString()));
    }
    ArrayNode failures = out.putArray("failures");
    faults.forEach(failures::add);
    return out;
  }
}
