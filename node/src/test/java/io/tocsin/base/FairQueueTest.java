package io.tocsin.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FairQueueTest {
  private final FairQueue<String, String> queue =
      new FairQueue<>(new FairQueue.Bounds(8, 1_000), String::length);

  private List<String> all() throws InterruptedException {
    List<String> items = new ArrayList<>();
    for (Optional<String> next = queue.poll(Duration.ZERO);
        next.isPresent();
        next = queue.poll(Duration.ZERO)) {
      items.add(next.get());
    }
    return items;
  }

  @Test
  void lanesTakeTurnsAndKeepTheirOrder() throws InterruptedException {
    for (String item : List.of("a1", "a2", "a3")) {
      assertThat(queue.offer("a", item)).isTrue();
    }
    assertThat(queue.offer("b", "b1")).isTrue();
    assertThat(queue.offer("b", "b2")).isTrue();
    assertThat(all()).containsExactly("a1", "b1", "a2", "b2", "a3");
    assertThat(queue.size()).isZero();
  }

  @Test
  void oneLaneAloneGetsHalfAndAnotherAlwaysFindsRoom() {
    int taken = 0;
    while (queue.offer("liar", "x")) {
      taken++;
    }
    assertThat(taken).isEqualTo(4);
    assertThat(queue.offer("honest", "fire")).isTrue();
    assertThat(queue.offer("liar", "x")).isFalse();
  }

  @Test
  void sizeIsSharedLikeItems() throws InterruptedException {
    assertThat(queue.offer("liar", "x".repeat(501))).as("501 of 1,000 is free").isTrue();
    assertThat(queue.offer("liar", "x")).as("more than is left free").isFalse();
    assertThat(queue.offer("honest", "x".repeat(499))).isTrue();
    assertThat(queue.offer("third", "x")).as("full").isFalse();
    assertThat(all()).hasSize(2);
    assertThat(queue.offer("third", "x")).isTrue();
  }
}
