package io.tocsin.app;

import io.tocsin.adapter.files.DrillFolder;
import io.tocsin.adapter.sqlite.Database;
import io.tocsin.adapter.sqlite.SqliteAuditStore;
import io.tocsin.audit.AuditEntry;
import io.tocsin.audit.AuditLog;
import io.tocsin.audit.AuditStore;
import io.tocsin.audit.Step;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Tests the alarm through the whole town. */
@Command(
    name = "drill",
    mixinStandardHelpOptions = true,
    description = {
      "Have a running node test the alarm: a message that is signed, sent, admitted at every"
          + " member, answered and counted as an alarm is, and of which nothing can be claimed.",
      "",
      "Every member's people are called, marked DRILL, and every member with a responder tries its"
          + " pauses by calls that send nothing. A node sends one drill a minute at most.",
      "",
      "Exit status 1 if a member did not answer, the own pause would fail, or the node refused."
    },
    footer = {
      "",
      "Examples:",
      "  tocsin drill --data /var/lib/tocsin",
      "  tocsin drill --data data --json -",
    })
public final class DrillCommand implements Callable<Integer> {
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** How much later than the answers the own rehearsal may be on record. */
  private static final Duration REHEARSAL = Duration.ofSeconds(2);

  private static final int PAGE = 256;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "The node's data directory (default: data).")
  private Path data = Path.of("data");

  @Mixin private Output output = new Output();

  private Optional<Step.Drilled> drilled = Optional.empty();
  private Optional<Step.Rehearsed> rehearsed = Optional.empty();

  @Override
  public Integer call() throws InterruptedException {
    Path file = data.resolve("tocsin.db");
    if (!Files.isRegularFile(file)) {
      throw CommandException.usage(
          "there is no " + file + "; --data is the directory named under data in the node's file");
    }
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    Hash32 id = Hash32.of(random);
    DrillFolder.Asked asked;
    try {
      asked = DrillFolder.ask(data.resolve("drills"), id);
    } catch (IOException e) {
      throw CommandException.environment(
          "the drill cannot be written to " + data.resolve("drills") + ": " + e.getMessage());
    }
    try (asked;
        Database database = Database.openReadOnly(file)) {
      await(new SqliteAuditStore(database), id);
    } catch (IllegalStateException | MalformedException e) {
      throw CommandException.environment("cannot read " + file + ": " + e.getMessage());
    }
    if (drilled.isEmpty()) {
      throw CommandException.environment(
          "the node of " + data + " did not take the drill: it does not run, or is no member");
    }
    return tell(drilled.get());
  }

  private void await(AuditStore store, Hash32 id) throws InterruptedException, MalformedException {
    long next = Math.max(1, store.last().map(AuditEntry::sequence).orElse(0L) - PAGE);
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end && (drilled.isEmpty() || rehearsed.isEmpty())) {
      for (AuditEntry entry : store.read(next, PAGE)) {
        next = entry.sequence() + 1;
        if (entry.content() instanceof AuditEntry.Content.Kept(_, var body)) {
          note(AuditLog.decode(body).step(), id);
        }
      }
      if (drilled.isPresent()) {
        end = Math.min(end, System.nanoTime() + REHEARSAL.toNanos());
        if (!drilled.get().refusal().isEmpty()) {
          return;
        }
      }
      Thread.sleep(PAUSE);
    }
  }

  private void note(Step step, Hash32 id) {
    if (step instanceof Step.Drilled drill && drill.drill().equals(id)) {
      drilled = Optional.of(drill);
    } else if (step instanceof Step.Rehearsed rehearsal && rehearsal.drill().equals(id)) {
      rehearsed = Optional.of(rehearsal);
    }
  }

  private int tell(Step.Drilled drill) {
    ObjectNode document = Json.object().put("drill", drill.drill().toString());
    if (!drill.refusal().isEmpty()) {
      output.text().println("The drill was not sent: " + drill.refusal() + ".");
      output.json(document.put("refused", drill.refusal()));
      return ExitCode.NEGATIVE;
    }
    boolean good = answers(drill, document);
    if (rehearsed.isPresent()) {
      good &= pauses(rehearsed.get(), document);
    }
    output.json(document);
    return good ? ExitCode.DONE : ExitCode.NEGATIVE;
  }

  private boolean answers(Step.Drilled drill, ObjectNode document) {
    long answered = drill.answers().stream().filter(a -> a.after().isPresent()).count();
    output
        .text()
        .println(
            "DRILL "
                + drill.drill()
                + ": "
                + answered
                + " of "
                + drill.answers().size()
                + " members answered; "
                + drill
                    .quorum()
                    .map(after -> "more than two thirds of the votes after " + millis(after))
                    .orElse("they have too few votes to certify anything"));
    ArrayNode members = document.putArray("members");
    for (Step.Answered one : drill.answers()) {
      output
          .text()
          .printf(
              "  %-24s %s  %3d %s  %s%n",
              Text.excerpt(Text.printable(one.operator())),
              one.member(),
              one.weight(),
              one.weight() == 1 ? "vote " : "votes",
              one.after().map(after -> "after " + millis(after)).orElse("DID NOT ANSWER"));
      ObjectNode member =
          members
              .addObject()
              .put("member", one.member().toString())
              .put("operator", one.operator())
              .put("weight", one.weight());
      one.after().ifPresent(after -> member.put("millis", after.toNanos() / 1e6));
    }
    drill.quorum().ifPresent(after -> document.put("quorumMillis", after.toNanos() / 1e6));
    document.put("answered", answered);
    return answered == drill.answers().size();
  }

  private boolean pauses(Step.Rehearsed rehearsal, ObjectNode document) {
    ArrayNode pauses = document.putArray("pauses");
    for (Step.Tried tried : rehearsal.tried()) {
      String fault = tried.fault();
      output
          .text()
          .println(
              "  mandate "
                  + Text.printable(tried.mandate())
                  + (fault.isEmpty() ? ": could pause now" : ": could not, " + fault));
      pauses
          .addObject()
          .put("guardian", tried.guardian().toString())
          .put("mandate", tried.mandate())
          .put("fault", fault);
    }
    return rehearsal.tried().stream().allMatch(tried -> tried.fault().isEmpty());
  }

  private static String millis(Duration time) {
    return String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
  }
}
