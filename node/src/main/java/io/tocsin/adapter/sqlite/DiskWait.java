package io.tocsin.adapter.sqlite;

import java.nio.file.Path;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A caller's wait for the disk, for the Flight Recorder: who waited, from where, and how long. */
@Name(DiskWait.NAME)
@Label("Disk wait")
@Category("Tocsin")
@Description("A caller waits until its change, and all handed over before, is on the disk")
final class DiskWait extends Event {
  static final String NAME = "io.tocsin.DiskWait";

  @Label("File")
  private final String file;

  DiskWait(Path file) {
    this.file = file.toString();
  }

  /** The database. */
  String file() {
    return file;
  }
}
