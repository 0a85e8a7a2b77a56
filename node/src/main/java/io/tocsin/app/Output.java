package io.tocsin.app;

import io.tocsin.base.Json;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Where a command writes: text for people, and one JSON document for machines when asked. */
public final class Output {
  @Option(
      names = "--json",
      paramLabel = "FILE",
      description =
          "Also write the result as JSON to FILE; - is standard output (text then goes to"
              + " standard error).")
  private @Nullable String json;

  @Option(names = "--no-color", description = "Never use colours.")
  private boolean plain;

  /** The stream for people. */
  public PrintStream text() {
    return "-".equals(json) ? System.err : System.out;
  }

  /** Whether text may use colours and redraw lines: only on a terminal. */
  @SuppressWarnings("SystemConsoleNull") // without a terminal the JDK may still answer null
  public boolean decorated() {
    Console console = System.console();
    return !plain && System.getenv("NO_COLOR") == null && console != null && console.isTerminal();
  }

  /** Whether a JSON document was asked for. */
  public boolean wantsJson() {
    return json != null;
  }

  /** Writes the JSON document if one was asked for. */
  public void json(JsonNode document) {
    if (json == null) {
      return;
    }
    String content = Json.pretty(document) + "\n";
    if (json.equals("-")) {
      System.out.print(content);
      System.out.flush();
      return;
    }
    write(Path.of(json), content);
  }

  /** Writes a document that was asked for. */
  static void write(Path file, String content) {
    try {
      Files.writeString(file, content, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw CommandException.environment(
          "cannot write " + file + ": " + e.getMessage() + "; choose a file that can be written");
    }
  }

  /** Documents written one a line as they come, where JSON was asked for. */
  public Lines lines() {
    if (json == null) {
      return new Lines(Optional.empty(), false);
    }
    if (json.equals("-")) {
      return new Lines(Optional.of(System.out), false);
    }
    try {
      return new Lines(
          Optional.of(new PrintStream(Path.of(json).toFile(), StandardCharsets.UTF_8)), true);
    } catch (IOException e) {
      throw CommandException.environment(
          "cannot write " + json + ": " + e.getMessage() + "; choose a file that can be written");
    }
  }

  /** A stream of JSON documents, one a line, each flushed at once. */
  public static final class Lines implements AutoCloseable {
    private final Optional<PrintStream> stream;
    private final boolean owned;

    private Lines(Optional<PrintStream> stream, boolean owned) {
      this.stream = stream;
      this.owned = owned;
    }

    /** Writes one document, if JSON was asked for. */
    public void write(JsonNode document) {
      stream.ifPresent(
          out -> {
            byte[] line = Json.write(document);
            out.write(line, 0, line.length);
            out.print('\n');
            out.flush();
          });
    }

    @Override
    public void close() {
      if (owned) {
        stream.ifPresent(PrintStream::close);
      }
    }
  }
}
