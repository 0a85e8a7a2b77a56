package io.tocsin.app;

import io.tocsin.adapter.files.OrderFolder;
import io.tocsin.adapter.sqlite.Database;
import io.tocsin.adapter.sqlite.SqliteAuditStore;
import io.tocsin.adapter.sqlite.SqliteInterlockBook;
import io.tocsin.audit.AuditEntry;
import io.tocsin.audit.AuditLog;
import io.tocsin.audit.AuditStore;
import io.tocsin.audit.Step;
import io.tocsin.base.AccountId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.respond.InterlockState;
import io.tocsin.respond.Order;
import io.tocsin.respond.Ruling.Why;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows what waits for the owner and takes his orders to the running node. */
@Command(
    name = "orders",
    mixinStandardHelpOptions = true,
    description = {
      "Show what waits for you, and order a running node: let one action happen, make a mandate"
          + " wait, let it go on.",
      "",
      "An order is a file in the node's data directory: whoever may write there may order. The node"
          + " takes it with its next block, on record in its audit log. What is ordered stays"
          + " within the mandate: the guardian contract enforces it as before."
    },
    synopsisSubcommandLabel = "list | approve | let-go | hold",
    subcommands = {
      OrdersCommand.ListCommand.class,
      OrdersCommand.Approve.class,
      OrdersCommand.LetGo.class,
      OrdersCommand.Hold.class
    },
    footer = {
      "",
      "Examples:",
      "  tocsin orders list --data data",
      "  tocsin orders approve 0x5f1c… --data data",
      "  tocsin orders hold eip155:1:0x5fbd… 0x91aa… --reason \"migration\" --data data",
      "  tocsin orders let-go eip155:1:0x5fbd… 0x91aa… --data data"
    })
