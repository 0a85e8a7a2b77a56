package io.tocsin.adapter.mesh;

import static io.tocsin.adapter.mesh.Town.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.keys.TlsKey;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.KeyPair;
import io.tocsin.gossip.Membership;
import io.tocsin.gossip.Message;
import io.tocsin.gossip.TokenBucket.Rate;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
final class MeshIT {
  private static MeshConfig.Timing strict(int handshake, int frame) {
    return new MeshConfig.Timing(
        Duration.ofSeconds(handshake),
        Duration.ofSeconds(frame),
        Duration.ofMinutes(1),
        Duration.ofSeconds(1),
        Duration.ofMillis(100),
        Duration.ofSeconds(1));
  }

  private static List<Town.Node> runAll(Town town) throws InterruptedException {
    List<Town.Node> nodes = new ArrayList<>();
    for (int i = 0; i < Town.SIZE; i++) {
      nodes.add(town.run(i));
    }
    for (Town.Node node : nodes) {
      await("full mesh", () -> node.mesh().linked().size() == Town.SIZE - 1);
    }
    return nodes;
  }

  private static Greeter.Session session(Greeter.Greeting greeting) {
    assertThat(greeting).isInstanceOf(Greeter.Session.class);
    return (Greeter.Session) greeting;
  }

  private static void assertNoSession(Greeter.Greeting greeting) {
    assertThat(greeting).isInstanceOf(Greeter.Refused.class);
  }

  /** A refusal after TLS shows to the dialler as a connection that ends. */
  private static void assertEnds(Greeter.Greeting greeting) {
    if (greeting instanceof Greeter.Session open) {
      try {
        while (open.in().read() >= 0) {}
      } catch (IOException e) {
        assertThat(e).isNotInstanceOf(SocketTimeoutException.class);
      }
    }
  }

