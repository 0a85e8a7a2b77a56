package io.tocsin.app;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.CodeDifference;
import io.tocsin.chain.CodeFingerprint;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Fingerprints code and measures what the normalised hash merges. */
@Command(
    name = "fingerprint",
    mixinStandardHelpOptions = true,
    description = {
      "Fingerprints runtime code and shows which codes count as the same.",
      "Reads files and directories of: hex text, compiler artifacts (deployedBytecode), and",
      "pre-states ({\"addresses\":{ADDR:{\"code\"}}})."
    },
    footer = {
      "",
      "Exit status: 0 done, 2 usage or input.",
      "",
      "Examples:",
      "  tocsin fingerprint contract.hex",
      "  tocsin fingerprint prestates/ --json table.json",
      "  tocsin fingerprint --list artifacts/SafeProxy.json"
    })
public final class FingerprintCommand implements Callable<Integer> {
  @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files or directories.")
  private List<Path> paths = List.of();

  @Option(names = "--list", description = "One line for each code instead of the table.")
  private boolean list;

  @Mixin private Output output = new Output();

  private record Code(String name, Bytes bytes, CodeFingerprint fingerprint) {}

  @Override
  public Integer call() {
    List<Code> codes = new ArrayList<>();
    for (Path path : paths) {
      for (Path file : files(path)) {
        read(file, codes);
      }
    }
    if (codes.isEmpty()) {
      throw CommandException.usage("no code in " + paths + "; name files that hold runtime code");
    }
    if (list) {
      codes.forEach(this::print);
    } else {
      measure(codes);
    }
    return ExitCode.DONE;
  }

  private static List<Path> files(Path path) {
    try (Stream<Path> found = Files.walk(path)) {
      return found.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw CommandException.usage("cannot read " + path + ": " + e.getMessage());
    }
  }

  private static void read(Path file, List<Code> codes) {
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8).strip();
      if (!text.startsWith("{")) {
        add(file.toString(), text, codes);
        return;
      }
      JsonNode root = Json.parse(text.getBytes(StandardCharsets.UTF_8));
      JsonNode deployed =
          root.has("evm")
              ? root.path("evm").path("deployedBytecode")
              : root.path("deployedBytecode");
      String code =
          deployed.isString() ? deployed.stringValue() : deployed.path("object").asString("");
      if (!code.isEmpty()) {
        add(file.toString(), code.replaceAll("__.{36}__", "00".repeat(20)), codes);
      }
      for (var entry : root.path("addresses").properties()) {
        add(entry.getKey(), entry.getValue().path("code").asString(""), codes);
      }
    } catch (IOException e) {
      throw CommandException.usage("cannot read " + file + ": " + e.getMessage());
    } catch (MalformedException e) {
      throw CommandException.usage(file + ": " + e.getMessage());
    }
  }

  private static void add(String name, String hex, List<Code> codes) throws MalformedException {
    String text = hex.startsWith("0x") ? hex : "0x" + hex;
    Bytes bytes = Bytes.parse(text);
    if (!bytes.isEmpty()) {
      codes.add(new Code(name, bytes, CodeFingerprint.of(bytes)));
    }
  }

  private void print(Code code) {
    CodeFingerprint fingerprint = code.fingerprint();
    output
        .text()
        .println(
            fingerprint.normalised()
                + ","
                + fingerprint.ubiquitous().orElse("")
                + ","
                + fingerprint.exact()
                + ","
                + code.name());
  }

  private void measure(List<Code> all) {
    Map<Hash32, Code> distinct = new LinkedHashMap<>();
    all.forEach(code -> distinct.putIfAbsent(code.fingerprint().exact(), code));
    Map<Hash32, List<Code>> groups = new HashMap<>();
    Map<String, Integer> ubiquitous = new TreeMap<>();
    for (Code code : distinct.values()) {
      groups.computeIfAbsent(code.fingerprint().normalised(), _ -> new ArrayList<>()).add(code);
      code.fingerprint().ubiquitous().ifPresent(name -> ubiquitous.merge(name, 1, Integer::sum));
    }
    List<List<Code>> merging = groups.values().stream().filter(g -> g.size() > 1).toList();
    List<List<Code>> matching =
        merging.stream().filter(g -> g.getFirst().fingerprint().ubiquitous().isEmpty()).toList();
    ObjectNode document =
        Json.object()
            .put("contracts", all.size())
            .put("distinct_exact", distinct.size())
            .put("distinct_normalised", groups.size())
            .put("merging_groups", merging.size())
            .put("merging_groups_not_ubiquitous", matching.size());
    PrintStream out = output.text();
    document.properties().forEach(e -> out.printf("%-34s %d%n", e.getKey(), e.getValue().asInt()));
    ObjectNode common = document.putObject("ubiquitous");
    ubiquitous.forEach(
        (name, count) -> {
          common.put(name, count);
          out.printf("ubiquitous: %-22s %d%n", name, count);
        });
    ObjectNode why = document.putObject("groups_differing_in");
    differences(matching)
        .forEach(
            (difference, count) -> {
              why.put(difference.name(), count);
              out.printf("groups differing in %-14s %d%n", difference, count);
            });
    var doubtful = document.putArray("doubtful_groups");
    for (List<Code> group : matching) {
      Set<CodeDifference> found = differences(group);
      if (found.contains(CodeDifference.ADDRESS) || found.contains(CodeDifference.WORD)) {
        ObjectNode entry = doubtful.addObject();
        entry.put("differ_in", found.toString());
        var names = entry.putArray("codes");
        group.forEach(code -> names.add(code.name()));
        out.println("to be looked at: " + found + " " + group.stream().map(Code::name).toList());
      }
    }
    output.json(document);
  }

  private static Map<CodeDifference, Integer> differences(Collection<List<Code>> groups) {
    Map<CodeDifference, Integer> counts = new EnumMap<>(CodeDifference.class);
    for (CodeDifference each : CodeDifference.values()) {
      counts.put(each, 0);
    }
    for (List<Code> group : groups) {
      differences(group).forEach(each -> counts.merge(each, 1, Integer::sum));
    }
    return counts;
  }

  private static Set<CodeDifference> differences(List<Code> group) {
    Set<CodeDifference> found = new TreeSet<>();
    for (Code code : group) {
      CodeDifference.between(group.getFirst().bytes(), code.bytes()).ifPresent(found::addAll);
    }
    return found;
  }
}
