package io.tocsin.adapter.sqlite;

import java.util.concurrent.CountDownLatch;

/** Nothing that is handed to a database reaches the disk before this is closed. */
record SlowDisk(CountDownLatch over) implements AutoCloseable {
  static SlowDisk of(Database database) {
    SlowDisk disk = new SlowDisk(new CountDownLatch(1));
    database.hand(
        _ -> {
          try {
            disk.over.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    return disk;
  }

  @Override
  public void close() {
    over.countDown();
  }
}
