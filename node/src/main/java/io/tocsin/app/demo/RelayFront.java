package io.tocsin.app.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tocsin.app.demo.BlockBuilder.Submission;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Threads;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.PublicKey;
import io.tocsin.crypto.Secp256k1;
import io.tocsin.crypto.Signature;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The door of a {@link BlockBuilder} for bundles: JSON-RPC over HTTP on loopback with the one
 * method {@code eth_sendBundle}, signed in {@code X-Flashbots-Signature}.
 */
final class RelayFront implements AutoCloseable {
  private static final int LARGEST = 1 << 20;

  private final BlockBuilder builder;
  private final HttpServer server;
  private final ExecutorService threads;

  private RelayFront(BlockBuilder builder, HttpServer server, ExecutorService threads) {
    this.builder = builder;
    this.server = server;
    this.threads = threads;
  }

  /** Listens on a free port. */
  static RelayFront open(BlockBuilder builder) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ExecutorService threads = Threads.virtual("relay-front");
    RelayFront front = new RelayFront(builder, server, threads);
    server.setExecutor(threads);
    server.createContext("/", front::handle);
    server.start();
    return front;
  }

  /** Where to send to. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(LARGEST);
      byte[] answer =
          Json.write(answer(body, exchange.getRequestHeaders().getFirst("X-Flashbots-Signature")));
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private JsonNode answer(byte[] body, @Nullable String signature) {
    ObjectNode answer = Json.object().put("jsonrpc", "2.0");
    try {
      JsonNode request = Json.parseForeign(body);
      answer.set("id", request.path("id"));
      if (!Json.text(request, "method").equals("eth_sendBundle")) {
        answer.putObject("error").put("code", -32601).put("message", "Method not found");
        return answer;
      }
      switch (builder.offer(sender(body, signature), request.path("params").path(0))) {
        case Submission.Pooled(Hash32 bundle) ->
            answer.putObject("result").put("bundleHash", bundle.toString());
        case Submission.Declined(JsonNode error) -> answer.set("error", error);
      }
    } catch (MalformedException e) {
      answer.putObject("error").put("code", -32600).put("message", e.getMessage());
    }
    return answer;
  }

  /** Who signed {@code body}. */
  private static Address sender(byte[] body, @Nullable String signature) throws MalformedException {
    String[] parts = signature == null ? new String[0] : signature.split(":", -1);
    if (parts.length != 2) {
      throw new MalformedException("expected X-Flashbots-Signature: address:signature");
    }
    Bytes signed = Bytes.utf8("\u0019Ethereum Signed Message:\n66" + Keccak.hash(body));
    Optional<Address> signer =
        Secp256k1.recover(Signature.parse(Bytes.parse(parts[1])), Keccak.hash(signed))
            .map(PublicKey::address);
    Address claimed = Address.parse(parts[0]);
    if (!signer.equals(Optional.of(claimed))) {
      throw new MalformedException("X-Flashbots-Signature is not that of " + claimed);
    }
    return claimed;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
