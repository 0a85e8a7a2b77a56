package io.tocsin.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Hash32;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.ChainEvent.HeadAdvanced;
import io.tocsin.chain.ChainEvent.Trouble;
import io.tocsin.chain.ChainEvent.TroubleKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EventQueueTest {
  private final EventQueue queue = new EventQueue(2);

  private static HeadAdvanced head(long number) {
    return new HeadAdvanced(Dev.CHAIN, new BlockRef(number, Hash32.ZERO, Instant.EPOCH));
  }

  private static Trouble trouble(String endpoint, TroubleKind kind, String detail) {
    return new Trouble(Dev.CHAIN, endpoint, kind, detail);
  }

  private List<ChainEvent> take(int count) throws InterruptedException {
    List<ChainEvent> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.add(queue.take());
    }
    return taken;
  }

  @Test
  void anAlarmFindsRoomInAFullQueueAndOvertakesEvents() throws Exception {
    queue.put(head(1));
    queue.put(head(2));
    assertThat(queue.offer(head(3))).isFalse();
    Trouble alarm = trouble("a", TroubleKind.SILENT, "no head");
    queue.alarm(alarm);
    assertThat(take(3)).containsExactly(alarm, head(1), head(2));
  }

  @Test
  void manyAlarmsAreBoundedAndTheLastOnesKeepTheirOrder() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      queue.alarm(trouble("a", TroubleKind.UNREACHABLE, "loss " + i));
      queue.alarm(trouble("a", TroubleKind.RECOVERED, "return " + i));
    }
    queue.alarm(trouble("b", TroubleKind.UNREACHABLE, "too"));
    queue.alarm(trouble("a", TroubleKind.UNREACHABLE, "the last"));
    queue.put(head(1));
    List<ChainEvent> taken = new ArrayList<>();
    while (taken.isEmpty() || taken.getLast() instanceof Trouble) {
      taken.add(queue.take());
    }
    assertThat(taken)
        .hasSizeLessThan(70)
        .endsWith(
            trouble("a", TroubleKind.RECOVERED, "return 999"),
            trouble("b", TroubleKind.UNREACHABLE, "too"),
            trouble("a", TroubleKind.UNREACHABLE, "the last"),
            head(1));
  }

  @Test
  void aMinedEventWaitsForRoom() throws Exception {
    queue.put(head(1));
    queue.put(head(2));
    Thread writer =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    queue.put(head(3));
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    assertThat(take(3)).containsExactly(head(1), head(2), head(3));
    writer.join();
  }
}
