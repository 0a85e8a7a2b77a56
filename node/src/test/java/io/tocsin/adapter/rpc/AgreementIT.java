package io.tocsin.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.Wei;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.ChainEvent.Traced;
import io.tocsin.chain.ChainEvent.Trouble;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TraceSource;
import io.tocsin.chain.TraceSource.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class AgreementIT {
  private static final Anvil ANVIL = Anvil.start();
  private static final Dev DEV = new Dev(ANVIL.http());
  private static final RpcChainConfig.Following FOLLOWING = Dev.quick();
  private static Address emitter = Address.ZERO;
  private static Hash32 tx = Hash32.ZERO;

  @BeforeAll
  static void makeATransaction() throws InterruptedException {
    emitter = DEV.emitter();
    tx = DEV.run(DEV.sign(Optional.of(emitter), Wei.ZERO, Bytes.hex("0x01")));
  }

  @AfterAll
  static void stop() {
    DEV.close();
    ANVIL.close();
  }

  private static LyingProxy proxy(BiFunction<String, JsonNode, JsonNode> lie) {
    return new LyingProxy(ANVIL.http(), lie);
  }

  /** Changes the input in every call tree. */
  private static JsonNode alterTraces(String method, JsonNode answer) {
    JsonNode result = answer.path("result");
    if (method.startsWith("debug_trace") && result instanceof ObjectNode tree) {
      tree.put("input", "0xff");
    }
    for (JsonNode item : result) {
      if (method.equals("debug_traceBlockByHash")
          && item.path("result") instanceof ObjectNode tree) {
        tree.put("input", "0xff");
      }
    }
    return answer;
  }

  private static Agreement agreement(RpcChainConfig config) {
    try (RpcChain chain = RpcChain.open(config, Dev.around())) {
      assertThat(chain.trace(tx)).isInstanceOf(Answer.Found.class);
      return ((Answer.Found) chain.trace(tx)).traced().agreement();
    }
  }

  @Test
  void twoEndpointsOfTwoOperatorsAgree() {
    assertThat(agreement(Dev.config(FOLLOWING, ANVIL.ws(), ANVIL.http())))
        .isEqualTo(new Agreement.Agreed(2, Set.of("operator 0", "operator 1")));
  }

  @Test
  void oneEndpointIsNotEnough() {
    assertThat(agreement(Dev.config(FOLLOWING, ANVIL.ws())))
        .isInstanceOfSatisfying(
            Agreement.Lacking.class, l -> assertThat(l.reason()).contains("only one endpoint"));
  }

  @Test
  void twoEndpointsOfOneOperatorAreNotEnough() {
    RpcChainConfig config =
        new RpcChainConfig(
            Dev.CHAIN,
            List.of(
                new RpcChainConfig.Remote(ANVIL.ws(), "same"),
                new RpcChainConfig.Remote(ANVIL.http(), "same")),
            FOLLOWING);
    assertThat(agreement(config))
        .isInstanceOfSatisfying(
            Agreement.Lacking.class, l -> assertThat(l.reason()).contains("one operator"));
  }

  @Test
  void aLyingSecondEndpointPreventsAgreement() {
    try (LyingProxy liar = proxy(AgreementIT::alterTraces)) {
      assertThat(agreement(Dev.config(FOLLOWING, ANVIL.ws(), liar.url())))
          .isInstanceOfSatisfying(
              Agreement.Lacking.class, l -> assertThat(l.reason()).contains("differ"));
    }
  }

  @Test
  void twoOfThreeOutvoteALiarAndTheirTraceCounts() {
    try (LyingProxy liar = proxy(AgreementIT::alterTraces)) {
      RpcChainConfig config = Dev.config(FOLLOWING, liar.url(), ANVIL.ws(), ANVIL.ipc());
      try (RpcChain chain = RpcChain.open(config, Dev.around())) {
        Traced traced = ((Answer.Found) chain.trace(tx)).traced();
        assertThat(traced.agreement().agreed()).isTrue();
        assertThat(traced.trace().root().input()).isEqualTo(Bytes.hex("0x01"));
      }
    }
  }

  @Test
  void aReceiptThatContradictsTheTraceTakesTheVoiceAway() {
    BiFunction<String, JsonNode, JsonNode> fails =
        (method, answer) -> {
          if (method.equals("eth_getBlockReceipts")) {
            answer.path("result").forEach(receipt -> ((ObjectNode) receipt).put("status", "0x0"));
          }
          return answer;
        };
    try (LyingProxy liar = proxy(fails)) {
      assertThat(agreement(Dev.config(FOLLOWING, ANVIL.ws(), liar.url())))
          .isInstanceOfSatisfying(
              Agreement.Lacking.class, l -> assertThat(l.reason()).contains("receipt"));
    }
  }

  @Test
  void anUnreachableSecondEndpointPreventsAgreement() {
    assertThat(agreement(Dev.config(FOLLOWING, ANVIL.ws(), "http://127.0.0.1:9")))
        .isInstanceOfSatisfying(
            Agreement.Lacking.class, l -> assertThat(l.reason()).contains("127.0.0.1:9"));
  }

  @Test
  void whileFollowingTheDisputeIsToldAndNothingIsAgreed() throws Exception {
    try (LyingProxy liar = proxy(AgreementIT::alterTraces);
        RpcChain chain =
            RpcChain.open(Dev.config(FOLLOWING, ANVIL.ws(), liar.url()), Dev.around());
        TraceSource source = chain.follow()) {
      List<ChainEvent> events = new ArrayList<>();
      long start = DEV.number();
      Dev.await(source, events, e -> Dev.head(e, start));
      DEV.run(DEV.sign(Optional.of(emitter), Wei.ZERO, Bytes.hex("0x01")));
      Dev.await(source, events, e -> Dev.head(e, start + 1));
      assertThat(events)
          .anyMatch(e -> e instanceof Trouble t && t.kind() == TroubleKind.DISAGREEMENT)
          .anyMatch(e -> e instanceof Traced t && !t.agreement().agreed())
          .noneMatch(e -> e instanceof Traced t && t.agreement().agreed());
    }
  }

  @Test
  void anUnknownTransactionIsAbsentOnlyIfEndpointsAgree() {
    Hash32 unknown = Hash32.hex("0x" + "11".repeat(32));
    try (RpcChain two =
            RpcChain.open(Dev.config(FOLLOWING, ANVIL.ws(), ANVIL.http()), Dev.around());
        RpcChain one = RpcChain.open(Dev.config(FOLLOWING, ANVIL.ws()), Dev.around())) {
      assertThat(two.trace(unknown)).isInstanceOf(Answer.Absent.class);
      assertThat(one.trace(unknown)).isInstanceOf(Answer.Unavailable.class);
    }
  }

  @Test
  void stateIsReadAtABlockAndOnlyWhereEndpointsAgree() {
    BiFunction<String, JsonNode, JsonNode> richer =
        (method, answer) ->
            method.equals("eth_call") ? ((ObjectNode) answer).put("result", "0x1234") : answer;
    StateQuery balance = new StateQuery.NativeBalance(Dev.KEY.address());
    StateQuery call = new StateQuery.Call(emitter, Bytes.hex("0x01"));
    StateQuery code = new StateQuery.Code(emitter);
    StateQuery slot = new StateQuery.Storage(emitter, Hash32.ZERO);
    Hash32 head =
        Hash32.hex(DEV.call("eth_getBlockByNumber", "latest", false).path("hash").stringValue());
    Hash32 before =
        Hash32.hex(DEV.call("eth_getBlockByNumber", "0x1", false).path("hash").stringValue());
    try (LyingProxy liar = proxy(richer);
        RpcChain chain =
            RpcChain.open(Dev.config(FOLLOWING, ANVIL.ws(), liar.url()), Dev.around())) {
      StateReads reads = chain.state().read(List.of(balance, call, code, slot), head);
      assertThat(reads.value(balance)).isPresent();
      assertThat(reads.value(call)).isEmpty();
      assertThat(reads.unanswered()).containsExactly(call);
      assertThat(reads.value(code)).isPresent();
      assertThat(reads.value(slot)).contains(Bytes.hex("0x" + "00".repeat(31) + "01"));
      StateReads past = chain.state().read(List.of(slot), before);
      assertThat(past.value(slot)).contains(Hash32.ZERO.bytes());
    }
  }
}
