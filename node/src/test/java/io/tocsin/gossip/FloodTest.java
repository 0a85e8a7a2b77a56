package io.tocsin.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Bytes;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Metrics;
import io.tocsin.crypto.Envelope;
import io.tocsin.gossip.FakeNetwork.Faults;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One member sends far more than its share; the others are heard as if it did not. */
final class FloodTest {
  private static final int SIZE = 5;
  private static final int LIAR = 4;
  private static final int BURST = (int) GossipConfig.DEFAULT.quota().envelopes().burst();

  private final Samples town = new Samples(SIZE, 2);
  private final HandClock clock = new HandClock();
  private final MemoryEnvelopeStore store = new MemoryEnvelopeStore();
  private final List<String> heard = new ArrayList<>();

  private Admission door() {
    Admission made =
        new Admission(
            GossipConfig.DEFAULT, town.membership(0), store, clock, new GossipLog(Metrics.NONE));
    made.subscribe(Samples.TALK, message -> heard.add(message.value()));
    return made;
  }

  private Frame frame(int author, long sequence, String text) {
    return new Frame(town.account(author), town.talk(author, sequence, text));
  }

  @Test
  void atMostOneMessageOfTheLiarGoesBeforeATrueOne() throws InterruptedException {
    Admission door = door();
    for (int i = 1; i <= 3_000; i++) {
      AdmissionResult _ = door.admit(frame(LIAR, i, "bogus"));
    }
    AdmissionResult _ = door.admit(frame(1, 1, "fire"));
    AdmissionResult _ = door.admit(frame(2, 1, "fire too"));
    for (int i = 0; i < SIZE; i++) {
      assertThat(door.deliveries().step(Duration.ZERO)).isTrue();
    }
    assertThat(heard).contains("fire", "fire too");
  }

  @Test
  void whatFindsNoRoomIsReadBackFromTheLogInItsOrderAndOvertakenMeanwhile()
      throws InterruptedException {
    Admission door = door();
    List<String> expected = new ArrayList<>();
    for (int i = 1; i <= 3 * BURST; i++) {
      AdmissionResult _ = door.admit(frame(LIAR, i, "bogus " + i));
      expected.add("bogus " + i);
      if (i % BURST == 0) {
        clock.pass(Duration.ofSeconds(64));
      }
    }
    for (int i = 0; i < 10; i++) {
      assertThat(door.deliveries().step(Duration.ZERO)).isTrue();
    }
    AdmissionResult _ = door.admit(frame(1, 1, "fire"));
    for (int i = 0; i < 2; i++) {
      assertThat(door.deliveries().step(Duration.ZERO)).isTrue();
    }
    assertThat(heard).contains("fire");
    door.deliveries().drain();
    heard.remove("fire");
    assertThat(heard).isEqualTo(expected);
  }

  @Test
  void whatGoesBeyondTheAllowanceCostsNoSignatureCheckAndTakesNothingFromIt() throws Exception {
    Admission door = door();
    Bytes forged = forged(1, BURST + 1);
    assertThat(door.admit(new Frame(town.account(2), forged)))
        .isEqualTo(new AdmissionResult.Ignore(IgnoreReason.AUTHOR_OVER_QUOTA));
    assertThat(door.admit(new Frame(town.account(2), forged(1, BURST))))
        .isEqualTo(new AdmissionResult.Reject(RejectReason.BAD_SIGNATURE));
    for (int i = 1; i <= BURST; i++) {
      assertThat(door.admit(frame(1, i, "x"))).isInstanceOf(AdmissionResult.Accept.class);
    }
    assertThat(store.received("talk", Instant.EPOCH)).hasSize(BURST);
  }

  private Bytes forged(int author, long sequence) throws MalformedException {
    Envelope real = Envelope.decode(town.talk(author, sequence, "x"));
    Envelope other = Envelope.decode(town.talk(LIAR, sequence, "x"));
    return new Envelope(real.topic(), real.author(), sequence, real.payload(), other.signature())
        .encode();
  }

