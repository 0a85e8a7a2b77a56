package io.tocsin.app.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The options of load runs, and the folder that each has for itself. */
final class LoadOptions {
  private LoadOptions() {}

  /** Takes {@code option FILE} out of {@code arguments}, if it is there. */
  static Optional<Path> file(List<String> arguments, String option) {
    int place = arguments.indexOf(option);
    if (place < 0) {
      return Optional.empty();
    }
    if (place + 1 == arguments.size()) {
      throw new IllegalArgumentException(option + " needs a file");
    }
    Path file = Path.of(arguments.get(place + 1));
    arguments.subList(place, place + 2).clear();
    return Optional.of(file);
  }

  /** A new folder, which stays when the run fails; short, for the names of sockets. */
  static Path folder() throws IOException {
    Path folder = Files.createTempDirectory("tocsin-load");
    System.out.println("what the nodes log, until the end: " + folder);
    return folder;
  }

  /** Deletes {@code folder} with all in it. */
  static void discard(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
