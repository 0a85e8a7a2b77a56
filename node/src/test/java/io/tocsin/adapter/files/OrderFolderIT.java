package io.tocsin.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Metrics;
import io.tocsin.respond.Order;
import io.tocsin.respond.OrderBook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OrderFolderIT {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final AccountId GUARDIAN =
      new AccountId(ChainId.evm(1), Address.hex("0x" + "11".repeat(20)));
  private static final Hash32 MANDATE = Hash32.hex("0x" + "22".repeat(32));

  @TempDir private Path folder = Path.of("");

  private OrderFolder orders() {
    return new OrderFolder(folder, Metrics.NONE);
  }

  @Test
  void givesEveryKindBackInTheOrderGivenUntilItIsDone() throws IOException {
    List<Order> all =
        List.of(
            new Order.Hold(GUARDIAN, MANDATE, "a migration"),
            new Order.LetGo(GUARDIAN, MANDATE),
            new Order.Approve(MANDATE));
    for (int i = 0; i < all.size(); i++) {
      Path file = OrderFolder.give(folder, all.get(i), NOW.plusSeconds(i));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
    List<OrderBook.Given> given = orders().given();
    assertThat(given).extracting(OrderBook.Given::order).isEqualTo(all);
    orders().done(given.getFirst());
    orders().done(given.getFirst());
    assertThat(orders().given()).extracting(OrderBook.Given::order).isEqualTo(all.subList(1, 3));
  }

  @Test
  void twoGivenAtTheSameMomentAreBothKept() throws IOException {
    Path first = OrderFolder.give(folder, new Order.Approve(MANDATE), NOW);
    Path second = OrderFolder.give(folder, new Order.LetGo(GUARDIAN, MANDATE), NOW);
    assertThat(first).isNotEqualTo(second);
    assertThat(orders().given()).hasSize(2);
  }

  @Test
  void setsAsideWhatIsNoOrderAndTakesTheRest() throws IOException {
    Files.writeString(folder.resolve("1.json"), "{\"order\":\"unpause\",\"guardian\":1}");
    Files.writeString(folder.resolve("2.json"), "{\"order\":");
    Files.writeString(
        folder.resolve("3.json"),
        "{\"order\":\"approve\",\"permit\":\"" + MANDATE + "\",\"extra\":1}");
    Files.writeString(folder.resolve("4.json"), " ".repeat(5_000));
    Files.writeString(folder.resolve("note.txt"), "hello");
    Path _ = OrderFolder.give(folder, new Order.Approve(MANDATE), NOW);
    assertThat(orders().given())
        .extracting(OrderBook.Given::order)
        .containsExactly(new Order.Approve(MANDATE));
    assertThat(folder.resolve("1.json.refused")).exists();
    assertThat(folder.resolve("4.json.refused")).exists();
    assertThat(folder.resolve("note.txt")).exists();
  }

  @Test
  void aFolderThatIsNotThereHoldsNoOrders() {
    assertThat(new OrderFolder(folder.resolve("none"), Metrics.NONE).given()).isEmpty();
  }
}
