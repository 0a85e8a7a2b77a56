package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CorpusRunTest {
  @TempDir private Path scratch = Path.of(".");

  private void trace(String name) throws IOException {
    Path folder = Files.createDirectories(scratch.resolve("benign"));
    Files.writeString(
        folder.resolve(name),
        """
        {"type":"CALL","from":"0x00000000000000000000000000000000000000aa",
         "to":"0x00000000000000000000000000000000000000bb","input":"0x"}
        """);
  }

  @Test
  void workThatFailsOnATransactionIsAFailureAndTheRestGoesOn()
      throws IOException, InterruptedException {
    trace("1.json");
    trace("2.json");

    CorpusRun<String> run =
        CorpusRun.of(
            scratch,
            labelled -> {
              if (labelled.label().file().endsWith("1.json")) {
                throw new IllegalStateException("out of range");
              }
              return labelled.label().file();
            },
            new Output(),
            "testing");

    assertThat(run.results()).containsExactly("benign/2.json");
    assertThat(run.failures()).hasSize(1);
    assertThat(run.failures().getFirst())
        .startsWith("benign/1.json, 0x00")
        .endsWith("the scan failed: java.lang.IllegalStateException: out of range");
  }
}
