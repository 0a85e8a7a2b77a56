package io.tocsin.app.demo;

import io.tocsin.app.CommandException;
import io.tocsin.app.ExitCode;
import io.tocsin.app.Output;
import io.tocsin.base.Scope;
import io.tocsin.base.Threads;
import io.tocsin.pipeline.Stage;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** The demonstration from start to end. */
public final class Demo {
  private static final Duration SLOT = Duration.ofSeconds(1);
  private static final int LONGEST = 80;

  private final Output output;
  private final Screen screen;
  private final int delay;
  private final boolean keep;
  private final CompletableFuture<Integer> ended = new CompletableFuture<>();

  /**
   * @param delay blocks between the first robbery and those that follow
   * @param keep whether chains and nodes run on until interrupted
   */
  public Demo(Output output, int delay, boolean keep) {
    this.output = output;
    this.screen = new Screen(output.text(), output.decorated());
    this.delay = delay;
    this.keep = keep;
  }

  /** Whether every act ended as described. */
  static boolean good(List<ActResult> acts) {
    return acts.stream().allMatch(ActResult::asDescribed);
  }

  /** Plays all acts; whether each ended as described. */
  public boolean run() {
    try {
      boolean good = play();
      ended.complete(good ? ExitCode.DONE : ExitCode.NEGATIVE);
      return good;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (IOException e) {
      throw CommandException.environment(
          "the demonstration cannot use its folder: " + e.getMessage());
    } finally {
      ended.complete(ExitCode.ENVIRONMENT);
    }
  }

  private boolean play() throws InterruptedException, IOException {
    InstantSource clock = InstantSource.system();
    long start = System.nanoTime();
    NodeModules modules = NodeModules.find();
    Path folder = folder();
    boolean good = false;
    try (Scope scope = new Scope()) {
      scope.add(LogFile.at(folder.resolve("tocsin.log")));
      screen.say(Screen.Tone.TITLE, "Tocsin: five members, two chains, five acts; about a minute");
      screen.note(
          "each chain is two anvils in lockstep, standing for the endpoints of two independent"
              + " operators; a block every second");
      DemoWorld world = scope.add(DemoWorld.build(modules, folder, clock));
      Map<Lender, BigDecimal> control = world.controlRun(delay);
      BigDecimal fresh = world.controlOfFresh();
      screen.note(
          String.format(
              "the world stands after %.1f s: Aave v3 and Uniswap v2 from their npm bytecode on"
                  + " both chains, four lenders, %d transactions",
              (System.nanoTime() - start) / 1e9,
              world.chains().stream().mapToLong(c -> c.deployer().transactions()).sum()));
      TownBuilder builder = new TownBuilder(world, folder, clock);
      builder.appointGuardians();
      scope.add(
          Metronome.start(world.chains().stream().map(DemoChain::builder).toList(), clock, SLOT));
      DemoTown town = builder.open(scope);
      screen.note(
          String.format(
              "five nodes watch both chains and speak over mutual TLS on loopback after %.1f s",
              (System.nanoTime() - start) / 1e9));
      screen.gap();
      Stagecraft stage = new Stagecraft(world, town, screen);
      List<ActResult> acts = acts(stage, control, clock);
      acts.add(Act.ended(new MempoolAct(stage, fresh, delay), screen));
      close(acts, start);
      output.json(DemoReport.json(acts));
      good = good(acts);
      if (keep) {
        linger(town, folder);
      }
    } finally {
      if (good) {
        discard(folder);
      } else {
        screen.note("what the nodes logged is in " + folder.resolve("tocsin.log"));
      }
    }
    return good;
  }

  /** A new folder whose path leaves room for the names of Unix sockets (108 bytes in all). */
  private static Path folder() throws IOException {
    Path folder = Files.createTempDirectory("tocsin-demo");
    if (folder.toString().length() <= LONGEST) {
      return folder;
    }
    Files.delete(folder);
    return Files.createTempDirectory(Path.of("/tmp"), "tocsin-demo");
  }

  private List<ActResult> acts(
      Stagecraft stage, Map<Lender, BigDecimal> control, InstantSource clock)
      throws InterruptedException {
    List<ActResult> acts = new ArrayList<>();
    acts.add(Act.ended(new IncidentAct(stage), screen));
    acts.add(Act.ended(new ForksAct(stage, control, delay), screen));
    stage.liftPauses();
    acts.add(Act.ended(new LieAct(stage, clock), screen));
    acts.add(Act.ended(new StagedAct(stage), screen));
    return acts;
  }

  private void close(List<ActResult> acts, long start) {
    screen.line(
        "%d of %d acts ended as described, after %.0f s; first sight to certificate p50 %s, to a"
            + " pause accepted p50 %s",
        acts.stream().filter(ActResult::asDescribed).count(),
        acts.size(),
        (System.nanoTime() - start) / 1e9,
        median(acts, Stage.CERTIFIED),
        median(acts, Stage.SENT));
  }

  private static String median(List<ActResult> acts, Stage stage) {
    List<Double> times = DemoReport.times(acts, stage);
    return times.isEmpty() ? "never" : Stagecraft.millis(DemoReport.percentile(times, 50));
  }

  /** An interrupt is the ordinary end here: what the acts came to stays the answer. */
  private void linger(DemoTown town, Path folder) {
    screen.gap();
    screen.line("The nodes keep running; their folders are under %s", folder);
    town.nodes().forEach(node -> screen.line("  %s", node.describe()));
    screen.line("Interrupt to end.");
    Thread playing = Thread.currentThread();
    Runnable _ =
        Threads.onStop(
            "demo",
            () -> {
              playing.interrupt();
              return ended.join();
            });
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException _) {
      screen.line("The nodes stop.");
    }
  }

  private static void discard(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