  @Test
  void whoPushesBeyondItsShareIsShutOutAndWhoPassesItOnIsNot() {
    FakeNetwork network = new FakeNetwork(town, SIZE, Faults.NONE, 1);
    for (int second = 0; second < 8; second++) {
      for (int i = 0; i < 1_000; i++) {
        long sequence = second * 1_000L + i + 1;
        Bytes push = new Message.Push(town.talk(LIAR, sequence, "bogus")).encode();
        network.smuggle(LIAR, 0, push);
      }
      network.pass(Duration.ofSeconds(1));
    }
    for (int second = 0; second < 8; second++) {
      Bytes push = new Message.Push(town.talk(LIAR, 100_000 + second, "bogus")).encode();
      network.smuggle(LIAR, 0, push);
      network.pass(Duration.ofSeconds(1));
    }
    assertThat(network.linked(LIAR, 0)).isFalse();
    for (int other = 1; other < LIAR; other++) {
      PeerScore scores = network.node(other).exchange().scores();
      assertThat(network.linked(0, other)).isTrue();
      assertThat(scores.score(town.account(0))).isNotNegative();
    }
    network.node(1).say("fire");
    network.pass(Duration.ofSeconds(1));
    for (int i = 0; i < LIAR; i++) {
      assertThat(network.node(i).heard()).contains("1/1");
    }
  }

  @Test
  void acceptedMessagesDoNotPayForAFlood() {
    PeerScore scores = new PeerScore(clock, new GossipLog(Metrics.NONE));
    AdmissionResult accepted = door().admit(frame(1, 1, "x"));
    for (int second = 0; second < 8; second++) {
      for (int i = 0; i < 64; i++) {
        scores.apply(town.account(1), accepted);
        scores.penalise(town.account(1), Misbehaviour.FLOOD);
      }
      clock.pass(Duration.ofSeconds(1));
    }
    assertThat(scores.banned(town.account(1))).isTrue();
  }

  @Test
  void anHonestNodeThatWasAwayGetsEverythingThoughItIsMoreThanAShare() {
    FakeNetwork network = new FakeNetwork(town, 3, Faults.NONE, 1);
    network.leave(2);
    int said = BURST + 500;
    for (int i = 0; i < said; i++) {
      network.node(0).say("report " + i);
      if (i % 500 == 0) {
        network.pass(Duration.ofSeconds(10));
      }
    }
    network.join(2);
    network.pass(Duration.ofSeconds(30));
    List<String> expected = new ArrayList<>();
    for (int i = 1; i <= said; i++) {
      expected.add("0/" + i);
    }
    assertThat(network.node(2).heard()).isEqualTo(expected);
    assertThat(network.linked(0, 2)).isTrue();
    assertThat(network.node(2).exchange().scores().score(town.account(0))).isNotNegative();
  }

  @Test
  void whoAsksWithoutEndIsShutOut() {
    FakeNetwork network = new FakeNetwork(town, 3, Faults.NONE, 1);
    for (int second = 0; second < 10; second++) {
      for (int i = 0; i < 300; i++) {
        network.smuggle(2, 0, new Message.Want(town.account(1), i).encode());
      }
      network.pass(Duration.ofSeconds(1));
    }
    assertThat(network.linked(2, 0)).isFalse();
    assertThat(network.linked(1, 0)).isTrue();
  }

  @Test
  void whoBringsItsOwnContradictionsIsShutOutAndTheyStayEvidence() {
    FakeNetwork network = new FakeNetwork(town, 3, Faults.NONE, 1);
    for (int i = 0; i < 8; i++) {
      network.smuggle(2, 0, new Message.Push(town.talk(2, 1, "version " + i)).encode());
    }
    network.pass(Duration.ofSeconds(1));
    assertThat(network.linked(2, 0)).isFalse();
    assertThat(network.linked(1, 0)).isTrue();
    assertThat(network.node(0).proofs()).hasSize(1);
    assertThat(network.node(1).exchange().scores().score(town.account(0))).isNotNegative();
  }
}
