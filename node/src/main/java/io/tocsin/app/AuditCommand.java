package io.tocsin.app;

import io.tocsin.adapter.sqlite.Database;
import io.tocsin.adapter.sqlite.SqliteAuditStore;
import io.tocsin.audit.AuditLog;
import io.tocsin.audit.Recomputation;
import io.tocsin.audit.Step;
import io.tocsin.audit.Verification;
import io.tocsin.audit.Verification.Anchor;
import io.tocsin.audit.Verification.Fault;
import io.tocsin.audit.Verification.Head;
import io.tocsin.audit.Verification.Part;
import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.identity.FederationFile;
import io.tocsin.identity.Rosters;
import io.tocsin.identity.SignedRoster;
import io.tocsin.quorum.Committee;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Verifies a node's audit log and computes every decision in it again. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = {
      "Verify a node's audit log: that no entry was changed or is missing, and that every decision"
          + " and ruling follows from the inputs on record.",
      "",
      "A log that was rewritten, or whose end was cut off, is found by the heads that were noted"
          + " elsewhere. Members sign theirs to each other every few minutes, and each other's:"
          + " those that this node keeps are always checked; with --witness also those that another"
          + " member keeps. A node that is no member: note the last line of the output, and give it"
          + " later with --anchor."
    },
    footer = {
      "",
      "Exit status 1: something was changed, is missing or does not follow.",
      "",
      "Examples:",
      "  tocsin audit --data data",
      "  tocsin audit --data data --anchor 1042:0x5f1c… --json -",
      "  tocsin audit --data theirs --heads theirs.json     (the other member)",
      "  tocsin audit --data data --witness theirs.json --roster federation.json"
    })
