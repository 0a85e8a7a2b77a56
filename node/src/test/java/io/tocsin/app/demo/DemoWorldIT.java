package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.app.demo.BlockBuilder.Submission;
import io.tocsin.app.demo.BlockBuilder.Terms;
import io.tocsin.base.Bytes;
import io.tocsin.base.Gas;
import io.tocsin.base.Hash32;
import io.tocsin.base.Wei;
import io.tocsin.chain.Fees;
import io.tocsin.chain.Transaction1559;
import io.tocsin.chain.TxCall;
import io.tocsin.crypto.KeyPair;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The demonstration's world on real anvils; built once, every test sets it back. */
final class DemoWorldIT {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private static Path directory = Path.of("");

  @SuppressWarnings("NullAway.Init") // set before every test
  private static DemoWorld world;

  @BeforeAll
  static void build() throws InterruptedException, IOException {
    world = DemoWorld.build(NodeModules.find(), directory, InstantSource.fixed(NOW));
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static Transaction1559 transfer(long nonce, Fees fees) {
    return new Transaction1559(
        world.one().id(),
        nonce,
        fees,
        new Gas(21_000),
        TxCall.of(world.alder().address(), Bytes.EMPTY));
  }

  private static Fees bid(long cap, long tip) {
    return new Fees(Wei.gwei(cap), Wei.gwei(tip));
  }

  private static Submission submit(KeyPair key, long nonce, Fees fees, Terms terms) {
    return world.one().builder().submit(transfer(nonce, fees).sign(key).encoded(), terms);
  }

  private static Hash32 pooled(Submission submission) {
    return switch (submission) {
      case Submission.Pooled(Hash32 tx) -> tx;
      case Submission.Declined(JsonNode error) -> throw new AssertionError(error);
    };
  }

  private static List<String> mined() {
    world.mineAll();
    JsonNode block = world.one().builder().chain().ask("eth_getBlockByNumber", "latest", false);
    return block.path("transactions").valueStream().map(JsonNode::stringValue).toList();
  }

  private static JsonNode found(Hash32 tx) {
    return world.one().builder().chain().ask("eth_getTransactionByHash", tx.toString());
  }

  private static KeyPair funded(String name) {
    KeyPair key = DemoKeys.of(name);
    world.one().deployer().fund(key.address());
    return key;
  }

  @Test
  void allThreeLendersAreDrainedWhenNobodyDefends() {
    assertThat(world.controlRun(2).values())
        .hasSize(3)
        .allSatisfy(loss -> assertThat(loss).isEqualByComparingTo("1000000"));
    assertThat(world.losses().values())
        .as("the chains are set back")
        .allSatisfy(loss -> assertThat(loss).isEqualByComparingTo(BigDecimal.ZERO));
  }

  @Test
  void pikeLosesItsEtherToTheRealCall() {
    JsonNode before = world.one().snapshot();
    LockstepChain chain = world.one().builder().chain();
    assertThat(PikeIncident.balance(chain, world.pike().victim()).toEther().toString())
        .startsWith("479.3938");
    var _ = world.one().builder().impersonate(world.pike().transaction());
    world.mineAll();
    assertThat(PikeIncident.balance(chain, world.pike().victim())).isEqualTo(Wei.ZERO);
    world.one().restore(before);
  }

  @Test
  void bothAnvilsHaveEqualHashesOverTheRun() {
    for (int i = 0; i < 5; i++) {
      world.mineAll();
    }
    for (DemoChain chain : world.chains()) {
      assertThat(chain.builder().chain().head()).isEqualTo(chain.builder().head());
    }
  }

  @Test
  void ordersByTheTipPaidAndNotByTheCap() {
    KeyPair slow = funded("high cap, low tip");
    KeyPair fast = funded("low cap, high tip");
    Hash32 last = pooled(submit(slow, 0, bid(500, 1), Terms.PUBLIC));
    Hash32 first = pooled(submit(fast, 0, bid(50, 5), Terms.PUBLIC));
    assertThat(mined()).containsExactly(first.toString(), last.toString());
  }

  @Test
  void keepsTransactionsOfOneSenderInOrderOfNonce() {
    KeyPair key = funded("one sender");
    Hash32 second = pooled(submit(key, 1, bid(90, 50), Terms.PRIVATE));
    Hash32 first = pooled(submit(key, 0, bid(90, 1), Terms.PRIVATE));
    assertThat(mined()).containsExactly(first.toString(), second.toString());
  }

  @Test
  void holdsBackUntilTheBlockAskedFor() {
    KeyPair key = funded("patient");
    long next = world.one().builder().head().number() + 1;
    Hash32 tx = pooled(submit(key, 0, bid(90, 1), Terms.publicFrom(next + 1)));
    assertThat(mined()).isEmpty();
    assertThat(found(tx).isObject()).as("everyone sees it meanwhile").isTrue();
    assertThat(mined()).containsExactly(tx.toString());
  }

  @Test
  void hidesPrivateTransactionsUntilTheyAreMined() {
    KeyPair key = funded("private");
    Hash32 tx = pooled(submit(key, 0, bid(90, 1), Terms.PRIVATE));
    assertThat(world.one().builder().isPrivate(tx)).isTrue();
    assertThat(found(tx).isNull()).isTrue();
    assertThat(mined()).containsExactly(tx.toString());
  }

  @Test
  void censorsAndLeavesBlocksEmptyAndTakesUpWhatWaited() {
    KeyPair key = funded("censored");
    BlockBuilder builder = world.one().builder();
    Hash32 tx = pooled(submit(key, 0, bid(90, 1), Terms.PUBLIC));
    builder.rules().censor(world.alder().address());
    assertThat(mined()).isEmpty();
    assertThat(found(tx).isObject()).as("everyone still sees it").isTrue();
    builder.rules().takeEverything();
    builder.rules().leaveEmptyBefore(builder.head().number() + 2);
    assertThat(mined()).isEmpty();
    assertThat(found(tx).isObject()).isTrue();
    assertThat(mined()).containsExactly(tx.toString());
  }

  @Test
  void dogwoodIsDrainedWhenNobodyDefends() {
    assertThat(world.controlOfFresh()).isEqualByComparingTo("1000000");
    assertThat(world.fresh().lost()).isEqualByComparingTo(BigDecimal.ZERO);
  }

  @Test
  void replacesOnlyForATenthMore() {
    KeyPair key = funded("bidder");
    Hash32 _ = pooled(submit(key, 0, bid(100, 10), Terms.PUBLIC));
    assertThat(submit(key, 0, bid(110, 10), Terms.PUBLIC))
        .isInstanceOfSatisfying(
            Submission.Declined.class,
            no -> assertThat(no.error().path("message").stringValue()).contains("underpriced"));
    Hash32 better = pooled(submit(key, 0, bid(110, 11), Terms.PUBLIC));
    assertThat(mined()).containsExactly(better.toString());
  }

  @Test
  void frontsSendThroughTheBuilderAndRefuseToRewriteTheChain() throws IOException {
    KeyPair key = funded("user of a front");
    try (AnvilLink front = AnvilLink.open(world.one().fronts().getLast().socket())) {
      Bytes raw = transfer(0, bid(90, 1)).sign(key).encoded();
      JsonNode tx = front.call("eth_sendRawTransaction", raw.toHex());
      assertThat(mined()).containsExactly(tx.stringValue());
      assertThatThrownBy(() -> front.call("anvil_mine", "0x1"))
          .isInstanceOf(AnvilLink.Refused.class)
          .hasMessageContaining("not found");
      assertThatThrownBy(() -> front.call("eth_sendRawTransaction", "0x00"))
          .isInstanceOf(AnvilLink.Refused.class)
          .hasMessageContaining("decoded");
    }
  }
}
