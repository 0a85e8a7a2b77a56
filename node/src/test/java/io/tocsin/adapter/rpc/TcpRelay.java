package io.tocsin.adapter.rpc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A port in front of another whose connections can be cut. */
final class TcpRelay implements AutoCloseable {
  private final ServerSocket server;
  private final int upstream;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private volatile boolean down;

  TcpRelay(int upstream) {
    this.upstream = upstream;
    try {
      this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Ends all connections, and while {@code refusing} makes no other. */
  void cut(boolean refusing) {
    down = refusing;
    for (Socket socket : open) {
      end(socket);
    }
    open.clear();
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        if (down) {
          client.close();
          continue;
        }
        Socket node = new Socket(InetAddress.getLoopbackAddress(), upstream);
        open.addAll(List.of(client, node));
        if (down) { // cut while it was made
          end(client);
          end(node);
        }
        Thread.ofVirtual().start(() -> pump(client, node));
        Thread.ofVirtual().start(() -> pump(node, client));
      }
    } catch (IOException e) {
      // Closed.
      return;
    }
  }

  private static void pump(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // Cut.
      return;
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut(true);
  }
}
