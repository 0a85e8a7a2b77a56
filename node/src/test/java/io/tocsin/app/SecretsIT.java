package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tocsin.adapter.keys.Keyring;
import io.tocsin.adapter.keys.Role;
import io.tocsin.adapter.rpc.Anvil;
import io.tocsin.base.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Secrets that can be recognised are looked for in everything that a node writes and says: plain,
 * in hexadecimal and in Base64.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SecretsIT {
  private static final String PASSWORD = "horse-battery-staple-5512";
  private static final String PATH_KEY = "pathkey77aa41c09e";
  private static final String QUERY_KEY = "querykey3c9d02be71";
  private static final String USER_KEY = "userkey90ffe1dd42";
  private static final String HOOK_KEY = "hookkey5b1e77c3a8";
  private static final String RELAY_KEY = "relaykey1d30e95f66";

  @TempDir private Path folder;
  private final Map<String, byte[]> secrets = new LinkedHashMap<>();
  private Path password = Path.of("");

  @BeforeEach
  void makeSecrets() throws IOException {
    password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
    for (String text : List.of(PASSWORD, PATH_KEY, QUERY_KEY, USER_KEY, HOOK_KEY, RELAY_KEY)) {
      secrets.put(text, text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** What a command says on both streams when it ends with {@code status}. */
  private static String run(int status, String... arguments) {
    StringBuilder said = new StringBuilder();
    assertThat(ended(said, arguments))
        .as(() -> String.join(" ", arguments) + "\n" + said)
        .isEqualTo(status);
    return said.toString();
  }

  private static int ended(StringBuilder said, String... arguments) {
    StringWriter errors = new StringWriter();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(text, true, StandardCharsets.UTF_8));
    try {
      return Main.commandLine().setErr(new PrintWriter(errors, true)).execute(arguments);
    } finally {
      System.setOut(before);
      said.append(text.toString(StandardCharsets.UTF_8)).append(errors);
    }
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  /** A member's keys, which are secrets from now on, and the roster of four members. */
  private Keyring found() throws IOException {
    List<String> create =
        new ArrayList<>(List.of("roster", "create", "--out", path("roster.json")));
    List<String> names = List.of("alder", "birch", "cedar", "doum");
    String from = "file:" + password;
    for (String name : names) {
      run(0, "keys", "create", "--name", name, "--keys", path(name), "--light", "--password", from);
      run(
          0,
          Stream.of(
                  Stream.of("roster", "join", "--keys", path(name), "--password", from),
                  Stream.of("--operator", name, "--endpoint", "127.0.0.1:1"),
                  Stream.of("--out", path(name + ".json")))
              .flatMap(s -> s)
              .toArray(String[]::new));
      create.addAll(List.of("--member", path(name + ".json")));
    }
    run(0, create.toArray(String[]::new));
    for (String name : names) {
      run(0, "roster", "sign", path("roster.json"), "--keys", path(name), "--password", from);
    }
    Keyring keys = Keyring.in(folder.resolve("birch"));
    secrets.put("attest key", keys.open(Role.ATTEST, PASSWORD.toCharArray()).exportSecret());
    secrets.put("responder key", keys.open(Role.RESPONDER, PASSWORD.toCharArray()).exportSecret());
    secrets.put("TLS key", tail(keys.openTls(PASSWORD.toCharArray()).privateKey().getEncoded()));
    return keys;
  }

  /** The private number of a PKCS#8 P-256 key stands at byte 36. */
  private static byte[] tail(byte[] encoded) {
    return Arrays.copyOfRange(encoded, 36, 68);
  }

  private Path config(String url, Keyring keys) throws Exception {
    String responder = keys.open(Role.RESPONDER, PASSWORD.toCharArray()).address().toString();
    Files.writeString(
        folder.resolve("mandates.yaml"),
        """
        protocol: Vault
        contract: eip155:1:0x00000000000000000000000000000000000000c1
        guardian:
          account: eip155:1:0x00000000000000000000000000000000000000d1
          callers: ["%s"]
          pausedCap: 36h
        levers:
          - name: pause
            target: "0x00000000000000000000000000000000000000c1"
            call: pause()
            release: unpause()
            probe:
              call: paused()
            blocks: [withdraw]
        mandates:
          - name: vault-direct
            class: direct
            lever: pause
            uses: 3
            cooldown: 1h
            duration: 24h
            expiry: 2099-01-01T00:00:00Z
        """
            .formatted(responder));
    return Files.writeString(
        folder.resolve("tocsin.yaml"),
        """
        name: birch
        data: data
        statusPort: 0
        federation:
          roster: roster.json
          keys: birch
          password: file:%1$s
          listen: 127.0.0.1:0
        chains:
          - id: eip155:1
            slot: 1s
            endpoints:
              - url: %2$s/v3/%3$s?token=%4$s
                operator: own
              - url: http://%5$s:x@127.0.0.1:9/v3/%3$s
                operator: gone
        notify:
          - webhook: env:CALL_ME
        mandates: mandates.yaml
        responder:
          key: birch/responder.json
          password: file:%1$s
          relays:
            - chain: eip155:1
              url: https://relay.example/%6$s
        """
            .formatted(password, url, PATH_KEY, QUERY_KEY, USER_KEY, RELAY_KEY));
  }

  /** Hands calls on to {@code anvil}; every fifth it refuses as some services do, with the key. */
  private static HttpServer service(Anvil anvil, CountDownLatch refused) throws IOException {
    HttpServer server = server();
    HttpClient client = HttpClient.newHttpClient();
    int[] calls = {0};
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          try {
            if (++calls[0] % 5 == 0) {
              JsonNode id = Json.parse(body).path("id");
              String said = "no project " + PATH_KEY + " for " + exchange.getRequestURI();
              answer(
                  exchange,
                  200,
                  ("{\"jsonrpc\":\"2.0\",\"id\":"
                          + id
                          + ",\"error\":{\"code\":-32000,\"message\":\""
                          + said
                          + "\"}}")
                      .getBytes(StandardCharsets.UTF_8));
              refused.countDown();
              return;
            }
            HttpRequest request =
                HttpRequest.newBuilder(URI.create(anvil.http()))
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            answer(
                exchange,
                200,
                client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
          } catch (Exception e) {
            throw new IOException(e);
          }
        });
    server.start();
    return server;
  }

  private static HttpServer server() throws IOException {
    return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static String url(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Test
  void nothingThatANodeWritesOrSaysHoldsASecret() throws Exception {
    Keyring keys = found();
    CountDownLatch hooks = new CountDownLatch(2);
    CountDownLatch refusals = new CountDownLatch(4);
    HttpServer hook = server();
    hook.createContext(
        "/",
        exchange -> {
          answer(exchange, 500, new byte[0]);
          hooks.countDown();
        });
    hook.start();
    Map<String, String> environment = Map.of("CALL_ME", url(hook) + "/hooks/" + HOOK_KEY);
    HttpServer service = null;
    try (Anvil anvil = Anvil.start("--chain-id", "1")) {
      service = service(anvil, refusals);
      Path config = config(url(service), keys);
      try (NodeProcess node =
          new NodeProcess(
              environment, "run", "--config", config.toString(), "--json", path("run.json"))) {
        List<String> said = node.until("serves /healthz");
        assertThat(said.getLast()).contains("serves /healthz");
        int port = status();
        assertThat(hooks.await(2, TimeUnit.MINUTES)).as("the webhook was tried").isTrue();
        assertThat(refusals.await(2, TimeUnit.MINUTES)).as("the endpoint refused").isTrue();
        for (String page : List.of("/metrics", "/healthz", "/readyz", "/nothing")) {
          holdsNoSecret(page, NodeProcess.page(port, page).getBytes(StandardCharsets.UTF_8));
        }
        assertThat(node.stop("TERM")).isEqualTo(ExitCode.DONE);
        String all = String.join("\n", said);
        assertThat(all).contains("could not be told", "127.0.0.1:9", "is member 0x");
        holdsNoSecret("standard output and error", all.getBytes(StandardCharsets.UTF_8));
      }
      holdsNoSecret(
          "check", run(ExitCode.NEGATIVE, "check", "--config", config.toString(), "--online"));
    } finally {
      hook.stop(0);
      if (service != null) {
        service.stop(0);
      }
    }
    List<Path> written = new ArrayList<>(List.of(folder.resolve("run.json")));
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      files.filter(Files::isRegularFile).forEach(written::add);
    }
    assertThat(written).as("the database with the audit log").hasSizeGreaterThan(1);
    for (Path file : written) {
      holdsNoSecret(file.toString(), Files.readAllBytes(file));
    }
    holdsNoSecret(
        "the audit log",
        run(ExitCode.DONE, "audit", "--data", path("data"), "--json", path("audit.json")));
    holdsNoSecret("the audit log", Files.readAllBytes(folder.resolve("audit.json")));
  }

  private int status() throws Exception {
    return NodeProcess.written(folder.resolve("run.json")).path("statusPort").asInt();
  }

  @Test
  void errorsHoldNoSecret() throws Exception {
    Keyring keys = found();
    Path config = config("http://127.0.0.1:9", keys);
    Path wrong = Files.writeString(folder.resolve("wrong"), "not-" + HOOK_KEY + "\n");
    Files.setPosixFilePermissions(wrong, PosixFilePermissions.fromString("rw-------"));
    String text = Files.readString(config);
    String gone = "http://" + USER_KEY + ":x@127.0.0.1:9/v3/" + PATH_KEY + "?token=" + QUERY_KEY;
    String torn = "http://127.0.0.1:9/v3 /" + PATH_KEY;
    List<String> said = new ArrayList<>();
    said.add(run(ExitCode.USAGE, "keys", "show", "--keys", path("birch"), "--password", PASSWORD));
    String mine = path("birch");
    String bad = "file:" + wrong;
    said.add(any("roster", "revoke", path("roster.json"), "--keys", mine, "--password", bad));
    for (String url : List.of(gone, torn, PATH_KEY, "ftp://eth.example/" + PATH_KEY)) {
      said.add(any("watch", "--rpc", url));
      said.add(any("replay", "--block", "1", "--rpc", url));
      said.add(
          any(
              "guardian",
              "status",
              "eip155:1:0x00000000000000000000000000000000000000d1",
              "--rpc",
              url));
      Files.writeString(config, text.replaceFirst("url: http.*", "url: " + url));
      said.add(any("check", "--config", config.toString(), "--online"));
    }
    Files.writeString(config, text.replace("https://relay.example/", "ftp://relay.example/ "));
    said.add(any("check", "--config", config.toString()));
    Files.writeString(config, text.replace("file:" + password, PASSWORD));
    said.add(any("check", "--config", config.toString()));
    Files.writeString(config, text.replace("file:" + password, "file:" + wrong));
    said.add(any("run", "--config", config.toString()));
    for (String hook :
        List.of("http://example.org/" + HOOK_KEY, HOOK_KEY, "https://a b/" + HOOK_KEY)) {
      Files.writeString(config, text);
      try (NodeProcess node =
          new NodeProcess(Map.of("CALL_ME", hook), "run", "--config", config.toString())) {
        said.add(String.join("\n", node.until("there is no such line")));
      }
    }
    assertThat(said).allSatisfy(each -> assertThat(each).isNotBlank());
    for (String each : said) {
      holdsNoSecret(each, each);
    }
  }

  /** What is said, whatever the status; it must not be a success. */
  private static String any(String... arguments) {
    StringBuilder said = new StringBuilder();
    assertThat(ended(said, arguments)).isNotZero();
    return said.toString();
  }

  private void holdsNoSecret(String where, String said) {
    holdsNoSecret(where, said.getBytes(StandardCharsets.UTF_8));
  }

  private void holdsNoSecret(String where, byte[] content) {
    String text = new String(content, StandardCharsets.ISO_8859_1);
    String lower = text.toLowerCase(Locale.ROOT);
    secrets.forEach(
        (name, secret) -> {
          assertThat(text.contains(new String(secret, StandardCharsets.ISO_8859_1)))
              .as("%s, plain, in %s", name, where)
              .isFalse();
          assertThat(lower.contains(HexFormat.of().formatHex(secret)))
              .as("%s, in hexadecimal, in %s", name, where)
              .isFalse();
          for (int shift = 0; shift < 3; shift++) {
            for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
              assertThat(text.contains(base64(encoder, secret, shift)))
                  .as("%s, in Base64, in %s", name, where)
                  .isFalse();
            }
          }
        });
  }

  /**
   * The letters that stand for {@code secret} alone, where {@code shift} other bytes precede it.
   */
  private static String base64(Base64.Encoder encoder, byte[] secret, int shift) {
    byte[] shifted = new byte[shift + secret.length];
    System.arraycopy(secret, 0, shifted, shift, secret.length);
    String text = encoder.withoutPadding().encodeToString(shifted);
    return text.substring(shift == 0 ? 0 : shift + 1, text.length() - 2);
  }
}
