package io.tocsin.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks the model of the certificate protocol, {@code model/Certificates.tla}, in every reachable
 * state with TLC; and that TLC finds the fault where one is put in. With {@code -Dmodel=long} the
 * towns are larger.
 */
final class CertificateModelIT {
  private static final String SAFE =
      "INVARIANTS TypeOK NoFalseCertificate HonestNeverContradicts SomeoneHonestSaw";
  private static final String LIVE = "PROPERTY TrueClaimIsCertified";
  private static final String HOLDS = "No error has been found";

  @TempDir private Path folder = Path.of("");

  /**
   * One run.
   *
   * @param faulty how many of the members lie
   * @param verdict what TLC must say
   */
  private record Run(
      String name, int members, int faulty, Town town, String checked, String verdict) {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * What surrounds the members.
   *
   * @param quorum the share that a quorum exceeds, as numerator and denominator
   */
  private record Town(boolean truth, int epochs, String quorum, boolean durable) {
    static final Town FALSE = new Town(false, 2, "2/3", true);
    static final Town TRUE = new Town(true, 2, "2/3", true);

    Town steady() {
      return new Town(truth, 1, quorum, durable);
    }
  }

  static Stream<Run> runs() {
    Stream<Run> all =
        Stream.of(
            new Run("no false certificate in a town of 4", 4, 1, Town.FALSE, SAFE, HOLDS),
            new Run("no contradiction over a rotation of 4", 4, 1, Town.TRUE, SAFE, HOLDS),
            new Run("no false certificate in a town of 7", 7, 2, Town.FALSE.steady(), SAFE, HOLDS),
            new Run("4 members certify what is true", 4, 1, Town.TRUE.steady(), LIVE, HOLDS),
            new Run("7 members certify what is true", 7, 2, Town.TRUE.steady(), LIVE, HOLDS),
            new Run(
                "a quorum of a third would be fooled",
                4,
                2,
                new Town(false, 1, "1/3", true),
                SAFE,
                "Invariant NoFalseCertificate is violated"),
            new Run(
                "a member that forgets would contradict itself",
                4,
                1,
                new Town(true, 2, "2/3", false),
                SAFE,
                "Invariant HonestNeverContradicts is violated"),
            new Run(
                "a silent third stops the town",
                6,
                2,
                Town.TRUE.steady(),
                LIVE,
                "Temporal properties were violated"));
    return "long".equals(System.getProperty("model"))
        ? Stream.concat(
            all,
            Stream.of(
                new Run(
                    "no false certificate in a town of 10",
                    10,
                    3,
                    Town.FALSE.steady(),
                    SAFE,
                    HOLDS),
                new Run("no contradiction over a rotation of 5", 5, 1, Town.TRUE, SAFE, HOLDS)))
        : all;
  }

  @ParameterizedTest
  @MethodSource("runs")
  void inEveryReachableState(Run run) throws IOException, InterruptedException {
    try (InputStream model =
        CertificateModelIT.class.getResourceAsStream("/model/Certificates.tla")) {
      assertThat(model).isNotNull();
      Files.copy(model, folder.resolve("Certificates.tla"));
    }
    Files.writeString(folder.resolve("Certificates.cfg"), configuration(run));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "tlc2.TLC",
                "-workers",
                "2",
                "-deadlock",
                "-config",
                "Certificates.cfg",
                "Certificates.tla")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = Bytes.of(process.getInputStream().readAllBytes()).toUtf8();
    int _ = process.waitFor();
    assertThat(said).contains(run.verdict());
  }

  private static String configuration(Run run) {
    List<String> names =
        Stream.iterate('a', c -> (char) (c + 1)).limit(run.members()).map(String::valueOf).toList();
    String[] quorum = run.town().quorum().split("/", 2);
    return """
    CONSTANTS
      Members = {%s}
      Faulty = {%s}
      Observer = a
      Truth = %s
      LastEpoch = %d
      Numerator = %s
      Denominator = %s
      Durable = %s
    SPECIFICATION %s
    %s
    """
        .formatted(
            String.join(",", names),
            String.join(",", names.subList(run.members() - run.faulty(), run.members())),
            word(run.town().truth()),
            run.town().epochs(),
            quorum[0],
            quorum[1],
            word(run.town().durable()),
            run.checked().equals(LIVE) ? "LiveSpec" : "Spec",
            run.checked());
  }

  private static String word(boolean value) {
    return Boolean.toString(value).toUpperCase(Locale.ROOT);
  }
}
