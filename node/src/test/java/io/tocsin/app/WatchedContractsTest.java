package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Metrics;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.CodeFingerprint;
import io.tocsin.chain.ResolvedCode;
import io.tocsin.claim.Claim;
import io.tocsin.crypto.Keccak;
import io.tocsin.pipeline.Pager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WatchedContractsTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final ChainId CHAIN = ChainId.evm(1);
  private static final Address VAULT = Address.hex("0x00000000000000000000000000000000000000c1");
  private static final Address OTHER = Address.hex("0x00000000000000000000000000000000000000c2");

  /** Code of its own: it reads storage and does something with it, often enough. */
  private static final Bytes CODE = Bytes.hex("0x" + "6000546001015f55".repeat(20) + "00");

  private final List<Pager.Page> pages = Collections.synchronizedList(new ArrayList<>());
  private final WatchedContracts watched =
      new WatchedContracts(
          Map.of(new AccountId(CHAIN, VAULT), "Vault"),
          new WatchedContracts.Surroundings("birch", pages::add, Metrics.NONE, () -> NOW));

  @AfterEach
  void close() {
    watched.close();
  }

  private static Claim claim(ChainId chain, Address subject, Hash32 code, String tx) {
    return new Claim.ExploitMined(
        chain,
        Keccak.hashUtf8(tx),
        new Claim.BlockStamp(Keccak.hashUtf8("block"), NOW),
        new Claim.Subject(subject, code));
  }

  @Test
  void callsOnceForEachTransactionThatHarmsAWatchedContract() {
    Hash32 code = Keccak.hashUtf8("code");
    watched.claimed(claim(CHAIN, VAULT, code, "one"));
    watched.claimed(claim(CHAIN, VAULT, code, "one"));
    watched.claimed(claim(CHAIN, VAULT, code, "two"));
    watched.claimed(claim(CHAIN, OTHER, code, "three"));
    watched.claimed(claim(ChainId.evm(10), VAULT, code, "four"));
    assertThat(pages).hasSize(2).allMatch(page -> page.why() == Pager.Why.FOUND);
    assertThat(pages.getFirst().text())
        .contains("Vault: an exploit is claimed", Keccak.hashUtf8("one").toString());
  }

  @Test
  void callsForAContractWithTheSameCode() throws InterruptedException {
    CodeFingerprint code = CodeFingerprint.of(CODE);
    assertThat(code.ubiquitous()).isEmpty();
    watched.claimed(claim(CHAIN, OTHER, code.normalised(), "before its code is known"));
    assertThat(pages).isEmpty();
    know(code);
    watched.claimed(claim(CHAIN, OTHER, code.normalised(), "copy"));
    watched.claimed(claim(CHAIN, OTHER, Keccak.hashUtf8("other code"), "other"));
    assertThat(pages)
        .singleElement()
        .satisfies(page -> assertThat(page.text()).contains("Vault has the same code as"));
  }

  @Test
  void sharingCodeThatEveryoneUsesSaysNothing() throws InterruptedException {
    CodeFingerprint empty = CodeFingerprint.of(Bytes.EMPTY);
    know(empty);
    watched.claimed(claim(CHAIN, OTHER, empty.normalised(), "copy"));
    assertThat(pages).isEmpty();
  }

  /** Lets a block pass after which the code is known. */
  private void know(CodeFingerprint code) throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(2);
    watched.reads(
        CHAIN,
        (account, _) -> {
          asked.countDown();
          return account.equals(VAULT)
              ? Optional.of(new ResolvedCode(VAULT, Optional.empty(), code))
              : Optional.empty();
        });
    BlockRef head = new BlockRef(1, Keccak.hashUtf8("head"), NOW);
    for (int i = 0; i < 12_000 && asked.getCount() > 0; i++) {
      watched.advanced(new ChainEvent.HeadAdvanced(CHAIN, head));
      boolean _ = asked.await(5, TimeUnit.MILLISECONDS);
    }
    assertThat(asked.getCount()).as("the second reading begins after the first is kept").isZero();
  }
}
