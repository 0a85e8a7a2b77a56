package io.tocsin.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Wei;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.ChainEvent.HeadAdvanced;
import io.tocsin.chain.ChainEvent.Traced;
import io.tocsin.chain.ChainEvent.Trouble;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.chain.Header;
import io.tocsin.chain.TraceSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One endpoint of three lies: it is outvoted, and told of by name, operator and lie. */
final class LiarIT {
  private static final RpcChainConfig.Following PATIENT = Dev.quick().withPending(false);

  /** Where a liar is waited for each time, because nobody else has its block. */
  private static final RpcChainConfig.Following HASTY =
      PATIENT.withAgreement(Duration.ofSeconds(2));

  private final Anvil anvil = Anvil.start();
  private final Dev dev = new Dev(anvil.http());
  private final List<ChainEvent> events = new ArrayList<>();
  private volatile boolean lying;

  @AfterEach
  void stop() {
    dev.close();
    anvil.close();
  }

  private LyingProxy liar(BiFunction<String, JsonNode, JsonNode> lie) {
    return new LyingProxy(
        anvil.http(), (method, truth) -> lying ? lie.apply(method, truth) : truth);
  }

  private static boolean told(ChainEvent event, LyingProxy liar, TroubleKind kind) {
    return event instanceof Trouble t && t.kind() == kind && t.endpoint().equals(liar.url());
  }

  /** What was told of the liar, after one more block with a transaction. */
  private Trouble foundOut(
      BiFunction<String, JsonNode, JsonNode> lie, boolean leads, TroubleKind kind)
      throws Exception {
    return foundOut(lie, leads, kind, PATIENT);
  }

  private Trouble foundOut(
      BiFunction<String, JsonNode, JsonNode> lie,
      boolean leads,
      TroubleKind kind,
      RpcChainConfig.Following following)
      throws Exception {
    Address emitter = dev.emitter();
    try (LyingProxy liar = liar(lie)) {
      RpcChainConfig config =
          leads
              ? Dev.config(following, liar.url(), anvil.ws(), anvil.ipc())
              : Dev.config(following, anvil.ws(), anvil.ipc(), liar.url());
      try (RpcChain chain = RpcChain.open(config, Dev.around());
          TraceSource source = chain.follow()) {
        long start = dev.number();
        Dev.await(source, events, e -> Dev.head(e, start));
        lying = true;
        Hash32 tx = dev.run(dev.sign(Optional.of(emitter), Wei.ZERO, Bytes.hex("0x01")));
        Traced traced =
            (Traced)
                Dev.await(
                    source,
                    events,
                    e ->
                        e instanceof Traced t
                            && t.trace().tx().equals(tx)
                            && t.agreement().agreed());
        assertThat(traced.trace().root().input()).isEqualTo(Bytes.hex("0x01"));
        Dev.awaitAny(source, events, e -> told(e, liar, kind));
        Trouble trouble =
            (Trouble) events.stream().filter(e -> told(e, liar, kind)).findFirst().orElseThrow();
        assertThat(trouble.detail()).contains(leads ? "operator 0" : "operator 2", "block ");
        assertThat(events)
            .noneMatch(
                e ->
                    e instanceof Trouble t
                        && !t.endpoint().equals(liar.url())
                        && t.kind() != TroubleKind.DEGRADED);
        return trouble;
      }
    }
  }

  private static void eachBlock(String method, JsonNode answer, Consumer<ObjectNode> lie) {
    if (method.startsWith("eth_getBlockBy") && answer.path("result") instanceof ObjectNode block) {
      lie.accept(block);
    }
  }

  private static JsonNode alterTime(String method, JsonNode answer) {
    eachBlock(method, answer, block -> block.put("timestamp", "0x7fffffff"));
    return answer;
  }

  @Test
  void aHeaderWithAnotherTime() throws Exception {
    Trouble trouble = foundOut(LiarIT::alterTime, false, TroubleKind.FORGED_HEADER);
    assertThat(trouble.detail()).contains("do not hash to the block's hash");
  }

