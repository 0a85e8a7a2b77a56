package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real node process in a real town dies at every step of the flow, again and again, and comes
 * back: nothing it accepted or said is lost, nothing is done twice, and it catches up.
 *
 * <p>Every point once in every build, each while the node recovers from the one before, and a few
 * kills from outside; {@code -Dcrash.rounds=300} plays so many rounds of chance, by the seed {@code
 * -Dcrash.seed}.
 */
final class CrashIT {
  private static final int ROUNDS = Integer.getInteger("crash.rounds", 3);
  private static final long SEED = Long.getLong("crash.seed", 1);

  /** How long after an attack a kill comes at the latest; recovering takes about as long. */
  private static final int LATEST_KILL_MILLIS = 4_000;

  @TempDir private Path folder;

  @Test
  void diesAtEveryPointAndLosesNothing() throws Exception {
    Queue<FaultPoint> points = new ArrayDeque<>(Arrays.asList(FaultPoint.values()));
    try (CrashLife life = new CrashLife(folder.resolve("points"))) {
      life.order("arm " + points.element());
      life.attack();
      while (!points.isEmpty()) {
        if (life.finished(points.element() + " armed")) {
          life.makeGood();
          life.attack();
        } else {
          FaultPoint point = points.remove();
          String next = points.isEmpty() ? "" : "arm " + points.element();
          life.comeBack(point.name(), FaultAgent.KILLED, next);
        }
      }
      assertThat(life.finished("after the last point")).isTrue();
    }
  }

  @Test
  void diesAtMomentsOfChanceAndLosesNothing() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    int done = 0;
    for (int town = 0; done < ROUNDS; town++) {
      try (CrashLife life = new CrashLife(folder.resolve("chance-" + town))) {
        while (done < ROUNDS && life.attacks() < CrashTown.ATTACKS) {
          round(life, random, "round " + done + " of seed " + SEED);
          done++;
          System.out.println("crash: " + done + " of " + ROUNDS + " rounds");
        }
      }
    }
  }

  /** One attack, one to three deaths, a third of them at a point. */
  private static void round(CrashLife life, SplittableRandom random, String what) throws Exception {
    life.attack();
    int deaths = random.nextInt(1, 4);
    for (int i = 0; i < deaths; i++) {
      FaultPoint[] points = FaultPoint.values();
      String order = random.nextInt(3) == 0 ? "arm " + points[random.nextInt(points.length)] : "";
      Thread.sleep(random.nextInt(LATEST_KILL_MILLIS));
      life.node().kill();
      life.comeBack(what + ", death " + i, FaultAgent.KILLED, order);
    }
    while (!life.finished(what)) {
      life.comeBack(what + ", at its point", FaultAgent.KILLED, "");
    }
    life.makeGood();
    if (!life.node().alive()) {
      life.comeBack(what + ", at its point", FaultAgent.KILLED, "");
    }
  }
}
