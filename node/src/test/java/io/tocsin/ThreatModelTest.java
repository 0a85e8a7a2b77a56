package io.tocsin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The threat model names a test for every trust boundary, and each of them exists. */
final class ThreatModelTest {
  private static final Path PAGE = Path.of("..", "docs", "threat-model.md");
  private static final Path JAVA = Path.of("src", "test", "java");
  private static final Path SOLIDITY = Path.of("..", "contracts", "test");

  /** {@code SomeTest}, {@code SomeTest#method}, or {@code Some.t.sol#function}. */
  private static final Pattern NAMED =
      Pattern.compile("`([A-Z]\\w*(?:Test|IT)|[A-Z]\\w*\\.t\\.sol)(?:#(\\w+))?`");

  /** The lines of the table under the heading {@code Trust boundaries}, without its head. */
  private static List<String> boundaries() throws IOException {
    return Files.readAllLines(PAGE).stream()
        .dropWhile(line -> !line.equals("## Trust boundaries"))
        .skip(1)
        .takeWhile(line -> !line.startsWith("## "))
        .filter(line -> line.startsWith("| "))
        .skip(2)
        .toList();
  }

  private static Path fileOf(String type) throws IOException {
    Path root = type.endsWith(".t.sol") ? SOLIDITY : JAVA;
    String name = type.endsWith(".t.sol") ? type : type + ".java";
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.endsWith(name))
          .findAny()
          .orElseThrow(() -> new AssertionError("no test " + type));
    }
  }

  @Test
  void everyBoundaryHasPowersADefenceAndATest() throws IOException {
    assertThat(boundaries()).hasSizeGreaterThanOrEqualTo(20);
    for (String row : boundaries()) {
      String[] cells = row.split("\\|", -1);
      assertThat(cells).as(row).hasSize(6);
      assertThat(List.of(cells).subList(1, 5)).as(row).noneMatch(String::isBlank);
      assertThat(NAMED.matcher(cells[4]).find()).as("a test in " + row).isTrue();
    }
  }

  @Test
  void everyTestOnThePageExists() throws IOException {
    Matcher named = NAMED.matcher(Files.readString(PAGE));
    List<String> missing = new ArrayList<>();
    int found = 0;
    while (named.find()) {
      found++;
      String method = named.group(2);
      String source = Files.readString(fileOf(named.group(1)));
      if (method != null && !source.contains(" " + method + "(")) {
        missing.add(named.group());
      }
    }
    assertThat(found).isGreaterThan(50);
    assertThat(missing).isEmpty();
  }
}
