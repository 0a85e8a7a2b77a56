package io.tocsin.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Bytes;
import io.tocsin.base.Metrics;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OutboxTest {
  private final Samples town = new Samples(3, 1);
  private final MemoryEnvelopeStore store = new MemoryEnvelopeStore();
  private final List<Long> sent = new ArrayList<>();
  private final Outbox outbox = new Outbox(door(), store, round -> sent.add(sequence(round)));

  private Admission door() {
    Admission door =
        new Admission(
            GossipConfig.DEFAULT,
            town.membership(0),
            store,
            new HandClock(),
            new GossipLog(Metrics.NONE));
    door.subscribe(Samples.TALK, _ -> {});
    return door;
  }

  private static long sequence(Round round) {
    return round.kept().getFirst().envelope().sequence();
  }

  private void post(String text) {
    outbox.post(Samples.TALK, Bytes.utf8(text));
  }

  private void publish(String text) {
    outbox.publish(Samples.TALK, Bytes.utf8(text));
  }

  @Test
  void whatIsPostedLeavesWhenItIsOnTheDisk() {
    store.hold();
    post("one");
    post("two");
    assertThat(store.height(town.account(0))).as("it has its place in the order").isEqualTo(2);
    assertThat(sent).isEmpty();
    store.sync();
    assertThat(sent).containsExactly(1L, 2L);
  }

  @Test
  void whoWaitsTakesAlongWhatWasPostedBefore() {
    store.hold();
    post("one");
    publish("two");
    assertThat(sent).containsExactly(1L, 2L);
    post("three");
    assertThat(sent).hasSize(2);
    store.sync();
    assertThat(sent).as("each once").containsExactly(1L, 2L, 3L);
  }

  @Test
  void whatTheDiskLosesNeverLeaves() {
    store.hold();
    post("one");
    store.lose();
    assertThatThrownBy(() -> publish("two")).hasMessageContaining("the disk lost it");
    store.sync();
    post("three");
    assertThatThrownBy(() -> publish("four")).hasMessageContaining("the disk lost it");
    assertThat(sent).isEmpty();
  }

  @Test
  void whatIsNotLetInHasNoPlaceInTheOrder() {
    assertThatThrownBy(() -> publish("x".repeat(1_001))).hasMessageContaining("1001 bytes");
    store.broken(true);
    assertThatThrownBy(() -> publish("lost")).hasMessageContaining("was not admitted");
    store.broken(false);
    publish("one");
    assertThat(sent).containsExactly(1L);
  }
}
