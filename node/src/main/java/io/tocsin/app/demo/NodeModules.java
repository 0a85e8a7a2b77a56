package io.tocsin.app.demo;

import io.tocsin.app.CommandException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The folder of npm packages that hold the EVM node and the published bytecode of the test world:
 * the environment variable {@code TOCSIN_NODE_MODULES}, else {@code contracts/node_modules} of the
 * installation (system property {@code tocsin.home}), else of the working directory.
 */
public final class NodeModules {
  private final Path root;

  private NodeModules(Path root) {
    this.root = root;
  }

  /** Finds the folder, or ends the command with the sentence that says how to get it. */
  public static NodeModules find() {
    List<Path> places = new ArrayList<>();
    String chosen = System.getenv("TOCSIN_NODE_MODULES");
    if (chosen != null) {
      places.add(Path.of(chosen));
    }
    String home = System.getProperty("tocsin.home");
    if (home != null) {
      places.add(Path.of(home, "contracts", "node_modules"));
    }
    places.add(Path.of("contracts", "node_modules"));
    places.add(Path.of("..", "contracts", "node_modules"));
    for (Path place : places) {
      if (Files.isDirectory(place)) {
        return new NodeModules(place.toAbsolutePath().normalize());
      }
    }
    throw CommandException.environment(
        "the npm packages of the test world are missing (looked in "
            + String.join(", ", places.stream().map(Path::toString).toList())
            + "): run \"npm ci --ignore-scripts\" in the contracts folder, or set"
            + " TOCSIN_NODE_MODULES");
  }

  /** The executable of anvil, a real EVM node. */
  public Path anvil() {
    return file("@foundry-rs/anvil-linux-amd64/bin/anvil");
  }

  /** The file at {@code path} below the folder. */
  public Path file(String path) {
    Path file = root.resolve(path);
    if (!Files.isRegularFile(file)) {
      throw CommandException.environment(
          file + " is missing: run \"npm ci --ignore-scripts\" in the contracts folder");
    }
    return file;
  }
}
