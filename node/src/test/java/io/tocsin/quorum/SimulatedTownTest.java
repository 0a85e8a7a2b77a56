package io.tocsin.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Many towns, each from its seed. {@code -Dtown.seeds=N} lives through more of them, {@code
 * -Dtown.seed=S} through one again.
 */
final class SimulatedTownTest {
  private static final int SEEDS = Integer.getInteger("town.seeds", 60);

  @Test
  void belowOneThirdNothingFalseIsCertifiedAndEverythingTrueIs() {
    Long one = Long.getLong("town.seed");
    LongStream seeds = one == null ? LongStream.range(0, SEEDS) : LongStream.of(one);
    seeds.parallel().forEach(SimulatedTownTest::live);
  }

  /** The check can fail: what holds below a third does not hold beyond it. */
  @Test
  void halfTheTownLyingStopsWhatIsTrue() {
    List<String> broken =
        LongStream.range(0, 6)
            .mapToObj(seed -> new SimulatedTown(seed, 4, 2))
            .peek(SimulatedTown::live)
            .flatMap(town -> town.broken().stream())
            .toList();
    assertThat(broken).anySatisfy(fault -> assertThat(fault).contains("lacks the certificate"));
  }

  private static void live(long seed) {
    SimulatedTown town = new SimulatedTown(seed);
    town.live();
    List<String> broken = town.broken();
    assertThat(broken)
        .as("seed %d (%s); again: -Dtown.seed=%d", seed, town.describe(), seed)
        .isEmpty();
  }
}
