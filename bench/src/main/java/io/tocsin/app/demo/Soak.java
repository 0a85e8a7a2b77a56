package io.tocsin.app.demo;

import io.tocsin.base.Json;
import io.tocsin.base.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a node costs that watches two chains with traffic, among five peers, and whether that grows:
 * the node is a process that {@code ./tocsin run} starts, peers and block builders are in this one.
 * Arguments: minutes, transactions a second on both chains together, {@code --json FILE}, and
 * {@code --jfr FILE} for a profile of the node.
 *
 * <p>The node is started three times, first without a database. Its key files are such as an
 * operator has, with the usual cost. Every minute its resident set is read, and after that all
 * garbage collected and the heap read. In the end an attack waits in the public pool amid the
 * traffic, has to be certified by all, and to fail because its victim is paused.
 */
public final class Soak {
  private static final int STARTS = 3;
  private static final int CALM_MILLIS = 5_000;

  private final List<Sample> samples = new ArrayList<>();
  private final ObjectNode out = Json.object();

  /** What the node costs after so many minutes. */
  private record Sample(double minute, Size size, Count count) {
    static Sample of(double minute, SoakNode node, List<DemoChain> chains)
        throws IOException, InterruptedException {
      long behind = 0;
      for (DemoChain chain : chains) {
        behind = Math.max(behind, chain.builder().head().number() - node.head(chain.id()));
      }
      Size size = new Size(node.resident("VmRSS"), node.heap(), node.database());
      return new Sample(minute, size, new Count(node.threads(), node.files(), behind));
    }
  }

  /** Resident set, heap without garbage, database with its log; in MB. */
  private record Size(double resident, double heap, double database) {}

  /** Threads, open files, and blocks that the node is behind the head of either chain. */
  private record Count(long threads, long files, long behind) {}

  private void note(double minute, SoakNode node, SoakTown town)
      throws IOException, InterruptedException {
    String faults = node.faults();
    Sample sample = Sample.of(minute, node, town.chains());
    samples.add(sample);
    System.out.printf(
        Locale.ROOT,
        "| %6.1f | %8.0f | %6.1f | %8.1f | %7d | %5d | %6d | %7d |%s%n",
        minute,
        sample.size.resident,
        sample.size.heap,
        sample.size.database,
        sample.count.threads,
        sample.count.files,
        sample.count.behind,
        town.traffic().sent(),
        faults.isEmpty() ? "" : " not ready: " + faults);
    out.withArray("samples")
        .addObject()
        .put("minute", minute)
        .put("rss_mb", sample.size.resident)
        .put("heap_mb", sample.size.heap)
        .put("database_mb", sample.size.database)
        .put("threads", sample.count.threads)
        .put("files", sample.count.files)
        .put("blocks_behind", sample.count.behind)
        .put("transactions", town.traffic().sent())
        .put("processor_s", node.worked());
  }

  /** Growth in MB a minute over the second half, by least squares. */
  private double growth(ToDoubleFunction<Sample> what) {
    List<Sample> half = samples.subList(samples.size() / 2, samples.size());
    double time = half.stream().mapToDouble(Sample::minute).average().orElseThrow();
    double mean = half.stream().mapToDouble(what).average().orElseThrow();
    double above = 0;
    double below = 0;
    for (Sample sample : half) {
      above += (sample.minute - time) * (what.applyAsDouble(sample) - mean);
      below += (sample.minute - time) * (sample.minute - time);
    }
    return below > 0 ? above / below : Double.NaN;
  }

  private SoakNode start(Path configuration, String flags)
      throws IOException, InterruptedException {
    Process prepared =
        new ProcessBuilder(SoakNode.launcher().toString(), "--version")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (prepared.waitFor() != 0) {
      throw new IllegalStateException(SoakNode.launcher() + " does not run");
    }
    for (int i = 1; i < STARTS; i++) {
      try (SoakNode node = SoakNode.start(configuration, "")) {
        ready(node);
      }
    }
    SoakNode node = SoakNode.start(configuration, flags);
    ready(node);
    return node;
  }

  private void ready(SoakNode node) throws InterruptedException {
    double seconds = node.ready();
    System.out.printf(
        Locale.ROOT, "ready after %.2f s, %.2f s of a processor%n", seconds, node.worked());
    out.withArray("ready_s").add(seconds);
  }

  private void run(int minutes, int perSecond, String flags, Path folder)
      throws IOException, InterruptedException {
    try (Scope scope = new Scope()) {
      SoakTown town = new SoakTown(folder, scope);
      SoakNode node = scope.add(start(town.configuration(), flags));
      System.out.println(
          "| minute | resident |   heap | database | threads | files | behind |    sent |");
      Thread.sleep(CALM_MILLIS);
      note(0, node, town);
      scope.add(town.traffic());
      town.traffic().start(perSecond);
      long begin = System.nanoTime();
      for (int i = 1; i <= minutes; i++) {
        Thread.sleep(Math.max(0, i * 60_000L - (System.nanoTime() - begin) / 1_000_000));
        note((System.nanoTime() - begin) / 6e10, node, town);
      }
      SoakTown.Alarm alarm = town.alarm();
      end(node, alarm);
    }
  }

  private void end(SoakNode node, SoakTown.Alarm alarm) throws IOException {
    double resident = growth(sample -> sample.size.resident);
    double heap = growth(sample -> sample.size.heap);
    double most = node.resident("VmHWM");
    System.out.printf(
        Locale.ROOT,
        "growth over the second half, by least squares: resident %+.2f MB a minute, heap %+.2f;"
            + " the resident set was never above %.0f MB%n",
        resident,
        heap,
        most);
    System.out.printf(
        Locale.ROOT,
        "an attack amid the traffic: certified %.0f ms after it was sent, the pause accepted after"
            + " %.0f ms; every peer has the certificate: %b; paused, nothing lost: %b%n",
        alarm.certified(),
        alarm.accepted(),
        alarm.everywhere(),
        alarm.saved());
    out.put("rss_growth_mb_a_minute", resident)
        .put("heap_growth_mb_a_minute", heap)
        .put("rss_most_mb", most)
        .putObject("alarm")
        .put("certified_ms", alarm.certified())
        .put("accepted_ms", alarm.accepted())
        .put("everywhere", alarm.everywhere())
        .put("saved", alarm.saved());
    if (!alarm.everywhere() || !alarm.saved()) {
      throw new IllegalStateException("the alarm did not come through");
    }
  }

  /** Runs it once. */
  public static void main(String[] args) throws Exception {
    List<String> given = new ArrayList<>(List.of(args));
    Optional<Path> json = LoadOptions.file(given, "--json");
    Optional<Path> profile = LoadOptions.file(given, "--jfr");
    int minutes = given.isEmpty() ? 10 : Integer.parseInt(given.getFirst());
    int perSecond = given.size() < 2 ? 50 : Integer.parseInt(given.get(1));
    String flags =
        profile
            .map(
                file ->
                    "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
                        + file.toAbsolutePath())
            .orElse("");
    Path folder = LoadOptions.folder();
    Soak soak = new Soak();
    soak.run(minutes, perSecond, flags, folder);
    if (json.isPresent()) {
      Files.writeString(json.get(), Json.pretty(soak.out));
    }
    LoadOptions.discard(folder);
  }
}
