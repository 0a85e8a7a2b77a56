package io.tocsin.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.ChainId;
import io.tocsin.base.MalformedException;
import io.tocsin.detect.evaluate.Label;
import io.tocsin.detect.evaluate.Labelled;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CorpusFolderIT {
  private static final String FRAME =
      """
      {"type":"CALL","from":"0x00000000000000000000000000000000000000aa",
       "to":"0x00000000000000000000000000000000000000bb","input":"0x"}\
      """;

  @TempDir private Path folder = Path.of(".");

  private final List<Labelled> read = new ArrayList<>();
  private final List<String> unreadable = new ArrayList<>();

  private static String hash(int number) {
    return "0x" + "%064x".formatted(number);
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (OutputStream out =
        name.endsWith(".gz")
            ? new GZIPOutputStream(Files.newOutputStream(file))
            : Files.newOutputStream(file)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String entry(int number) {
    return "{\"tx\":\"" + hash(number) + "\",\"trace\":" + FRAME + "}";
  }

  private CorpusFolder readAll() throws IOException, MalformedException {
    CorpusFolder corpus = CorpusFolder.open(folder);
    for (CorpusFolder.Item item : corpus.items()) {
      corpus.read(
          item,
          new CorpusFolder.Sink() {
            @Override
            public void read(Labelled labelled) {
              read.add(labelled);
            }

            @Override
            public void unreadable(String what) {
              unreadable.add(what);
            }
          });
    }
    return corpus;
  }

  @Test
  void joinsTracesWithWhatTheTablesSay() throws IOException, MalformedException {
    write("exploits/bsc-" + hash(1) + ".json.gz", FRAME);
    write("benign/17000000.json.gz", "[" + entry(2) + "," + entry(3) + "]");
    write(
        "exploits.csv", "tx,chain,date,name,type\n" + hash(1) + ",bsc,2023-05-01,Bank,Logic Flaw");
    write("exploits-labels.csv", "tx,type_class\n" + hash(1) + ",logic");
    write("benign.csv", "block,chain\n17000000,ethereum");
    write("benign-labels.csv", "tx,lookalike\n" + hash(3) + ",flash loan arbitrage");

    CorpusFolder corpus = readAll();

    assertThat(corpus.notes()).isEmpty();
    assertThat(unreadable).isEmpty();
    Label attack = read.get(0).label();
    assertThat(attack.kind()).isEqualTo("logic");
    assertThat(attack.date()).hasValue(LocalDate.of(2023, 5, 1));
    assertThat(attack.name()).isEqualTo("Bank");
    assertThat(read.get(0).trace().chain()).isEqualTo(ChainId.evm(56));
    Label plain = read.get(1).label();
    assertThat(plain.benign()).isTrue();
    assertThat(plain.kind()).isEmpty();
    assertThat(plain.date().orElseThrow().getYear()).isEqualTo(2023);
    assertThat(read.get(2).label().kind()).isEqualTo("flash-loan-arbitrage");
    assertThat(read.get(2).label().file()).isEqualTo("benign/17000000.json.gz");
  }

  @Test
  void needsNoTableAndOnlyOneFolder() throws IOException, MalformedException {
    write("exploits/ethereum-" + hash(1) + ".json", FRAME);

    CorpusFolder corpus = readAll();

    assertThat(corpus.notes()).isEmpty();
    assertThat(read).hasSize(1);
    assertThat(read.getFirst().label().chain()).isEqualTo("ethereum");
    assertThat(read.getFirst().label().date()).isEmpty();
    assertThat(read.getFirst().trace().hasLogs()).isFalse();
  }

  @Test
  void tellsWhatCannotBeReadAndGoesOn() throws IOException, MalformedException {
    write(
        "benign/1.json.gz",
        "[" + entry(1) + ",{\"tx\":\"0x12\",\"trace\":" + FRAME + "}," + entry(2) + "]");
    write("benign/2.json.gz", "[" + entry(3) + ",{\"tx\":");
    write("benign/3.json", "[]");
    write("benign/4.json.gz", "[{\"tx\":\"" + hash(4) + "\",\"trace\":{\"type\":\"JUMP\"}}]");
    Files.writeString(folder.resolve("benign/5.json.gz"), "this is not packed");

    readAll();

    assertThat(read).map(l -> l.trace().tx().toString()).containsExactly(hash(1), hash(2), hash(3));
    assertThat(unreadable).hasSize(5);
    assertThat(unreadable.get(0)).startsWith("benign/1.json.gz, entry 2: ").contains("32 bytes");
    assertThat(unreadable.get(1)).startsWith("benign/2.json.gz, behind entry 1: not valid JSON");
    assertThat(unreadable.get(2)).isEqualTo("benign/3.json: holds no transaction");
    assertThat(unreadable.get(3)).startsWith("benign/4.json.gz, entry 1: call trace, type");
    assertThat(unreadable.get(4)).startsWith("benign/5.json.gz: ");
  }

  @Test
  void notesLabelsThatItDoesNotUnderstandOrThatNameNoTrace()
      throws IOException, MalformedException {
    write("exploits/ethereum-" + hash(1) + ".json", FRAME);
    write(
        "exploits.csv",
        "tx,date\n" + hash(1) + ",yesterday\nnonsense,2020-01-01\n" + hash(2) + ",2020-01-01");
    write("benign.csv", "chain\nethereum");

    CorpusFolder corpus = readAll();

    assertThat(corpus.notes())
        .containsExactly(
            "exploits.csv, line 2, column date: expected a date like 2024-04-26, found"
                + " \"yesterday\"",
            "exploits.csv, line 3, column tx: expected 0x-prefixed hex, found \"nonsense\"",
            "benign.csv, line 2, column block: expected the name of a file, found nothing",
            "attack " + hash(2) + " is in a table, and no file in exploits/ is named after it");
    assertThat(read.getFirst().label().date()).isEmpty();
  }

  @Test
  void refusesATableThatIsNone() throws IOException {
    write("exploits.csv", "tx\na,b");

    assertThatThrownBy(() -> CorpusFolder.open(folder))
        .isInstanceOf(MalformedException.class)
        .hasMessageStartingWith("exploits.csv, line 2");
  }

  @Test
  void readsASingleTreeAndRefusesAList() throws IOException, MalformedException {
    write("bsc-" + hash(7) + ".json.gz", FRAME);
    write("list.json", "[" + FRAME + "," + FRAME + "]");

    assertThat(CorpusFolder.single(folder.resolve("bsc-" + hash(7) + ".json.gz")).tx())
        .hasToString(hash(7));
    assertThatThrownBy(() -> CorpusFolder.single(folder.resolve("list.json")))
        .isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> CorpusFolder.single(folder.resolve("none.json")))
        .isInstanceOf(IOException.class);
  }
}
