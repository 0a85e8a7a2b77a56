package io.tocsin.app.demo;

import io.tocsin.app.Main;
import io.tocsin.base.Threads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The command {@code tocsin run} in a process of its own, with a {@link FaultAgent} aboard. */
final class VictimNode implements AutoCloseable {
  private static final List<String> FLAGS =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "-Xmx256m",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private final Process process;
  private final Thread reader;
  private final Writer orders;
  private final List<String> said = new CopyOnWriteArrayList<>();
  private volatile int heard;

  private VictimNode(Process process) {
    this.process = process;
    this.orders = process.outputWriter(StandardCharsets.UTF_8);
    this.reader = Threads.start("victim-says", this::listen);
  }

  /** Through a pipe: a limit on the sizes of its files is none on what it says. */
  private void listen() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      String line = lines.readLine();
      while (line != null) {
        said.add(line);
        line = lines.readLine();
      }
    } catch (IOException e) {
      said.add(e.toString()); // the pipe breaks when the process is killed
    }
  }

  /** A jar that makes the virtual machine load the agent, which is on the class path. */
  static Path agent(Path folder) throws IOException {
    Path jar = folder.resolve("fault-agent.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest
        .getMainAttributes()
        .put(new Attributes.Name("Premain-Class"), FaultAgent.class.getName());
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream empty = new JarOutputStream(out, manifest)) {
      empty.finish();
    }
    return jar;
  }

  /**
   * Starts it.
   *
   * @param order for the agent, before anything else happens; or empty
   */
  static VictimNode start(Path agent, Path configuration, String order) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.add("-javaagent:" + agent + "=" + order);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("run", "--config", configuration.toString()));
    return new VictimNode(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /** Everything it has said. */
  String said() {
    return String.join("\n", said);
  }

  /**
   * Waits until it says {@code text}, what it said before the last order not counting; false when
   * it ended before, or after {@code patience}.
   */
  boolean says(String text, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (!saidSinceTheOrder(text)) {
      if (!reader.isAlive() || System.nanoTime() > end) {
        return saidSinceTheOrder(text);
      }
      Thread.sleep(20);
    }
    return true;
  }

  private boolean saidSinceTheOrder(String text) {
    return said.stream().skip(heard).anyMatch(line -> line.contains(text));
  }

  /** Gives an order to its agent; nothing happens if it has died. */
  void order(String order) {
    heard = said.size();
    try {
      orders.write(order + "\n");
      orders.flush();
    } catch (IOException e) {
      process.onExit().join(); // the pipe breaks when the process ends
    }
  }

  boolean alive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** Ends it as {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Its exit status, or -1 if it still runs after {@code patience}. */
  int status(Duration patience) throws InterruptedException {
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      return -1;
    }
    reader.join();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
