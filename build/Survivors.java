import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Compares the mutants of one package that its tests left alive with the list of those that may live: {@code Survivors
 * PACKAGE REPORT LIST}. Status 1 when one lives that is not listed, when a listed one is dead or gone, and when no mutant
 * was made or none was killed.
 *
 * <p>A line of the list is {@code class.method | mutator: what it did | which of those alike in the method, from 1 | why it
 * is harmless}; lines that begin with # are comments.
 */
final class Survivors {
  private record Mutant(String key, String status, int line) {
    /** Its tests did not end: an endless loop, or a machine too busy, which proves nothing about a listed one. */
    boolean late() {
      return status.equals("TIMED_OUT");
    }

    boolean alive() {
      return switch (status) {
        case "SURVIVED", "NO_COVERAGE" -> true;
        case "KILLED", "TIMED_OUT", "MEMORY_ERROR", "RUN_ERROR", "NON_VIABLE" -> false;
        default -> throw new IllegalStateException(key + " was left " + status);
      };
    }
  }

  private static final String BASE = "io.tocsin.";

  private static String text(Element mutation, String tag) {
    return mutation.getElementsByTagName(tag).item(0).getTextContent();
  }

  /** Lambdas are told by the method they stand in: the compiler's numbers change with any other. */
  private static String method(Element mutation) {
    return text(mutation, "mutatedMethod").replaceFirst("^lambda\\$(.*)\\$\\d+$", "$1 (lambda)");
  }

  private static Mutant mutant(Element mutation) {
    String mutator = text(mutation, "mutator").replaceFirst(".*\\.", "").replaceFirst("(Mutator)?(_.*)?$", "");
    String type = text(mutation, "mutatedClass").substring(BASE.length());
    String did = text(mutation, "description").replaceAll("lambda\\$(\\w+)\\$\\d+", "lambda $1");
    return new Mutant(
        type + "." + method(mutation) + " | " + mutator + ": " + did,
        mutation.getAttribute("status"),
        Integer.parseInt(text(mutation, "lineNumber")));
  }

  private static List<Mutant> report(Path file) throws Exception {
    NodeList found =
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile()).getElementsByTagName("mutation");
    List<Mutant> inOrder =
        IntStream.range(0, found.getLength())
            .mapToObj(i -> mutant((Element) found.item(i)))
            .sorted(Comparator.comparingInt(Mutant::line))
            .toList();
    Map<String, Integer> alike = new HashMap<>();
    return inOrder.stream()
        .map(m -> new Mutant(m.key() + " | " + alike.merge(m.key(), 1, Integer::sum), m.status(), m.line()))
        .toList();
  }

  private static Map<String, String> justified(Path file, String pack) throws IOException {
    Map<String, String> reasons = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      int last = line.lastIndexOf(" | ");
      if (line.split(" \\| ").length != 4 || reasons.put(line.substring(0, last), line.substring(last + 3)) != null) {
        throw new IllegalStateException(file + ": expected four fields, once: " + line);
      }
    }
    reasons.keySet().removeIf(key -> !key.startsWith(pack + "."));
    return reasons;
  }

  public static void main(String[] args) throws Exception {
    List<Mutant> mutants = report(Path.of(args[1]));
    Map<String, String> justified = justified(Path.of(args[2]), args[0]);
    List<String> faults = new ArrayList<>();
    long alive = 0;
    for (Mutant mutant : mutants) {
      if (mutant.late()) {
        justified.remove(mutant.key());
      } else if (mutant.alive()) {
        alive++;
        if (justified.remove(mutant.key()) == null) {
          faults.add("lives (line " + mutant.line() + ", " + mutant.status() + "): " + mutant.key());
        }
      }
    }
    justified.keySet().forEach(key -> faults.add("is listed, but dead or gone: " + key));
    if (alive == mutants.size()) {
      faults.add("no mutant was killed: the tests did not run");
    }
    long timedOut = mutants.stream().filter(Mutant::late).count();
    System.out.printf(
        "%s: %,d mutants, %,d killed (%,d by time), %,d alive%n",
        args[0], mutants.size(), mutants.size() - alive, timedOut, alive);
    faults.forEach(System.err::println);
    System.exit(faults.isEmpty() ? 0 : 1);
  }
}