  @Test
  void aLeaderWhoseHeadersHaveAnotherTime() throws Exception {
    foundOut(LiarIT::alterTime, true, TroubleKind.FORGED_HEADER);
    assertThat(events)
        .filteredOn(HeadAdvanced.class::isInstance)
        .noneMatch(e -> ((HeadAdvanced) e).head().time().getEpochSecond() == 0x7fffffff);
  }

  @Test
  void aLeaderThatLiesFromTheFirstContactOn() throws Exception {
    lying = true;
    dev.mine();
    try (LyingProxy liar = liar(LiarIT::alterTime);
        RpcChain chain =
            RpcChain.open(Dev.config(PATIENT, liar.url(), anvil.ws(), anvil.ipc()), Dev.around());
        TraceSource source = chain.follow()) {
      HeadAdvanced head = (HeadAdvanced) Dev.await(source, events, HeadAdvanced.class::isInstance);
      assertThat(head.head().time().getEpochSecond()).isNotEqualTo(0x7fffffff);
      Dev.awaitAny(source, events, e -> told(e, liar, TroubleKind.FORGED_HEADER));
    }
  }

  @Test
  void aRootThatIsNotTheBlocks() throws Exception {
    foundOut(
        (method, answer) -> {
          eachBlock(method, answer, block -> block.put("stateRoot", "0x" + "22".repeat(32)));
          return answer;
        },
        false,
        TroubleKind.FORGED_HEADER);
  }

  @Test
  void aListThatHidesATransaction() throws Exception {
    BiFunction<String, JsonNode, JsonNode> hides =
        (method, answer) -> {
          eachBlock(method, answer, block -> block.putArray("transactions"));
          return answer;
        };
    foundOut(hides, true, TroubleKind.FORGED_TRANSACTIONS);
  }

  /** A lie in each item of the answers to one method. */
  private static BiFunction<String, JsonNode, JsonNode> eachItem(
      String of, Consumer<ObjectNode> lie) {
    return (method, answer) -> {
      if (method.equals(of)) {
        answer.path("result").forEach(item -> lie.accept((ObjectNode) item));
      }
      return answer;
    };
  }

  private static BiFunction<String, JsonNode, JsonNode> eachTrace(Consumer<ObjectNode> lie) {
    return eachItem("debug_traceBlockByHash", item -> lie.accept((ObjectNode) item.path("result")));
  }

  @Test
  void receiptsAndTracesThatHideAnEventTogether() throws Exception {
    var receipts = eachItem("eth_getBlockReceipts", receipt -> receipt.putArray("logs"));
    var traces = eachTrace(trace -> trace.remove("logs"));
    foundOut(
        (method, answer) -> traces.apply(method, receipts.apply(method, answer)),
        false,
        TroubleKind.FORGED_RECEIPTS);
  }

  @Test
  void aTraceThatTheReceiptsContradict() throws Exception {
    foundOut(eachTrace(trace -> trace.remove("logs")), true, TroubleKind.FORGED_TRACE);
  }

  @Test
  void aTraceWithAnotherInput() throws Exception {
    foundOut(eachTrace(trace -> trace.put("input", "0xff")), true, TroubleKind.OUTVOTED);
  }

  /** Another block, whole and right in itself: only the others can tell. */
  private static JsonNode another(String method, JsonNode answer) {
    eachBlock(
        method,
        answer,
        block -> {
          block.put("extraData", "0x66");
          try {
            block.put("hash", Header.parse(block).hash().toString());
          } catch (MalformedException e) {
            throw new AssertionError(e);
          }
        });
    return answer;
  }

  @Test
  void anotherBlock() throws Exception {
    foundOut(LiarIT::another, false, TroubleKind.OUTVOTED);
  }

