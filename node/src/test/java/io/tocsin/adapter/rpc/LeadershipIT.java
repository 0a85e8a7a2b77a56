package io.tocsin.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.Wei;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.ChainEvent.HeadAdvanced;
import io.tocsin.chain.ChainEvent.Traced;
import io.tocsin.chain.ChainEvent.Trouble;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.TraceSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A leader that cannot be followed loses the lead, and gets it back when it can. */
final class LeadershipIT {
  private static final RpcChainConfig.Following FOLLOWING =
      new RpcChainConfig.Following(
          Duration.ofMillis(500),
          Duration.ofMillis(50),
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          true,
          OptionalLong.empty());

  /** Nothing counts as silence or as lost but what the test silences or cuts. */
  private static final RpcChainConfig.Following PATIENT =
      new RpcChainConfig.Following(
          Duration.ofSeconds(30),
          Duration.ofMillis(50),
          Duration.ofMillis(500),
          Duration.ofSeconds(30),
          true,
          OptionalLong.empty());

  private final Anvil anvil = Anvil.start();
  private final Dev dev = new Dev(anvil.http());
  private final IpcRelay relay = new IpcRelay(anvil.ipc());
  private final List<ChainEvent> events = new ArrayList<>();

  @AfterEach
  void stop() {
    relay.close();
    dev.close();
    anvil.close();
  }

  private boolean ofRelay(ChainEvent event, TroubleKind kind) {
    return event instanceof Trouble t && t.kind() == kind && t.endpoint().equals(relay.url());
  }

  private long blocks(int count) {
    for (int i = 0; i < count; i++) {
      dev.mine();
    }
    return dev.number();
  }

  /** Follows through the relay and another endpoint while the relay lies, and then does not. */
  private void losesTheLeadWhile(IpcRelay.Lie lie, TroubleKind kind) throws Exception {
    try (RpcChain chain =
            RpcChain.open(Dev.config(FOLLOWING, relay.url(), anvil.ws()), Dev.around());
        TraceSource source = chain.follow()) {
      long start = blocks(1);
      Dev.await(source, events, e -> Dev.head(e, start));
      dev.call("evm_setIntervalMining", 1);
      relay.lie(lie);
      long seen = start + 2;
      Dev.await(source, events, e -> Dev.head(e, seen));
      Dev.awaitAny(source, events, e -> ofRelay(e, kind));
      List<ChainEvent> later = new ArrayList<>();
      Dev.await(source, later, e -> e instanceof HeadAdvanced h && h.head().number() > seen + 3);
      assertThat(later).noneMatch(e -> ofRelay(e, TroubleKind.RECOVERED));
      relay.lie((_, truth) -> Optional.of(truth));
      Dev.await(source, later, e -> ofRelay(e, TroubleKind.RECOVERED));
    }
  }

  private static JsonNode failure(JsonNode truth) {
    ObjectNode answer = Json.object().put("jsonrpc", "2.0");
    answer.set("id", truth.get("id"));
    answer.putObject("error").put("code", -32_005).put("message", "limit exceeded");
    return answer;
  }

  @Test
  void oneThatAnswersBlocksWithErrors() throws Exception {
    losesTheLeadWhile(
        (method, truth) ->
            Optional.of(method.equals("eth_getBlockByNumber") ? failure(truth) : truth),
        TroubleKind.FAILING);
  }

  @Test
  void oneThatDoesNotShowTheBlocksItAnnounces() throws Exception {
    long last = dev.number() + 1;
    losesTheLeadWhile(
        (method, truth) ->
            Optional.of(
                method.equals("eth_getBlockByNumber") && number(truth) > last
                    ? ((ObjectNode) truth).putNull("result")
                    : truth),
        TroubleKind.FAILING);
  }

  @Test
  void oneWhoseNextBlockHasAnotherParentThanTheBlockItShows() throws Exception {
    long last = dev.number() + 1;
    losesTheLeadWhile(
        (method, truth) -> {
          if (method.equals("eth_getBlockByNumber") && number(truth) > last) {
            ((ObjectNode) truth.path("result")).put("parentHash", "0x" + "11".repeat(32));
          }
          return Optional.of(truth);
        },
        TroubleKind.FAILING);
  }

  @Test
  void oneThatStopsAnnouncing() throws Exception {
    losesTheLeadWhile(
        (method, truth) ->
            method.equals("eth_subscription") ? Optional.empty() : Optional.of(truth),
        TroubleKind.SILENT);
  }

  @Test
  void oneThatAnswersNothing() throws Exception {
    losesTheLeadWhile((_, _) -> Optional.empty(), TroubleKind.UNREACHABLE);
  }

  private static long number(JsonNode answer) {
    JsonNode number = answer.path("result").path("number");
    return number.isString() ? Long.decode(number.stringValue()) : -1;
  }

  @Test
  void theOnlyOneStaysInTheLeadAndItsTroubleIsTold() throws Exception {
    try (RpcChain chain = RpcChain.open(Dev.config(PATIENT, relay.url()), Dev.around());
        TraceSource source = chain.follow()) {
      long start = blocks(1);
      Dev.await(source, events, e -> Dev.head(e, start));
      relay.lie(
          (method, truth) ->
              Optional.of(method.equals("eth_getBlockByNumber") ? failure(truth) : truth));
      long next = blocks(1);
      Dev.await(source, events, e -> ofRelay(e, TroubleKind.FAILING));
      relay.lie((_, truth) -> Optional.of(truth));
      Dev.await(source, events, e -> Dev.head(e, next));
      Dev.awaitAny(source, events, e -> ofRelay(e, TroubleKind.RECOVERED));
    }
  }

