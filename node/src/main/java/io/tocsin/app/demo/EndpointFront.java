package io.tocsin.app.demo;

import io.tocsin.app.demo.BlockBuilder.Submission;
import io.tocsin.app.demo.BlockBuilder.Terms;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Scope;
import io.tocsin.base.Threads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What a member's node sees of one anvil: a Unix socket with one JSON document a line. Everything
 * passes, subscriptions included, but for three things that keep the world honest: a raw
 * transaction goes to the {@link BlockBuilder} (the anvils stay in lockstep), commands that rewrite
 * the chain are unknown here, and a pending notice is withheld for a private transaction and given
 * once for a public one, if the builder lets its pool be seen.
 */
final class EndpointFront implements AutoCloseable {
  /** Pending notices remembered to give each once; the oldest are forgotten. */
  private static final int REMEMBERED = 4096;

  private static final Pattern SENDS = Pattern.compile("\"eth_sendRawTransaction\"");
  private static final Pattern REWRITES =
      Pattern.compile(
          "\"method\"\\s*:\\s*\"(anvil_|evm_|hardhat_|eth_sendTransaction|eth_sendRawTransactionSync)");
  private static final Pattern NOTICE = Pattern.compile("\"method\"\\s*:\\s*\"eth_subscription\"");
  private static final Pattern HEADER = Pattern.compile("\"parentHash\"\\s*:");
  private static final Pattern LOG = Pattern.compile("\"topics\"\\s*:");
  private static final Pattern PENDING =
      Pattern.compile("\"(?:hash|result)\"\\s*:\\s*\"(0x[0-9a-f]{64})\"");

  private final BlockBuilder builder;
  private final Path anvil;
  private final Path socket;
  private final ServerSocketChannel server;
  private final Set<Session> sessions = ConcurrentHashMap.newKeySet();

  private EndpointFront(BlockBuilder builder, Path anvil, Path socket, ServerSocketChannel server) {
    this.builder = builder;
    this.anvil = anvil;
    this.socket = socket;
    this.server = server;
  }

  /**
   * Listens at {@code socket} before the anvil {@code endpoint} (0 or 1) of the builder's chain.
   */
  static EndpointFront open(BlockBuilder builder, int endpoint, Path socket) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    EndpointFront front =
        new EndpointFront(builder, builder.chain().socket(endpoint), socket, server);
    Thread _ = Threads.start("front-" + socket.getFileName(), front::accept);
    return front;
  }

  /** Where to connect. */
  Path socket() {
    return socket;
  }

  private void accept() {
    while (true) {
      try {
        SocketChannel client = server.accept();
        try {
          SocketChannel upstream = SocketChannel.open(UnixDomainSocketAddress.of(anvil));
          Session session = new Session(client, upstream);
          sessions.add(session);
          session.start();
        } catch (IOException e) {
          client.close();
        }
      } catch (IOException e) {
        return;
      }
    }
  }

  @Override
  public void close() {
    try (Scope scope = new Scope()) {
      sessions.forEach(scope::add);
      scope.add(server);
    }
  }

  /** One connection and its twin to the anvil. */
  private final class Session implements AutoCloseable {
    private final SocketChannel client;
    private final SocketChannel upstream;
    private final ReentrantLock toClient = new ReentrantLock();
    private final Set<String> told = new LinkedHashSet<>();

    Session(SocketChannel client, SocketChannel upstream) {
      this.client = client;
      this.upstream = upstream;
    }

    void start() {
      Thread _ = Threads.start("front-requests", () -> pump(client, this::request));
      Thread _ = Threads.start("front-answers", () -> pump(upstream, this::answer));
    }

    private void pump(SocketChannel from, LineSink sink) {
      try (BufferedReader lines =
          new BufferedReader(Channels.newReader(from, StandardCharsets.UTF_8), 1 << 16)) {
        String line = lines.readLine();
        while (line != null) {
          sink.accept(line);
          line = lines.readLine();
        }
      } catch (IOException e) {
        // either side hung up; the session ends below
      } finally {
        close();
      }
    }

    private void request(String line) throws IOException {
      if (SENDS.matcher(line).find() || REWRITES.matcher(line).find()) {
        reply(handle(line));
      } else {
        write(upstream, line);
      }
    }

    private JsonNode handle(String line) {
      var answer = Json.object().put("jsonrpc", "2.0");
      try {
        JsonNode request = Json.parse(line.getBytes(StandardCharsets.UTF_8));
        answer.set("id", request.path("id"));
        String method = Json.text(request, "method");
        if (!method.equals("eth_sendRawTransaction")) {
          answer.putObject("error").put("code", -32601).put("message", "Method not found");
          return answer;
        }
        Bytes raw = Bytes.parse(request.path("params").path(0).asString(""));
        switch (builder.submit(raw, Terms.PUBLIC)) {
          case Submission.Pooled(Hash32 tx) -> answer.put("result", tx.toString());
          case Submission.Declined(JsonNode error) -> answer.set("error", error);
        }
      } catch (MalformedException e) {
        answer.putObject("error").put("code", -32600).put("message", e.getMessage());
      }
      return answer;
    }

    private void reply(JsonNode answer) throws IOException {
      toClient.lock();
      try {
        write(client, new String(Json.write(answer), StandardCharsets.UTF_8));
      } finally {
        toClient.unlock();
      }
    }

    private void answer(String line) throws IOException {
      if (passes(line)) {
        toClient.lock();
        try {
          write(client, line);
        } finally {
          toClient.unlock();
        }
      }
    }

    private boolean passes(String line) {
      if (!NOTICE.matcher(line).find() || HEADER.matcher(line).find() || LOG.matcher(line).find()) {
        return true;
      }
      Matcher pending = PENDING.matcher(line);
      if (!pending.find()) {
        return true;
      }
      String tx = pending.group(1);
      if (!builder.announces() || builder.isPrivate(Hash32.hex(tx)) || !told.add(tx)) {
        return false;
      }
      if (told.size() > REMEMBERED) {
        told.remove(told.iterator().next());
      }
      return true;
    }

    private static void write(SocketChannel to, String line) throws IOException {
      byte[] text = line.getBytes(StandardCharsets.UTF_8);
      ByteBuffer out = ByteBuffer.allocate(text.length + 1).put(text).put((byte) '\n').flip();
      while (out.hasRemaining()) {
        int _ = to.write(out);
      }
    }

    @Override
    public void close() {
      sessions.remove(this);
      try (client;
          upstream) {
        sessions.remove(this);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Takes one line of text. */
  private interface LineSink {
    void accept(String line) throws IOException;
  }
}
