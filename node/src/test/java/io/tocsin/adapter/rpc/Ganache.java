package io.tocsin.adapter.rpc;

import io.tocsin.app.demo.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A real ganache process: a node that lacks many methods. */
final class Ganache implements AutoCloseable {
  private final Process process;
  private final int port;

  private Ganache(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static Ganache start() {
    try {
      int port = FreePort.next();
      Process process =
          new ProcessBuilder(
                  "node",
                  Anvil.modules().resolve("ganache/dist/node/cli.js").toString(),
                  "--server.host=127.0.0.1",
                  "--server.port=" + port,
                  "--chain.chainId=31337",
                  "--wallet.mnemonic=test test test test test test test test test test test junk")
              .redirectErrorStream(true)
              .start();
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      StringBuilder said = new StringBuilder();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        said.append(line).append('\n');
        if (line.contains("Listening on")) {
          Thread.ofVirtual().start(() -> Anvil.drain(out));
          return new Ganache(process, port);
        }
      }
      throw new IllegalStateException("ganache did not start: " + said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String http() {
    return "http://127.0.0.1:" + port;
  }

  String ws() {
    return "ws://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
