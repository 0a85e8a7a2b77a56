package io.tocsin.adapter.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.tocsin.app.demo.FreePort;
import io.tocsin.base.Json;
import io.tocsin.base.Metrics;
import io.tocsin.pipeline.Pager.Page;
import io.tocsin.pipeline.Pager.Why;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class WebhookIT {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Webhook.Pace QUICK =
      new Webhook.Pace(Duration.ofMinutes(1), Duration.ofMillis(5), Duration.ofMillis(20));

  private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private final Map<String, Integer> counted = new ConcurrentHashMap<>();
  private final Metrics metrics =
      new Metrics() {
        @Override
        public void count(String name, String label) {
          counted.merge(label, 1, Integer::sum);
        }

        @Override
        public void gauge(String name, String label, double value) {}

        @Override
        public void stage(String stage, Duration took) {}
      };

  @SuppressWarnings("NullAway.Init") // set before every test
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = listen(0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          boolean refuse = refusals.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
          exchange.sendResponseHeaders(refuse ? 503 : 204, -1);
          exchange.close();
          if (!refuse) {
            try {
              received.add(Json.parse(body));
            } catch (io.tocsin.base.MalformedException e) {
              throw new IOException(e);
            }
          }
        });
    server.start();
  }

  private static HttpServer listen(int port) throws IOException {
    return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/secret-token";
  }

  private Webhook open(String url) {
    return Webhook.open(url, QUICK, new WebhookLog("birch", metrics));
  }

  private static Page page(String text) {
    return new Page("birch", Why.PAUSED, text, NOW);
  }

  private List<String> texts(int count) throws InterruptedException {
    List<String> texts = new ArrayList<>();
    while (texts.size() < count) {
      JsonNode next = received.poll(60, TimeUnit.SECONDS);
      assertThat(next).as("call " + texts.size()).isNotNull();
      texts.add(next.path("text").stringValue());
    }
    return texts;
  }

  private void await(String label, int least) throws InterruptedException {
    for (int i = 0; i < 6_000 && counted.getOrDefault(label, 0) < least; i++) {
      Thread.sleep(10);
    }
    assertThat(counted.getOrDefault(label, 0)).as(label).isGreaterThanOrEqualTo(least);
  }

  @Test
  void tellsWhoWhyAndWhen() throws InterruptedException {
    try (Webhook webhook = open(url())) {
      webhook.page(page("Birch is paused\u001b[31m"));
      JsonNode body = received.poll(60, TimeUnit.SECONDS);
      assertThat(body).isNotNull();
      assertThat(body.path("why").stringValue()).isEqualTo("PAUSED");
      assertThat(body.path("at").stringValue()).isEqualTo(NOW.toString());
      assertThat(body.path("text").stringValue())
          .startsWith("[birch] Birch is paused")
          .doesNotContain("\u001b");
    }
  }

  @Test
  void triesAgainInOrderUntilItIsTaken() throws InterruptedException {
    refusals.set(3);
    try (Webhook webhook = open(url())) {
      webhook.page(page("first"));
      webhook.page(page("second"));
      assertThat(texts(2)).containsExactly("[birch] first", "[birch] second");
      await("delivered", 2);
    }
    assertThat(counted).containsEntry("failed", 3);
  }

  @Test
  void comesBackWhenTheReceiverDoes() throws Exception {
    server.stop(0);
    int port = FreePort.next(); // nobody takes it meanwhile
    try (Webhook webhook = open("http://127.0.0.1:" + port + "/")) {
      webhook.page(page("into the void"));
      await("failed", 2);
      server = listen(port);
      server.createContext(
          "/",
          exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
            received.add(Json.object().put("text", "arrived"));
          });
      server.start();
      assertThat(texts(1)).containsExactly("arrived");
    }
  }

  @Test
  void dropsTheOldestWhenTooManyWait() throws InterruptedException {
    refusals.set(Integer.MAX_VALUE);
    try (Webhook webhook = open(url())) {
      for (int i = 0; i < Webhook.CAPACITY + 10; i++) {
        webhook.page(page("call " + i));
      }
      assertThat(counted).containsEntry("dropped", 10);
      refusals.set(0);
      String newest = "[birch] call " + (Webhook.CAPACITY + 9);
      List<String> told = new ArrayList<>();
      while (!told.contains(newest)) {
        told.addAll(texts(1));
      }
      assertThat(told).hasSizeBetween(Webhook.CAPACITY, Webhook.CAPACITY + 1);
    }
  }

  @Test
  void refusesAnAddressInTheClearAndDoesNotRepeatIt() {
    for (String url : List.of("http://chat.example/secret-token", "ftp://x/secret-token", "::")) {
      assertThatThrownBy(() -> open(url))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("secret-token");
    }
  }
}
