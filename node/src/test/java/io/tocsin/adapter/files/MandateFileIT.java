package io.tocsin.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.adapter.files.MandateFile.Loaded;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.MalformedException;
import io.tocsin.exposure.Interest.DerivedTerms;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Judgement.Mode;
import io.tocsin.policy.Judgement.UnknownRisk;
import io.tocsin.policy.Mandate;
import io.tocsin.policy.Protection;
import io.tocsin.policy.WorstCase;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MandateFileIT {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path folder;
  private String example = "";

  /** The page's own example is what is tested, so that it always loads. */
  @BeforeAll
  void readExample() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "mandates.md"));
    int from = page.indexOf("```yaml\n") + 8;
    example = page.substring(from, page.indexOf("```", from));
  }

  private Loaded load(String text) throws IOException {
    Path file = folder.resolve("birch.yaml");
    Files.writeString(file, text);
    return MandateFile.load(file, NOW);
  }

  private Loaded changed(String from, String to) throws IOException {
    assertThat(example).contains(from);
    return load(example.replace(from, to));
  }

  private static void assertFault(Loaded loaded, String field, String problem) {
    assertThat(loaded.protections()).isEmpty();
    assertThat(loaded.faults())
        .anySatisfy(
            fault -> {
              assertThat(fault.field()).isEqualTo(field);
              assertThat(fault.problem()).contains(problem);
              assertThat(fault.line()).isPositive();
              assertThat(fault.column()).isPositive();
            });
  }

  private Protection protection() throws IOException {
    Loaded loaded = load(example);
    assertThat(loaded.faults()).isEmpty();
    return loaded.protections().getFirst();
  }

  @Test
  void readsTheExampleOfThePage() throws IOException {
    Protection birch = protection();
    assertThat(birch.interest().name()).isEqualTo("Birch");
    assertThat(birch.sourceChains()).containsExactly(ChainId.evm(1));
    assertThat(birch.guard().pausedCap()).isEqualTo(Duration.ofDays(3));
    assertThat(birch.interest().terms().minimumAge()).isEqualTo(DerivedTerms.MINIMUM_AGE);
    assertThat(birch.interest().terms().floors().values())
        .containsExactly(BigInteger.valueOf(50_000_000_000L));
    assertThat(birch.mandates().stream().map(Mandate::budgetClass))
        .containsExactly(
            BudgetClass.DIRECT,
            BudgetClass.DERIVED,
            BudgetClass.PENDING,
            BudgetClass.LOCAL,
            BudgetClass.LOCAL);
    assertThat(birch.valuation().assets()).hasSize(2);
    Mandate direct = birch.mandates().getFirst();
    assertThat(direct.judgement().mode()).isEqualTo(Mode.SHADOW);
    assertThat(direct.limits().maxAge()).isEqualTo(Duration.ofMinutes(30));
    assertThat(direct.lever().calls().call()).isEqualTo(Bytes.hex("0x8456cb59"));
    assertThat(direct.lever().calls().release()).isEqualTo(Bytes.hex("0x3f4ba83a"));
    assertThat(direct.lever().calls().probe().call()).isEqualTo(Bytes.hex("0x5c975abb"));
    assertThat(birch.mandates().get(1).judgement().condition()).isPresent();
    assertThat(birch.mandates().get(3).judgement().unknownRisk()).isEqualTo(UnknownRisk.ACT);
    assertThat(birch.mandates().get(3).limits().maxAge()).isEqualTo(Duration.ZERO);
  }

  @Test
  void saysTheWorstCaseOfTheExample() throws IOException {
    List<String> lines = WorstCase.of(List.of(protection())).lines();
    assertThat(lines.getFirst())
        .startsWith("If everyone else is malicious, Birch")
        .endsWith("can be paused for 3d in 30 days:");
    assertThat(lines).contains("  birch-derived (derived, shadow): at most 2 trips, 4h");
    assertThat(lines).noneMatch(line -> line.contains("warning"));
  }

  @Test
  void reportsAllFaultsTogetherInTheirPlaces() throws IOException {
    Loaded loaded =
        load(
            example
                .replace("uses: 3", "uses: 0")
                .replace("class: pending", "class: pendant")
                .replace("cooldown: 6h", "cooldwon: 6h"));
    assertThat(loaded.protections()).isEmpty();
    assertThat(loaded.faults().stream().map(Fault::field))
        .contains(
            "mandates[0].uses",
            "mandates[2].class",
            "mandates[1].cooldown",
            "mandates[1].cooldwon",
            "mandates[3].cooldwon");
    int line = 1 + (int) example.substring(0, example.indexOf("uses: 3")).lines().count();
    assertThat(loaded.faults())
        .filteredOn(f -> f.field().equals("mandates[0].uses"))
        .singleElement()
        .satisfies(f -> assertThat(f.line()).isBetween(line - 1, line));
  }

  @Test
  void refusesAConditionWithAFaultAndSaysWhere() throws IOException {
    assertFault(
        changed("own.lost_share >= 0.1", "own.lost_shares >= 0.1"),
        "mandates[1].when",
        "line 1, column");
    assertFault(changed("own.lost_share >= 0.1", "own.lost_share"), "mandates[1].when", "column");
  }

  @Test
  void refusesTestNetworksAndForeignGuardians() throws IOException {
    assertFault(
        changed("sourceChains: [eip155:1]", "sourceChains: [eip155:1, eip155:11155111]"),
        "sourceChains",
        "test network");
    assertFault(
        changed("sourceChains: [eip155:1]", "sourceChains: [eip155:10]"),
        "sourceChains",
        "must contain the contract's own chain");
    assertFault(
        changed(
            "  account: eip155:1:0x00000000000000000000000000000000000000b2",
            "  account: eip155:10:0x00000000000000000000000000000000000000b2"),
        "guardian",
        "another chain");
  }

  @Test
  void refusesBoundsThatTheGuardianContractRefuses() throws IOException {
    assertFault(changed("duration: 5m", "duration: 6m"), "mandates[2].duration", "25 blocks");
    assertFault(changed("duration: 5m", "duration: 11m"), "mandates[2].duration", "600s");
    assertFault(changed("duration: 24h", "duration: 8d"), "mandates[0].duration", "604800s");
    assertFault(changed("duration: 24h", "duration: 4d"), "mandates[0].duration", "pausedCap");
    assertFault(changed("duration: 2h", "duration: 2d"), "mandates[1].duration", "129600s");
    assertFault(changed("pausedCap: 72h", "pausedCap: 16d"), "guardian.pausedCap", "15d");
    assertFault(
        changed("    unknownRisk: act", "    maxAge: 5m"), "mandates[3].maxAge", "has none");
    assertFault(
        changed("2099-01-01T00:00:00Z", "2020-01-01T00:00:00Z"), "mandates[0].expiry", "passed");
  }

  @Test
  void refusesToActWithoutAnIdOnChain() throws IOException {
    assertFault(
        changed("    unknownRisk: act", "    mode: act"), "mandates[3].mode", "act needs the id");
    Loaded loaded =
        changed("    unknownRisk: act", "    mode: act\n    id: \"0x" + "ab".repeat(32) + "\"");
    assertThat(loaded.faults()).isEmpty();
  }

  @Test
  void refusesADerivedMandateWithoutSiblingsOrFloors() throws IOException {
    int from = example.indexOf("derived:  ");
    int to = example.indexOf("levers:");
    Loaded loaded = load(example.substring(0, from) + example.substring(to));
    assertFault(loaded, "mandates[1].class", "derived.siblings");
    assertFault(loaded, "mandates[1].class", "derived.floors");
  }

  @Test
  void refusesAHardLeverForDerivedAndLocal() throws IOException {
    String harder =
        """
          - name: hard
            target: 0x00000000000000000000000000000000000000b1
            call: setLevel(uint8 3)
            release: setLevel(uint8 0)
            rung: 2
            probe:
              call: paused()

        mandates:
        """;
    String two = example.replace("mandates:\n", harder);
    assertThat(
            load(two.replace("class: direct\n    lever: pause", "class: direct\n    lever: hard"))
                .faults())
        .isEmpty();
    assertFault(
        load(two.replace("class: derived\n    lever: pause", "class: derived\n    lever: hard")),
        "mandates[1].lever",
        "softest");
  }

  @Test
  void readsAFolderAndRefusesTwoOfOneName() throws IOException {
    Path two = Files.createDirectories(folder.resolve("two"));
    Files.writeString(two.resolve("a.yaml"), example);
    Files.writeString(two.resolve("b.yml"), example.replace("protocol: Birch", "protocol: Elm"));
    Files.writeString(two.resolve("notes.txt"), "not a mandate");
    assertThat(MandateFile.load(two, NOW).protections()).hasSize(2);
    Files.writeString(two.resolve("c.yaml"), example);
    assertThat(MandateFile.load(two, NOW).faults()).singleElement().asString().contains("a.yaml");
    assertThat(MandateFile.load(folder.resolve("absent.yaml"), NOW).faults())
        .singleElement()
        .asString()
        .contains("there is no such file");
  }

  @Test
  void writesCallsAsTheAbiDoes() throws MalformedException {
    assertThat(CallText.parse("setPoolPause(bool true)"))
        .isEqualTo(Bytes.hex("0x7641f3d9" + "0".repeat(63) + "1"));
    assertThat(CallText.parse("f(uint 1, int8 -1, bytes4 0x01020304)").toHex())
        .endsWith("0".repeat(63) + "1" + "f".repeat(64) + "01020304" + "0".repeat(56));
    assertThat(CallText.parse("0x8456cb59")).isEqualTo(CallText.parse("pause()"));
    for (String wrong :
        List.of(
            "pause",
            "0x01",
            "f(bool)",
            "f(bool maybe)",
            "f(string x)",
            "f(uint8 256)",
            "f(uint8 -1)",
            "f(bytes4 0x01)",
            "f(int8 128)",
            "f(uint7 1)")) {
      assertThatThrownBy(() -> CallText.parse(wrong))
          .as(wrong)
          .isInstanceOf(MalformedException.class);
    }
  }
}
