package io.tocsin.adapter.files;

import io.tocsin.base.EventLog;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Metrics;
import io.tocsin.pipeline.DrillBook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Drills asked for, each an empty file named after it in a folder of the node's data, so that
 * whoever may write there, and nobody else, has the node send one.
 */
public final class DrillFolder implements DrillBook {
  private static final String ENDING = ".drill";

  private final Path folder;
  private final Log log;

  /** The drills in {@code folder}, which need not exist. */
  public DrillFolder(Path folder, Metrics metrics) {
    this.folder = folder;
    this.log = new Log(metrics);
  }

  private static final class Log extends EventLog {
    Log(Metrics metrics) {
      super("drills", metrics);
    }

    void unreadable(Path folder, IOException e) {
      alarm("drills_unreadable", folder + " cannot be read: " + e.getMessage());
    }
  }

  /** A drill asked for; closing it takes it back if the node has not taken it. */
  public record Asked(Path file) implements AutoCloseable {
    @Override
    public void close() {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException("a drill cannot be taken back", e);
      }
    }
  }

  /**
   * Asks the node that owns the folder for a drill.
   *
   * @throws IOException if the folder cannot be written
   */
  public static Asked ask(Path folder, Hash32 drill) throws IOException {
    Files.createDirectories(folder);
    return new Asked(Files.createFile(folder.resolve(drill + ENDING)));
  }

  @Override
  public List<Hash32> asked() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Hash32> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(ENDING)) {
          read(name.substring(0, name.length() - ENDING.length())).ifPresent(all::add);
        }
      }
    } catch (IOException e) {
      log.unreadable(folder, e);
    }
    return all;
  }

  /** A file of another name is nobody's drill. */
  private static Optional<Hash32> read(String name) {
    try {
      return Optional.of(Hash32.parse(name));
    } catch (MalformedException _) {
      return Optional.empty();
    }
  }

  @Override
  public void taken(Hash32 drill) {
    try {
      Files.deleteIfExists(folder.resolve(drill + ENDING));
    } catch (IOException e) {
      throw new UncheckedIOException("a drill that was taken cannot be removed", e);
    }
  }
}
