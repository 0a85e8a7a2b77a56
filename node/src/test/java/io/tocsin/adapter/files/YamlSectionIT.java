package io.tocsin.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.ChainId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class YamlSectionIT {
  @TempDir Path folder;
  private final List<Fault> faults = new ArrayList<>();

  private YamlSection read(String text) throws IOException {
    Path file = folder.resolve("node.yaml");
    Files.writeString(file, text);
    return YamlSection.read(file, faults).orElseThrow();
  }

  @Test
  void readsValuesSectionsAndLists() throws IOException {
    YamlSection root =
        read(
            """
            name: alder
            chains:
              - id: eip155:1
                patience: 2s
            tags: [a, b]
            """);
    assertThat(root.required("name", Parsers::text)).contains("alder");
    assertThat(root.list("tags", Parsers::text)).containsExactly("a", "b");
    try (YamlSection chain = root.sections("chains").getFirst()) {
      assertThat(chain.required("id", Parsers::chain)).contains(ChainId.evm(1));
      assertThat(chain.value("patience", Parsers::duration)).contains(Duration.ofSeconds(2));
    }
    root.close();
    assertThat(faults).isEmpty();
  }

  @Test
  void reportsAllFaultsWithTheirPlaces() throws IOException {
    YamlSection root =
        read(
            """
            nmae: alder
            chains:
              - id: mainnet
            port: 70000
            """);
    root.required("name", Parsers::text);
    try (YamlSection chain = root.sections("chains").getFirst()) {
      chain.required("id", Parsers::chain);
    }
    root.value("port", Parsers.whole(0, 65_535));
    root.close();
    assertThat(
            faults.stream().map(Fault::toString).map(s -> s.substring(folder.toString().length())))
        .hasSize(4)
        .anyMatch(s -> s.startsWith("/node.yaml:1:1: name: is missing"))
        .anyMatch(s -> s.startsWith("/node.yaml:3:9: chains[0].id: expected a CAIP-2 chain"))
        .anyMatch(s -> s.startsWith("/node.yaml:4:7: port: expected a number from 0 to 65535"))
        .anyMatch(s -> s.startsWith("/node.yaml:1:7: nmae: unknown key"));
  }

  @Test
  void refusesDuplicateKeysAndBrokenYaml() throws IOException {
    read("a: 1\na: 2\n");
    assertThat(faults.toString()).contains("a: given twice");
    faults.clear();
    Path file = folder.resolve("broken.yaml");
    Files.writeString(file, "a: [1, 2\nb: 3\n");
    assertThat(YamlSection.read(file, faults)).isEmpty();
    assertThat(faults.toString()).contains("broken.yaml:2").contains("not valid YAML");
  }

  @Test
  void aMissingFileIsAFault() {
    assertThat(YamlSection.read(folder.resolve("none.yaml"), faults)).isEmpty();
    assertThat(faults.toString()).contains("there is no such file");
  }
}
