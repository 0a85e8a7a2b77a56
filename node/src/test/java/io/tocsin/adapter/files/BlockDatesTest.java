package io.tocsin.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;

final class BlockDatesTest {
  @Test
  void datesBlocksOfEthereumByTheirNumber() {
    assertThat(BlockDates.of("ethereum", "16308190")).hasValue(LocalDate.of(2023, 1, 1));
    assertThat(BlockDates.of("ethereum", "16308189").orElseThrow().getYear()).isEqualTo(2022);
    // The merge: block 15537394 of 15 September 2022.
    assertThat(BlockDates.of("ethereum", "15537394").orElseThrow())
        .isBetween(LocalDate.of(2022, 8, 25), LocalDate.of(2022, 10, 6));
  }

  @Test
  void saysNothingOfOtherChainsNamesAndLaterBlocks() {
    assertThat(BlockDates.of("bsc", "16308190")).isEmpty();
    assertThat(BlockDates.of("ethereum", "block-7")).isEmpty();
    assertThat(BlockDates.of("ethereum", "0")).isEmpty();
    assertThat(BlockDates.of("ethereum", "999999999")).isEmpty();
  }
}
