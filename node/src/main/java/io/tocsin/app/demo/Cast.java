package io.tocsin.app.demo;

import java.util.List;
import java.util.Locale;

/**
 * A member of the demonstration's town.
 *
 * @param operator who runs the node
 */
record Cast(String name, String operator) {
  /** The owners of the three lenders, a watcher, and the one who lies in acts three and four. */
  static final List<Cast> ALL =
      List.of(
          new Cast("Alder", "Alder Labs"),
          new Cast("Birch", "Birch DAO"),
          new Cast("Cedar", "Cedar Finance"),
          new Cast("Dogwood", "Dogwood Watch"),
          new Cast("Elm", "Elm Capital"));

  /** The name of its folder. */
  String file() {
    return name.toLowerCase(Locale.ROOT);
  }
}