  @Test
  void aLeaderWithAnotherBlock() throws Exception {
    long start = dev.number();
    foundOut(
        (method, answer) -> number(answer) > start + 1 ? another(method, answer) : answer,
        true,
        TroubleKind.OUTVOTED,
        HASTY);
    assertThat(events)
        .as("a liar makes no reorganisation")
        .noneMatch(ChainEvent.Reorged.class::isInstance);
  }

  private static long number(JsonNode answer) {
    JsonNode number = answer.path("result").path("number");
    return number.isString() ? Long.decode(number.stringValue()) : -1;
  }

  private void stays(boolean leads) throws Exception {
    long last = dev.number() + 1;
    BiFunction<String, JsonNode, JsonNode> frozen =
        (method, answer) -> {
          if (method.equals("eth_blockNumber")) {
            ((ObjectNode) answer).put("result", "0x" + Long.toHexString(last));
          } else if (number(answer) > last) {
            ((ObjectNode) answer).putNull("result");
          }
          return answer;
        };
    try (LyingProxy liar = liar(frozen)) {
      RpcChainConfig config =
          leads
              ? Dev.config(HASTY, liar.url(), anvil.ws(), anvil.ipc())
              : Dev.config(HASTY, anvil.ws(), anvil.ipc(), liar.url());
      try (RpcChain chain = RpcChain.open(config, Dev.around());
          TraceSource source = chain.follow()) {
        dev.mine();
        Dev.await(source, events, e -> Dev.head(e, last));
        lying = true;
        for (int i = 0; i < 5; i++) {
          dev.mine();
        }
        Dev.await(source, events, e -> Dev.head(e, last + 5));
        Dev.awaitAny(source, events, e -> told(e, liar, TroubleKind.STALE));
      }
    }
  }

  @Test
  void aStaleHead() throws Exception {
    stays(false);
  }

  @Test
  void aLeaderWithAStaleHead() throws Exception {
    stays(true);
  }

  @Test
  void anHonestEndpointIsToldOfNothing() throws Exception {
    Address emitter = dev.emitter();
    lying = true;
    try (LyingProxy honest = liar((_, truth) -> truth);
        RpcChain chain =
            RpcChain.open(
                Dev.config(PATIENT, honest.url(), anvil.ws(), anvil.ipc()), Dev.around());
        TraceSource source = chain.follow()) {
      long start = dev.number();
      Dev.await(source, events, e -> Dev.head(e, start));
      for (int i = 0; i < 5; i++) {
        dev.run(dev.sign(Optional.of(emitter), Wei.ZERO, Bytes.hex("0x01")));
      }
      Dev.await(source, events, e -> Dev.head(e, start + 5));
      assertThat(events).noneMatch(e -> e instanceof Trouble t && t.kind() != TroubleKind.DEGRADED);
    }
  }

  /** Types that are not known here: told, and agreement alone counts. */
  @Test
  void whatNobodyCanProveIsSaidAndAgreedUpon() throws Exception {
    BiFunction<String, JsonNode, JsonNode> unknown =
        (method, answer) -> {
          eachBlock(
              method,
              answer,
              block -> {
                for (JsonNode body : (ArrayNode) block.path("transactions")) {
                  if (body instanceof ObjectNode object) {
                    object.put("type", "0x7e");
                  }
                }
              });
          return answer;
        };
    Address emitter = dev.emitter();
    lying = true;
    try (LyingProxy one = liar(unknown);
        LyingProxy other = liar(unknown);
        RpcChain chain = RpcChain.open(Dev.config(PATIENT, one.url(), other.url()), Dev.around());
        TraceSource source = chain.follow()) {
      long start = dev.number();
      Dev.await(source, events, e -> Dev.head(e, start));
      Hash32 tx = dev.run(dev.sign(Optional.of(emitter), Wei.ZERO, Bytes.hex("0x01")));
      Dev.await(
          source,
          events,
          e -> e instanceof Traced t && t.trace().tx().equals(tx) && t.agreement().agreed());
      Dev.awaitAny(source, events, e -> told(e, one, TroubleKind.UNPROVEN));
    }
  }
}
