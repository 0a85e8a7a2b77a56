package io.tocsin.adapter.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Envelope;
import io.tocsin.gossip.EnvelopeStore;
import io.tocsin.gossip.Equivocation;
import io.tocsin.gossip.Samples;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteEnvelopeStoreIT {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir Path directory;

  private final Samples town = new Samples(3, 3);

  private EnvelopeStore.Entry entry(int author, long sequence, String text)
      throws MalformedException {
    Bytes wire = town.talk(author, sequence, text);
    return new EnvelopeStore.Entry(Envelope.decode(wire), wire, NOON.plusSeconds(sequence));
  }

  private List<EnvelopeStore.Entry> run(int author, int from, int to) throws MalformedException {
    List<EnvelopeStore.Entry> run = new ArrayList<>();
    for (int sequence = from; sequence <= to; sequence++) {
      run.add(entry(author, sequence, "text " + sequence));
    }
    return run;
  }

  @Test
  void keepsEverythingAcrossARestart() throws MalformedException {
    Path file = directory.resolve("tocsin.db");
    Equivocation proof =
        new Equivocation(entry(1, 5, "yes").envelope(), entry(1, 5, "no").envelope());
    try (Database database = Database.open(file)) {
      EnvelopeStore store = new SqliteEnvelopeStore(database);
      store.append(run(0, 1, 3));
      store.append(run(1, 1, 5));
      store.append(run(0, 4, 4));
      store.delivered(Map.of(town.account(0), 2L, town.account(1), 1L));
      store.delivered(Map.of(town.account(0), 3L));
      assertThat(store.keep(proof, NOON)).isTrue();
      assertThat(store.keep(proof, NOON)).isFalse();
    }
    try (Database database = Database.open(file)) {
      EnvelopeStore store = new SqliteEnvelopeStore(database);
      assertThat(store.heights()).isEqualTo(Map.of(town.account(0), 4L, town.account(1), 5L));
      assertThat(store.height(town.account(2))).isZero();
      assertThat(store.wire(town.account(0), 2)).contains(town.talk(0, 2, "text 2"));
      assertThat(store.wire(town.account(0), 5)).isEmpty();
      assertThat(store.delivered()).isEqualTo(Map.of(town.account(0), 3L, town.account(1), 1L));
      assertThat(store.equivocations()).containsExactly(proof);
      assertThat(store.received("talk", NOON.plusSeconds(4)))
          .containsExactly(
              town.talk(1, 4, "text 4"), town.talk(1, 5, "text 5"), town.talk(0, 4, "text 4"));
      assertThat(store.received("other", Instant.EPOCH)).isEmpty();
    }
  }

  @Test
  void readsOnInOrderWithinBothBounds() throws MalformedException {
    try (Database database = Database.memory()) {
      EnvelopeStore store = new SqliteEnvelopeStore(database);
      store.append(run(0, 1, 20));
      List<Bytes> all = store.after(town.account(0), 0, 100, 1 << 20);
      assertThat(all).hasSize(20).startsWith(town.talk(0, 1, "text 1"));
      assertThat(store.after(town.account(0), 7, 3, 1 << 20)).isEqualTo(all.subList(7, 10));
      assertThat(store.after(town.account(0), 0, 100, all.getFirst().size() * 2L)).hasSize(2);
      assertThat(store.after(town.account(0), 0, 100, 1)).hasSize(1);
      assertThat(store.after(town.account(0), 20, 100, 1 << 20)).isEmpty();
    }
  }

  @Test
  void refusesARunThatDoesNotContinueTheLogAndKeepsNothingOfIt() throws MalformedException {
    try (Database database = Database.memory()) {
      EnvelopeStore store = new SqliteEnvelopeStore(database);
      store.append(run(0, 1, 3));
      List<EnvelopeStore.Entry> gap = List.of(entry(0, 4, "four"), entry(0, 6, "six"));
      assertThatThrownBy(() -> store.append(gap)).hasMessageContaining("does not continue");
      assertThatThrownBy(() -> store.append(run(0, 3, 4))).hasMessageContaining("not continue");
      assertThat(store.height(town.account(0))).isEqualTo(3);
      assertThat(store.wire(town.account(0), 4)).isEmpty();
    }
  }

  @Test
  void keepsOnlySoManyProofsOfOneMember() throws MalformedException {
    try (Database database = Database.memory()) {
      EnvelopeStore store = new SqliteEnvelopeStore(database);
      for (int i = 1; i <= EnvelopeStore.MAX_PROOFS + 1; i++) {
        Equivocation proof =
            new Equivocation(entry(1, i, "yes").envelope(), entry(1, i, "no").envelope());
        assertThat(store.keep(proof, NOON)).isEqualTo(i <= EnvelopeStore.MAX_PROOFS);
      }
    }
  }

  @Test
  void whatIsOnItsWayCountsButIsNeitherServedNorWaitedFor() throws Exception {
    Address author = town.account(0);
    try (Database database = Database.open(directory.resolve("tocsin.db"))) {
      EnvelopeStore store = new SqliteEnvelopeStore(database);
      store.append(run(0, 1, 2));
      store.flush();
      CountDownLatch kept = new CountDownLatch(1);
      try (SlowDisk _ = SlowDisk.of(database)) {
        store.append(run(0, 3, 4));
        store.afterwards(kept::countDown);
        assertThat(store.height(author)).isEqualTo(4);
        assertThat(store.wire(author, 4)).contains(town.talk(0, 4, "text 4"));
        assertThat(store.after(author, 0, 100, 1 << 20)).hasSize(2);
        assertThat(kept.getCount()).isEqualTo(1);
      }
      kept.await();
      assertThat(store.after(author, 0, 100, 1 << 20)).hasSize(4);
      assertThat(store.wire(author, 4)).contains(town.talk(0, 4, "text 4"));
    }
  }
}
