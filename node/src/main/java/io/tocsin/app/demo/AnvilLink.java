package io.tocsin.app.demo;

import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A JSON-RPC connection to one anvil over its Unix socket, one request at a time. Thread-safe. */
final class AnvilLink implements AutoCloseable {
  private final SocketChannel channel;
  private final BufferedReader answers;
  private final ReentrantLock lock = new ReentrantLock();
  private long requests;

  private AnvilLink(SocketChannel channel) {
    this.channel = channel;
    this.answers = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8), 1 << 16);
  }

  /** An answer that is an error. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient JsonNode error;

    Refused(String method, JsonNode error) {
      super(method + ": " + error.path("message").asString("no message"));
      this.error = error;
    }

    /** The JSON-RPC error object. */
    JsonNode error() {
      return error;
    }
  }

  /**
   * Connects to the socket at {@code path}.
   *
   * @throws IOException if nobody listens there
   */
  static AnvilLink open(Path path) throws IOException {
    return new AnvilLink(SocketChannel.open(UnixDomainSocketAddress.of(path)));
  }

  /**
   * Calls {@code method}; parameters are strings, booleans, numbers or JSON nodes.
   *
   * @throws Refused if the answer is an error
   */
  JsonNode call(String method, Object... parameters) {
    ObjectNode request = Json.object().put("jsonrpc", "2.0");
    var list = request.put("method", method).putArray("params");
    for (Object parameter : parameters) {
      list.addPOJO(parameter);
    }
    lock.lock();
    try {
      request.put("id", ++requests);
      byte[] text = Json.write(request);
      ByteBuffer out = ByteBuffer.allocate(text.length + 1).put(text).put((byte) '\n').flip();
      while (out.hasRemaining()) {
        int _ = channel.write(out);
      }
      String line = answers.readLine();
      if (line == null) {
        throw new IOException("anvil closed the connection during " + method);
      }
      JsonNode answer = Json.parse(line.getBytes(StandardCharsets.UTF_8));
      JsonNode error = answer.get("error");
      if (error != null) {
        throw new Refused(method, error);
      }
      return answer.path("result");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedException e) {
      throw new IllegalStateException("anvil answered " + method + " with no JSON", e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