  @Test
  void aCallWithoutAnswerDoesNotLeaveSubscriptionsBehind() throws Exception {
    try (RpcChain chain = RpcChain.open(Dev.config(FOLLOWING, relay.url()), Dev.around());
        TraceSource source = chain.follow()) {
      long start = blocks(1);
      Dev.await(source, events, e -> Dev.head(e, start));
      for (int i = 0; i < 3; i++) {
        relay.lie(
            (method, truth) ->
                method.equals("eth_getBlockByNumber") ? Optional.empty() : Optional.of(truth));
        long next = blocks(1);
        Dev.await(source, events, e -> ofRelay(e, TroubleKind.UNREACHABLE));
        relay.lie((_, truth) -> Optional.of(truth));
        Dev.await(source, events, e -> Dev.head(e, next));
      }
      assertThat(relay.subscriptions().size()).isBetween(4, 24);
      for (int i = 0; i < 600 && relay.connections() != 2; i++) {
        Thread.sleep(100); // the other end hears later that a connection is over
      }
      assertThat(relay.connections()).isEqualTo(2);
    }
  }

  @Test
  void afterAReconnectionThePoolIsReadAndWhatComesInIsAnnouncedAgain() throws Exception {
    Address emitter = dev.emitter();
    dev.call("evm_setAutomine", false);
    try (RpcChain chain = RpcChain.open(Dev.config(PATIENT, relay.url()), Dev.around());
        TraceSource source = chain.follow()) {
      long start = dev.number();
      Dev.await(source, events, e -> Dev.head(e, start));
      int before = relay.subscriptions().size();
      relay.cut(true);
      Dev.await(source, events, e -> ofRelay(e, TroubleKind.UNREACHABLE));
      SignedTransaction missed = dev.sign(Optional.of(emitter), Wei.ZERO, Bytes.hex("0x01"));
      dev.send(missed);
      relay.cut(false);
      Dev.await(source, events, e -> ofTransaction(e, missed.hash()));
      assertThat(events).anyMatch(e -> ofRelay(e, TroubleKind.RECOVERED));
      SignedTransaction live = dev.sign(Optional.of(emitter), Wei.ZERO, Bytes.hex("0x0102"));
      dev.send(live);
      Dev.await(source, events, e -> ofTransaction(e, live.hash()));
      List<String> all = relay.subscriptions();
      assertThat(all.subList(before, all.size()))
          .as("each connection is probed once and subscribed once")
          .isEqualTo(all.subList(0, before));
    }
  }

  @Test
  void aWebSocketIsMadeAgainWithAllThatHungOnIt() throws Exception {
    Address emitter = dev.emitter();
    dev.call("evm_setAutomine", false);
    try (TcpRelay cable = new TcpRelay(anvil.port());
        RpcChain chain =
            RpcChain.open(Dev.config(PATIENT, "ws://127.0.0.1:" + cable.port()), Dev.around());
        TraceSource source = chain.follow()) {
      long start = dev.number();
      Dev.await(source, events, e -> Dev.head(e, start));
      cable.cut(true);
      Dev.await(source, events, e -> e instanceof Trouble t && t.kind() == TroubleKind.UNREACHABLE);
      SignedTransaction missed = dev.sign(Optional.of(emitter), Wei.ZERO, Bytes.hex("0x01"));
      dev.send(missed);
      cable.cut(false);
      Dev.await(source, events, e -> ofTransaction(e, missed.hash()));
      SignedTransaction live = dev.sign(Optional.of(emitter), Wei.ZERO, Bytes.hex("0x0102"));
      dev.send(live);
      Dev.await(source, events, e -> ofTransaction(e, live.hash()));
      dev.mine();
      Dev.await(source, events, e -> Dev.head(e, start + 1));
    }
  }

  @Test
  void oneThatStopsAnnouncingPendingTransactionsIsToldOf() throws Exception {
    Address someone = Dev.KEY.address();
    dev.call("evm_setAutomine", false);
    relay.lie(
        (method, truth) -> {
          boolean note = method.equals("eth_subscription");
          boolean head = truth.path("params").path("result").has("parentHash");
          return note && !head ? Optional.empty() : Optional.of(truth);
        });
    RpcChainConfig.Following slow = PATIENT.withSlot(Duration.ofSeconds(3)); // 9 s, and 15 s
    try (RpcChain chain = RpcChain.open(Dev.config(slow, relay.url()), Dev.around());
        TraceSource source = chain.follow()) {
      Dev.await(source, events, HeadAdvanced.class::isInstance);
      dev.call("evm_setIntervalMining", 1);
      for (int i = 0; i < 40; i++) {
        dev.send(dev.sign(Optional.of(someone), Wei.ZERO, Bytes.EMPTY));
      }
      Dev.await(source, events, e -> ofRelay(e, TroubleKind.PENDING_SILENT));
      relay.lie((_, truth) -> Optional.of(truth));
      dev.send(dev.sign(Optional.of(someone), Wei.ZERO, Bytes.EMPTY));
      Dev.await(source, events, e -> ofRelay(e, TroubleKind.PENDING_BACK));
      assertThat(events).noneMatch(e -> ofRelay(e, TroubleKind.SILENT));
    }
  }

  private static boolean ofTransaction(ChainEvent event, Hash32 tx) {
    return event instanceof Traced t && t.trace().tx().equals(tx);
  }
}
