package io.tocsin.pipeline;

import java.time.Duration;

/** Listens for silent members and runs drills, several times a second, until interrupted. */
public final class TownWatch {
  private static final Duration INTERVAL = Duration.ofMillis(250);

  private final MemberWatch members;
  private final DrillDesk drills;
  private final Records records;

  /** Looks after both. */
  public TownWatch(MemberWatch members, DrillDesk drills, Records records) {
    this.members = members;
    this.drills = drills;
    this.records = records;
  }

  /** Runs until interrupted. */
  public void run() {
    Runnable silence = records.log().guarded("listening for silent members", members::look);
    Runnable desk = records.log().guarded("looking after drills", drills::look);
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        silence.run();
        desk.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
