package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tocsin.app.CheckCommand;
import io.tocsin.app.ExitCode;
import io.tocsin.app.Main;
import io.tocsin.app.Node;
import io.tocsin.base.Address;
import io.tocsin.base.Clocks;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.Scope;
import io.tocsin.crypto.KeyPair;
import io.tocsin.identity.Federation;
import io.tocsin.identity.FederationFile;
import io.tocsin.identity.Member;
import io.tocsin.identity.Roster;
import io.tocsin.identity.SignedRoster;
import io.tocsin.identity.Term;
import io.tocsin.pipeline.Observer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Five real nodes over the real mesh, whose chain answers nobody. */
@Timeout(value = 15, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DrillIT {
  private static final Hash32 NONCE = Hash32.hex("0x" + "07".repeat(32));

  private record Heard(Address member, boolean silent) {}

  @TempDir private Path folder = Path.of("");
  private final List<Resident> residents = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
  private final Scope scope = new Scope();

  @BeforeEach
  void settle() throws Exception {
    HttpServer phone =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    phone.createContext(
        "/",
        exchange -> {
          calls.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    phone.start();
    scope.add(() -> phone.stop(0));
    Path number =
        Files.createFile(
            folder.resolve("number"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(number, "http://127.0.0.1:" + phone.getAddress().getPort() + "/\n");
    for (Cast cast : Cast.ALL) {
      residents.add(Resident.settle(cast, folder, Instant.now()));
    }
    Path federation = found();
    for (Resident resident : residents) {
      Files.writeString(
          resident.home().resolve("tocsin.yaml"),
          """
          name: %s
          statusPort: 0
          federation:
            roster: %s
            keys: keys
            password: %s
            listen: 127.0.0.1:%d
            silence: 20s
          notify:
            - webhook: file:%s
          chains:
            - id: eip155:1
              endpoints:
                - url: http://127.0.0.1:9
                  operator: nobody
          """
              .formatted(
                  resident.cast().name(),
                  federation,
                  resident.password(),
                  resident.port(),
                  number));
    }
  }

  private Path found() throws Exception {
    List<Member> members = new ArrayList<>();
    for (Resident resident : residents) {
      members.add(resident.member());
    }
    Instant from = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(1));
    Roster roster =
        new Roster(1, Hash32.ZERO, new Term(from, from.plus(Duration.ofDays(90))), members);
    Federation federation = Federation.founded(roster.hash(), NONCE);
    SignedRoster signed = new SignedRoster(roster, List.of());
    for (Resident resident : residents) {
      try (KeyPair attest = resident.attest()) {
        signed = signed.endorse(attest, federation.domain());
      }
    }
    return Files.writeString(
        folder.resolve("federation.json"),
        new FederationFile(NONCE, List.of(signed), List.of()).write());
  }

  @AfterEach
  void leave() {
    nodes.forEach(Node::close);
    scope.close();
  }

  private Node open(int member) {
    Observer observer =
        new Observer() {
          @Override
          public void member(Address account, boolean silent) {
            if (member == 0) {
              heard.add(new Heard(account, silent));
            }
          }
        };
    Node node =
        Node.open(
            CheckCommand.load(residents.get(member).home().resolve("tocsin.yaml"), Map.of()),
            observer,
            Clocks.of(InstantSource.system()));
    nodes.add(node);
    return node;
  }

  private Address account(int member) throws Exception {
    return residents.get(member).member().account();
  }

  private JsonNode drill(int member, int status) throws Exception {
    Path out = folder.resolve("drill.json");
    Path data = residents.get(member).home().resolve("data");
    assertThat(
            Main.commandLine()
                .execute("drill", "--data", data.toString(), "--json", out.toString()))
        .isEqualTo(status);
    return Json.parse(Files.readAllBytes(out));
  }

  /** Drills until all answer, since the links take a moment to come up. */
  private JsonNode first() throws Exception {
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    for (Node node : nodes) {
      while (!metrics(node).contains("tocsin_mesh_links{name=\"open\"} 4.0")) {
        assertThat(System.nanoTime()).as("links").isLessThan(end);
        Thread.sleep(100);
      }
    }
    return drill(0, ExitCode.DONE);
  }

  private static String metrics(Node node) throws Exception {
    try (InputStream page =
        URI.create("http://127.0.0.1:" + node.statusPort() + "/metrics").toURL().openStream()) {
      return new String(page.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** What is heard next of {@code member}; a machine that stalls may make others silent, too. */
  private boolean silent(int member) throws Exception {
    Heard one;
    do {
      one = heard.poll(2, TimeUnit.MINUTES);
      assertThat(one).isNotNull();
    } while (!one.member().equals(account(member)));
    return one.silent();
  }

  @Test
  void aDrillReachesAllAndNamesWhoIsMissingAndASilentMemberIsLoud() throws Exception {
    for (int i = 0; i < residents.size(); i++) {
      open(i);
    }
    JsonNode good = first();
    assertThat(good.path("answered").asInt()).isEqualTo(5);
    assertThat(good.path("quorumMillis").asDouble()).isPositive();
    assertThat(good.path("members"))
        .hasSize(5)
        .allMatch(member -> member.path("millis").asDouble() > 0);
    assertThat(drill(0, ExitCode.NEGATIVE).path("refused").asString()).contains("a minute");
    String call;
    do {
      call = calls.poll(1, TimeUnit.MINUTES);
      assertThat(call).isNotNull();
    } while (!call.contains("DRILL, nothing happened"));

    heard.clear(); // whoever opened late was silent
    nodes.removeLast().close();
    JsonNode bad = drill(1, ExitCode.NEGATIVE);
    assertThat(bad.path("answered").asInt()).isEqualTo(4);
    assertThat(bad.path("quorumMillis").asDouble()).as("four of five").isPositive();
    assertThat(bad.path("members"))
        .filteredOn(member -> !member.has("millis"))
        .singleElement()
        .satisfies(m -> assertThat(m.path("member").asString()).isEqualTo("" + account(4)));
    assertThat(silent(4)).isTrue();
    open(4);
    assertThat(silent(4)).isFalse();
  }

  @Test
  void aNodeThatDoesNotRunTakesNoDrill() throws Exception {
    open(0).close();
    nodes.clear();
    Path data = residents.getFirst().home().resolve("data");
    assertThat(Main.commandLine().execute("drill", "--data", data.toString()))
        .isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(data.resolve("drills")).isEmptyDirectory();
    assertThat(Main.commandLine().execute("drill", "--data", folder.toString()))
        .isEqualTo(ExitCode.USAGE);
  }
}
