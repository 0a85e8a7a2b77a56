package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.Keccak;
import io.tocsin.pipeline.Observer;
import io.tocsin.pipeline.Stage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ChronicleTest {
  private static final ChainId ONE = ChainId.evm(1);
  private static final Hash32 TX = Keccak.hashUtf8("tx");

  private final Chronicle chronicle = new Chronicle();
  private final Observer birch = chronicle.observer("Birch");

  @Test
  void tellsTheStagesOfOneTransactionInOrderOfTime() {
    birch.stage(Stage.SIMULATED, ONE, TX, Duration.ofMillis(5));
    birch.stage(Stage.ATTESTED, ONE, TX, Duration.ofMillis(9));
    birch.stage(Stage.ATTESTED, ONE, Hash32.ZERO, Duration.ZERO);
    assertThat(chronicle.about(TX))
        .extracting(Moment::stage)
        .containsExactly(Stage.SEEN, Stage.SIMULATED, Stage.ATTESTED);
  }

  @Test
  void datesTheFirstSightBackByItsAge() {
    long before = System.nanoTime();
    birch.stage(Stage.SEEN, ONE, TX, Duration.ZERO);
    birch.stage(Stage.SIMULATED, ONE, TX, Duration.ofHours(1));
    assertThat(chronicle.about(TX).getFirst())
        .satisfies(seen -> assertThat(seen.nanos()).isLessThan(before));
  }

  @Test
  void leavesPausesToTheBlockBuilder() {
    birch.stage(Stage.SENT, ONE, TX, Duration.ofMillis(5));
    birch.stage(Stage.INCLUDED, ONE, TX, Duration.ofMillis(5));
    assertThat(chronicle.about(TX)).isEmpty();
  }

  @Test
  void waitsNoLongerThanItsPatience() throws InterruptedException {
    assertThat(chronicle.await(c -> !c.about(TX).isEmpty(), Duration.ZERO)).isFalse();
    birch.stage(Stage.DETECTED, ONE, TX, Duration.ZERO);
    assertThat(chronicle.await(c -> !c.about(TX).isEmpty(), Duration.ZERO)).isTrue();
  }
}
