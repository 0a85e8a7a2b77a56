package io.tocsin.app.demo;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The few options of load runs. */
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
}
