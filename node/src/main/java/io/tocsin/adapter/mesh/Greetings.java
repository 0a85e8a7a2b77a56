package io.tocsin.adapter.mesh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Connections whose other end has not proved yet who it is: few at a time, few of one address, and
 * not for long. Thread-safe.
 */
final class Greetings {
  private final MeshConfig.Limits limits;
  private final Duration patience;
  private final Map<Socket, Long> since = new HashMap<>();
  private final Map<Socket, InetAddress> strangers = new HashMap<>();

  Greetings(MeshConfig config) {
    this.limits = config.limits();
    this.patience = config.timing().handshake();
  }

  /** Lets in a connection that was made to us; false when there are too many. */
  synchronized boolean admit(Socket socket) {
    InetAddress address = socket.getInetAddress();
    long same = strangers.values().stream().filter(address::equals).count();
    if (strangers.size() >= limits.handshakes() || same >= limits.handshakesPerHost()) {
      return false;
    }
    strangers.put(socket, address);
    begin(socket);
    return true;
  }

  /** Starts the clock of a connection that we make. */
  synchronized void begin(Socket socket) {
    since.put(socket, System.nanoTime());
  }

  /** The greeting is over, one way or the other. */
  synchronized void end(Socket socket) {
    since.remove(socket);
    strangers.remove(socket);
  }

  /** Breaks off what takes too long. */
  synchronized void watch() {
    long now = System.nanoTime();
    since.forEach(
        (socket, start) -> {
          if (now - start > patience.toNanos()) {
            discard(socket);
          }
        });
  }

  /** Breaks off everything. */
  synchronized void close() {
    since.keySet().forEach(Greetings::discard);
  }

  static void discard(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // A socket that cannot be closed is as good as closed: nobody holds it any longer.
    }
  }
}
