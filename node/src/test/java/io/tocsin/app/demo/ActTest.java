package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.app.demo.ActResult.Losses;
import io.tocsin.app.demo.ActResult.Scene;
import io.tocsin.app.demo.ActResult.Story;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class ActTest {
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final Screen screen =
      new Screen(new PrintStream(shown, true, StandardCharsets.UTF_8), false);

  private ActResult ended(Supplier<ActResult> play) throws InterruptedException {
    return Act.ended(
        new Act() {
          @Override
          public Scene scene() {
            return new Scene("forks", "Forks");
          }

          @Override
          public ActResult play() {
            return play.get();
          }
        },
        screen);
  }

  private static ActResult result(Optional<String> failure) {
    return new ActResult(
        new Scene("forks", "Forks"),
        new Story(0, List.of()),
        Losses.NONE,
        Optional.empty(),
        List.of(),
        failure);
  }

  @Test
  void anActThatCannotGoOnHasEndedBadlyAndSaysWhy() throws InterruptedException {
    ActResult good = ended(() -> result(Optional.empty()));
    ActResult bad =
        ended(
            () -> {
              throw new Act.Failed("the attack on Birch was never mined");
            });
    assertThat(good.asDescribed()).isTrue();
    assertThat(bad.asDescribed()).isFalse();
    assertThat(Demo.good(List.of(good, good))).isTrue();
    assertThat(Demo.good(List.of(good, bad))).isFalse();
    assertThat(shown.toString(StandardCharsets.UTF_8))
        .contains("the act ended badly: the attack on Birch was never mined");
    var acts = DemoReport.json(List.of(good, bad)).path("acts");
    assertThat(acts.path(0).has("failure")).isFalse();
    assertThat(acts.path(1).path("id").asString()).isEqualTo("forks");
    assertThat(acts.path(1).path("failure").asString())
        .isEqualTo("the attack on Birch was never mined");
  }

  @Test
  void anEndOtherThanDescribedSaysWhyToo() throws InterruptedException {
    ActResult bad = ended(() -> result(Optional.of("expected Birch and Cedar paused and whole")));
    assertThat(Demo.good(List.of(bad))).isFalse();
    assertThat(bad.json().path("failure").asString()).contains("expected Birch");
  }

  @Test
  void whatIsNotTheActsOwnFailureIsNoResult() {
    assertThatThrownBy(
            () ->
                ended(
                    () -> {
                      throw new IllegalStateException("anvil died");
                    }))
        .hasMessage("anvil died");
  }
}
