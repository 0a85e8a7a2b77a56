package io.tocsin.app;

import io.tocsin.adapter.sqlite.Database;
import io.tocsin.adapter.sqlite.SqliteAuditStore;
import io.tocsin.adapter.sqlite.SqliteEnvelopeStore;
import io.tocsin.audit.Step;
import io.tocsin.audit.Verification;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import io.tocsin.claim.Claim;
import io.tocsin.claim.Report;
import io.tocsin.claim.ReportCodec;
import io.tocsin.gossip.EnvelopeStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Lists what members reported, also about chains that this node does not watch. */
@Command(
    name = "claims",
    mixinStandardHelpOptions = true,
    description = {
      "List the reports that a node keeps, its own included, with what it made of each claim,"
          + " whether a certificate is on record and whether the claim was withdrawn.",
      "",
      "Reads only, also while the node runs. A report is its author's word: only its signature was"
          + " checked."
    },
    footer = {
      "",
      "Examples:",
      "  tocsin claims --data /var/lib/tocsin",
      "  tocsin claims --data data --last 20 --json -",
    })
public final class ClaimsCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "The node's data directory (default: data).")
  private Path data = Path.of("data");

  @Option(
      names = "--last",
      paramLabel = "N",
      defaultValue = "0",
      description = "Only the newest N reports (default: all).")
  private int last;

  @Mixin private Output output = new Output();

  /** What the audit log knows of claims. */
  private record Known(
      Map<Hash32, Step.Attested> opinions,
      Set<Hash32> certified,
      Map<Hash32, Step.Withdrawn> withdrawn) {}

  @Override
  public Integer call() {
    Path file = data.resolve("tocsin.db");
    if (!Files.isRegularFile(file)) {
      throw CommandException.usage(
          "there is no " + file + "; --data is the directory named under data in the node's file");
    }
    if (last < 0) {
      throw CommandException.usage("--last: expected 0 or more, found " + last);
    }
    List<EnvelopeStore.Entry> entries;
    Known known;
    try (Database database = Database.openReadOnly(file)) {
      entries = new SqliteEnvelopeStore(database).kept(ReportCodec.TOPIC.name());
      known = known(database);
    } catch (RuntimeException e) {
      throw CommandException.environment("cannot read " + file + ": " + e.getMessage());
    }
    ObjectNode document = Json.object().put("data", data.toString());
    ArrayNode list = document.putArray("claims");
    int from = last == 0 ? 0 : Math.max(0, entries.size() - last);
    entries.subList(from, entries.size()).forEach(entry -> show(entry, known, list));
    output.text().println(list.isEmpty() ? "No reports are on record." : list.size() + " reports.");
    output.json(document);
    return ExitCode.DONE;
  }

  private static Known known(Database database) {
    Known known = new Known(new HashMap<>(), new HashSet<>(), new HashMap<>());
    var _ =
        Verification.of(
            new SqliteAuditStore(database),
            List.of(),
            (_, timed) -> {
              if (timed.step() instanceof Step.Attested attested) {
                known.opinions().put(attested.claim(), attested);
              } else if (timed.step() instanceof Step.Certified certified) {
                known.certified().add(certified.claim());
              } else if (timed.step() instanceof Step.Withdrawn withdrawn) {
                known.withdrawn().put(withdrawn.claim(), withdrawn);
              }
            });
    return known;
  }

  private void show(EnvelopeStore.Entry entry, Known known, ArrayNode list) {
    ObjectNode out =
        list.addObject()
            .put("received", entry.received().toString())
            .put("author", entry.envelope().author().toString())
            .put("sequence", entry.envelope().sequence());
    Report report;
    try {
      report = ReportCodec.decode(entry.envelope().payload());
    } catch (MalformedException e) {
      out.put("unreadable", String.valueOf(e.getMessage()));
      line(entry, "a report that cannot be read: " + Text.printable("" + e.getMessage()));
      return;
    }
    Claim claim = report.claim();
    Hash32 id = claim.id();
    Optional<Step.Attested> opinion = Optional.ofNullable(known.opinions().get(id));
    boolean certified = known.certified().contains(id);
    out.put("claim", id.toString()).put("kind", claim.kind().text());
    claim.where().ifPresent(chain -> out.put("chain", chain.toString()));
    claim.transaction().ifPresent(tx -> out.put("tx", tx.toString()));
    claim.about().ifPresent(subject -> out.put("subject", subject.address().toString()));
    opinion.ifPresent(
        own -> out.putObject("opinion").put("is", own.opinion()).put("reason", own.reason()));
    out.put("certified", certified);
    Optional<Step.Withdrawn> withdrawn = Optional.ofNullable(known.withdrawn().get(id));
    withdrawn.ifPresent(step -> out.putObject("withdrawn").put("block", step.block().toString()));
    out.put("narrative", report.narrative());
    line(entry, claim.summary());
    output
        .text()
        .println(
            "  own opinion: "
                + opinion.map(ClaimsCommand::sentence).orElse("none on record")
                + "; "
                + (certified ? "certified" : "not certified")
                + withdrawn
                    .map(step -> "; withdrawn: block " + step.block() + " took its block's place")
                    .orElse(""));
  }

  private void line(EnvelopeStore.Entry entry, String what) {
    output.text().println(entry.received() + "  " + entry.envelope().author() + " reports " + what);
  }

  private static String sentence(Step.Attested own) {
    return Text.printable(own.opinion() + (own.reason().isEmpty() ? "" : ", " + own.reason()));
  }
}