public final class OrdersCommand implements Callable<Integer> {
  private static final Duration AWAITED = Duration.ofHours(1);
  private static final Pattern DIGEST = Pattern.compile("0x[0-9a-f]{64}");
  private static final int PAGE = 256;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }

  /** Which node. */
  static final class Node {
    @Option(
        names = "--data",
        required = true,
        paramLabel = "DIR",
        description = "The node's data directory.")
    private Path data = Path.of("data");

    Path database() {
      Path file = data.resolve("tocsin.db");
      if (!Files.isRegularFile(file)) {
        throw CommandException.usage(
            "there is no "
                + file
                + "; --data is the directory named under data in the node's file");
      }
      return file;
    }

    Integer give(Order order, Output output) {
      Path _ = database();
      Path file;
      try {
        file = OrderFolder.give(data.resolve("orders"), order, Instant.now());
      } catch (IOException e) {
        throw CommandException.environment(
            "the order cannot be written to " + data.resolve("orders") + ": " + e.getMessage());
      }
      output.text().println("ordered; the node takes it with its next block: " + file);
      output.json(Json.object().put("order", file.toString()));
      return ExitCode.DONE;
    }
  }

  private static Hash32 hash(String what, String text) {
    try {
      return Hash32.parse(text);
    } catch (MalformedException e) {
      throw CommandException.usage(what + ": " + e.getMessage());
    }
  }

  private static AccountId guardian(String text) {
    try {
      return AccountId.parse(text);
    } catch (MalformedException e) {
      throw CommandException.usage("GUARDIAN: " + e.getMessage());
    }
  }

  /** What waits. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description =
          "Mandates that wait for a human, actions of the last hour that do, and pauses in force"
              + " that rest on a withdrawn claim.",
      footer = {"", "Examples:", "  tocsin orders list --data data --json -"})
  static final class ListCommand implements Callable<Integer> {
    @Mixin private Node node = new Node();
    @Mixin private Output output = new Output();

    @Override
    public Integer call() {
      InterlockState state;
      Map<String, String> actions;
      List<RestingPause> resting;
      try (Database database = Database.openReadOnly(node.database())) {
        AuditStore store = new SqliteAuditStore(database);
        Instant now = Instant.now();
        state = new SqliteInterlockBook(database).load();
        actions = awaiting(store, state, now.minus(AWAITED));
        resting = RestingPause.all(store, state, now);
      } catch (MalformedException | IllegalStateException e) {
        throw CommandException.environment("the database cannot be read: " + e.getMessage());
      }
      ObjectNode document = Json.object();
      ArrayNode holds = document.putArray("holds");
      for (InterlockState.HumanHold hold : state.holds()) {
        String guardian = hold.slot().guardian().toString();
        String mandate = hold.slot().mandate().toString();
        output
            .text()
            .println(
                "mandate "
                    + mandate
                    + " of guardian "
                    + guardian
                    + " ("
                    + hold.slot().budgetClass()
                    + ") waits since "
                    + hold.since()
                    + ": "
                    + hold.reason());
        output.text().println("  tocsin orders let-go " + guardian + " " + mandate + " --data …");
        holds
            .addObject()
            .put("guardian", guardian)
            .put("mandate", mandate)
            .put("since", hold.since().toString())
            .put("reason", hold.reason());
      }
      ArrayNode waiting = document.putArray("actions");
      actions.forEach(
          (permit, mandate) -> {
            output.text().println("an action under mandate " + mandate + " waits to be approved");
            output.text().println("  tocsin orders approve " + permit + " --data …");
            waiting.addObject().put("permit", permit).put("mandate", mandate);
          });
      ArrayNode pauses = document.putArray("restingOnWithdrawn");
      for (RestingPause pause : resting) {
        pause.lines().forEach(output.text()::println);
        pauses.add(pause.json());
      }
      if (holds.isEmpty() && waiting.isEmpty() && resting.isEmpty()) {
        output.text().println("nothing waits for you");
      }
      output.json(document);
      return ExitCode.DONE;
    }

    /** Permits that await approval, with their mandates' names, as ruled since {@code since}. */
    private static Map<String, String> awaiting(
        AuditStore store, InterlockState state, Instant since) throws MalformedException {
      Map<String, String> found = new LinkedHashMap<>();
      long to = store.last().map(AuditEntry::sequence).orElse(0L);
      while (to > 0) {
        long from = Math.max(1, to - PAGE + 1);
        List<AuditEntry> entries = new ArrayList<>(store.read(from, (int) (to - from + 1)));
        for (AuditEntry entry : entries.reversed()) {
          if (entry.content() instanceof AuditEntry.Content.Kept(_, var body)) {
            AuditLog.Timed timed = AuditLog.decode(body);
            if (timed.at().isBefore(since)) {
              return found;
            }
            if (timed.step() instanceof Step.Ruled ruled) {
              awaiting(ruled.ruling(), state)
                  .ifPresent(permit -> found.put(permit, ruled.mandate()));
            }
          }
        }
        to = from - 1;
      }
      return found;
    }

    private static Optional<String> awaiting(JsonNode ruling, InterlockState state) {
      if (!ruling.path("reason").asString("").equals(Why.AWAITING_APPROVAL.name())) {
        return Optional.empty();
      }
      Matcher digest = DIGEST.matcher(ruling.path("detail").asString(""));
      return digest.find()
          ? Optional.of(digest.group())
              .filter(
                  permit ->
                      state.spent().stream().noneMatch(spent -> spent.toString().equals(permit)))
          : Optional.empty();
    }
  }

  /** Lets one action happen. */
  @Command(
      name = "approve",
      mixinStandardHelpOptions = true,
      description = {
        "Let one action that waits be carried out, once.",
        "",
        "A mandate with `approval: human` asks for it each time; the claim must still be young"
            + " enough."
      },
      footer = {"", "Examples:", "  tocsin orders approve 0x5f1c… --data data"})
  static final class Approve implements Callable<Integer> {
    @Parameters(paramLabel = "PERMIT", description = "The permit's digest, as list shows it.")
    private String permit = "";

    @Mixin private Node node = new Node();
    @Mixin private Output output = new Output();

    @Override
    public Integer call() {
      return node.give(new Order.Approve(hash("PERMIT", permit)), output);
    }
  }

  /** Lets a mandate go on. */
  @Command(
      name = "let-go",
      mixinStandardHelpOptions = true,
      description = "Let a mandate go on that waits for a human.",
      footer = {"", "Examples:", "  tocsin orders let-go eip155:1:0x5fbd… 0x91aa… --data data"})
  static final class LetGo implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "GUARDIAN", description = "Its account in CAIP-10.")
    private String guardian = "";

    @Parameters(index = "1", paramLabel = "MANDATE", description = "The guardian's name for it.")
    private String mandate = "";

    @Mixin private Node node = new Node();
    @Mixin private Output output = new Output();

    @Override
    public Integer call() {
      return node.give(new Order.LetGo(guardian(guardian), hash("MANDATE", mandate)), output);
    }
  }

  /** Makes a mandate wait. */
  @Command(
      name = "hold",
      mixinStandardHelpOptions = true,
      description = {
        "Make a mandate wait for a human from now on, for this node.",
        "",
        "Other nodes that may trip the guardian go on; `tocsin guardian veto` binds all of them."
      },
      footer = {
        "",
        "Examples:",
        "  tocsin orders hold eip155:1:0x5fbd… 0x91aa… --reason \"migration\" --data data"
      })
  static final class Hold implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "GUARDIAN", description = "Its account in CAIP-10.")
    private String guardian = "";

    @Parameters(index = "1", paramLabel = "MANDATE", description = "The guardian's name for it.")
    private String mandate = "";

    @Option(names = "--reason", required = true, description = "Why, for the record.")
    private String reason = "";

    @Mixin private Node node = new Node();
    @Mixin private Output output = new Output();

    @Override
    public Integer call() {
      return node.give(
          new Order.Hold(guardian(guardian), hash("MANDATE", mandate), reason), output);
    }
  }
}
