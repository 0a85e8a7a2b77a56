package io.tocsin.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Bytes;
import io.tocsin.base.Metrics;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Envelope;
import io.tocsin.crypto.Keccak;
import io.tocsin.gossip.AdmissionResult.Accept;
import io.tocsin.gossip.AdmissionResult.Defer;
import io.tocsin.gossip.AdmissionResult.Ignore;
import io.tocsin.gossip.AdmissionResult.Reject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AdmissionTest {
  private final Samples town = new Samples(3, 1);
  private final HandClock clock = new HandClock();
  private final MemoryEnvelopeStore store = new MemoryEnvelopeStore();
  private final List<String> heard = new ArrayList<>();
  private final List<Equivocation> proofs = new ArrayList<>();
  private Admission door = door();

  private Admission door() {
    return door(GossipConfig.DEFAULT);
  }

  private Admission door(GossipConfig config) {
    Admission made =
        new Admission(config, town.membership(0), store, clock, new GossipLog(Metrics.NONE));
    made.subscribe(Samples.TALK, message -> heard.add(message.value()));
    made.onEquivocation(proofs::add);
    return made;
  }

  private AdmissionResult admit(int from, Bytes wire) {
    AdmissionResult result = door.admit(new Frame(town.account(from), wire));
    door.deliveries().drain();
    return result;
  }

  private static void assertIgnored(AdmissionResult result, IgnoreReason reason) {
    assertThat(result).isEqualTo(new Ignore(reason));
  }

  private static void assertRejected(AdmissionResult result, RejectReason reason) {
    assertThat(result).isEqualTo(new Reject(reason));
  }

  @Test
  void keepsTheBytesReceivedAndHandsTheMessageOn() {
    Bytes wire = town.talk(1, 1, "one");
    assertThat(admit(1, wire)).isInstanceOf(Accept.class);
    assertThat(store.wire(town.account(1), 1)).contains(wire);
    assertThat(heard).containsExactly("one");
  }

  @Test
  void ignoresARepeatEvenAfterItsMemoryIsGone() {
    Bytes wire = town.talk(1, 1, "one");
    admit(1, wire);
    assertIgnored(admit(2, wire), IgnoreReason.DUPLICATE);
    door = door();
    assertIgnored(admit(2, wire), IgnoreReason.DUPLICATE);
    assertThat(heard).containsExactly("one");
  }

  @Test
  void rejectsWhatIsNoEnvelopeOrTooLarge() {
    assertRejected(admit(1, Bytes.utf8("garbage")), RejectReason.MALFORMED);
    assertRejected(admit(1, Bytes.of(new byte[Frame.MAX_BYTES + 1])), RejectReason.OVERSIZE);
    assertRejected(admit(1, town.talk(1, 1, "x".repeat(1_001))), RejectReason.OVERSIZE);
    assertThat(admit(1, town.talk(1, 1, "x".repeat(1_000)))).isInstanceOf(Accept.class);
  }

  @Test
  void ignoresAnAuthorWhoIsNoMemberAndRejectsAWrongSignature() {
    Samples strangers = new Samples(1, 99);
    assertIgnored(admit(1, strangers.talk(0, 1, "hi")), IgnoreReason.AUTHOR_UNKNOWN);
    Envelope foreign =
        Envelope.seal(
            town.key(1), new Domain(Keccak.hashUtf8("other")), "talk", 1, Bytes.utf8("hi"));
    assertRejected(admit(1, foreign.encode()), RejectReason.BAD_SIGNATURE);
    town.revoke(1, true);
    assertIgnored(admit(2, town.talk(1, 1, "hi")), IgnoreReason.AUTHOR_UNKNOWN);
    assertThat(store.heights()).isEmpty();
  }

  @Test
  void aForgedSignatureDoesNotMakeTheTrueEnvelopeARepeat() throws Exception {
    Envelope real = Envelope.decode(town.talk(1, 1, "one"));
    Envelope forged =
        new Envelope(
            "talk",
            real.author(),
            1,
            real.payload(),
            Envelope.decode(town.talk(2, 1, "one")).signature());
    assertThat(forged.id()).isEqualTo(real.id());
    assertRejected(admit(2, forged.encode()), RejectReason.BAD_SIGNATURE);
    assertThat(admit(1, real.encode())).isInstanceOf(Accept.class);
  }

  @Test
  void waitsForAMissingPredecessorThenHandsOnInOrder() {
    assertThat(admit(1, town.talk(1, 3, "three"))).isInstanceOf(Defer.class);
    assertThat(admit(1, town.talk(1, 2, "two"))).isInstanceOf(Defer.class);
    assertThat(heard).isEmpty();
    assertThat(admit(1, town.talk(1, 1, "one"))).isInstanceOf(Accept.class);
    assertThat(heard).containsExactly("one", "two", "three");
    assertThat(store.appends()).isEqualTo(1);
  }

  @Test
  void forgetsWhatWaitedTooLong() {
    admit(1, town.talk(1, 2, "two"));
    clock.pass(GossipConfig.DEFAULT.waiting().patience().plusSeconds(1));
    door.expire();
    admit(1, town.talk(1, 1, "one"));
    assertThat(heard).containsExactly("one");
    assertThat(admit(1, town.talk(1, 2, "two"))).isInstanceOf(Accept.class);
  }

  @Test
  void boundsWhatWaitsAndPrefersTheNearest() {
    int room = GossipConfig.DEFAULT.waiting().perAuthor();
    for (int i = 0; i < room; i++) {
      assertThat(admit(1, town.talk(1, 10 + i, "far"))).isInstanceOf(Defer.class);
    }
    assertIgnored(admit(1, town.talk(1, 10 + room, "far")), IgnoreReason.NO_ROOM_TO_WAIT);
    assertThat(admit(1, town.talk(1, 2, "near"))).isInstanceOf(Defer.class);
    admit(1, town.talk(1, 1, "first"));
    assertThat(heard).containsExactly("first", "near");
  }

  @Test
  void keepsTwoDifferentEnvelopesOfOneSequenceAsEvidenceAndHandsOnTheFirst() throws Exception {
    admit(1, town.talk(1, 1, "yes"));
    assertIgnored(admit(1, town.talk(1, 1, "no")), IgnoreReason.EQUIVOCATION);
    assertIgnored(admit(2, town.talk(1, 1, "no")), IgnoreReason.EQUIVOCATION);
    assertThat(heard).containsExactly("yes");
    Equivocation proof =
        new Equivocation(
            Envelope.decode(town.talk(1, 1, "yes")), Envelope.decode(town.talk(1, 1, "no")));
    assertThat(store.equivocations()).containsExactly(proof);
    assertThat(proofs).containsExactly(proof);
    assertThat(admit(1, town.talk(1, 2, "more"))).isInstanceOf(Accept.class);
  }

  @Test
  void noticesAContradictionAmongThoseThatWait() {
    admit(1, town.talk(1, 2, "yes"));
    assertIgnored(admit(1, town.talk(1, 2, "no")), IgnoreReason.EQUIVOCATION);
    assertThat(proofs).hasSize(1);
  }

  @Test
  void anUnreadablePayloadKeepsItsPlaceInTheOrder() {
    assertRejected(admit(1, town.talk(1, 1, "!")), RejectReason.AUTHOR_SENT_UNREADABLE);
    assertIgnored(admit(2, town.talk(1, 2, "!")), IgnoreReason.PAYLOAD_UNREADABLE);
    Bytes unknown =
        Envelope.seal(town.key(1), Samples.DOMAIN, "future", 3, Bytes.utf8("?")).encode();
    assertIgnored(admit(2, unknown), IgnoreReason.TOPIC_UNKNOWN);
    assertThat(admit(1, town.talk(1, 4, "four"))).isInstanceOf(Accept.class);
    assertThat(store.height(town.account(1))).isEqualTo(4);
    assertThat(heard).containsExactly("four");
  }

  @Test
  void ourOwnFailureIsNeitherAcceptanceNorBlame() {
    store.broken(true);
    PeerScore scores = new PeerScore(clock, new GossipLog(Metrics.NONE));
    AdmissionResult result = admit(1, town.talk(1, 1, "one"));
    assertIgnored(result, IgnoreReason.OUR_FAILURE);
    scores.apply(town.account(1), result);
    assertThat(scores.score(town.account(1))).isZero();
    assertThat(heard).isEmpty();
    store.broken(false);
    assertThat(admit(1, town.talk(1, 1, "one"))).isInstanceOf(Accept.class);
  }

  @Test
  void anAuthorBeyondItsQuotaIsLeftOutUntilTimePasses() {
    int burst = 20;
    GossipConfig usual = GossipConfig.DEFAULT;
    TokenBucket.Rate rate = new TokenBucket.Rate(burst, 1);
    GossipConfig strict =
        new GossipConfig(
            usual.waiting(),
            new GossipConfig.Quota(rate, usual.quota().bytes()),
            usual.seen(),
            usual.pull());
    door = door(strict);
    for (long i = 1; i <= burst; i++) {
      assertThat(admit(1, town.talk(1, i, "x"))).isInstanceOf(Accept.class);
    }
    Bytes next = town.talk(1, burst + 1, "x");
    assertIgnored(admit(1, next), IgnoreReason.AUTHOR_OVER_QUOTA);
    assertThat(admit(2, town.talk(2, 1, "other"))).isInstanceOf(Accept.class);
    clock.pass(Duration.ofSeconds(1));
    assertThat(admit(1, next)).isInstanceOf(Accept.class);
  }

  @Test
  void ownMailPassesTheSameDoor() {
    assertThat(door.seal(Samples.TALK, Bytes.utf8("mine")).admitted().getFirst().result())
        .isInstanceOf(Accept.class);
    door.deliveries().drain();
    assertThat(heard).containsExactly("mine");
    assertThat(store.height(town.account(0))).isEqualTo(1);
    town.revoke(0, true);
    assertIgnored(
        door.seal(Samples.TALK, Bytes.utf8("mine")).admitted().getFirst().result(),
        IgnoreReason.AUTHOR_UNKNOWN);
    assertThatThrownBy(() -> door.seal(Samples.TALK, Bytes.of(new byte[1_001])))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void handsOnAfterARestartWhatWasNotHandedOnBefore() {
    admit(1, town.talk(1, 1, "one"));
    door.deliveries().writeCursors();
    AdmissionResult kept = door.admit(new Frame(town.account(1), town.talk(1, 2, "two")));
    assertThat(kept).isInstanceOf(Accept.class);
    heard.clear();
    door = door();
    door.deliveries().drain();
    assertThat(heard).containsExactly("two");
    assertThat(store.received("talk", Instant.EPOCH)).hasSize(2);
  }

  @Test
  void aFailingListenerStopsNobodyElse() {
    Admission made =
        new Admission(
            GossipConfig.DEFAULT, town.membership(0), store, clock, new GossipLog(Metrics.NONE));
    made.subscribe(
        Samples.TALK,
        message -> {
          if (message.value().equals("bad")) {
            throw new IllegalStateException("cannot");
          }
          heard.add(message.value());
        });
    door = made;
    admit(1, town.talk(1, 1, "bad"));
    admit(1, town.talk(1, 2, "good"));
    assertThat(heard).containsExactly("good");
  }

  @Test
  void anyOrderOfArrivalEndsInTheAuthorsOrder() {
    for (long seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      MemoryEnvelopeStore fresh = new MemoryEnvelopeStore();
      List<String> order = new ArrayList<>();
      Admission made =
          new Admission(
              GossipConfig.DEFAULT, town.membership(0), fresh, clock, new GossipLog(Metrics.NONE));
      made.subscribe(Samples.TALK, message -> order.add(message.value()));
      List<Frame> frames = new ArrayList<>();
      List<String> expected = new ArrayList<>();
      for (int i = 1; i <= 20; i++) {
        expected.add("t" + i);
        for (int copies = random.nextInt(3); copies >= 0; copies--) {
          frames.add(new Frame(town.account(2), town.talk(1, i, "t" + i)));
        }
      }
      Collections.shuffle(frames, random);
      while (!frames.isEmpty()) {
        int size = 1 + random.nextInt(Math.min(4, frames.size()));
        made.admit(List.copyOf(frames.subList(0, size)));
        frames.subList(0, size).clear();
        made.deliveries().drain();
      }
      assertThat(order).as("seed %d", seed).isEqualTo(expected);
    }
  }

  @Test
  void handsOnEverythingInOrderAfterTheLogCouldNotBeRead() {
    door.admit(new Frame(town.account(1), town.talk(1, 1, "one")));
    door = door();
    store.unreadable(true);
    assertThatThrownBy(() -> door.deliveries().drain()).hasMessageContaining("does not answer");
    door.admit(new Frame(town.account(1), town.talk(1, 2, "two")));
    assertThatThrownBy(() -> door.deliveries().drain()).hasMessageContaining("does not answer");
    assertThat(heard).isEmpty();
    store.unreadable(false);
    door.admit(new Frame(town.account(1), town.talk(1, 3, "three")));
    door.deliveries().drain();
    assertThat(heard).containsExactly("one", "two", "three");
  }
}
