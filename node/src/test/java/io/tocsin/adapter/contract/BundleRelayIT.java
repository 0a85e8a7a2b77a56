package io.tocsin.adapter.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Gas;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.Metrics;
import io.tocsin.base.Wei;
import io.tocsin.chain.Fees;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.Transaction1559;
import io.tocsin.chain.TxCall;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.web3j.crypto.Keys;
import org.web3j.crypto.Sign;
import org.web3j.utils.Numeric;
import tools.jackson.databind.JsonNode;

/** What a relay is sent, over real HTTP. */
final class BundleRelayIT {
  private static final Hash32 PERMIT = Keccak.hashUtf8("permit");

  private record Request(Bytes body, String signature) {}

  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> counted = new LinkedBlockingQueue<>();
  private final CountDownLatch hold = new CountDownLatch(1);
  private final KeyPair identity = GuardedLender.key(3);
  private volatile int status = 200;
  private volatile String answer = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}";
  private volatile boolean holding;

  @SuppressWarnings("NullAway.Init") // set before every test
  private HttpServer server;

  @SuppressWarnings("NullAway.Init") // set before every test
  private BundleRelay relay;

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            requests.add(
                new Request(
                    Bytes.of(exchange.getRequestBody().readAllBytes()),
                    exchange.getRequestHeaders().getFirst("X-Flashbots-Signature")));
            if (holding) {
              hold.await();
            }
            byte[] text = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, text.length);
            exchange.getResponseBody().write(text);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
    relay = relay("http://127.0.0.1:" + server.getAddress().getPort() + "/secret");
  }

  private BundleRelay relay(String url) {
    Metrics metrics =
        new Metrics() {
          @Override
          public void count(String name, String label) {
            if (name.equals("tocsin_bundles_total")) {
              counted.add(label);
            }
          }

          @Override
          public void gauge(String name, String label, double value) {}

          @Override
          public void stage(String stage, Duration took) {}
        };
    return BundleRelay.open(url, identity, new ResponderEvents(metrics), Duration.ofMinutes(1));
  }

  @AfterEach
  void stop() {
    hold.countDown();
    relay.close();
    server.stop(0);
  }

  private static SignedTransaction transaction(int key) {
    return new Transaction1559(
            ChainId.evm(1),
            0,
            new Fees(Wei.gwei(9), Wei.gwei(1)),
            new Gas(21_000),
            TxCall.of(GuardedLender.SISTER, Bytes.EMPTY))
        .sign(GuardedLender.key(key));
  }

  private Request received() throws InterruptedException {
    Request request = requests.poll(60, TimeUnit.SECONDS);
    assertThat(request).isNotNull();
    return request;
  }

  @Test
  void sendsTheTransactionsInOrderForTheBlockAndSaysWhichMayFail() throws Exception {
    SignedTransaction pause = transaction(1);
    SignedTransaction attack = transaction(4);
    relay.submit(Bundle.ahead(PERMIT, pause, attack, 291));
    JsonNode request = Json.parse(received().body().toArray());
    assertThat(request.path("method").asString()).isEqualTo("eth_sendBundle");
    JsonNode bundle = request.path("params").path(0);
    assertThat(bundle.path("blockNumber").asString()).isEqualTo("0x123");
    assertThat(bundle.path("txs").valueStream().map(JsonNode::asString))
        .containsExactly(pause.encoded().toHex(), attack.encoded().toHex());
    assertThat(bundle.path("revertingTxHashes").valueStream().map(JsonNode::asString))
        .containsExactly(attack.hash().toString());
    assertThat(counted.poll(60, TimeUnit.SECONDS)).isEqualTo("taken");
  }

  @Test
  void namesABundleAlikeForEachBlockAndNotAlikeForEachKind() {
    SignedTransaction pause = transaction(1);
    Bundle alone = Bundle.alone(PERMIT, pause, 1);
    assertThat(alone.name()).isEqualTo(Bundle.alone(PERMIT, transaction(2), 2).name());
    assertThat(alone.name()).isNotEqualTo(Bundle.ahead(PERMIT, pause, transaction(4), 1).name());
    assertThat(alone.name()).isNotEqualTo(Bundle.alone(Hash32.ZERO, pause, 1).name());
    assertThat(alone.name().version()).isEqualTo(4);
    assertThat(alone.name().variant()).isEqualTo(2);
    assertThat(alone.mayRevert()).isEmpty();
  }

  /** As the relays' own clients do: web3j recovers the signer of the hash's hexadecimal text. */
  @Test
  void signsTheBodyAsRelaysWantIt() throws Exception {
    relay.submit(Bundle.alone(PERMIT, transaction(1), 7));
    Request request = received();
    String[] parts = request.signature().split(":", -1);
    assertThat(parts[0]).isEqualTo(identity.address().toString());
    byte[] signature = Numeric.hexStringToByteArray(parts[1]);
    byte[] message = Keccak.hash(request.body()).toString().getBytes(StandardCharsets.UTF_8);
    var signer =
        Sign.signedPrefixedMessageToKey(
            message,
            new Sign.SignatureData(
                signature[64],
                Bytes.of(signature).slice(0, 32).toArray(),
                Bytes.of(signature).slice(32, 64).toArray()));
    assertThat("0x" + Keys.getAddress(signer)).isEqualTo(identity.address().toString());
  }

  @Test
  void saysThatARelayRefusesOrIsNotThere() throws Exception {
    answer = "{\"error\":{\"code\":-32000,\"message\":\"no\"}}";
    relay.submit(Bundle.alone(PERMIT, transaction(1), 7));
    assertThat(counted.poll(60, TimeUnit.SECONDS)).isEqualTo("refused");
    answer = "<html>";
    relay.submit(Bundle.alone(PERMIT, transaction(1), 7));
    assertThat(counted.poll(60, TimeUnit.SECONDS)).isEqualTo("refused");
    answer = "{}";
    status = 429;
    relay.submit(Bundle.alone(PERMIT, transaction(1), 7));
    assertThat(counted.poll(60, TimeUnit.SECONDS)).isEqualTo("refused");
    server.stop(0);
    relay.submit(Bundle.alone(PERMIT, transaction(1), 7));
    assertThat(counted.poll(60, TimeUnit.SECONDS)).isEqualTo("undelivered");
  }

  @Test
  void aRelayThatHangsDelaysNothingAndIsNotFloodedFurther() throws Exception {
    holding = true;
    for (int i = 0; i < BundleRelay.CAPACITY; i++) {
      relay.submit(Bundle.alone(PERMIT, transaction(1), i));
    }
    assertThat(counted).isEmpty();
    relay.submit(Bundle.alone(PERMIT, transaction(1), 99));
    assertThat(counted.poll(60, TimeUnit.SECONDS)).isEqualTo("dropped");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://relay.example", "ftp://127.0.0.1", "no url", "https:///x", ""})
  void refusesAnAddressThatAnyoneCouldReadAlong(String url) {
    assertThatThrownBy(() -> relay(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("example");
    assertThat(List.of("https://relay.example/x", "http://localhost:8"))
        .allSatisfy(good -> assertThat(BundleRelay.checked(good)).hasToString(good));
  }
}