public final class AuditCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "The node's data directory; the node may be running.")
  private Path data = Path.of("data");

  @Option(
      names = "--roster",
      paramLabel = "FILE",
      description =
          "The federation file against which certificates are checked; without it, the one that"
              + " the node had when it started and what it learned since, as the log has it.")
  private @Nullable Path roster;

  @Option(
      names = "--anchor",
      paramLabel = "SEQUENCE:HASH",
      description = "An entry noted earlier that must be in the log; repeat it.")
  private List<String> anchors = new ArrayList<>();

  @Option(
      names = "--witness",
      paramLabel = "DIR|FILE",
      description =
          "Another member's data directory, or what it wrote with --heads; repeat it. The"
              + " federation file under --roster should then not come from the node that is"
              + " audited.")
  private List<Path> witnesses = new ArrayList<>();

  @Option(
      names = "--heads",
      paramLabel = "FILE",
      description = "Write the signed heads that this node keeps of all members to a file.")
  private @Nullable Path heads;

  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    List<Anchor> noted = new ArrayList<>();
    anchors.stream().map(AuditCommand::anchor).forEach(noted::add);
    Optional<Rosters> given = Optional.ofNullable(roster).map(AuditCommand::rosters);
    Path file = data.resolve("tocsin.db");
    if (!Files.isRegularFile(file)) {
      throw CommandException.usage(
          "there is no " + file + "; --data is the directory named under data in the node's file");
    }
    SignedHeads signed = new SignedHeads();
    witnesses.forEach(signed::add);
    Identity identity = new Identity();
    Recomputation recomputation;
    Verification.Result result;
    try (Database database = Database.openReadOnly(file)) {
      SqliteAuditStore store = new SqliteAuditStore(database);
      Verification.Result before =
          Verification.of(store, List.of(), (_, timed) -> identity.hear(timed.step()));
      recomputation = new Recomputation(before.holds() && before.erased() == 0);
      given.map(Committee::new).ifPresent(recomputation::trust);
      signed.add(database);
      Optional<Rosters> believed = given.or(() -> identity.rosters);
      believed.ifPresent(rosters -> noted.addAll(signed.anchors(identity.member, rosters)));
      result =
          Verification.of(
              store, noted, (sequence, timed) -> look(recomputation, given, sequence, timed));
    } catch (RuntimeException e) {
      output.text().println("FAIL  the database cannot be read: " + e.getMessage());
      ObjectNode document = Json.object().put("data", data.toString()).put("holds", false);
      document
          .putArray("faults")
          .addObject()
          .put("part", Part.ENTRY.name())
          .put("detail", "the database cannot be read: " + e.getMessage());
      output.json(document);
      return ExitCode.NEGATIVE;
    }
    if (heads != null) {
      signed.write(heads);
    }
    return report(result, recomputation, noted);
  }

  /** Who wrote the log, and the last rosters it names. */
  private static final class Identity {
    private Address member = Address.ZERO;
    private Optional<Rosters> rosters = Optional.empty();

    void hear(Step step) {
      if (step instanceof Step.Opened opened) {
        member = opened.member();
      }
      federations(step).forEach(one -> rosters = Optional.of(one));
    }
  }

  private static void look(
      Recomputation recomputation, Optional<Rosters> given, long sequence, AuditLog.Timed timed) {
    if (given.isEmpty()) {
      federations(timed.step()).map(Committee::new).forEach(recomputation::trust);
    }
    recomputation.check(sequence, timed.step());
  }

  private static Stream<Rosters> federations(Step step) {
    return documents(step).stream()
        .map(Step.Document::text)
        .filter(text -> text.contains("\"tocsin-federation/1\""))
        .flatMap(text -> recorded(text).stream());
  }

  private static List<Step.Document> documents(Step step) {
    if (step instanceof Step.Opened opened) {
      return opened.documents();
    }
    return step instanceof Step.Federated(var federation) ? List.of(federation) : List.of();
  }

  /** Empty if the file on record is no sound one: decisions that need it are then faults. */
  private static Optional<Rosters> recorded(String text) {
    try {
      return Optional.of(rosters(text.getBytes(StandardCharsets.UTF_8)));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private static Anchor anchor(String text) {
    int colon = text.indexOf(':');
    try {
      return new Anchor(
          new Head(
              Long.parseLong(text.substring(0, Math.max(0, colon))),
              Hash32.parse(text.substring(colon + 1))),
          "you");
    } catch (MalformedException | NumberFormatException e) {
      throw CommandException.usage(
          "--anchor: expected a sequence and a hash such as 1042:0x5f1c…, found " + text);
    }
  }

  private static Rosters rosters(Path file) {
    try {
      return rosters(Files.readAllBytes(file));
    } catch (IOException e) {
      throw CommandException.environment("cannot read " + file + ": " + e.getMessage());
    } catch (MalformedException e) {
      throw CommandException.usage(file + ": " + e.getMessage());
    }
  }

  /** Revocations are checked, but do not weigh: what was certified before one stays certified. */
  private static Rosters rosters(byte[] content) throws MalformedException {
    FederationFile file = FederationFile.read(content);
    List<SignedRoster> standing =
        switch (file.load(InstantSource.system())) {
          case FederationFile.Loaded.Standing(var rosters, var _) -> rosters.history();
          case FederationFile.Loaded.Founding _ -> file.rosters();
        };
    FederationFile.Loaded loaded =
        new FederationFile(file.nonce(), standing, List.of()).load(InstantSource.system());
    return switch (loaded) {
      case FederationFile.Loaded.Standing(var rosters, var _) -> rosters;
      case FederationFile.Loaded.Founding(var proposal) ->
          throw new MalformedException("the founding roster is not complete: " + proposal.lacks());
    };
  }

  private Integer report(
      Verification.Result result, Recomputation recomputation, List<Anchor> noted) {
    List<Fault> faults = new ArrayList<>(result.faults());
    faults.addAll(recomputation.faults());
    faults.sort(Comparator.comparingLong(Fault::sequence));
    ObjectNode document =
        Json.object()
            .put("data", data.toString())
            .put("entries", result.entries())
            .put("erased", result.erased())
            .put("decisions", recomputation.decisions())
            .put("rulings", recomputation.rulings())
            .put("holds", faults.isEmpty());
    long witnesses =
        noted.stream().map(Anchor::by).filter(by -> by.startsWith("member")).distinct().count();
    document.put("signedHeads", noted.size()).put("witnesses", witnesses);
    document
        .putObject("head")
        .put("sequence", result.head().sequence())
        .put("hash", result.head().hash().toString());
    ArrayNode list = document.putArray("faults");
    var text = output.text();
    for (Fault fault : faults) {
      text.println("FAIL  " + fault);
      list.addObject()
          .put("sequence", fault.sequence())
          .put("part", fault.part().name())
          .put("detail", fault.detail());
    }
    text.println(
        result.entries()
            + " entries, "
            + result.erased()
            + " of them erased; "
            + recomputation.decisions()
            + " decisions and "
            + recomputation.rulings()
            + " rulings computed again.");
    text.println(
        noted.size()
            + " heads noted or signed before were compared, among them those that "
            + witnesses
            + " other members witnessed.");
    text.println(
        faults.isEmpty()
            ? "The log holds."
            : "The log does not hold: " + faults.size() + " faults.");
    text.println("Head " + result.head().sequence() + ":" + result.head().hash());
    output.json(document);
    return faults.isEmpty() ? ExitCode.DONE : ExitCode.NEGATIVE;
  }
}
