package io.tocsin.adapter.files;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * On which day a block of Ethereum was made: exact at the turn of each year, and in between as if
 * blocks came evenly, which is right to a few weeks.
 */
final class BlockDates {
  /** The first block of each year. */
  private static final TreeMap<Long, LocalDate> FIRST =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(1L, LocalDate.of(2015, 7, 30)),
              Map.entry(778_483L, LocalDate.of(2016, 1, 1)),
              Map.entry(2_912_407L, LocalDate.of(2017, 1, 1)),
              Map.entry(4_832_686L, LocalDate.of(2018, 1, 1)),
              Map.entry(6_988_615L, LocalDate.of(2019, 1, 1)),
              Map.entry(9_193_266L, LocalDate.of(2020, 1, 1)),
              Map.entry(11_565_019L, LocalDate.of(2021, 1, 1)),
              Map.entry(13_916_166L, LocalDate.of(2022, 1, 1)),
              Map.entry(16_308_190L, LocalDate.of(2023, 1, 1)),
              Map.entry(18_908_895L, LocalDate.of(2024, 1, 1)),
              Map.entry(21_525_891L, LocalDate.of(2025, 1, 1))));

  private BlockDates() {}

  /** The day of the block whose number is {@code name}, if it is one of Ethereum's up to 2024. */
  static Optional<LocalDate> of(String chain, String name) {
    if (!chain.equals("ethereum") || !name.matches("[0-9]{1,9}")) {
      return Optional.empty();
    }
    long number = Long.parseLong(name);
    Map.Entry<Long, LocalDate> from = FIRST.floorEntry(number);
    Map.Entry<Long, LocalDate> to = FIRST.higherEntry(number);
    if (from == null || to == null) {
      return Optional.empty();
    }
    double part = (number - from.getKey()) / (double) (to.getKey() - from.getKey());
    long days = ChronoUnit.DAYS.between(from.getValue(), to.getValue());
    return Optional.of(from.getValue().plusDays((long) (part * days)));
  }
}
