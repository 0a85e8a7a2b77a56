package io.tocsin.adapter.rpc;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real anvil process on loopback, on a free port unless one is given, ended by {@link #close}.
 * Needs {@code npm ci --ignore-scripts} in {@code contracts}, or TOCSIN_NODE_MODULES.
 */
public final class Anvil implements AutoCloseable {
  /** Private keys of the first funded accounts of anvil's published test mnemonic. */
  public static final List<String> KEYS =
      List.of(
          "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
          "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
          "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
          "0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6",
          "0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a");

  private final Process process;
  private final int port;
  private final Path ipc;

  private Anvil(Process process, int port, Path ipc) {
    this.process = process;
    this.port = port;
    this.ipc = ipc;
  }

  /** Starts anvil with these further options on a free port and waits until it listens. */
  public static Anvil start(String... options) {
    return onPort(0, options);
  }

  /** Starts anvil on {@code port}, 0 for a free one. */
  public static Anvil onPort(int port, String... options) {
    try {
      Path ipc = Files.createTempDirectory("anvil").resolve("a.ipc");
      List<String> command = new ArrayList<>();
      command.add(modules().resolve("@foundry-rs/anvil-linux-amd64/bin/anvil").toString());
      command.addAll(List.of("--port", Integer.toString(port), "--ipc", ipc.toString()));
      command.addAll(List.of(options));
      Process process =
          new ProcessBuilder(command).redirectErrorStream(true).directory(new File(".")).start();
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      StringBuilder said = new StringBuilder();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        said.append(line).append('\n');
        if (line.startsWith("Listening on ")) {
          int bound = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1).trim());
          Thread.ofVirtual().start(() -> drain(out));
          return new Anvil(process, bound, ipc);
        }
      }
      throw new IllegalStateException("anvil did not start: " + said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void drain(BufferedReader out) {
    try {
      out.lines().forEach(_ -> {});
    } catch (UncheckedIOException e) {
      // The process has ended.
      return;
    }
  }

  /** The npm modules that hold anvil, ganache and published bytecode. */
  public static Path modules() {
    String set = System.getenv("TOCSIN_NODE_MODULES");
    if (set != null) {
      return Path.of(set);
    }
    Path here = Path.of("contracts", "node_modules");
    return Files.isDirectory(here) ? here : Path.of("..", "contracts", "node_modules");
  }

  /** The port on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** The HTTP address. */
  public String http() {
    return "http://127.0.0.1:" + port;
  }

  /** The WebSocket address. */
  public String ws() {
    return "ws://127.0.0.1:" + port;
  }

  /** The path of the Unix socket. */
  public String ipc() {
    return "ipc:" + ipc;
  }

  /** Kills the process at once, as a crash would. */
  public void kill() {
    process.destroyForcibly();
    await();
  }

  @Override
  public void close() {
    process.destroy();
    await();
  }

  private void await() {
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
    clear(ipc);
  }

  /** Deletes a socket's file with the folder that was made for it. */
  static void clear(Path socket) {
    try {
      Files.deleteIfExists(socket);
      Files.deleteIfExists(socket.resolve("..").normalize());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
