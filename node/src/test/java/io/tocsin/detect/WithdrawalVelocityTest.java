package io.tocsin.detect;

import static io.tocsin.detect.Samples.COIN;
import static io.tocsin.detect.Samples.ROBBER;
import static io.tocsin.detect.Samples.SENDER;
import static io.tocsin.detect.Samples.USD;
import static io.tocsin.detect.Samples.VAULT;
import static io.tocsin.detect.Samples.account;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.Position;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TraceJson;
import io.tocsin.chain.TxTrace;
import io.tocsin.crypto.Keccak;
import io.tocsin.detect.rules.WithdrawalVelocity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The vault pays 20 dollars an hour, of the 1,000 that it holds. */
final class WithdrawalVelocityTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final ScanReport CLEAN = new ScanReport(new Scan.Clean(), List.of());

  private static TxTrace mined(Samples.Call root, Instant time) {
    BlockRef block = new BlockRef(time.getEpochSecond() / 12, Keccak.hashUtf8("block"), time);
    try {
      return TraceJson.parse(
          root.json,
          ChainId.evm(1),
          Keccak.hashUtf8(root.json + time.toString()),
          new Position.Mined(block, Keccak.hashUtf8("parent")));
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static Samples.Call release(long amount) {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    Samples.Call release = root.call(VAULT, "release(address,uint256)", ROBBER, amount);
    release.balance(USD, VAULT, 1_000);
    release.transfer(USD, ROBBER, amount);
    return root;
  }

  /** What is remembered after so many hours of ordinary business. */
  private static Sightings after(int hours) {
    Sightings sightings = new Sightings(16);
    for (int hour = 0; hour < hours; hour++) {
      Instant time = START.plus(Duration.ofHours(hour));
      sightings.record(mined(release(12), time), CLEAN);
      sightings.record(mined(release(8), time.plusSeconds(60)), CLEAN);
    }
    return sightings;
  }

  private static Scan scan(Sightings sightings, TxTrace trace) {
    return new WithdrawalVelocity()
        .scan(
            new TraceFacts(trace, StateReads.NONE, sightings.history(trace), DetectConfig.DEFAULT));
  }

  /** The answer an hour behind {@code hours} of business, the same without events and gas. */
  private static Scan scan(int hours, Samples.Call root) {
    Sightings sightings = after(hours);
    TxTrace trace = mined(root, START.plus(Duration.ofHours(hours)));
    Scan scan = scan(sightings, trace);
    assertThat(scan(sightings, Samples.bare(trace, root.json)).getClass())
        .isEqualTo(scan.getClass());
    return scan;
  }

  @Test
  void findsAReleaseThatIsFarBeyondEveryHourBefore() {
    assertThat(scan(24, release(500))).isInstanceOf(Scan.Found.class);
    Finding finding = ((Scan.Found) scan(24, release(500))).findings().getFirst();
    assertThat(finding.subject()).isEqualTo(VAULT);
    assertThat(finding.why().summary()).contains("24 hours").contains("(20 of");
  }

  @Test
  void aContractWithoutHabitsIsNotJudgedByThem() {
    assertThat(scan(23, release(500))).isEqualTo(new Scan.Clean());
    assertThat(scan(0, release(500))).isEqualTo(new Scan.Clean());
  }

  @Test
  void aLargeReleaseThatLeavesMostIsNoFinding() {
    assertThat(scan(24, release(499))).isEqualTo(new Scan.Clean());
  }

  @Test
  void addsUpWhatTheRunningHourPaidAlready() {
    Sightings sightings = after(24);
    Instant now = START.plus(Duration.ofHours(24));
    TxTrace last = mined(small(90), now);
    assertThat(scan(sightings, last)).isEqualTo(new Scan.Clean());
    sightings.record(mined(small(110), now), CLEAN);
    assertThat(scan(sightings, last)).isInstanceOf(Scan.Found.class);
    TxTrace later = mined(small(90), now.plus(Duration.ofHours(1)));
    assertThat(scan(sightings, later)).isEqualTo(new Scan.Clean());
  }

  /** A release of the most of what the vault still holds. */
  private static Samples.Call small(long amount) {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    Samples.Call release = root.call(VAULT, "release(address,uint256)", ROBBER, amount);
    release.balance(USD, VAULT, amount);
    release.transfer(USD, ROBBER, amount);
    return root;
  }

  @Test
  void whoBurnsAClaimForItIsAHolder() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    Samples.Call redeem = root.call(VAULT, "leave(uint256)", 500);
    redeem.balance(USD, VAULT, 1_000);
    redeem
        .call(COIN, "burnFrom(address,uint256)", ROBBER, 500)
        .moved(COIN, ROBBER, Address.ZERO, 500);
    redeem.transfer(USD, ROBBER, 500);
    assertThat(scan(24, root)).isEqualTo(new Scan.Clean());
  }

  @Test
  void whoPaysForItIsATrader() {
    Samples.Call root = release(500);
    root.transfer(COIN, VAULT, 500);
    assertThat(scan(24, root)).isEqualTo(new Scan.Clean());
  }

  @Test
  void withoutTheBalanceBeforeItIsNotJudged() {
    Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
    root.call(VAULT, "release(address,uint256)", ROBBER, 500).transfer(USD, ROBBER, 500);
    assertThat(scan(24, root)).isInstanceOf(Scan.NotAnalysed.class);
  }

  @Test
  void countsATransactionOnceHoweverOftenItIsSeen() {
    Sightings sightings = after(24);
    TxTrace trace = mined(release(100), START.plus(Duration.ofHours(24)));
    sightings.record(trace, CLEAN);
    sightings.record(trace, CLEAN);
    assertThat(sightings.history(trace).habit(VAULT, new Asset.Token(USD)).orElseThrow().now())
        .isEqualTo(100);
  }

  @Test
  void forgetsWhomItDidNotMeetForLongest() {
    Sightings sightings = new Sightings(1);
    for (int payer = 0; payer < 9; payer++) {
      Samples.Call root = Samples.tx(SENDER, ROBBER, "run()");
      root.call(account(0x80 + payer), "release()").transfer(USD, ROBBER, 5);
      sightings.record(mined(root, START), CLEAN);
    }
    Samples.Call next = Samples.tx(SENDER, ROBBER, "run()");
    next.call(account(0x80), "release()");
    next.call(account(0x88), "release()");
    History history = sightings.history(mined(next, START));
    assertThat(history.habit(account(0x80), new Asset.Token(USD))).isEmpty();
    assertThat(history.habit(account(0x88), new Asset.Token(USD))).isPresent();
  }
}
