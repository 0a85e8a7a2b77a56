package io.tocsin.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.claim.Claim;
import io.tocsin.claim.Claim.BlockStamp;
import io.tocsin.claim.Claim.ExploitMined;
import io.tocsin.claim.Claim.ExploitPending;
import io.tocsin.claim.Report;
import io.tocsin.claim.ReportCodec;
import io.tocsin.claim.Samples;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Envelope;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;
import io.tocsin.crypto.Verified;
import io.tocsin.identity.Revocation;
import io.tocsin.identity.Rosters;
import io.tocsin.quorum.Opinion.Abstain;
import io.tocsin.quorum.Opinion.AbstainReason;
import io.tocsin.quorum.Opinion.Confirm;
import io.tocsin.quorum.Opinion.Refute;
import io.tocsin.quorum.Opinion.RefuteReason;
import io.tocsin.quorum.Opinion.Wait;
import io.tocsin.quorum.OwnView.Harm;
import io.tocsin.quorum.OwnView.Simulation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AttestorTest {
  private final List<KeyPair> keys = io.tocsin.identity.Samples.keys(5, 4);
  private final io.tocsin.identity.Samples.Clock clock =
      new io.tocsin.identity.Samples.Clock(Samples.BLOCK_TIME.plusSeconds(1));
  private final Rosters rosters = io.tocsin.identity.Samples.rosters(keys, clock);
  private final MemoryVerdictBook book = new MemoryVerdictBook();
  private final Attestor attestor =
      new Attestor(keys.getFirst(), rosters, book, Patience.DEFAULT, clock);
  private final ExploitMined claim = Samples.mined(1);
  private final Harm harm = harm(claim.subject().address(), claim.subject().code());

  private static Harm harm(Address victim, Hash32 code) {
    return new Harm(Map.of(victim, code), Set.of(victim), Optional.empty());
  }

  private OwnView seen(boolean agreed, boolean failed, Harm harm) {
    return new OwnView.Mined(claim.block(), agreed, failed, harm);
  }

  /** It waits first, because endpoints may answer and agree a moment later. */
  private AbstainReason givesUp(Claim about, OwnView view) {
    Instant now = clock.instant();
    assertThat(attestor.consider(about, view))
        .isEqualTo(new Wait(now.plus(Patience.DEFAULT.again())));
    clock.advance(Patience.DEFAULT.giveUp());
    AbstainReason reason = abstains(about, view);
    clock.advance(Patience.DEFAULT.giveUp().negated());
    return reason;
  }

  private AbstainReason abstains(Claim about, OwnView view) {
    return switch (attestor.consider(about, view)) {
      case Abstain(AbstainReason reason, String _) -> reason;
      case Confirm c -> throw new AssertionError(c);
      case Refute r -> throw new AssertionError(r);
      case Wait w -> throw new AssertionError(w);
    };
  }

  @Test
  void confirmsWhatItSawItself() {
    assertThat(attestor.consider(claim, seen(true, false, harm))).isEqualTo(new Confirm());
  }

  @Test
  void abstainsWithoutAgreementOfItsEndpoints() {
    assertThat(givesUp(claim, seen(false, false, harm))).isEqualTo(AbstainReason.NO_AGREEMENT);
    assertThat(givesUp(claim, seen(false, true, harm))).isEqualTo(AbstainReason.NO_AGREEMENT);
  }

  @Test
  void abstainsWhenBlockCodeOrVictimDiffer() {
    BlockStamp other = new BlockStamp(Keccak.hashUtf8("other"), claim.block().time());
    assertThat(abstains(claim, new OwnView.Mined(other, true, false, harm)))
        .isEqualTo(AbstainReason.OTHER_BLOCK);
    BlockStamp late = new BlockStamp(claim.block().hash(), claim.block().time().plusSeconds(1));
    assertThat(abstains(claim, new OwnView.Mined(late, true, false, harm)))
        .isEqualTo(AbstainReason.OTHER_BLOCK);
    Harm otherCode = harm(claim.subject().address(), Keccak.hashUtf8("code"));
    assertThat(abstains(claim, seen(true, false, otherCode))).isEqualTo(AbstainReason.OTHER_CODE);
    Harm touched = new Harm(Map.of(), Set.of(claim.subject().address()), Optional.empty());
    assertThat(abstains(claim, seen(true, false, touched))).isEqualTo(AbstainReason.NOT_A_VICTIM);
    Harm unknown = new Harm(Map.of(), Set.of(claim.subject().address()), Optional.of("no state"));
    assertThat(abstains(claim, seen(true, false, unknown))).isEqualTo(AbstainReason.NOT_ANALYSED);
  }

  @Test
  void refutesOnlyObjectiveFailures() {
    assertThat(attestor.consider(claim, seen(true, true, harm)))
        .isEqualTo(new Refute(RefuteReason.REVERTED));
    Harm elsewhere = new Harm(Map.of(), Set.of(Address.ZERO), Optional.empty());
    assertThat(attestor.consider(claim, seen(true, false, elsewhere)))
        .isEqualTo(new Refute(RefuteReason.SUBJECT_UNTOUCHED));
    Instant settled = claim.block().time().plus(Patience.DEFAULT.settle());
    assertThat(attestor.consider(claim, new OwnView.Absent(true, settled)))
        .isEqualTo(new Refute(RefuteReason.TX_ABSENT));
    assertThat(abstains(claim, new OwnView.Absent(false, settled)))
        .isEqualTo(AbstainReason.NO_AGREEMENT);
  }

  @Test
  void waitsWhileItsChainIsBehindButNotForEver() {
    Instant again = clock.instant().plusSeconds(1);
    assertThat(attestor.consider(claim, new OwnView.Behind(again))).isEqualTo(new Wait(again));
    assertThat(attestor.consider(claim, new OwnView.Absent(true, claim.block().time())))
        .isInstanceOf(Wait.class);
    clock.advance(Duration.ofMinutes(11));
    assertThat(abstains(claim, new OwnView.Behind(again))).isEqualTo(AbstainReason.BEHIND);
  }

  @Test
  void doesNotWaitForABlockFarInTheFuture() {
    BlockStamp far = new BlockStamp(claim.block().hash(), clock.instant().plusSeconds(3_600));
    Claim ahead = new ExploitMined(claim.chain(), claim.tx(), far, claim.subject());
    assertThat(abstains(ahead, new OwnView.Behind(clock.instant().plusSeconds(1))))
        .isEqualTo(AbstainReason.BEHIND);
  }

  @Test
  void abstainsOnUnknownChainsAndRosters() {
    assertThat(abstains(claim, new OwnView.Unwatched())).isEqualTo(AbstainReason.UNKNOWN_CHAIN);
    assertThat(givesUp(claim, new OwnView.Unavailable("down")))
        .isEqualTo(AbstainReason.UNAVAILABLE);
    assertThat(abstains(Samples.rosterChanged(), new OwnView.Unwatched()))
        .isEqualTo(AbstainReason.OPERATOR_ONLY);
  }

  @Test
  void confirmsPendingAttacksOnlyIfIncludableAndRobust() {
    ExploitPending pending = Samples.pending(1);
    Harm own = harm(pending.subject().address(), pending.subject().code());
    assertThat(attestor.consider(pending, view(pending, true, true, true, own)))
        .isEqualTo(new Confirm());
    assertThat(givesUp(pending, view(pending, false, true, true, own)))
        .isEqualTo(AbstainReason.NO_AGREEMENT);
    assertThat(abstains(pending, view(pending, true, false, true, own)))
        .isEqualTo(AbstainReason.NOT_INCLUDABLE);
    assertThat(abstains(pending, view(pending, true, true, false, own)))
        .isEqualTo(AbstainReason.NOT_ROBUST);
    assertThat(abstains(pending, view(Samples.pending(2), true, true, true, own)))
        .isEqualTo(AbstainReason.NOT_INCLUDABLE);
    assertThat(abstains(pending, new OwnView.Absent(true, clock.instant())))
        .isEqualTo(AbstainReason.NOT_SEEN);
  }

  private static OwnView view(
      ExploitPending at, boolean agreed, boolean includable, boolean robust, Harm harm) {
    return new OwnView.Pending(
        at.turn(), at.head(), new Simulation(agreed, includable, robust, false), harm);
  }

  @Test
  void confirmsAnAllClearOnlyOnItsOwnCanonicalChain() {
    Claim.AllClear clear = Samples.allClear(1);
    Hash32 claimed = Samples.mined(1).block().hash();
    assertThat(attestor.consider(clear, new OwnView.Canonical(claimed, Optional.of(clear.block()))))
        .isEqualTo(new Confirm());
    assertThat(abstains(clear, new OwnView.Canonical(claimed, Optional.empty())))
        .isEqualTo(AbstainReason.NO_AGREEMENT);
    Hash32 third = Samples.mined(2).block().hash();
    assertThat(abstains(clear, new OwnView.Canonical(claimed, Optional.of(third))))
        .as("another block than the named one took the place")
        .isEqualTo(AbstainReason.NOT_VOIDED);
    assertThat(abstains(clear, new OwnView.Unavailable("it does not know the claim")))
        .isEqualTo(AbstainReason.UNAVAILABLE);
  }

  @Test
  void refutesAnAllClearOfAClaimWhoseBlockIsCanonical() {
    Claim.AllClear clear = Samples.allClear(1);
    Hash32 claimed = Samples.mined(1).block().hash();
    assertThat(attestor.consider(clear, new OwnView.Canonical(claimed, Optional.of(claimed))))
        .isEqualTo(new Refute(RefuteReason.STILL_CANONICAL));
    Claim.AllClear itself = new Claim.AllClear(clear.claimId(), clear.chain(), claimed);
    assertThat(attestor.consider(itself, new OwnView.Canonical(claimed, Optional.of(claimed))))
        .as("a block does not void a claim on itself")
        .isEqualTo(new Refute(RefuteReason.STILL_CANONICAL));
  }

  @Test
  void theFirstVerdictIsFinal() {
    assertThat(attestor.attest(claim.id(), new Confirm()))
        .hasValueSatisfying(
            a -> {
              assertThat(a.verdict()).isEqualTo(Verdict.CONFIRM);
              assertThat(a.epoch()).isEqualTo(1);
              assertThat(a.signedBy(keys.getFirst().publicKey(), rosters.federation().domain()))
                  .isTrue();
            });
    assertThat(abstains(claim, seen(true, true, harm))).isEqualTo(AbstainReason.ALREADY_JUDGED);
    assertThat(attestor.attest(claim.id(), new Refute(RefuteReason.REVERTED))).isEmpty();
    assertThat(attestor.attest(claim.id(), new Confirm())).isPresent();
  }

  @Test
  void theVerdictIsInTheBookBeforeItIsSigned() {
    attestor.attest(claim.id(), new Confirm());
    assertThat(book.verdict(claim.id())).contains(Verdict.CONFIRM);
    Attestor restarted = new Attestor(keys.getFirst(), rosters, book, Patience.DEFAULT, clock);
    assertThat(restarted.attest(claim.id(), new Refute(RefuteReason.REVERTED))).isEmpty();
  }

  @Test
  void signsNothingButVerdicts() {
    assertThat(attestor.attest(claim.id(), new Wait(clock.instant()))).isEmpty();
    assertThat(attestor.attest(claim.id(), new Abstain(AbstainReason.BEHIND, ""))).isEmpty();
    assertThat(book.verdict(claim.id())).isEmpty();
  }

  @Test
  void withoutASeatItSaysNothing() {
    rosters.apply(Revocation.sign(keys.getFirst(), rosters.federation().domain()));
    assertThat(abstains(claim, seen(true, false, harm))).isEqualTo(AbstainReason.NO_SEAT);
    assertThat(attestor.attest(claim.id(), new Confirm())).isEmpty();
  }

  @Test
  void aLaterViewThatAllowsNoVerdictIsToldAsWhatItIs() {
    attestor.attest(claim.id(), new Confirm());
    assertThat(abstains(claim, new OwnView.Unwatched())).isEqualTo(AbstainReason.UNKNOWN_CHAIN);
    assertThat(attestor.consider(claim, seen(true, false, harm))).isEqualTo(new Confirm());
  }

  @Test
  void ofAReportOnlyTheClaimCounts() throws MalformedException {
    KeyPair author = keys.getLast();
    Domain domain = rosters.federation().domain();
    Bytes bundle = ReportCodec.encode(Samples.report(claim), author.address(), clock.instant());
    Envelope envelope = Envelope.seal(author, domain, ReportCodec.TOPIC.name(), 1, bundle);
    Verified<Report> report =
        Verified.open(
                envelope, domain, _ -> Optional.of(author.publicKey()), ReportCodec.TOPIC.decoder())
            .orElseThrow();
    assertThat(attestor.consider(report, seen(true, false, harm))).isEqualTo(new Confirm());
    assertThat(attestor.consider(report, seen(true, true, harm)))
        .isEqualTo(new Refute(RefuteReason.REVERTED));
  }
}
