package io.tocsin.adapter.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class StatusServerIT {
  private final PrometheusMetrics metrics = new PrometheusMetrics();
  private final AtomicReference<List<String>> faults = new AtomicReference<>(List.of());
  private final StatusServer server = StatusServer.open(0, metrics, faults::get);

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void livesEvenWhenNotReady() throws Exception {
    faults.set(List.of("chain eip155:1: no endpoint answers"));
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
    HttpResponse<String> ready = get("/readyz");
    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(ready.body()).contains("no endpoint answers");
  }

  @Test
  void isReadyWithoutFaults() throws Exception {
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
  }

  @Test
  void showsStagesCountersAndGauges() throws Exception {
    metrics.stage("detected", Duration.ofMillis(3));
    metrics.count("tocsin_admission_total", "not_a_member");
    metrics.count("tocsin_endpoint_troubles_total", "eip155:1 north", "STALE");
    metrics.gauge("tocsin_queue_depth", "gossip", 4);
    metrics.gauge("tocsin_queue_depth", "gossip", 7);
    String body = get("/metrics").body();
    assertThat(body)
        .contains("tocsin_stage_seconds_bucket{stage=\"detected\",le=\"0.005\"} 1")
        .contains("tocsin_stage_seconds_bucket{stage=\"detected\",le=\"0.0025\"} 0")
        .contains("tocsin_admission_total{reason=\"not_a_member\"} 1")
        .contains("tocsin_endpoint_troubles_total{place=\"eip155:1 north\",reason=\"STALE\"} 1")
        .contains("tocsin_queue_depth{name=\"gossip\"} 7");
  }

  @Test
  void unknownPathsAreNotFound() throws Exception {
    assertThat(get("/config").statusCode()).isEqualTo(404);
  }
}
