package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.app.CheckCommand;
import io.tocsin.app.Node;
import io.tocsin.base.ChainId;
import io.tocsin.base.Clocks;
import io.tocsin.base.Hash32;
import io.tocsin.pipeline.Observer;
import io.tocsin.pipeline.Stage;
import io.tocsin.respond.Outcome;
import io.tocsin.respond.Permit;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How often a real node waits for the disk because of one alarm, told by the Flight Recorder: where
 * each wait is, so that a new one anywhere in the flow is named.
 */
final class DurablePathIT {
  private static final String EVENT = "io.tocsin.DiskWait";
  private static final String VERDICT = "pipeline.Judging.consider";
  private static final String INTENT =
      "adapter.contract.TransactionLane.submit < adapter.contract.TransactionLane.send";
  private static final String HIGHER_BID =
      "adapter.contract.TransactionLane.submit < adapter.contract.TransactionLane.replace";
  private static final String OUTCOME = "pipeline.Records.acted";

  /**
   * A higher bid for a pause that is under way, and what tells others how far the logs are; no
   * alarm waits for any of it.
   */
  private static final List<String> ELSEWHERE =
      List.of(HIGHER_BID, "app.HeadWatch.", "gossip.Exchange.compare");

  @TempDir private Path folder;
  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
  private final BlockingQueue<Hash32> attested = new LinkedBlockingQueue<>();

  @Test
  void onlyTheVerdictAndTheIntentWaitBetweenAnAttackAndItsPause() throws Exception {
    try (CrashTown town = CrashTown.build(folder.resolve("town"));
        Node node = open(town);
        Recording recording = new Recording()) {
      recording.enable(EVENT).withStackTrace().withoutThreshold();
      awaitLinks(node, town.peers().size());
      recording.start();
      Hash32 attack = town.attack();
      assertThat(outcomes.poll(2, TimeUnit.MINUTES)).isInstanceOf(Outcome.Done.class);
      assertThat(attested.poll(2, TimeUnit.MINUTES))
          .as("the town may be quicker")
          .isEqualTo(attack);
      recording.stop();
      List<String> waits = waits(recording, town.victim().home().resolve("data"));
      System.out.println("waits for the disk:\n" + String.join("\n", waits));

      assertThat(town.claims(attack)).as("one exploit, one claim").hasSize(1);
      for (String once : List.of(VERDICT, INTENT, OUTCOME)) {
        assertThat(waits.stream().filter(wait -> wait.contains(once))).as(once).hasSize(1);
      }
      assertThat(waits)
          .allMatch(
              wait ->
                  Stream.concat(Stream.of(VERDICT, INTENT, OUTCOME), ELSEWHERE.stream())
                      .anyMatch(wait::contains));
    }
  }

  private Node open(CrashTown town) {
    Observer observer =
        new Observer() {
          @Override
          public void acted(Permit permit, Outcome outcome) {
            outcomes.add(outcome);
          }

          @Override
          public void stage(Stage stage, ChainId chain, Hash32 tx, Duration sinceSeen) {
            if (stage == Stage.ATTESTED) {
              attested.add(tx);
            }
          }
        };
    return Node.open(
        CheckCommand.load(town.configuration(), Map.of()),
        observer,
        Clocks.of(InstantSource.system()));
  }

  private static void awaitLinks(Node node, int peers) throws IOException, InterruptedException {
    URI page = URI.create("http://127.0.0.1:" + node.statusPort() + "/metrics");
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (true) {
      try (InputStream in = page.toURL().openStream()) {
        String metrics = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        if (metrics.contains("tocsin_mesh_links{name=\"open\"} " + peers + ".0")) {
          return;
        }
        assertThat(System.nanoTime()).as(metrics).isLessThan(end);
        Thread.sleep(100);
      }
    }
  }

  /** The node's waits in their order: how long each was, and from where. */
  private List<String> waits(Recording recording, Path data) throws IOException {
    Path file = folder.resolve("alarm.jfr");
    recording.dump(file);
    List<RecordedEvent> events = new ArrayList<>(RecordingFile.readAllEvents(file));
    events.removeIf(
        event ->
            !event.getEventType().getName().equals(EVENT)
                || !Path.of(event.getString("file")).startsWith(data));
    events.sort((a, b) -> a.getStartTime().compareTo(b.getStartTime()));
    return events.stream().map(DurablePathIT::told).toList();
  }

  private static String told(RecordedEvent event) {
    return "%.1f ms  %s"
        .formatted(
            event.getDuration().toNanos() / 1e6,
            String.join(
                " < ",
                event.getStackTrace().getFrames().stream()
                    .map(frame -> frame.getMethod())
                    .filter(method -> method.getType().getName().startsWith("io.tocsin."))
                    .map(
                        method -> method.getType().getName().substring(10) + "." + method.getName())
                    .filter(place -> !place.startsWith("adapter.sqlite."))
                    .toList()));
  }
}
