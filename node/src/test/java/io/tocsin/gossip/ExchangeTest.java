package io.tocsin.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Envelope;
import io.tocsin.gossip.FakeNetwork.Faults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ExchangeTest {
  private static final int SIZE = 5;
  private static final Faults ROUGH = new Faults(0.3, 0.1, Duration.ofMillis(800));

  private final Samples town = new Samples(SIZE, 2);

  private static void assertInOrderAndOnce(FakeNetwork.Node node, int author, int count) {
    List<String> expected = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      expected.add(author + "/" + i);
    }
    assertThat(node.heard().stream().filter(h -> h.startsWith(author + "/")))
        .containsExactlyElementsOf(expected);
  }

  @Test
  void deliversToAllIncludingOurselves() {
    FakeNetwork network = new FakeNetwork(town, SIZE, Faults.NONE, 1);
    network.node(0).say("fire");
    assertThat(network.node(0).heard()).containsExactly("0/1");
    network.pass(Duration.ofMillis(100));
    for (int i = 0; i < SIZE; i++) {
      assertThat(network.node(i).heard()).containsExactly("0/1");
    }
  }

  @Test
  void nothingIsSentThatIsNotOnTheDisk() {
    FakeNetwork network = new FakeNetwork(town, SIZE, Faults.NONE, 1);
    network.node(0).say("kept");
    network.node(0).store().lose();
    assertThatThrownBy(() -> network.node(0).say("lost")).hasMessageContaining("the disk lost it");
    network.pass(Duration.ofSeconds(1));
    assertThat(network.node(1).heard()).containsExactly("0/1");
    assertThat(network.node(1).store().height(town.account(0))).isEqualTo(1);
  }

  @Test
  void saysNothingOfItsLogThatTheDiskLost() {
    FakeNetwork network = new FakeNetwork(town, SIZE, Faults.NONE, 1);
    List<Bytes> told = new ArrayList<>();
    Link link = link(1, told);
    network.node(0).exchange().connected(link);
    assertThat(told).as("how far it is").hasSize(1);
    network.node(0).exchange().disconnected(link);
    network.node(0).store().lose();
    assertThatThrownBy(() -> network.node(0).exchange().connected(link))
        .hasMessageContaining("the disk lost it");
    assertThat(told).hasSize(1);
  }

  private Link link(int peer, List<Bytes> sent) {
    return new Link() {
      @Override
      public Address peer() {
        return town.account(peer);
      }

      @Override
      public boolean send(Bytes message) {
        return sent.add(message);
      }

      @Override
      public void end() {}
    };
  }

  @Test
  void whatItsAuthorBroughtItselfIsToldOfAndWhatAnotherBroughtIsSentOn() throws MalformedException {
    Exchange exchange = new FakeNetwork(town, 1, Faults.NONE, 1).node(0).exchange();
    List<Bytes> sent = new ArrayList<>();
    Link from = link(1, new ArrayList<>());
    exchange.connected(from);
    exchange.connected(link(2, sent));
    sent.clear();
    Bytes own = town.talk(1, 1, "by its author");
    exchange.received(from, new Message.Push(own).encode());
    assertThat(sent).isEmpty();
    exchange.tick();
    Message.Place place = new Message.Place(town.account(1), 1, Envelope.decode(own).id());
    assertThat(sent).containsExactly(new Message.Told(List.of(place)).encode());
    sent.clear();
    Bytes passedOn = new Message.Push(town.talk(3, 1, "by another")).encode();
    exchange.received(from, passedOn);
    assertThat(sent).containsExactly(passedOn);
    exchange.tick();
    assertThat(sent).hasSize(1);
  }

  @Test
  void whoIsToldOfWhatItLacksOrHasOtherwiseAsksForItAndNobodyElseDoes() throws MalformedException {
    Exchange exchange = new FakeNetwork(town, 1, Faults.NONE, 1).node(0).exchange();
    List<Bytes> sent = new ArrayList<>();
    Link link = link(2, sent);
    exchange.connected(link);
    Bytes kept = town.talk(1, 1, "kept");
    exchange.received(link, new Message.Push(kept).encode());
    sent.clear();
    Hash32 id = Envelope.decode(kept).id();
    exchange.received(link, told(new Message.Place(town.account(1), 1, id)));
    exchange.received(link, told(new Message.Place(town.account(1), 0, Hash32.ZERO)));
    exchange.received(link, told(new Message.Place(Address.ZERO, 1, Hash32.ZERO)));
    assertThat(sent).isEmpty();
    exchange.received(link, told(new Message.Place(town.account(3), 2, Hash32.ZERO)));
    exchange.received(
        link,
        told(
            new Message.Place(town.account(1), 1, Hash32.ZERO),
            new Message.Place(town.account(4), 1, Hash32.ZERO)));
    assertThat(sent)
        .containsExactly(
            new Message.Want(town.account(3), 0).encode(),
            new Message.Want(town.account(1), 0).encode(),
            new Message.Want(town.account(4), 0).encode());
  }

  private static Bytes told(Message.Place... places) {
    return new Message.Told(List.of(places)).encode();
  }

  @Test
  void everyNodeHearsEverythingInOrderWhateverTheNetworkDoes() {
    for (long seed = 0; seed < 30; seed++) {
      FakeNetwork network = new FakeNetwork(town, SIZE, ROUGH, seed);
      Random random = new Random(seed);
      int[] said = new int[SIZE];
      for (int step = 0; step < 60; step++) {
        int who = random.nextInt(SIZE);
        switch (random.nextInt(8)) {
          case 0 -> network.leave(who);
          case 1 -> network.join(who);
          case 2 -> network.disconnect(who, (who + 1) % SIZE);
          case 3 -> network.crash(who);
          default -> {
            network.node(who).say("step " + step);
            said[who]++;
          }
        }
        network.pass(Duration.ofMillis(random.nextInt(2_000)));
      }
      for (int i = 0; i < SIZE; i++) {
        network.join(i);
      }
      network.pass(Duration.ofMinutes(5));
      Map<?, ?> heights = network.node(0).store().heights();
      for (int i = 0; i < SIZE; i++) {
        assertThat(network.node(i).store().heights()).as("seed %d", seed).isEqualTo(heights);
        assertThat(network.node(i).proofs()).isEmpty();
        for (int author = 0; author < SIZE; author++) {
          assertEveryOne(network.node(i), author, said[author], seed);
        }
      }
    }
  }

  // After a crash the last messages may come again, so only first arrivals count here.
  private static void assertEveryOne(FakeNetwork.Node node, int author, int count, long seed) {
    List<String> first =
        node.heard().stream().filter(h -> h.startsWith(author + "/")).distinct().toList();
    List<String> expected = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      expected.add(author + "/" + i);
    }
    assertThat(first).as("seed %d", seed).isEqualTo(expected);
  }

  @Test
  void aPeerIsHeardEveryFewSecondsWhileItLivesAndOnlyByItsOwnWord() {
    FakeNetwork network = new FakeNetwork(town, SIZE, Faults.NONE, 1);
    network.pass(Duration.ofSeconds(1));
    Address last = town.account(SIZE - 1);
    network.leave(SIZE - 1);
    network.connect(0, SIZE - 1);
    long before = network.node(1).exchange().heard(last);
    long own = network.node(0).exchange().heard(last);
    network.node(SIZE - 1).say("fire");
    network.pass(Duration.ofSeconds(21));
    assertThat(network.node(1).heard()).contains((SIZE - 1) + "/1");
    assertThat(network.node(1).exchange().heard(last))
        .as("what others pass on is not its own word")
        .isEqualTo(before);
    assertThat(network.node(0).exchange().heard(last)).isGreaterThanOrEqualTo(own + 3);
    network.leave(SIZE - 1);
    own = network.node(0).exchange().heard(last);
    network.pass(Duration.ofMinutes(1));
    assertThat(network.node(0).exchange().heard(last)).isEqualTo(own);
  }

  @Test
  void aNodeThatWasAwayCatchesUpInOrderAndOnce() {
    FakeNetwork network = new FakeNetwork(town, SIZE, Faults.NONE, 1);
    network.leave(4);
    for (int i = 0; i < 500; i++) {
      network.node(0).say("report " + i);
      network.node(1).say("certificate " + i);
      network.pass(Duration.ofMillis(20));
    }
    assertThat(network.node(4).heard()).isEmpty();
    network.join(4);
    network.pass(Duration.ofSeconds(3));
    assertInOrderAndOnce(network.node(4), 0, 500);
    assertInOrderAndOnce(network.node(4), 1, 500);
    assertThat(network.node(4).store().appends()).isLessThan(30);
  }

  @Test
  void aNodeThatWasAwayGetsWhatAMemberWroteWhoLeftMeanwhile() {
    FakeNetwork network = new FakeNetwork(town, SIZE, Faults.NONE, 1);
    network.leave(4);
    for (int i = 0; i < 300; i++) {
      network.node(0).say("report " + i);
    }
    network.pass(Duration.ofSeconds(1));
    network.leave(0);
    town.depart(0);
    network.connect(4, 1);
    network.pass(Duration.ofSeconds(15));
    assertThat(network.node(4).heard()).as("one member may be a liar").isEmpty();
    network.connect(4, 2);
    network.pass(Duration.ofSeconds(15));
    assertInOrderAndOnce(network.node(4), 0, 300);
    network.crash(4);
    assertThat(network.node(4).store().height(town.account(0))).isEqualTo(300);
  }

  @Test
  void nobodyHearsWhatAFormerMemberSignsAfterItLeft() {
    FakeNetwork network = new FakeNetwork(town, SIZE, Faults.NONE, 1);
    network.node(0).say("while a member");
    network.pass(Duration.ofSeconds(1));
    network.leave(0);
    town.depart(0);
    network.smuggle(1, 4, new Message.Push(town.talk(0, 2, "afterwards")).encode());
    network.smuggle(1, 4, new Message.Heights(Map.of(town.account(0), 9L)).encode());
    network.pass(Duration.ofSeconds(15));
    assertInOrderAndOnce(network.node(4), 0, 1);
    town.revoke(0, true);
    network.leave(4);
    network.connect(4, 2);
    network.pass(Duration.ofSeconds(15));
    assertThat(network.node(4).store().height(town.account(0))).isEqualTo(1);
  }

  @Test
  void aNodeLearnsWhatItsAuthorNeverSentItAndWhatItForgotItself() {
    FakeNetwork network = new FakeNetwork(town, 3, Faults.NONE, 1);
    network.disconnect(0, 2);
    network.node(0).say("to one only");
    network.pass(Duration.ofSeconds(1));
    assertInOrderAndOnce(network.node(2), 0, 1);
    FakeNetwork restored = new FakeNetwork(town, 2, Faults.NONE, 1);
    Bytes old = new Message.Push(town.talk(1, 1, "of an earlier life")).encode();
    restored.smuggle(1, 0, old);
    restored.pass(Duration.ofSeconds(12));
    restored.node(1).say("after the loss of its disk");
    restored.pass(Duration.ofSeconds(1));
    assertInOrderAndOnce(restored.node(0), 1, 2);
    assertThat(restored.node(0).proofs()).isEmpty();
  }

  @Test
  void everyoneLearnsOfAContradiction() {
    FakeNetwork network = new FakeNetwork(town, SIZE, Faults.NONE, 1);
    network.smuggle(4, 0, new Message.Push(town.talk(4, 1, "yes")).encode());
    network.smuggle(4, 1, new Message.Push(town.talk(4, 1, "no")).encode());
    network.pass(Duration.ofSeconds(2));
    for (int i = 0; i < 4; i++) {
      assertThat(network.node(i).proofs()).hasSize(1);
      assertThat(network.node(i).store().equivocations()).hasSize(1);
    }
    network.node(0).say("life goes on");
    network.pass(Duration.ofSeconds(1));
    assertThat(network.node(3).heard()).contains("0/1");
  }

  @Test
  void aPeerThatSendsGarbageIsShutOutForAWhileAndHonestOnesAreNot() {
    FakeNetwork network = new FakeNetwork(town, SIZE, Faults.NONE, 1);
    assertThat(network.linked(4, 0)).isTrue();
    for (int i = 0; i < 5; i++) {
      network.smuggle(4, 0, Bytes.utf8("garbage"));
      network.pass(Duration.ofMillis(100));
    }
    assertThat(network.linked(4, 0)).isFalse();
    PeerScore scores = network.node(0).exchange().scores();
    assertThat(scores.banned(town.account(4))).isTrue();
    assertThat(scores.banned(town.account(1))).isFalse();
    network.pass(Duration.ofMinutes(1));
    assertThat(scores.banned(town.account(4))).isFalse();
  }

  @Test
  void aPeerThatClaimsWhatItHasNotIsNotAskedForEver() {
    FakeNetwork network = new FakeNetwork(town, 3, Faults.NONE, 1);
    Bytes boast = new Message.Heights(Map.of(town.account(1), 1_000_000L)).encode();
    network.smuggle(2, 0, boast);
    network.pass(Duration.ofSeconds(5));
    network.node(1).say("true");
    network.pass(Duration.ofSeconds(1));
    assertInOrderAndOnce(network.node(0), 1, 1);
  }

  @Test
  void anUnaskedBatchIsNotAdmitted() {
    FakeNetwork network = new FakeNetwork(town, 3, Faults.NONE, 1);
    Bytes batch = new Message.Batch(town.account(2), List.of(town.talk(2, 1, "unasked"))).encode();
    network.smuggle(2, 0, batch);
    network.pass(Duration.ofMillis(100));
    assertThat(network.node(0).heard()).isEmpty();
    assertThat(network.node(0).exchange().scores().score(town.account(2))).isNegative();
  }

  @Test
  void publishingAsANonMemberFails() {
    FakeNetwork network = new FakeNetwork(town, 3, Faults.NONE, 1);
    town.revoke(1, true);
    assertThatThrownBy(() -> network.node(1).say("hi")).hasMessageContaining("AUTHOR_UNKNOWN");
  }

  @Test
  void messagesSurviveTheWireAndMutilatedOnesAreRefused() throws MalformedException {
    List<Message> all =
        List.of(
            new Message.Push(Bytes.utf8("wire")),
            new Message.Heights(Map.of(town.account(0), 0L, town.account(1), Long.MAX_VALUE)),
            new Message.Want(town.account(0), 300),
            new Message.Batch(town.account(0), List.of(Bytes.utf8("a"), Bytes.EMPTY)),
            new Message.Batch(town.account(0), List.of()),
            new Message.Told(List.of(new Message.Place(town.account(0), 300, Hash32.ZERO))));
    for (Message message : all) {
      Bytes wire = message.encode();
      assertThat(Message.decode(wire)).isEqualTo(message);
      for (int cut = 0; cut < wire.size(); cut++) {
        Bytes part = wire.slice(0, cut);
        assertThatThrownBy(() -> Message.decode(part)).isInstanceOf(MalformedException.class);
      }
    }
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(60)];
      random.nextBytes(noise);
      try {
        assertThat(Message.decode(Bytes.of(noise))).isNotNull();
      } catch (MalformedException e) {
        assertThat(e).hasMessageStartingWith("message:");
      }
    }
    assertThatThrownBy(() -> Message.decode(tooMany())).isInstanceOf(MalformedException.class);
  }

  private Bytes tooMany() {
    return new Message.Batch(
            town.account(0), Collections.nCopies(Message.MAX_BATCH + 1, Bytes.EMPTY))
        .encode();
  }
}
