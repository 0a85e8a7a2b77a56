package io.tocsin.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.MalformedException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class CsvTableTest {
  private static CsvTable parse(String text) throws MalformedException {
    return CsvTable.parse("t.csv", text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsQuotedCellsWithCommasQuotesAndNewlines() throws MalformedException {
    CsvTable table = parse("tx,Name,type\r\n1,\"a, \"\"b\"\"\nc\",x\r\n\r\n2,,\n3,plain");

    assertThat(table.rows()).hasSize(3);
    assertThat(table.rows().get(0).get("name")).hasValue("a, \"b\"\nc");
    assertThat(table.rows().get(0).get("type")).hasValue("x");
    assertThat(table.rows().get(1).get("name")).isEmpty();
    assertThat(table.rows().get(2).get("name")).hasValue("plain");
    assertThat(table.rows().get(2).get("type")).isEmpty();
    assertThat(table.rows().get(2).get("no such column")).isEmpty();
    assertThat(table.rows()).map(CsvTable.Row::line).containsExactly(2, 5, 6);
  }

  @Test
  void nothingIsATableWithoutRows() throws MalformedException {
    assertThat(parse("").rows()).isEmpty();
    assertThat(parse("tx,chain\n").rows()).isEmpty();
  }

  @Test
  void refusesWhatIsNoTableWithItsLine() {
    assertThatThrownBy(() -> parse("a,b\n1,2\n1,2,3"))
        .hasMessage("t.csv, line 3: the row has 3 cells, but the header names 2");
    assertThatThrownBy(() -> parse("a\n\"open\nand on"))
        .hasMessageStartingWith("t.csv: ")
        .hasMessageContaining("line 2")
        .hasMessageContaining("EOF reached before encapsulated token finished");
    assertThatThrownBy(() -> parse("a\n\"x\"y"))
        .hasMessageStartingWith("t.csv: ")
        .hasMessageContaining("line: 2");
    assertThatThrownBy(() -> CsvTable.parse("t.csv", new byte[] {(byte) 0xff}))
        .hasMessage("t.csv: expected UTF-8 text");
  }
}
