package io.tocsin.app.demo;

import io.tocsin.app.demo.ActResult.Losses;
import io.tocsin.app.demo.ActResult.Scene;
import io.tocsin.app.demo.ActResult.Story;
import java.util.List;
import java.util.Optional;

/** One act of the demonstration. */
interface Act {
  /** Which. */
  Scene scene();

  /**
   * Plays it.
   *
   * @throws Failed if it cannot go on
   */
  ActResult play() throws InterruptedException;

  /** The act cannot go on: something that it needs did not happen. */
  final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failed(String sentence) {
      super(sentence);
    }
  }

  /** How {@code act} ends; one that cannot go on has ended badly, which is a result too. */
  static ActResult ended(Act act, Screen screen) throws InterruptedException {
    try {
      return act.play();
    } catch (Failed e) {
      String reason = String.valueOf(e.getMessage());
      screen.verdict(false, "the act ended badly: " + reason);
      screen.gap();
      return new ActResult(
          act.scene(),
          new Story(0, List.of()),
          Losses.NONE,
          Optional.empty(),
          List.of(),
          Optional.of(reason));
    }
  }
}
