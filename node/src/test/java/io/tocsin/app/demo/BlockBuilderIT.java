package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.app.demo.BlockBuilder.Submission;
import io.tocsin.app.demo.BlockBuilder.Terms;
import io.tocsin.app.demo.BlockPlan.Placement;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Gas;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.Wei;
import io.tocsin.chain.Fees;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.Transaction1559;
import io.tocsin.chain.TxCall;
import io.tocsin.crypto.KeyPair;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Bundles, latency and reorganisations of the block builder, on two real anvils in lockstep. */
final class BlockBuilderIT {
  private static final Address NOBODY = Address.hex("0x00000000000000000000000000000000000000aa");
  private static final Address FAILS = Address.hex("0x00000000000000000000000000000000000000fa");
  private static final Address SEARCHER = Address.hex("0x00000000000000000000000000000000000000ea");
  private static final KeyPair ANN = DemoKeys.of("Ann");
  private static final KeyPair BEN = DemoKeys.of("Ben");
  private static final KeyPair CAT = DemoKeys.of("Cat");

  @TempDir private static Path directory = Path.of("");

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static LockstepChain chain;

  @SuppressWarnings("NullAway.Init") // set before every test
  private BlockBuilder builder;

  @SuppressWarnings("NullAway.Init") // set before every test
  private JsonNode before;

  @BeforeAll
  static void start() throws InterruptedException {
    chain =
        LockstepChain.start(
            NodeModules.find().anvil(),
            ChainId.evm(1),
            Instant.parse("2026-01-01T00:00:00Z"),
            directory);
    JsonNode _ = chain.tell("anvil_setCode", FAILS.toString(), "0x60006000fd");
    for (KeyPair key : List.of(ANN, BEN, CAT)) {
      JsonNode _ = chain.tell("anvil_setBalance", key.address().toString(), "0xde0b6b3a764000000");
    }
  }

  @AfterAll
  static void stop() {
    chain.close();
  }

  @BeforeEach
  void build() {
    before = chain.tell("evm_snapshot");
    builder = new BlockBuilder(chain);
    builder.rules().takeBundles(Placement.BY_PRICE);
  }

  @AfterEach
  void forget() {
    JsonNode _ = chain.tell("evm_revert", before);
    JsonNode _ = chain.tell("anvil_dropAllTransactions");
  }

  private static SignedTransaction call(KeyPair from, long nonce, long tip, Address to) {
    return new Transaction1559(
            chain.id(),
            nonce,
            new Fees(Wei.gwei(tip + 100), Wei.gwei(tip)),
            new Gas(50_000),
            TxCall.of(to, Bytes.EMPTY))
        .sign(from);
  }

  private static SignedTransaction pay(KeyPair from, long tip) {
    return call(from, 0, tip, NOBODY);
  }

  private ObjectNode bundle(SignedTransaction... transactions) {
    ObjectNode bundle = Json.object();
    bundle.put("blockNumber", LockstepChain.quantity(builder.head().number() + 1));
    var raw = bundle.putArray("txs");
    Arrays.stream(transactions).forEach(tx -> raw.add(tx.encoded().toHex()));
    return bundle;
  }

  private void taken(JsonNode bundle) {
    assertThat(builder.offer(SEARCHER, bundle)).isInstanceOf(Submission.Pooled.class);
  }

  private void declined(JsonNode bundle, String why) {
    assertThat(builder.offer(SEARCHER, bundle))
        .isInstanceOfSatisfying(
            Submission.Declined.class,
            no -> assertThat(no.error().path("message").stringValue()).contains(why));
  }

  private SignedTransaction open(SignedTransaction transaction) {
    assertThat(builder.submit(transaction.encoded(), Terms.PUBLIC))
        .isInstanceOf(Submission.Pooled.class);
    return transaction;
  }

  private List<Hash32> mined() {
    var head = builder.mine(builder.head().time().plusSeconds(1));
    return chain
        .ask("eth_getBlockByNumber", LockstepChain.quantity(head.number()), false)
        .path("transactions")
        .valueStream()
        .map(tx -> Hash32.hex(tx.stringValue()))
        .toList();
  }

  private static List<Hash32> hashes(SignedTransaction... transactions) {
    return Arrays.stream(transactions).map(SignedTransaction::hash).toList();
  }

  private static boolean seen(SignedTransaction transaction) {
    return chain.ask("eth_getTransactionByHash", transaction.hash().toString()).isObject();
  }

