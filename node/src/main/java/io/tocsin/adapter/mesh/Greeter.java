package io.tocsin.adapter.mesh;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.PublicKey;
import io.tocsin.gossip.Membership;
import io.tocsin.gossip.PeerScore;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Turns a TCP connection into a session with a proven member, or says why not. Thread-safe. */
final class Greeter {
  private static final int BUFFER = 64 << 10;
  private static final String[] PROTOCOLS = {"TLSv1.3"};

  private final SSLSocketFactory sockets;
  private final Membership membership;
  private final Map<Address, Peer> peers;
  private final PeerScore scores;

  /** Greets the members that {@code peers} holds at the time of each greeting. */
  Greeter(TlsIdentity identity, Membership membership, Map<Address, Peer> peers, PeerScore scores) {
    SSLContext context =
        identity.context(
            hash -> peers.values().stream().anyMatch(p -> p.tlsKeyHash().equals(hash)));
    this.sockets = context.getSocketFactory();
    this.membership = membership;
    this.peers = peers;
    this.scores = scores;
  }

  /** What a greeting led to. */
  sealed interface Greeting {}

  /**
   * The other end is a member.
   *
   * @param dialled whether it was we who connected
   */
  record Session(
      Socket socket, DataInputStream in, DataOutputStream out, Address peer, boolean dialled)
      implements Greeting {}

  /**
   * The other end is not, or not now.
   *
   * @param who what it said it is
   */
  record Refused(Refusal reason, String who) implements Greeting {}

  /** Greets who connected to us. */
  Greeting receive(Socket plain) {
    return greet(plain, Optional.empty());
  }

  /** Greets whom we connected to. */
  Greeting dial(Socket plain, Peer peer) {
    return greet(plain, Optional.of(peer));
  }

  private Greeting greet(Socket plain, Optional<Peer> dialled) {
    String who = String.valueOf(plain.getInetAddress());
    try {
      plain.setTcpNoDelay(true);
      SSLSocket tls = tls(plain, dialled.isPresent());
      tls.startHandshake();
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(tls.getInputStream(), BUFFER));
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(tls.getOutputStream(), BUFFER));
      ExtendedSSLSession session = (ExtendedSSLSession) tls.getSession();
      Hash32 binding =
          Hash32.of(
              session.exportKeyingMaterialData(Hello.LABEL, new byte[0], Hello.BINDING_BYTES));
      Hash32 key = TlsIdentity.hash(session.getPeerCertificates()[0].getPublicKey());
      Hello ours =
          Hello.sign(membership.signer(), membership.domain(), binding, dialled.isPresent());
      Framing.write(out, Framing.HELLO, ours.encode());
      out.flush();
      Framing.Incoming frame = Framing.finish(in, Framing.begin(in), Hello.MAX_BYTES);
      if (frame.kind() != Framing.HELLO) {
        return new Refused(Refusal.BAD_HELLO, who);
      }
      Hello theirs = Hello.decode(frame.body());
      Optional<Refusal> refusal = judge(theirs, key, binding, dialled);
      return refusal
          .<Greeting>map(reason -> new Refused(reason, theirs.account() + " at " + who))
          .orElseGet(() -> new Session(plain, in, out, theirs.account(), dialled.isPresent()));
    } catch (MalformedException | Framing.TooLongException e) {
      return new Refused(Refusal.BAD_HELLO, who);
    } catch (SSLException e) {
      return new Refused(Refusal.TLS_FAILED, who);
    } catch (IOException e) {
      return new Refused(Refusal.TOO_SLOW_OR_BROKEN, who);
    }
  }

  private SSLSocket tls(Socket plain, boolean dialled) throws IOException {
    SSLSocket tls =
        (SSLSocket)
            (dialled
                ? sockets.createSocket(
                    plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true)
                : sockets.createSocket(plain, InputStream.nullInputStream(), true));
    tls.setUseClientMode(dialled);
    SSLParameters parameters = tls.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    if (!dialled) {
      parameters.setNeedClientAuth(true);
    }
    tls.setSSLParameters(parameters);
    return tls;
  }

  private Optional<Refusal> judge(
      Hello theirs, Hash32 key, Hash32 binding, Optional<Peer> dialled) {
    if (!theirs.federation().equals(membership.domain().salt())) {
      return Optional.of(Refusal.WRONG_FEDERATION);
    }
    Address account = theirs.account();
    Peer peer = peers.get(account);
    Optional<PublicKey> attestKey = membership.keys().keyOf(account);
    if (peer == null
        || attestKey.isEmpty()
        || account.equals(membership.self())
        || dialled.filter(d -> !d.account().equals(account)).isPresent()) {
      return Optional.of(Refusal.NOT_A_MEMBER);
    }
    if (!peer.tlsKeyHash().equals(key)) {
      return Optional.of(Refusal.WRONG_TLS_KEY);
    }
    if (!theirs.signedBy(attestKey.get(), membership.domain(), binding, dialled.isEmpty())) {
      return Optional.of(Refusal.BAD_SIGNATURE);
    }
    return scores.banned(account) ? Optional.of(Refusal.BANNED) : Optional.empty();
  }
}
