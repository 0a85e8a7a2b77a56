package io.tocsin.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.BoundedQueue;
import io.tocsin.chain.NodeCalls.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class JsonRpcIT {
  private static Anvil anvil = Anvil.start();

  @BeforeAll
  static void waits() {
    assertThat(anvil.port()).isPositive();
  }

  @AfterAll
  static void stop() {
    anvil.close();
  }

  private static String url(String transport) {
    return switch (transport) {
      case "http" -> anvil.http();
      case "ws" -> anvil.ws();
      default -> anvil.ipc();
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "ws", "ipc"})
  void callsOverEveryTransport(String transport) {
    try (JsonRpc rpc = JsonRpc.open(url(transport))) {
      Reply reply = rpc.call("eth_chainId");
      assertThat(reply).isInstanceOf(Reply.Result.class);
      assertThat(((Reply.Result) reply).value().stringValue()).isEqualTo("0x7a69");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "ws", "ipc"})
  void refusalsAreValues(String transport) {
    try (JsonRpc rpc = JsonRpc.open(url(transport))) {
      assertThat(rpc.call("no_such_method"))
          .isInstanceOfSatisfying(
              Reply.Failure.class,
              // anvil's sockets take an unknown method for wrong parameters
              f ->
                  assertThat(f.code())
                      .isEqualTo(
                          transport.equals("http") ? Reply.Failure.NO_SUCH_METHOD : -32_602));
      assertThat(rpc.call("eth_getBalance", "nonsense")).isInstanceOf(Reply.Failure.class);
      assertThat(rpc.call("eth_chainId")).isInstanceOf(Reply.Result.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "ws", "ipc"})
  void concurrentCallsGetTheirOwnAnswers(String transport) throws Exception {
    try (JsonRpc rpc = JsonRpc.open(url(transport));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Boolean>> calls = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        String data = String.format("0x%04x", i);
        calls.add(
            () ->
                rpc.call("web3_sha3", data) instanceof Reply.Result(JsonNode value)
                    && value
                        .stringValue()
                        .equals(
                            io.tocsin.crypto.Keccak.hash(io.tocsin.base.Bytes.hex(data))
                                .toString()));
      }
      for (Future<Boolean> call : threads.invokeAll(calls)) {
        assertThat(call.get()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "ipc"})
  void subscriptionsBringHeadsAndTellOfTheirEnd(String transport) throws Exception {
    BoundedQueue<JsonNode> notes = new BoundedQueue<>(10);
    BoundedQueue<String> ends = new BoundedQueue<>(1);
    try (JsonRpc rpc = JsonRpc.open(url(transport))) {
      assertThat(rpc.subscribe(notes::offer, () -> ends.offer("lost"), "newHeads")).isEmpty();
      rpc.call("evm_mine");
      JsonNode head = notes.poll(Duration.ofSeconds(60)).orElseThrow();
      assertThat(head.path("parentHash").isString()).isTrue();
    }
    assertThat(ends.poll(Duration.ofSeconds(60))).contains("lost");
  }

  @Test
  void httpCarriesNoSubscriptions() {
    try (JsonRpc rpc = JsonRpc.open(anvil.http())) {
      assertThat(rpc.pushes()).isFalse();
      assertThat(rpc.subscribe(_ -> {}, () -> {}, "newHeads")).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:9", "ws://127.0.0.1:9", "ipc:/nonexistent/socket"})
  void whoIsNotThereIsUnreachable(String url) {
    try (JsonRpc rpc = JsonRpc.open(url)) {
      assertThat(rpc.call("eth_chainId")).isInstanceOf(Reply.Unreachable.class);
    }
  }

  @Test
  void refusesWhatIsNoAddress() {
    assertThatThrownBy(() -> JsonRpc.open("ftp://x")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> JsonRpc.open("localhost:8545"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keysInAddressesAreNotShown() {
    try (JsonRpc rpc = JsonRpc.open("https://user:secret@node.example:8545/v3/0123456789abcdef")) {
      assertThat(rpc.name()).doesNotContain("secret").doesNotContain("9abcdef");
    }
  }
}