  @Test
  void minesABundleInItsOrderAndUnbroken() {
    SignedTransaction cheap = pay(ANN, 1);
    SignedTransaction dear = pay(BEN, 90);
    SignedTransaction other = open(pay(CAT, 30));
    taken(bundle(cheap, dear));
    assertThat(mined()).isEqualTo(hashes(cheap, dear, other));
  }

  @Test
  void sortsABundleByWhatItPaysInAllOrPutsItFirst() {
    SignedTransaction other = open(pay(CAT, 30));
    taken(bundle(pay(ANN, 1), pay(BEN, 40)));
    assertThat(mined()).isEqualTo(hashes(other, pay(ANN, 1), pay(BEN, 40)));
  }

  @Test
  void putsBundlesBeforeThePoolIfThatIsItsRule() {
    builder.rules().takeBundles(Placement.FIRST);
    SignedTransaction other = open(pay(CAT, 90));
    taken(bundle(pay(ANN, 1)));
    taken(bundle(pay(BEN, 2)));
    assertThat(mined()).isEqualTo(hashes(pay(BEN, 2), pay(ANN, 1), other));
  }

  @Test
  void leavesABundleOutOfWhichSomethingFails() {
    SignedTransaction fine = pay(ANN, 5);
    SignedTransaction fails = call(BEN, 0, 5, FAILS);
    taken(bundle(fine, fails));
    assertThat(mined()).isEmpty();
    assertThat(chain.nonce(ANN.address())).as("nothing of it").isZero();
  }

  @Test
  void minesWhatMayFail() {
    SignedTransaction fine = pay(ANN, 5);
    SignedTransaction fails = call(BEN, 0, 5, FAILS);
    ObjectNode bundle = bundle(fine, fails);
    bundle.putArray("revertingTxHashes").add(fails.hash().toString());
    taken(bundle);
    assertThat(mined()).isEqualTo(hashes(fine, fails));
    assertThat(
            chain
                .ask("eth_getTransactionReceipt", fails.hash().toString())
                .path("status")
                .asString())
        .isEqualTo("0x0");
  }

  @Test
  void leavesABundleOutOfWhichATurnIsUsedByThen() {
    SignedTransaction before = open(call(ANN, 0, 80, FAILS));
    taken(bundle(pay(BEN, 5), pay(ANN, 5)));
    assertThat(mined()).isEqualTo(hashes(before));
    assertThat(chain.nonce(BEN.address())).isZero();
  }

  @Test
  void ofTwoBundlesWithTheSameTransactionTakesTheBetter() {
    taken(bundle(pay(ANN, 5)));
    taken(bundle(pay(ANN, 5), pay(BEN, 50)));
    assertThat(mined()).isEqualTo(hashes(pay(ANN, 5), pay(BEN, 50)));
  }

  @Test
  void minesABundleInItsBlockOnly() {
    ObjectNode later = bundle(pay(ANN, 5));
    later.put("blockNumber", LockstepChain.quantity(builder.head().number() + 2));
    taken(later);
    assertThat(mined()).isEmpty();
    assertThat(mined()).isEqualTo(hashes(pay(ANN, 5)));
    ObjectNode missed = bundle(pay(BEN, 5));
    taken(missed);
    builder.rules().leaveEmptyBefore(builder.head().number() + 2);
    assertThat(mined()).isEmpty();
    assertThat(mined()).as("its block is over").isEmpty();
    assertThat(builder.bundles()).isEmpty();
    declined(missed, "already there");
  }

  @Test
  void minesABundleInItsTimeOnly() {
    long next = builder.head().time().getEpochSecond() + 1;
    taken(bundle(pay(ANN, 5)).put("minTimestamp", next + 1));
    taken(bundle(pay(BEN, 5)).put("maxTimestamp", next - 1));
    taken(bundle(pay(CAT, 5)).put("minTimestamp", next).put("maxTimestamp", next));
    assertThat(mined()).isEqualTo(hashes(pay(CAT, 5)));
  }

  @Test
  void aBundleIsSeenByNobodyBeforeItIsMined() {
    SignedTransaction secret = pay(ANN, 5);
    ObjectNode later = bundle(secret);
    later.put("blockNumber", LockstepChain.quantity(builder.head().number() + 2));
    taken(later);
    assertThat(mined()).isEmpty();
    assertThat(seen(secret)).isFalse();
    assertThat(chain.ask("txpool_content").path("pending").isEmpty()).isTrue();
    assertThat(mined()).isEqualTo(hashes(secret));
    assertThat(builder.isPrivate(secret.hash())).as("its notice is withheld").isTrue();
    taken(bundle(call(BEN, 0, 5, FAILS)));
    assertThat(mined()).isEmpty();
    assertThat(seen(call(BEN, 0, 5, FAILS))).as("nor what was left out").isFalse();
  }

