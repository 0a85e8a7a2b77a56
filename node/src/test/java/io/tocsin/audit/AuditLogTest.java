package io.tocsin.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Keccak;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AuditLogTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901234Z");

  private final MemoryAuditStore store = new MemoryAuditStore();

  private AuditLog open() throws MalformedException {
    return AuditLog.open(store, () -> NOW, new Random(5));
  }

  @Test
  void keepsEveryKindOfStepAsItWas() throws Exception {
    try (AuditLog log = open()) {
      AuditSamples.oneOfEach().forEach(log::append);
    }
    List<Step> read = new ArrayList<>();
    var result =
        Verification.of(
            store,
            List.of(),
            (_, timed) -> {
              assertThat(timed.at()).isEqualTo(NOW);
              read.add(timed.step());
            });
    assertThat(result.faults()).isEmpty();
    assertThat(read).isEqualTo(AuditSamples.oneOfEach());
  }

  @Test
  void samplesCoverEveryStep() {
    assertThat(AuditSamples.oneOfEach())
        .extracting(Object::getClass)
        .containsExactlyInAnyOrder(Step.class.getPermittedSubclasses());
  }

  @Test
  void isDurableBeforeAnEffect() throws Exception {
    try (AuditLog log = open()) {
      for (Step step : AuditSamples.oneOfEach()) {
        AuditEntry entry = log.append(step);
        if (step.mustLast()) {
          assertThat(store.last()).contains(entry);
        }
      }
    }
    assertThat(store.entries()).hasSize(AuditSamples.oneOfEach().size());
  }

  private static Step effect(Class<? extends Step> kind) {
    return AuditSamples.oneOfEach().stream().filter(kind::isInstance).findFirst().orElseThrow();
  }

  @Test
  void saysOnlyOfEntriesOnTheDiskThatItHasThem() throws Exception {
    AuditLog log = open();
    assertThat(log.head().sequence()).isZero();
    log.append(new Step.Trouble("a", "b", "c"));
    AuditEntry intended = log.append(effect(Step.Intended.class));
    assertThat(log.head().sequence()).as("nothing is on the disk yet").isZero();
    assertThat(log.lastEffect()).isEqualTo(intended.sequence());
    log.flush();
    assertThat(log.head()).isEqualTo(new Verification.Head(2, intended.hash()));
    AuditEntry acted = log.append(effect(Step.Acted.class));
    assertThat(log.head()).isEqualTo(new Verification.Head(3, acted.hash()));
    log.append(new Step.Trouble("d", "e", "f"));
    store.fail();
    assertThatThrownBy(log::flush).hasMessageContaining("cannot be written");
    assertThat(log.head().sequence()).as("the last one is lost").isEqualTo(3);
    assertThat(log.lastEffect()).isEqualTo(3);
  }

  @Test
  void knowsItsHeadAfterAStart() throws Exception {
    AuditEntry last;
    try (AuditLog log = open()) {
      last = log.append(new Step.Trouble("a", "b", "c"));
    }
    try (AuditLog log = open()) {
      assertThat(log.head()).isEqualTo(new Verification.Head(1, last.hash()));
      assertThat(log.lastEffect()).isZero();
    }
  }

  @Test
  void refusesEffectsOnceTheStoreFails() throws Exception {
    AuditLog log = open();
    store.fail();
    assertThatThrownBy(() -> log.append(effect(Step.Intended.class)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot be written");
    assertThatThrownBy(() -> log.append(new Step.Trouble("a", "b", "c")))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(log::close).isInstanceOf(IllegalStateException.class);
    assertThat(store.entries()).isEmpty();
  }

  @Test
  void goesOnBehindItsLastEntry() throws Exception {
    try (AuditLog log = open()) {
      log.append(new Step.Trouble("a", "b", "c"));
    }
    try (AuditLog log = open()) {
      log.append(new Step.Trouble("d", "e", "f"));
    }
    List<AuditEntry> entries = store.entries();
    assertThat(entries).extracting(AuditEntry::sequence).containsExactly(1L, 2L);
    assertThat(entries.get(1).previous()).isEqualTo(entries.get(0).hash());
  }

  @Test
  void doesNotGoOnBehindABrokenEntry() throws Exception {
    try (AuditLog log = open()) {
      log.append(new Step.Trouble("a", "b", "c"));
    }
    AuditEntry e = store.entries().getFirst();
    store.replace(
        0,
        new AuditEntry(
            e.sequence(), e.previous(), e.digest(), Keccak.hashUtf8("other"), e.content()));
    assertThatThrownBy(this::open)
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("tocsin audit");
  }

  @Test
  void saltsEqualSteps() throws Exception {
    try (AuditLog log = open()) {
      log.append(new Step.Trouble("a", "b", "c"));
      log.append(new Step.Trouble("a", "b", "c"));
    }
    assertThat(store.entries()).extracting(AuditEntry::digest).doesNotHaveDuplicates();
  }

  @Test
  void holdsAfterARecordedErasure() throws Exception {
    Hash32 head;
    try (AuditLog log = open()) {
      AuditSamples.oneOfEach().forEach(log::append);
      head = log.erase(List.of(2L, 4L), "embargo").hash();
    }
    var result = Verification.of(store, List.of(), (_, _) -> {});
    assertThat(result.faults()).isEmpty();
    assertThat(result.erased()).isEqualTo(2);
    assertThat(result.head().hash()).isEqualTo(head);
  }

  @Test
  void namesAnErasureThatIsNotOnRecord() throws Exception {
    try (AuditLog log = open()) {
      AuditSamples.oneOfEach().forEach(log::append);
    }
    store.erase(List.of(3L));
    assertThat(Verification.of(store, List.of(), (_, _) -> {}).faults())
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.sequence()).isEqualTo(3);
              assertThat(fault.part()).isEqualTo(Verification.Part.BODY);
            });
  }
}
