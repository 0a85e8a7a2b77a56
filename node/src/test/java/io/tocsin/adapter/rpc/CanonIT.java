package io.tocsin.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Hash32;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.Canon;
import io.tocsin.chain.Canon.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Which blocks lie deep on a real chain, before and after it is reorganised. */
final class CanonIT {
  private static final int DEPTH = 3;

  private final Anvil anvil = Anvil.start();
  private final Dev dev = new Dev(anvil.http());

  private final List<LyingProxy> proxies = new ArrayList<>();

  @AfterEach
  void stop() {
    proxies.forEach(LyingProxy::close);
    dev.close();
    anvil.close();
  }

  private RpcChain open(BiFunction<String, JsonNode, JsonNode> lie) {
    LyingProxy proxy = new LyingProxy(anvil.http(), lie);
    proxies.add(proxy);
    return RpcChain.open(Dev.config(Dev.quick(), anvil.http(), proxy.url()), Dev.around());
  }

  private void mine(int blocks) {
    dev.call("anvil_mine", "0x" + Integer.toHexString(blocks));
  }

  private Hash32 hash(long number) {
    String quantity = "0x" + Long.toHexString(number);
    return Hash32.hex(dev.call("eth_getBlockByNumber", quantity, false).path("hash").stringValue());
  }

  private static BlockRef deep(Canon canon, long number) {
    assertThat(canon.deep(number)).isInstanceOf(Answer.Deep.class);
    return ((Answer.Deep) canon.deep(number)).block();
  }

  @Test
  void aBlockLiesDeepOnceSoManyLieOnIt() {
    try (RpcChain chain = open((_, answer) -> answer)) {
      Canon canon = chain.canon(DEPTH);
      mine(5);
      long top = dev.number();
      assertThat(deep(canon, top - DEPTH).hash()).isEqualTo(hash(top - DEPTH));
      assertThat(canon.deep(top - DEPTH + 1))
          .isInstanceOfSatisfying(
              Answer.Open.class, open -> assertThat(open.reason()).contains("no 3 blocks lie on"));
    }
  }

  @Test
  void anotherBlockStandsInThePlaceAfterAReorganisation() {
    try (RpcChain chain = open((_, answer) -> answer)) {
      Canon canon = chain.canon(DEPTH);
      mine(6);
      long place = dev.number() - DEPTH;
      Hash32 before = deep(canon, place).hash();
      assertThat(canon.number(before)).isEqualTo(OptionalLong.of(place));
      dev.call("anvil_reorg", 5, List.of());
      mine(DEPTH);
      Hash32 after = deep(canon, place).hash();
      assertThat(after).isNotEqualTo(before).isEqualTo(hash(place));
    }
  }

  @Test
  void oneEndpointAloneSaysNothing() {
    BiFunction<String, JsonNode, JsonNode> otherHashes =
        (method, answer) -> {
          if (method.startsWith("eth_getBlockBy")
              && answer.path("result") instanceof ObjectNode block) {
            block.put("hash", "0x" + "ab".repeat(32));
          }
          return answer;
        };
    try (RpcChain chain = open(otherHashes)) {
      Canon canon = chain.canon(DEPTH);
      mine(5);
      assertThat(canon.deep(1))
          .isInstanceOfSatisfying(
              Answer.Open.class,
              open -> assertThat(open.reason()).contains("the endpoints differ"));
    }
  }

  @Test
  void aLieAboutWhereABlockIsDoesNotCount() {
    BiFunction<String, JsonNode, JsonNode> otherNumber =
        (method, answer) -> {
          if (method.equals("eth_getBlockByHash")
              && answer.path("result") instanceof ObjectNode block) {
            block.put("number", "0x1");
          }
          return answer;
        };
    try (RpcChain chain = open(otherNumber)) {
      mine(5);
      assertThat(chain.canon(DEPTH).number(hash(2))).isEmpty();
      assertThat(chain.canon(DEPTH).number(Hash32.ZERO)).isEmpty();
    }
  }
}
