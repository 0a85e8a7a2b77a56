package io.tocsin.app;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.detect.evaluate.Retrospect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What to look at of the past of a user's own contracts, and how a pause is supposed to go. */
final class PastOptions {
  @Option(
      names = "--watch",
      arity = "1..*",
      paramLabel = "ADDR",
      description = "Contracts of one protocol: what would have been found about them?")
  private List<String> watch = List.of();

  @Option(names = "--from-block", paramLabel = "A", description = "With --watch: the first block.")
  private @Nullable Long from;

  @Option(names = "--to-block", paramLabel = "B", description = "With --watch: the last block.")
  private @Nullable Long to;

  @Option(
      names = "--attack",
      paramLabel = "HASH",
      description =
          "With --watch: a transaction known to be an attack; may be repeated. What fires on"
              + " anything else is then counted as false.")
  private List<String> attacks = List.of();

  @Option(
      names = "--pause",
      paramLabel = "MINUTES",
      description = "With --watch: how long a pause holds; ${DEFAULT-VALUE} minutes.",
      defaultValue = "30")
  private int pause;

  @Option(
      names = "--delay",
      paramLabel = "BLOCKS",
      description =
          "With --watch: a pause holds from so many blocks behind the attack; ${DEFAULT-VALUE}.",
      defaultValue = "2")
  private int delay;

  @Option(
      names = "--progress",
      paramLabel = "FILE",
      description =
          "With --watch: where progress is kept; the same command goes on from there. Without it"
              + " tocsin-replay-A-B.jsonl in the current directory.")
  private @Nullable Path progress;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "With --watch: also write the result as one self-contained page.")
  private @Nullable Path html;

  /** Whether the past is asked for. */
  boolean asked() {
    return !watch.isEmpty();
  }

  /** Whether something was given that only goes with {@code --watch}. */
  boolean given() {
    return from != null || to != null || !attacks.isEmpty() || progress != null || html != null;
  }

  long from() {
    return block("--from-block", from);
  }

  long to() {
    long last = block("--to-block", to);
    if (last < from()) {
      throw CommandException.usage("--to-block is before --from-block");
    }
    return last;
  }

  private static long block(String option, @Nullable Long number) {
    if (number == null || number < 1) {
      throw CommandException.usage("--watch needs " + option + ": the number of a block, from 1");
    }
    return number;
  }

  @Nullable Path html() {
    return html;
  }

  Path progress() {
    return progress == null ? Path.of("tocsin-replay-" + from() + "-" + to() + ".jsonl") : progress;
  }

  Retrospect.Rules rules() {
    if (pause < 1 || delay < 1) {
      throw CommandException.usage("--pause and --delay are at least 1");
    }
    try {
      Set<Address> watched = new LinkedHashSet<>();
      for (String one : watch) {
        watched.add(Address.parse(one));
      }
      Set<Hash32> known = new LinkedHashSet<>();
      for (String one : attacks) {
        known.add(Hash32.parse(one));
      }
      return new Retrospect.Rules(watched, delay, Duration.ofMinutes(pause), known);
    } catch (MalformedException e) {
      throw CommandException.usage("--watch or --attack: " + e.getMessage());
    }
  }
}
