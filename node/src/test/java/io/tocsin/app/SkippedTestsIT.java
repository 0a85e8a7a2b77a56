package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check at the end of the build that no test was skipped. */
final class SkippedTestsIT {
  @TempDir private Path target;
  private String said = "";

  private int check() throws IOException, InterruptedException {
    Path checkout = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(checkout.resolve("build/no-skipped"))) {
      checkout = Objects.requireNonNull(checkout.getParent(), "no checkout above here");
    }
    Process process =
        new ProcessBuilder(checkout.resolve("build/no-skipped").toString(), target.toString())
            .redirectErrorStream(true)
            .start();
    said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor();
  }

  private void report(String runner, String suite, int skipped, String body) throws IOException {
    Path directory = Files.createDirectories(target.resolve(runner));
    Files.writeString(
        directory.resolve("TEST-" + suite + ".xml"),
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuite version="3.0.2" name="%s" tests="2" errors="0" skipped="%d" failures="0">
          <testcase name="runs" classname="%s" time="0.1"/>
          %s
        </testsuite>
        """
            .formatted(suite, skipped, suite, body));
  }

  @Test
  void acceptsABuildWithoutSkippedTests() throws Exception {
    assertThat(check()).isZero();
    report("surefire-reports", "io.tocsin.OneTest", 0, "");
    report(
        "failsafe-reports",
        "io.tocsin.TwoIT",
        0,
        "<system-out><![CDATA[<skipped message=\"only printed\"/>]]></system-out>");
    assertThat(check()).as(said).isZero();
    assertThat(said).isEmpty();
  }

  @Test
  void namesEachSkippedTestOfEitherRunner() throws Exception {
    String body =
        """
        <testcase name="sleeps" classname="x" time="0">
            <skipped message="later"/>
          </testcase>\
        """;
    report("failsafe-reports", "io.tocsin.TwoIT", 1, body);
    assertThat(check()).isEqualTo(1);
    assertThat(said).contains("io.tocsin.TwoIT.sleeps").doesNotContain(".runs");
    Files.delete(target.resolve("failsafe-reports/TEST-io.tocsin.TwoIT.xml"));
    report("surefire-reports", "io.tocsin.OneTest", 1, body);
    assertThat(check()).isEqualTo(1);
    assertThat(said).contains("io.tocsin.OneTest.sleeps").contains("skipped test fails the build");
  }
}
