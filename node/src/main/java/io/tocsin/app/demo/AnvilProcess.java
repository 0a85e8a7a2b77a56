package io.tocsin.app.demo;

import io.tocsin.app.CommandException;
import io.tocsin.base.ChainId;
import io.tocsin.base.Threads;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One running anvil that mines only on command, in the order of submission. It ends with its owner
 * or, if that is forgotten or the program is interrupted, with the program.
 */
final class AnvilProcess implements AutoCloseable {
  /** Gas a block may use; above mainnet's so that the world deploys in few blocks. */
  private static final long BLOCK_GAS = 200_000_000;

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Process process;
  private final Path socket;
  private final Runnable atExit;

  private AnvilProcess(Process process, Path socket) {
    this.process = process;
    this.socket = socket;
    this.atExit = Threads.atExit("stop-anvil", process::destroy);
  }

  /**
   * Starts anvil for {@code chain} with its genesis at {@code genesis}, listening on the Unix
   * socket {@code socket} (and, as anvil always does, on a free port of the loopback interface).
   */
  static AnvilProcess start(Path binary, ChainId chain, Instant genesis, Path socket) {
    List<String> command =
        List.of(
            binary.toString(),
            "--ipc",
            socket.toString(),
            "--port",
            "0",
            "--chain-id",
            chain.reference(),
            "--no-mining",
            "--order",
            "fifo",
            "--timestamp",
            Long.toString(genesis.getEpochSecond()),
            "--gas-limit",
            Long.toString(BLOCK_GAS),
            "--accounts",
            "1",
            "--silent");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new AnvilProcess(process, socket);
    } catch (IOException e) {
      throw CommandException.environment(
          "cannot start " + binary + ": " + e.getMessage() + "; is it executable on this machine?");
    }
  }

  /** Connects, waiting until anvil listens. */
  AnvilLink connect() throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return AnvilLink.open(socket);
      } catch (IOException e) {
        if (!process.isAlive()) {
          throw CommandException.environment(
              "anvil ended at once with status " + process.exitValue());
        }
        if (System.nanoTime() - end > 0) {
          throw CommandException.environment(
              "anvil does not listen after " + PATIENCE.toSeconds() + " s: " + e.getMessage());
        }
        Thread.sleep(Duration.ofMillis(5));
      }
    }
  }

  /** The Unix socket it listens on. */
  Path socket() {
    return socket;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    atExit.run();
  }
}
