package io.tocsin.adapter.mesh;

import io.tocsin.base.Bytes;
import io.tocsin.base.Metrics;
import io.tocsin.base.Threads;
import io.tocsin.gossip.GossipLog;
import io.tocsin.gossip.Membership;
import io.tocsin.gossip.Message;
import io.tocsin.gossip.PeerScore;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** A link of a member with valid keys who sends whatever it likes, and reads what it is sent. */
public final class RogueMember implements AutoCloseable {
  private final Greeter.Session session;
  private volatile boolean ended;

  private RogueMember(Greeter.Session session) {
    this.session = session;
    Threads.start("rogue-reads", this::read);
  }

  /** Links to {@code peer} on loopback; empty if it refuses. */
  public static Optional<RogueMember> link(TlsIdentity tls, Membership as, Peer peer)
      throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), peer.port());
    socket.setSoTimeout(120_000);
    PeerScore scores = new PeerScore(InstantSource.system(), new GossipLog(Metrics.NONE));
    Greeter.Greeting greeting =
        new Greeter(tls, as, Map.of(peer.account(), peer), scores).dial(socket, peer);
    if (greeting instanceof Greeter.Session session) {
      return Optional.of(new RogueMember(session));
    }
    socket.close();
    return Optional.empty();
  }

  private void read() {
    try {
      long _ = session.in().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      ended = true;
    }
    ended = true;
  }

  /** Whether the other end has cut the link. */
  public boolean ended() {
    return ended;
  }

  /** Pushes an envelope in wire form, or what claims to be one. */
  public void push(Bytes wire) throws IOException {
    Framing.write(session.out(), Framing.MESSAGE, new Message.Push(wire).encode());
  }

  /** Sends what it has. */
  public void flush() throws IOException {
    session.out().flush();
  }

  /** Sends these bytes in place of frames. */
  public void raw(int... bytes) throws IOException {
    for (int one : bytes) {
      session.out().write(one);
    }
    session.out().flush();
  }

  @Override
  public void close() throws IOException {
    session.socket().close();
  }
}