  @Test
  void deliversToAllInOrder() throws Exception {
    try (Town town = new Town()) {
      List<Town.Node> nodes = runAll(town);
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        nodes.get(0).say("report " + i);
        expected.add("report " + i);
      }
      for (Town.Node node : nodes) {
        await("delivery", () -> node.heard().size() >= 50);
        assertThat(node.heard()).isEqualTo(expected);
      }
    }
  }

  @Test
  void aNodeThatWasAwayCatchesUpInOrder() throws Exception {
    try (Town town = new Town()) {
      List<Town.Node> nodes = runAll(town);
      town.stop(nodes.get(4));
      await("notices", () -> nodes.get(0).mesh().linked().size() == Town.SIZE - 2);
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        nodes.get(1).say("missed " + i);
        expected.add("missed " + i);
      }
      Town.Node back = town.run(4);
      await("catches up", () -> back.heard().size() >= 300);
      assertThat(back.heard()).isEqualTo(expected);
    }
  }

  @Test
  void refusesStrangersWrongKeysAndForeignFederations() throws Exception {
    try (Town town = new Town()) {
      Town.Node node = town.run(0);
      Membership honest = town.samples().membership(1);
      Greeter.Session good = session(town.greet(0, town.key(1), honest));
      await("links", () -> node.mesh().linked().equals(Set.of(town.samples().account(1))));
      good.socket().close();
      await("ends", () -> node.mesh().linked().isEmpty());

      assertNoSession(town.greet(0, TlsKeys.generate(), honest));
      await("wrong TLS key", () -> node.metrics().of("TLS_FAILED") == 1);

      assertEnds(town.greet(0, town.key(2), honest));
      await("TLS key of another", () -> node.metrics().of("WRONG_TLS_KEY") == 1);

      Membership stranger = town.samples().membership(Town.SIZE);
      assertNoSession(town.greet(0, town.key(Town.SIZE), stranger));
      await("no member", () -> node.metrics().of("TLS_FAILED") == 2);
      assertEnds(town.greet(0, town.key(1), stranger));
      await("no member with a stolen key", () -> node.metrics().of("NOT_A_MEMBER") == 1);

      Membership foreign = new Membership(honest.signer(), new Domain(Hash32.ZERO), honest.keys());
      assertNoSession(town.greet(0, town.key(1), foreign));
      await("foreign federation", () -> node.metrics().of("WRONG_FEDERATION") == 1);

      assertThat(node.mesh().linked()).isEmpty();
    }
  }

  @Test
  void aHelloOfAnotherSessionOrWithoutTheAttestKeyIsWorthless() throws Exception {
    Random random = new Random(5);
    KeyPair member = KeyPair.generate(random);
    Domain domain = new Domain(Hash32.ZERO);
    Hash32 binding = Hash32.of(new byte[32]);
    Hello hello = Hello.decode(Hello.sign(member, domain, binding, true).encode());
    assertThat(hello.signedBy(member.publicKey(), domain, binding, true)).isTrue();
    assertThat(hello.signedBy(member.publicKey(), domain, binding, false)).isFalse();
    byte[] other = new byte[32];
    other[0] = 1;
    assertThat(hello.signedBy(member.publicKey(), domain, Hash32.of(other), true)).isFalse();
    KeyPair thief = KeyPair.generate(random);
    Hello stolen =
        new Hello(
            hello.federation(),
            hello.account(),
            Hello.sign(thief, domain, binding, true).signature());
    assertThat(stolen.signedBy(member.publicKey(), domain, binding, true)).isFalse();
  }

  @Test
  void namesTlsKeysAsTheKeyringDoes() {
    TlsKey key = TlsKey.generate("node", Instant.EPOCH, new SecureRandom());
    TlsIdentity identity = new TlsIdentity(key.privateKey(), key.certificate());
    assertThat(identity.hash()).isEqualTo(key.hash());
  }

  @Test
  void throttlesAFloodingPeerWhileAnotherIsHeard() throws Exception {
    MeshConfig.Limits usual = MeshConfig.Limits.DEFAULT;
    MeshConfig.Limits tight =
        new MeshConfig.Limits(
            usual.handshakes(),
            usual.handshakesPerHost(),
            usual.outFrames(),
            usual.outBytes(),
            new Rate(200, 50),
            usual.inBytes());
    try (Town town = new Town().limits(tight)) {
      Town.Node node = town.run(0);
      Town.Node honest = town.run(2);
      await("links", () -> !honest.mesh().linked().isEmpty());
      Greeter.Session flooder = session(town.greet(0, town.key(1), town.samples().membership(1)));
      Bytes want = new Message.Want(town.samples().account(1), 1_000).encode();
      long started = System.nanoTime();
      boolean said = false;
      boolean cut = false;
      try {
        while (Duration.ofNanos(System.nanoTime() - started).toSeconds() < 100) {
          Framing.write(flooder.out(), Framing.MESSAGE, want);
          if (!said && node.metrics().of("IN_OVER_ALLOWANCE") > 0) {
            honest.say("fire");
            said = true;
          }
        }
      } catch (IOException e) {
        cut = true;
      }
      assertThat(said).isTrue();
      await("heard", () -> node.heard().contains("fire"));
      assertThat(cut).isTrue();
      assertThat(node.exchange().scores().banned(town.samples().account(1))).isTrue();
      await("ends", () -> node.mesh().linked().equals(Set.of(town.samples().account(2))));
      assertEnds(town.greet(0, town.key(1), town.samples().membership(1)));
      await("shut out", () -> node.metrics().of("BANNED") == 1);
    }
  }

  @Test
  void dropsAndScoresGarbageAndOversizeFrames() throws Exception {
    try (Town town = new Town()) {
      Town.Node node = town.run(0);
      Greeter.Session liar = session(town.greet(0, town.key(1), town.samples().membership(1)));
      Framing.write(liar.out(), Framing.MESSAGE, Bytes.utf8("garbage"));
      Framing.write(
          liar.out(),
          Framing.MESSAGE,
          new Message.Push(town.samples().talk(1, 1, "still heard")).encode());
      liar.out().flush();
      await("heard", () -> node.heard().contains("still heard"));
      double score = node.exchange().scores().score(town.samples().account(1));
      assertThat(score).isBetween(-30.0, -15.0);
      liar.out().writeInt(Integer.MAX_VALUE);
      liar.out().flush();
      assertEnds(liar);
      await("ended", () -> node.mesh().linked().isEmpty());
      assertThat(node.exchange().scores().score(town.samples().account(1))).isLessThan(-60);
    }
  }

  @Test
  void disconnectsWhoeverIsSlowOnPurpose() throws Exception {
    try (Town town = new Town().timing(strict(2, 60))) {
      Town.Node node = town.run(0);
      try (Socket silent =
          new Socket(InetAddress.getLoopbackAddress(), node.mesh().address().getPort())) {
        silent.setSoTimeout(60_000);
        assertThat(silent.getInputStream().read()).isEqualTo(-1);
      }
      try (Socket drip =
          new Socket(InetAddress.getLoopbackAddress(), node.mesh().address().getPort())) {
        drip.setSoTimeout(1);
        long started = System.nanoTime();
        boolean open = true;
        byte[] record = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};
        for (int i = 0; open && i < 600; i++) {
          try {
            drip.getOutputStream().write(i < record.length ? record[i] : 0);
            Thread.sleep(Duration.ofMillis(100));
          } catch (IOException e) {
            open = false;
          }
        }
        assertThat(open).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - started))
            .isLessThan(Duration.ofSeconds(45));
      }
    }
    try (Town town = new Town().timing(strict(60, 1))) {
      Town.Node node = town.run(0);
      Greeter.Session member = session(town.greet(0, town.key(1), town.samples().membership(1)));
      DataOutputStream out = member.out();
      out.writeInt(1_000);
      out.flush();
      assertEnds(member);
      await("ended", () -> node.mesh().linked().isEmpty());
      assertThat(node.exchange().scores().score(town.samples().account(1))).isNegative();
    }
  }

  @Test
  void refusesTooManyGreetingsFromOneAddress() throws Exception {
    try (Town town = new Town()) {
      Town.Node node = town.run(0);
      List<Socket> sockets = new ArrayList<>();
      for (int i = 0; i < MeshConfig.Limits.DEFAULT.handshakesPerHost() + 5; i++) {
        sockets.add(new Socket(InetAddress.getLoopbackAddress(), node.mesh().address().getPort()));
      }
      await("refuses", () -> node.metrics().of("TOO_MANY") >= 5);
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void followsTheRosterAndKeepsOneLinkAPeer() throws Exception {
    try (Town town = new Town()) {
      List<Town.Node> nodes = runAll(town);
      Thread.sleep(Duration.ofSeconds(1));
      for (Town.Node node : nodes) {
        await("one link a peer", () -> node.mesh().linked().size() == Town.SIZE - 1);
      }
      nodes.get(0).mesh().update(town.members().subList(0, 3));
      await("ends links", () -> nodes.get(0).mesh().linked().size() == 2);
      nodes.get(0).mesh().update(town.members());
      await("links again", () -> nodes.get(0).mesh().linked().size() == Town.SIZE - 1);
      nodes.get(0).say("back");
      await("heard", () -> nodes.get(4).heard().contains("back"));
    }
  }
}