  @Test
  void whatIsPublicStaysSoInABundle() {
    SignedTransaction known = open(pay(ANN, 5));
    taken(bundle(known, pay(BEN, 50)));
    assertThat(mined()).isEqualTo(hashes(known, pay(BEN, 50)));
    assertThat(builder.isPrivate(known.hash())).isFalse();
    assertThat(mined()).isEmpty();
  }

  @Test
  void replacesAndTakesBackABundleByItsNameForItsSenderOnly() {
    taken(bundle(pay(ANN, 5)).put("replacementUuid", "one"));
    taken(bundle(pay(ANN, 7)).put("replacementUuid", "one"));
    assertThat(builder.bundles()).hasSize(1);
    assertThat(builder.offer(NOBODY, bundle().put("replacementUuid", "one")))
        .isInstanceOf(Submission.Pooled.class);
    assertThat(mined()).isEqualTo(hashes(pay(ANN, 7)));
    taken(bundle(pay(BEN, 5)).put("replacementUuid", "two"));
    taken(bundle().put("replacementUuid", "two"));
    assertThat(mined()).isEmpty();
  }

  @Test
  void declinesWhatIsNoBundle() {
    declined(bundle(), "without transactions");
    ObjectNode broken = bundle();
    broken.withArray("txs").add("0x1234");
    declined(broken, "not a bundle");
    declined(bundle(pay(ANN, 1)).without("blockNumber"), "not a bundle");
    SignedTransaction elsewhere =
        new Transaction1559(
                ChainId.evm(10),
                0,
                new Fees(Wei.gwei(9), Wei.gwei(1)),
                new Gas(21_000),
                TxCall.of(NOBODY, Bytes.EMPTY))
            .sign(ANN);
    declined(bundle(elsewhere), "chain id");
    SignedTransaction[] many = new SignedTransaction[101];
    Arrays.fill(many, pay(ANN, 1));
    declined(bundle(many), "at most 100");
    builder.rules().takeBundles(Placement.NONE);
    declined(bundle(pay(ANN, 1)), "takes no bundles");
  }

  @Test
  void censorsInBundlesTooAndOverlooksInThePublicPoolOnly() {
    builder.rules().censor(NOBODY);
    taken(bundle(pay(ANN, 5)));
    assertThat(mined()).isEmpty();
    builder.rules().takeEverything();
    builder.rules().overlook(NOBODY);
    open(pay(BEN, 5));
    taken(bundle(pay(ANN, 5)));
    assertThat(builder.submit(pay(CAT, 5).encoded(), Terms.PRIVATE))
        .isInstanceOf(Submission.Pooled.class);
    assertThat(mined()).containsExactlyInAnyOrderElementsOf(hashes(pay(ANN, 5), pay(CAT, 5)));
  }

  @Test
  void takesOnlyWhatCameLongEnoughBefore() {
    builder.rules().lag(Duration.ofHours(1));
    SignedTransaction late = open(pay(ANN, 5));
    assertThat(mined()).isEmpty();
    builder.rules().lag(Duration.ZERO);
    assertThat(mined()).isEqualTo(hashes(late));
  }

  @Test
  void dropsATransactionAsAFullPoolDoes() {
    SignedTransaction dropped = open(pay(ANN, 5));
    builder.drop(dropped.hash());
    assertThat(seen(dropped)).isFalse();
    assertThat(mined()).isEmpty();
  }

  @Test
  void aReorganisationPutsBackWhatItTakesAwayAndChangesTheBlocks() {
    SignedTransaction first = open(pay(ANN, 5));
    mined();
    Hash32 old = builder.head().hash();
    long number = builder.head().number();
    SignedTransaction second = open(pay(BEN, 9));
    mined();
    builder.unwind(2);
    assertThat(builder.head().number()).isEqualTo(number - 1);
    assertThat(seen(first)).isTrue();
    builder.drop(first.hash());
    assertThat(mined()).isEqualTo(hashes(second));
    assertThat(builder.head().hash()).isNotEqualTo(old);
    assertThat(chain.ask("eth_getTransactionReceipt", first.hash().toString()).isNull()).isTrue();
  }
}
