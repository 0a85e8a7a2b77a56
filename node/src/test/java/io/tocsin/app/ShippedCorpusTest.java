package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.Position;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TraceJson;
import io.tocsin.detect.DetectConfig;
import io.tocsin.detect.DetectorResult;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.History;
import io.tocsin.detect.Scan;
import io.tocsin.detect.ScanReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The verdicts on the corpus that ships, against {@code corpus/verdicts.csv}: a line for each
 * attack, and for each harmless transaction that is not clean. Whoever changes a verdict changes
 * its line there.
 */
final class ShippedCorpusTest {
  private static final Path SHIPPED = Path.of("..", "corpus");
  private static final Detectors DETECTORS = new Detectors(DetectConfig.DEFAULT);

  private static Map<String, String> verdicts(boolean bare) throws IOException {
    Map<String, String> all = new TreeMap<>();
    for (String kind : List.of("exploits", "benign")) {
      try (Stream<Path> files = Files.list(SHIPPED.resolve(kind))) {
        for (Path file : files.sorted().toList()) {
          try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            Json.elements(in, entry -> verdict(file, entry, bare, all));
          } catch (MalformedException e) {
            throw new AssertionError(file.toString(), e);
          }
        }
      }
    }
    return all;
  }

  private static void verdict(Path file, JsonNode entry, boolean bare, Map<String, String> all) {
    boolean benign = entry.has("trace");
    String tx =
        benign
            ? entry.get("tx").stringValue()
            : file.getFileName().toString().replaceFirst("^[a-z]+-", "").replace(".json.gz", "");
    JsonNode root = benign ? entry.get("trace") : entry;
    String said = said(bare ? stripped(root) : root);
    if (!benign || !said.equals("clean,,")) {
      all.put((benign ? "benign," : "attack,") + tx, said);
    }
  }

  private static String said(JsonNode root) {
    try {
      ScanReport report =
          DETECTORS.scan(
              TraceJson.parse(root, ChainId.evm(1), Hash32.ZERO, new Position.Unknown()),
              StateReads.NONE,
              History.NONE);
      List<String> ids =
          report.results().stream()
              .filter(r -> r.scan() instanceof Scan.Found)
              .map(DetectorResult::detector)
              .toList();
      List<String> subjects =
          report.findings().stream().map(f -> f.subject().toString()).sorted().toList();
      String scan =
          switch (report.scan()) {
            case Scan.Clean _ -> "clean";
            case Scan.Found _ -> "found";
            case Scan.NotAnalysed _ -> "not analysed";
          };
      return scan + "," + String.join(" ", ids) + "," + String.join(" ", subjects);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode stripped(JsonNode root) {
    JsonNode copy = root.deepCopy();
    Deque<JsonNode> todo = new ArrayDeque<>();
    todo.push(copy);
    while (!todo.isEmpty()) {
      ObjectNode frame = (ObjectNode) todo.pop();
      frame.remove(List.of("logs", "gas", "gasUsed"));
      JsonNode calls = frame.get("calls");
      if (calls != null) {
        calls.forEach(todo::push);
      }
    }
    return copy;
  }

  private static String table(Map<String, String> verdicts) {
    StringBuilder lines = new StringBuilder("label,tx,verdict,detectors,subjects\n");
    verdicts.forEach((tx, said) -> lines.append(tx).append(',').append(said).append('\n'));
    return lines.toString();
  }

  @Test
  void everyVerdictIsTheOneOnRecord() throws IOException {
    assertThat(table(verdicts(false)))
        .isEqualToIgnoringNewLines(Files.readString(SHIPPED.resolve("verdicts.csv")));
  }

  @Test
  void verdictsAreTheSameWithoutEventsAndGas() throws IOException {
    assertThat(table(verdicts(true))).isEqualTo(table(verdicts(false)));
  }
}
