package io.tocsin.app.demo;

import java.util.List;
import java.util.Locale;

/**
 * A member of the demonstration's town.
 *
 * @param operator who runs the node
 * @param weight in the roster
 */
record Cast(String name, String operator, long weight) {
  /** The owners of the three lenders, a watcher, and the one who lies in acts three and four. */
  static final List<Cast> ALL =
      List.of(
          new Cast("Alder", "Alder Labs", 1),
          new Cast("Birch", "Birch DAO", 1),
          new Cast("Cedar", "Cedar Finance", 1),
          new Cast("Dogwood", "Dogwood Watch", 1),
          new Cast("Elm", "Elm Capital", 1));

  /** The name of its folder. */
  String file() {
    return name.toLowerCase(Locale.ROOT);
  }
}
