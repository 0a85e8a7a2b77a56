package io.tocsin.app.demo;

import io.tocsin.app.CheckCommand;
import io.tocsin.app.Main;
import io.tocsin.app.Node;
import io.tocsin.base.Clocks;
import io.tocsin.base.Scope;
import io.tocsin.pipeline.Observer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the launcher lets the program do once, so that the virtual machine learns which code a start
 * needs: the corpus is replayed, and two members of a town meet that cannot reach any chain.
 */
public final class Practice {
  private static final int MEETING = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Practice() {}

  /** Practises, and ends with the status of the replay. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int status = Main.commandLine().execute("replay");
    Path folder = Files.createTempDirectory("tocsin-practice");
    try {
      boolean _ = meet(folder, MEETING, PATIENCE);
    } finally {
      discard(folder);
    }
    System.exit(status);
  }

  /** So many members open their nodes in this process; whether each linked to one other in time. */
  static boolean meet(Path folder, int members, Duration patience)
      throws IOException, InterruptedException {
    InstantSource clock = InstantSource.system();
    List<Resident> residents = new ArrayList<>();
    for (Cast cast : Cast.ALL) {
      residents.add(Resident.settle(cast, folder, clock.instant()));
    }
    Path federation = folder.resolve("federation.json");
    var _ = TownBuilder.found(residents, federation, clock);
    try (Scope scope = new Scope();
        HttpClient http = HttpClient.newHttpClient()) {
      List<Node> nodes = new ArrayList<>();
      for (Resident resident : residents.subList(0, members)) {
        Path file = resident.home().resolve("tocsin.yaml");
        Files.writeString(file, configuration(resident, federation));
        nodes.add(
            scope.add(
                Node.open(CheckCommand.load(file, Map.of()), Observer.NONE, Clocks.of(clock))));
      }
      long end = System.nanoTime() + patience.toNanos();
      boolean linked = false;
      while (!linked && System.nanoTime() - end < 0) {
        Thread.sleep(50);
        linked = true;
        for (Node node : nodes) {
          get(http, node, "/readyz");
          linked &= get(http, node, "/metrics").contains("tocsin_mesh_links{name=\"open\"} 1.0");
        }
      }
      return linked;
    }
  }

  private static String get(HttpClient http, Node node, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + node.statusPort() + path);
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static String configuration(Resident resident, Path federation) {
    return """
    name: %s
    data: data
    statusPort: 0
    federation:
      roster: %s
      keys: keys
      password: %s
      listen: 127.0.0.1:%d
    chains:
      - id: eip155:1
        slot: 1s
        endpoints:
          - url: ipc:%s
            operator: nobody
    """
        .formatted(
            resident.cast().name(),
            federation,
            resident.password(),
            resident.port(),
            resident.home().resolve("nowhere.ipc"));
  }

  private static void discard(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
