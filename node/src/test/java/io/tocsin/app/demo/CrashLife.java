package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Hash32;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** A node process that dies and is started again, in one town. */
final class CrashLife implements AutoCloseable {
  /** How long anything may take; long, because builds share machines. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final long LOOK_MILLIS = 250;

  private final CrashTown town;
  private final Survival survival;
  private final Path agent;
  private final List<Hash32> attacks = new ArrayList<>();
  private VictimNode node;

  /** Builds the town under {@code home} and starts the node. */
  CrashLife(Path home) throws IOException, InterruptedException {
    town = CrashTown.build(home);
    survival = new Survival(town);
    agent = VictimNode.agent(home);
    node = start("");
    said("serves /healthz");
  }

  CrashTown town() {
    return town;
  }

  /** The process that runs now, or ran last. */
  VictimNode node() {
    return node;
  }

  /** How many attacks there were. */
  int attacks() {
    return attacks.size();
  }

  private VictimNode start(String order) throws IOException {
    return VictimNode.start(agent, town.configuration(), order);
  }

  /** Waits until the process says {@code text}. */
  void said(String text) throws InterruptedException {
    assertThat(node.says(text, PATIENCE)).as(text + " in " + node.said()).isTrue();
  }

  /** Gives an order to the agent and waits until it is obeyed. */
  void order(String order) throws InterruptedException {
    node.order(order);
    said("fault: " + order);
  }

  /** Robs the lender. */
  void attack() throws InterruptedException {
    attacks.add(town.attack());
  }

  /** Ends what an earlier test may have left open. */
  void settle() throws Exception {
    if (town.lender().paused()) {
      makeGood();
    }
  }

  /** Calls of the guardian because of the last attack. */
  List<GuardianWatch.Call> calls() {
    return town.calls(attacks.getLast());
  }

  /** The process ends with {@code status}; what it left is checked, and it comes back. */
  void comeBack(String what, int status, String order) throws Exception {
    assertThat(node.status(PATIENCE)).as(what + ": " + node.said()).isEqualTo(status);
    survival.check(attacks);
    node = start(order);
  }

  /** Starts it again, whatever it left. */
  void comeBackUnchecked(String order) throws IOException {
    node = start(order);
  }

  /** Waits until the last attack is dealt with, once, or the process is dead. */
  boolean finished(String what) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (node.alive()) {
      List<String> missing = survival.missing(attacks.getLast());
      if (missing.isEmpty()) {
        survival.once(attacks.getLast());
        return true;
      }
      assertThat(System.nanoTime()).as(what + ": " + missing + node.said()).isLessThan(end);
      Thread.sleep(LOOK_MILLIS);
    }
    return false;
  }

  /** The owner ends the pause, and the node has seen it or is dead. */
  void makeGood() throws Exception {
    town.makeGood();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (node.alive() && !survival.released(InstantSource.system().instant())) {
      assertThat(System.nanoTime()).as(node.said()).isLessThan(end);
      Thread.sleep(LOOK_MILLIS);
    }
  }

  @Override
  public void close() {
    try (town) {
      node.close();
    }
  }
}
