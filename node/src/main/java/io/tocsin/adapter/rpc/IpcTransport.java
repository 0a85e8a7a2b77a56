package io.tocsin.adapter.rpc;

import io.tocsin.base.Threads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/** JSON-RPC over a Unix socket: JSON values one after another, with or without line ends. */
final class IpcTransport implements Transport {
  private final SocketChannel channel;
  private final ReentrantLock sending = new ReentrantLock();

  private IpcTransport(SocketChannel channel) {
    this.channel = channel;
  }

  static IpcTransport connect(Path path, Limits limits, Listener listener) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    Threads.start("ipc-" + path.getFileName(), () -> read(channel, limits, listener));
    return new IpcTransport(channel);
  }

  private static void read(SocketChannel channel, Limits limits, Listener listener) {
    String reason = "the endpoint closed the connection";
    try (channel) {
      ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
      JsonSplitter splitter = new JsonSplitter(limits.maxBytes());
      while (channel.read(buffer.clear()) >= 0) {
        buffer.flip();
        splitter.feed(buffer, listener);
      }
    } catch (IOException e) {
      reason = String.valueOf(e.getMessage());
    }
    listener.ended(reason);
  }

  @Override
  public void send(byte[] message) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(message.length + 1);
    buffer.put(message).put((byte) '\n').flip();
    sending.lock();
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } finally {
      sending.unlock();
    }
  }

  @Override
  public boolean pushes() {
    return true;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new IllegalStateException("closing a socket", e);
    }
  }

  /** Cuts a stream into JSON objects by their braces. */
  static final class JsonSplitter {
    private final int maxBytes;
    private ByteArrayOutputStream message = new ByteArrayOutputStream();
    private int depth;
    private boolean text;
    private boolean escaped;

    JsonSplitter(int maxBytes) {
      this.maxBytes = maxBytes;
    }

    /**
     * Passes on every message that {@code buffer} completes.
     *
     * @throws IOException if a message is too large or a byte stands between messages
     */
    void feed(ByteBuffer buffer, Listener listener) throws IOException {
      int start = buffer.position();
      while (buffer.hasRemaining()) {
        byte b = buffer.get();
        if (depth == 0 && b != '{' && b != '[') {
          if (b > ' ') {
            throw new IOException("the endpoint sent what is not JSON");
          }
          start = buffer.position();
          continue;
        }
        step(b);
        if (depth == 0) {
          keep(buffer, start);
          byte[] complete = message.toByteArray();
          message = new ByteArrayOutputStream();
          start = buffer.position();
          listener.received(complete);
        }
      }
      keep(buffer, start);
    }

    private void keep(ByteBuffer buffer, int start) throws IOException {
      message.write(buffer.array(), buffer.arrayOffset() + start, buffer.position() - start);
      if (message.size() > maxBytes) {
        throw new IOException("a message exceeds " + maxBytes + " bytes");
      }
    }

    private void step(byte b) {
      if (escaped) {
        escaped = false;
      } else if (text) {
        escaped = b == '\\';
        text = b != '"';
      } else if (b == '"') {
        text = true;
      } else if (b == '{' || b == '[') {
        depth++;
      } else if (b == '}' || b == ']') {
        depth--;
      }
    }
  }
}
