package io.tocsin.adapter.files;

import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which attacks are the same bug: a table with {@code family} and {@code tx}, oldest first. */
public final class FamilyTable {
  private FamilyTable() {}

  /**
   * The transactions of each family, in the order of the table.
   *
   * @throws MalformedException naming table, line and column
   */
  public static Map<String, List<Hash32>> parse(String name, byte[] content)
      throws MalformedException {
    Map<String, List<Hash32>> families = new LinkedHashMap<>();
    for (CsvTable.Row row : CsvTable.parse(name, content).rows()) {
      String family = row.get("family").orElse("");
      if (!family.matches("[a-z0-9-]{1,64}")) {
        throw new MalformedException(
            name + ", line " + row.line() + ", column family: expected a name like pair-skim");
      }
      try {
        families
            .computeIfAbsent(family, _ -> new ArrayList<>())
            .add(Hash32.parse(row.get("tx").orElse("")));
      } catch (MalformedException e) {
        throw new MalformedException(
            name + ", line " + row.line() + ", column tx: " + e.getMessage(), e);
      }
    }
    if (families.isEmpty()) {
      throw new MalformedException(name + ": expected columns family and tx, found no family");
    }
    return Collections.unmodifiableMap(families);
  }
}
