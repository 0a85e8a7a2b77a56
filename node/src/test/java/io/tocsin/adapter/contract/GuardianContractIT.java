package io.tocsin.adapter.contract;

import static io.tocsin.adapter.contract.GuardianAbi.GUARDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.contract.Refusal.Reason;
import io.tocsin.base.AccountId;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.chain.TxCall;
import io.tocsin.claim.Claim;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;
import io.tocsin.identity.Ballot;
import io.tocsin.identity.Revocation;
import io.tocsin.identity.Roster;
import io.tocsin.identity.SignedRoster;
import io.tocsin.identity.Term;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.SubjectTree;
import io.tocsin.respond.PauseView.Standing;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class GuardianContractIT {
  private GuardedLender world = unset();

  @SuppressWarnings("NullAway") // set before each test
  private static GuardedLender unset() {
    return null;
  }

  @BeforeEach
  void build() throws ChainException {
    world = new GuardedLender();
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private List<Claim> claims() throws ChainException {
    Claim.ExploitMined mined = world.claim();
    return List.of(
        mined,
        new Claim.ExploitPending(
            ChainId.evm(1),
            mined.tx(),
            new Claim.Turn(GuardedLender.SISTER, 7),
            mined.block(),
            mined.subject()),
        new Claim.AllClear(mined.id(), world.access.chain(), mined.block().hash()),
        new Claim.RosterChanged(2, world.town.roster.hash()));
  }

  @Test
  void hashesAsTheContractDoes() throws ChainException {
    assertThat(world.guardian.domainSeparator()).isEqualTo(world.town.domain().separator());
    assertThat(world.guardian.rosterHash(world.town.roster)).isEqualTo(world.town.roster.hash());
    for (Claim claim : claims()) {
      assertThat(world.guardian.claimId(claim)).isEqualTo(claim.id());
      for (int verdict = 1; verdict <= 2; verdict++) {
        assertThat(world.guardian.attestationDigest(claim.id(), 3, verdict))
            .isEqualTo(world.town.domain().digest(Ballot.attestation(claim.id(), 3, verdict)));
      }
    }
    for (AccountId subject :
        List.of(world.lenderAccount(), new AccountId(ChainId.evm(10), GuardedLender.SISTER))) {
      assertThat(world.guardian.subjectLeaf(subject)).isEqualTo(SubjectTree.leaf(subject));
    }
    assertThat(world.ids).isEqualTo(GuardianContract.mandateIds(world.terms));
    assertThat(world.guardian.terms(world.id(BudgetClass.DIRECT)).subjectsRoot())
        .isEqualTo(world.terms.getFirst().subjectsRoot());
  }

  @Test
  void showsWhatWasDeployed() throws ChainException {
    assertThat(world.guardian.owner()).isEqualTo(world.owner.address());
    assertThat(world.guardian.federation()).isEqualTo(world.town.federation.id());
    assertThat(world.guardian.currentEpoch()).isEqualTo(1);
    assertThat(world.guardian.epoch(1).hash()).isEqualTo(world.town.roster.hash());
    assertThat(world.guardian.epoch(1).members()).isEqualTo(5);
    assertThat(world.guardian.pausedCap()).isEqualTo(Duration.ofDays(3));
    for (BudgetClass budget : BudgetClass.values()) {
      Terms written = world.terms.get(budget.code());
      Terms read = world.guardian.terms(world.id(budget));
      assertThat(read.mandate().budgetClass()).isEqualTo(budget);
      assertThat(read.mandate().limits()).isEqualTo(written.mandate().limits());
      assertThat(read.mandate().lever().target()).isEqualTo(world.lender);
      assertThat(read.mandate().lever().calls()).isEqualTo(written.mandate().lever().calls());
      assertThat(read.callers()).containsExactly(world.responder.address());
      assertThat(world.guardian.isCaller(world.id(budget), world.responder.address())).isTrue();
      assertThat(world.guardian.isCaller(world.id(budget), world.lender)).isFalse();
      assertThat(world.guardian.standing(world.id(budget)).usesLeft()).isEqualTo(3);
    }
  }

  private TxCall trip(Claim claim, int kind, long epoch, Bytes signatures) {
    return TxCall.of(
        world.guardian.account().address(),
        GUARDIAN.call(
            "trip",
            world.id(BudgetClass.DIRECT).toArray(),
            GuardianAbi.certificate(kind, GuardianAbi.claim(claim), epoch, signatures),
            GuardianAbi.words(world.proof())));
  }

  private TxCall trip(Claim claim, int kind) {
    return trip(claim, kind, 1, world.town.signatures(claim.id(), 1, 1, 4));
  }

  @Test
  void aRealCertificatePausesTheLender() throws ChainException {
    Claim.ExploitMined claim = world.claim();
    var result =
        new DirectSender(world.lane(world.responder), Duration.ofSeconds(10))
            .perform(
                world.guardian.trip(
                    world.id(BudgetClass.DIRECT), world.town.certify(claim), world.proof()));
    assertThat(result).isInstanceOf(DirectSender.Result.Mined.class);
    assertThat(world.paused()).isTrue();
    assertThat(world.guardian.isPaused(world.id(BudgetClass.DIRECT))).isTrue();
    assertThat(
            world.guardian.consumed(
                world.id(BudgetClass.DIRECT), 1, world.access.chain(), claim.tx()))
        .isTrue();
    assertThat(((DirectSender.Result.Mined) result).transaction().logs())
        .extracting(log -> GuardianEvent.decode(log).orElse(null))
        .anySatisfy(
            event ->
                assertThat(event)
                    .isInstanceOfSatisfying(
                        GuardianEvent.Tripped.class,
                        tripped -> {
                          assertThat(tripped.claim()).isEqualTo(claim.id());
                          assertThat(tripped.target()).isEqualTo(world.lender);
                        }));
  }

  @Test
  void refusesWhatIsNoCurrentCertificateAboutThisSubject() throws ChainException {
    Claim.ExploitMined claim = world.claim();
    KeyPair caller = world.responder;
    assertThat(world.refused(world.owner, trip(claim, 1))).isEqualTo(Reason.NOT_A_CALLER);
    assertThat(world.refused(caller, trip(claim, 1, 1, world.town.signatures(claim.id(), 1, 2, 4))))
        .as("signatures of Refute recover to strangers")
        .isEqualTo(Reason.NOT_A_MEMBER);
    assertThat(world.refused(caller, trip(claim, 1, 1, world.town.signatures(claim.id(), 1, 1, 3))))
        .isEqualTo(Reason.QUORUM_NOT_REACHED);
    assertThat(world.refused(caller, trip(claim, 1, 2, world.town.signatures(claim.id(), 2, 1, 4))))
        .isEqualTo(Reason.EPOCH_NOT_ACCEPTED);
    Claim.ExploitMined future = world.claim(world.now().plusSeconds(3_600));
    assertThat(world.refused(caller, trip(future, 1))).isEqualTo(Reason.FUTURE_CLAIM);
    Claim.ExploitMined stale = world.claim(world.now().minus(Duration.ofMinutes(31)));
    assertThat(world.refused(caller, trip(stale, 1))).isEqualTo(Reason.STALE_CLAIM);
    Claim.AllClear clear = new Claim.AllClear(claim.id(), claim.chain(), claim.block().hash());
    assertThat(world.refused(caller, trip(clear, 3))).isEqualTo(Reason.KIND_NOT_ALLOWED);
    assertThat(
            world.refused(
                caller,
                world.guardian.trip(
                    world.id(BudgetClass.DIRECT), world.town.certify(claim), List.of())))
        .isEqualTo(Reason.SUBJECT_NOT_PERMITTED);
    assertThat(
            world.refused(
                caller,
                world.guardian.trip(
                    Keccak.hashUtf8("none"), world.town.certify(claim), world.proof())))
        .isEqualTo(Reason.UNKNOWN_MANDATE);
    assertThat(world.paused()).isFalse();
  }

  @Test
  void refusesTamperedSignatures() throws ChainException {
    Claim.ExploitMined claim = world.claim();
    Bytes good = world.town.signatures(claim.id(), 1, 1, 4);
    byte[] strange = good.toArray();
    strange[5] ^= 1;
    assertThat(world.refused(world.responder, trip(claim, 1, 1, Bytes.of(strange))))
        .isIn(Reason.NOT_A_MEMBER, Reason.ZERO_SIGNER);
    Bytes swapped = good.slice(65, 130).concat(good.slice(0, 65)).concat(good.slice(130, 260));
    assertThat(world.refused(world.responder, trip(claim, 1, 1, swapped)))
        .isEqualTo(Reason.SIGNERS_NOT_ASCENDING);
    Bytes twice = good.slice(0, 65).concat(good.slice(0, 195));
    assertThat(world.refused(world.responder, trip(claim, 1, 1, twice)))
        .isEqualTo(Reason.SIGNERS_NOT_ASCENDING);
    assertThat(world.refused(world.responder, trip(claim, 1, 1, highS(good))))
        .isEqualTo(Reason.HIGH_S);
    assertThat(world.refused(world.responder, trip(claim, 1, 1, good.slice(0, 259))))
        .isEqualTo(Reason.MALFORMED_SIGNATURES);
    assertThat(world.refused(world.responder, trip(claim, 1, 1, good.concat(good))))
        .isEqualTo(Reason.TOO_MANY_SIGNATURES);
    assertThat(world.paused()).isFalse();
  }

  private static Bytes highS(Bytes signatures) {
    BigInteger order =
        new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
    BigInteger high = order.subtract(new BigInteger(1, signatures.slice(32, 64).toArray()));
    byte[] s = high.toByteArray();
    Bytes padded = Bytes.of(s).slice(s.length - 32, s.length);
    return signatures.slice(0, 32).concat(padded).concat(signatures.slice(64, 260));
  }

  @Test
  void refusesAReplayAndCoolsDown() throws ChainException {
    Claim.ExploitMined claim = world.claim();
    TxCall trip =
        world.guardian.trip(world.id(BudgetClass.DIRECT), world.town.certify(claim), world.proof());
    var sender = new DirectSender(world.lane(world.responder), Duration.ofSeconds(10));
    assertThat(sender.perform(trip)).isInstanceOf(DirectSender.Result.Mined.class);
    assertThat(world.refused(world.responder, trip(world.claim(), 1)))
        .isEqualTo(Reason.COOLING_DOWN);
    world.pass(Duration.ofSeconds(11));
    assertThat(world.refused(world.responder, trip)).isEqualTo(Reason.ALREADY_CONSUMED);
    assertThat(world.refused(world.responder, trip(world.claim(), 1)))
        .isEqualTo(Reason.ALREADY_PAUSED);
  }

  @Test
  void anyoneReleasesAtTheEndAndNobodyBefore() throws ChainException {
    Hash32 direct = world.id(BudgetClass.DIRECT);
    new DirectSender(world.lane(world.responder), Duration.ofSeconds(10))
        .perform(world.guardian.trip(direct, world.town.certify(world.claim()), world.proof()));
    KeyPair anyone = GuardedLender.key(3);
    assertThat(world.refused(anyone, world.guardian.release(direct))).isEqualTo(Reason.NOT_DUE);
    world.pass(Duration.ofHours(6));
    assertThat(world.refused(anyone, world.guardian.lift(direct))).isEqualTo(Reason.NOT_OWNER);
    world.mined(world.guardian.hold(world.lender));
    assertThat(world.refused(anyone, world.guardian.release(direct))).isEqualTo(Reason.TARGET_HELD);
    world.mined(world.guardian.letGo(world.lender));
    world.mined(world.guardian.release(direct));
    assertThat(world.paused()).isFalse();
    assertThat(world.refused(anyone, world.guardian.release(direct))).isEqualTo(Reason.NOT_TRIPPED);
  }

  @Test
  void aPauseUndoneByHandShowsAndIsClosedByAnyone() throws ChainException {
    Hash32 direct = world.tripDirect();
    GuardianPauses pauses = new GuardianPauses(Map.of(world.access.chain(), world.access));
    var until = world.guardian.trip(direct).until();
    assertThat(pauses.standing(world.guardianAccount(), direct))
        .isEqualTo(new Standing.InForce(until, false, true));
    world.mined(
        GuardedLender.call(
            world.lender, "setGuardian(address)", GuardianAbi.word(world.owner.address())));
    world.mined(GuardedLender.call(world.lender, "unpause()"));
    assertThat(pauses.standing(world.guardianAccount(), direct))
        .isEqualTo(new Standing.InForce(until, false, false));
    new DirectSender(world.lane(GuardedLender.key(3)), Duration.ofSeconds(10))
        .perform(world.guardian.release(direct));
    assertThat(pauses.standing(world.guardianAccount(), direct)).isEqualTo(new Standing.Over());
  }

  @Test
  void theOwnerVetoesNarrowsAndRatifies() throws ChainException {
    Hash32 direct = world.id(BudgetClass.DIRECT);
    Hash32 local = world.id(BudgetClass.LOCAL);
    world.mined(world.guardian.narrow(direct, 1, world.now().plus(Duration.ofDays(1))));
    assertThat(
            world.refused(
                world.owner, world.guardian.narrow(direct, 2, world.now().plusSeconds(60))))
        .isEqualTo(Reason.NOT_NARROWER);
    world.mined(world.guardian.veto(local));
    TxCall self =
        world.guardian.tripLocal(local, world.lender, Keccak.hashUtf8("tx"), world.proof());
    assertThat(world.refused(world.responder, self)).isEqualTo(Reason.MANDATE_IS_VETOED);
    assertThat(world.refused(world.responder, world.guardian.veto(direct)))
        .isEqualTo(Reason.NOT_OWNER);
    new DirectSender(world.lane(world.responder), Duration.ofSeconds(10))
        .perform(world.guardian.trip(direct, world.town.certify(world.claim()), world.proof()));
    world.mined(world.guardian.ratify(direct));
    world.pass(Duration.ofHours(7));
    assertThat(world.refused(world.owner, world.guardian.release(direct)))
        .isEqualTo(Reason.TRIP_RATIFIED);
    world.mined(world.guardian.lift(direct));
    assertThat(world.paused()).isFalse();
  }

  @Test
  void takesTheNextRosterAndARevocationSignedInJava() throws ChainException {
    Roster now = world.town.roster;
    Roster next =
        new Roster(
            2,
            now.hash(),
            new Term(world.now(), world.now().plus(Duration.ofDays(90))),
            now.members());
    SignedRoster signed = new SignedRoster(next, List.of());
    for (KeyPair key : world.town.keys) {
      signed = signed.endorse(key, world.town.domain());
    }
    Bytes votes =
        signed.endorsements().stream()
            .map(e -> e.signature().bytes())
            .reduce(Bytes.EMPTY, Bytes::concat);
    assertThat(world.refused(world.owner, world.guardian.rotate(next, votes.slice(0, 195))))
        .isEqualTo(Reason.QUORUM_NOT_REACHED);
    world.mined(world.guardian.rotate(next, votes));
    assertThat(world.guardian.latestEpoch()).isEqualTo(2);
    assertThat(world.guardian.currentEpoch()).isEqualTo(1);
    world.mined(world.guardian.vetoRoster());
    assertThat(world.refused(world.owner, world.guardian.rotate(next, votes)))
        .isEqualTo(Reason.ROSTER_IS_REFUSED);
    KeyPair leaver = world.town.keys.getFirst();
    Revocation revocation = Revocation.sign(leaver, world.town.domain());
    world.mined(world.guardian.revoke(leaver.address(), revocation.signature()));
    assertThat(world.refused(world.responder, trip(world.claim(), 1)))
        .as("three of the four signers are left")
        .isEqualTo(Reason.QUORUM_NOT_REACHED);
  }

  @Test
  void everyErrorOfTheContractHasAReason() {
    assertThat(GUARDIAN.errors())
        .extracting(error -> Reason.named(error.getName()))
        .doesNotContain(Reason.OTHER)
        .doesNotHaveDuplicates();
    assertThat(Stream.of(Reason.values()).filter(r -> r != Reason.OTHER))
        .hasSameSizeAs(GUARDIAN.errors());
  }
}
