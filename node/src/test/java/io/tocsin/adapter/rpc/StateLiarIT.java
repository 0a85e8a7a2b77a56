package io.tocsin.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.Wei;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.ChainEvent.Trouble;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TraceSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What an endpoint says of state is held against the state root. */
final class StateLiarIT {
  private static final RpcChainConfig.Following FOLLOWING = Dev.quick().withPending(false);

  private final Anvil anvil = Anvil.start();
  private final Dev dev = new Dev(anvil.http());
  private final List<ChainEvent> events = new ArrayList<>();
  private Address emitter = Address.ZERO;
  private StateQuery slot = new StateQuery.Code(Address.ZERO);
  private StateQuery code = slot;

  @BeforeEach
  void deploy() throws InterruptedException {
    emitter = dev.emitter();
    dev.run(dev.sign(Optional.of(emitter), Wei.ZERO, Bytes.hex("0x0102")));
    slot = new StateQuery.Storage(emitter, Hash32.ZERO);
    code = new StateQuery.Code(emitter);
  }

  @AfterEach
  void stop() {
    dev.close();
    anvil.close();
  }

  private Hash32 head() {
    return Hash32.hex(dev.call("eth_getBlockByNumber", "latest", false).path("hash").stringValue());
  }

  private Bytes truth() {
    return Bytes.hex(dev.call("eth_getCode", emitter.toString(), "latest").stringValue());
  }

  private static JsonNode another(String method, JsonNode answer) {
    if (method.equals("eth_getStorageAt")) {
      ((ObjectNode) answer).put("result", "0x" + "33".repeat(32));
    }
    if (method.equals("eth_getCode")) {
      ((ObjectNode) answer).put("result", "0x6001");
    }
    return answer;
  }

  /** Also in the proof, whose nodes it cannot change. */
  private static JsonNode anotherProven(String method, JsonNode answer) {
    if (method.equals("eth_getProof") && answer.path("result") instanceof ObjectNode proof) {
      for (JsonNode word : (ArrayNode) proof.path("storageProof")) {
        ((ObjectNode) word).put("value", "0x" + "33".repeat(32));
      }
      proof.put("codeHash", "0x" + "44".repeat(32));
    }
    return another(method, answer);
  }

  private static boolean told(ChainEvent event, LyingProxy liar) {
    return event instanceof Trouble t
        && t.kind() == TroubleKind.FORGED_STATE
        && t.endpoint().equals(liar.url());
  }

  private void isOutvoted(BiFunction<String, JsonNode, JsonNode> lie) {
    try (LyingProxy liar = new LyingProxy(anvil.http(), lie);
        RpcChain chain =
            RpcChain.open(Dev.config(FOLLOWING, liar.url(), anvil.ws()), Dev.around());
        TraceSource source = chain.follow()) {
      dev.mine();
      long number = dev.number();
      Hash32 head = head();
      Dev.await(source, events, e -> Dev.head(e, number));
      StateReads reads = chain.state().read(List.of(slot, code), head);
      assertThat(reads.value(slot)).contains(Bytes.hex("0x" + "00".repeat(31) + "02"));
      assertThat(reads.value(code)).contains(truth());
      Dev.awaitAny(source, events, e -> told(e, liar));
      assertThat(events)
          .filteredOn(e -> told(e, liar))
          .allMatch(e -> ((Trouble) e).detail().contains("operator 0"));
    }
  }

  @Test
  void aWrongWordAndWrongCodeAreOutvotedByTheProofOfTheOther() {
    isOutvoted(StateLiarIT::another);
  }

  @Test
  void aProofThatWasChangedConvincesNobody() {
    isOutvoted(StateLiarIT::anotherProven);
  }

  /** Two operators who lie alike are believed, and found out as soon as one proves. */
  @Test
  void aLieThatTwoAgreeUponIsToldOf() {
    try (LyingProxy one = new LyingProxy(anvil.http(), StateLiarIT::another);
        LyingProxy other = new LyingProxy(anvil.http(), StateLiarIT::another);
        RpcChain chain =
            RpcChain.open(Dev.config(FOLLOWING, one.url(), other.url()), Dev.around());
        TraceSource source = chain.follow()) {
      dev.mine();
      long number = dev.number();
      Dev.await(source, events, e -> Dev.head(e, number));
      StateReads reads = chain.state().read(List.of(slot), head());
      assertThat(reads.value(slot)).contains(Bytes.hex("0x" + "33".repeat(32)));
      Dev.await(source, events, e -> told(e, one));
      Dev.await(source, events, e -> told(e, other));
    }
  }

  /** A proof names state of a block; whether the block is canonical, agreement says. */
  @Test
  void withoutAgreementOnTheBlockAProofSettlesNothing() {
    try (LyingProxy liar = new LyingProxy(anvil.http(), StateLiarIT::anotherProven);
        RpcChain chain =
            RpcChain.open(Dev.config(FOLLOWING, liar.url(), anvil.ws()), Dev.around())) {
      StateReads reads = chain.state().read(List.of(slot), head());
      assertThat(reads.value(slot)).isEmpty();
      assertThat(reads.unanswered()).containsExactly(slot);
    }
  }

  @Test
  void anEndpointThatProvesNothingIsToldOfAndAgreementCounts() {
    BiFunction<String, JsonNode, JsonNode> unable =
        (method, answer) -> {
          if (method.equals("eth_getProof")) {
            ((ObjectNode) answer).remove("result");
            ((ObjectNode) answer).putObject("error").put("code", -32_601).put("message", "no");
          }
          return answer;
        };
    try (LyingProxy one = new LyingProxy(anvil.http(), unable);
        LyingProxy other = new LyingProxy(anvil.http(), unable);
        RpcChain chain =
            RpcChain.open(Dev.config(FOLLOWING, one.url(), other.url()), Dev.around());
        TraceSource source = chain.follow()) {
      Dev.await(
          source,
          events,
          e ->
              e instanceof Trouble t
                  && t.kind() == TroubleKind.DEGRADED
                  && t.detail().contains("PROOFS"));
      StateReads reads = chain.state().read(List.of(slot), head());
      assertThat(reads.value(slot)).contains(Bytes.hex("0x" + "00".repeat(31) + "02"));
    }
  }
}
