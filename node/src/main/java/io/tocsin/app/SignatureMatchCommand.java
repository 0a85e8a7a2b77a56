package io.tocsin.app;

import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.detect.signature.FamilyTrial;
import io.tocsin.detect.signature.SignatureSet;
import io.tocsin.detect.signature.SignatureSet.Answer;
import io.tocsin.detect.signature.SignatureSet.Budget;
import io.tocsin.detect.signature.SignatureSet.Hit;
import io.tocsin.detect.signature.SignatureSet.Place;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Looks for signatures in transactions. */
@Command(
    name = "match",
    mixinStandardHelpOptions = true,
    description = {
      "Looks for signatures in one transaction, or in every transaction of a corpus, and says who"
          + " plays which role and which frames match. What cannot be judged within its budget is"
          + " named, and is not the same as no match.",
      ""
    },
    footer = {
      "",
      "Exit status: 0 no match, 1 a match or something not judged, 2 usage or input,",
      "3 environment.",
      "",
      "Examples:",
      "  tocsin signature match attack.signature --trace trace.json.gz",
      "  tocsin signature match one.signature two.signature --corpus corpus --json -"
    })
final class SignatureMatchCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files with signatures.")
  private List<Path> files = List.of();

  @Option(
      names = "--trace",
      paramLabel = "TRACE",
      description = "One call tree as callTracer writes it, .json or .json.gz.")
  private @Nullable Path trace;

  @Option(
      names = "--corpus",
      paramLabel = "DIR",
      description = "Every transaction of this corpus; without it, of the one that ships.")
  private @Nullable Path corpus;

  @Mixin private Output output = new Output();

  @Override
  public Integer call() throws InterruptedException {
    if (trace != null && corpus != null) {
      throw CommandException.usage("name --trace or --corpus, and not both");
    }
    SignatureSet set = new SignatureSet(SignatureCases.signatures(files), Budget.DEFAULT);
    List<FamilyTrial.Case> cases = new ArrayList<>();
    if (trace != null) {
      cases.add(SignatureCases.single(trace));
    } else {
      SignatureCases all = SignatureCases.of(corpus == null ? CorpusRun.shipped() : corpus, output);
      cases.addAll(all.attacks());
      cases.addAll(all.benign());
    }
    ArrayNode matches = Json.object().putArray("matches");
    ArrayNode unjudged = Json.object().putArray("unjudged");
    for (FamilyTrial.Case one : cases) {
      Answer answer = set.match(one.course());
      answer.hits().forEach(hit -> hit(matches, one.tx(), hit));
      for (SignatureSet.Unjudged not : answer.unjudged()) {
        output
            .text()
            .printf("%s  %s  not judged: %s%n", one.tx(), not.signature().name(), not.reason());
        unjudged
            .addObject()
            .put("tx", one.tx().toString())
            .put("signature", not.signature().name())
            .put("reason", not.reason());
      }
    }
    output
        .text()
        .printf(
            "%d transactions, %d signatures: %d matches, %d not judged%n",
            cases.size(), set.signatures().size(), matches.size(), unjudged.size());
    ObjectNode document = Json.object().put("transactions", cases.size());
    document.set("matches", matches);
    document.set("not_analysed", unjudged);
    output.json(document);
    return matches.isEmpty() && unjudged.isEmpty() ? ExitCode.DONE : ExitCode.NEGATIVE;
  }

  private void hit(ArrayNode out, Hash32 tx, Hit hit) {
    Map<String, String> players = new TreeMap<>();
    hit.players().forEach((role, account) -> players.put(role, account.toString()));
    List<Integer> frames = hit.places().stream().map(Place::frame).toList();
    output
        .text()
        .printf(
            "%s  %s  frames %s%s%n",
            tx,
            hit.signature().name(),
            frames,
            players.entrySet().stream()
                .map(e -> "  " + e.getKey() + " " + e.getValue())
                .collect(Collectors.joining()));
    ObjectNode match =
        out.addObject().put("tx", tx.toString()).put("signature", hit.signature().name());
    ArrayNode places = match.putArray("frames");
    frames.forEach(places::add);
    ObjectNode roles = match.putObject("roles");
    players.forEach(roles::put);
  }
}
