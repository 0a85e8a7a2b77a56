package io.tocsin.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.audit.AuditEntry.Content;
import io.tocsin.audit.Verification.Head;
import io.tocsin.audit.Verification.Part;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class VerificationTest {
  private final MemoryAuditStore store = new MemoryAuditStore();

  @BeforeEach
  void writeALog() throws Exception {
    try (AuditLog log = AuditLog.open(store, () -> Instant.EPOCH, new Random(7))) {
      AuditSamples.oneOfEach().forEach(log::append);
    }
  }

  private static Bytes flip(Bytes bytes, int index) {
    byte[] content = bytes.toArray();
    content[index] ^= 1;
    return Bytes.of(content);
  }

  private static Hash32 flip(Hash32 hash, int index) {
    return new Hash32(flip(hash.bytes(), index));
  }

  private Verification.Result verify() {
    return Verification.of(store, List.of(), (_, _) -> {});
  }

  /** Applies a change to one entry, expects it named alone, and takes it back. */
  private void expect(int index, Part part, Function<AuditEntry, AuditEntry> change) {
    AuditEntry entry = store.entries().get(index);
    store.replace(index, change.apply(entry));
    assertThat(verify().faults())
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.sequence()).isEqualTo(entry.sequence());
              assertThat(fault.part()).isEqualTo(part);
            });
    store.replace(index, entry);
  }

  @Test
  void holdsAsWritten() {
    assertThat(verify().holds()).isTrue();
    assertThat(verify().entries()).isEqualTo(store.entries().size());
  }

  @Test
  void namesEveryFlippedByte() {
    int flips = 0;
    for (int i = 0; i < store.entries().size(); i++) {
      AuditEntry e = store.entries().get(i);
      Content.Kept kept = (Content.Kept) e.content();
      for (int b = 0; b < 32; b++) {
        int at = b;
        expect(
            i,
            Part.PREVIOUS,
            x -> new AuditEntry(x.sequence(), flip(x.previous(), at), x.digest(), x.hash(), kept));
        expect(
            i,
            Part.DIGEST,
            x -> new AuditEntry(x.sequence(), x.previous(), flip(x.digest(), at), x.hash(), kept));
        expect(
            i,
            Part.HASH,
            x -> new AuditEntry(x.sequence(), x.previous(), x.digest(), flip(x.hash(), at), kept));
        expect(i, Part.BODY, x -> with(x, new Content.Kept(flip(kept.salt(), at), kept.body())));
        flips += 4;
      }
      for (int b = 0; b < kept.body().size(); b++) {
        int at = b;
        expect(i, Part.BODY, x -> with(x, new Content.Kept(kept.salt(), flip(kept.body(), at))));
        flips++;
      }
    }
    assertThat(flips).isGreaterThan(4_000);
  }

  private static AuditEntry with(AuditEntry entry, Content content) {
    return new AuditEntry(
        entry.sequence(), entry.previous(), entry.digest(), entry.hash(), content);
  }

  @Test
  void namesAMissingEntry() {
    store.remove(4);
    assertThat(verify().faults())
        .anySatisfy(
            fault -> {
              assertThat(fault.sequence()).isEqualTo(5);
              assertThat(fault.part()).isEqualTo(Part.ENTRY);
            });
  }

  @Test
  void namesARewrittenTail() {
    Head noted = verify().head();
    AuditEntry last = store.entries().getLast();
    store.replace(
        store.entries().size() - 1,
        AuditEntry.next(
            last.sequence(),
            last.previous(),
            new Content.Kept(
                Bytes.of(new byte[32]),
                AuditLog.encode(Instant.EPOCH, new Step.Trouble("nothing", "to", "see")))));
    assertThat(verify().holds()).isTrue();
    assertThat(
            Verification.of(store, List.of(new Verification.Anchor(noted, "you")), (_, _) -> {})
                .faults())
        .singleElement()
        .extracting(Verification.Fault::part)
        .isEqualTo(Part.HASH);
  }

  @Test
  void namesACutOffEndOnlyWithAnAnchor() {
    Head noted = verify().head();
    store.remove(store.entries().size() - 1);
    assertThat(verify().holds()).isTrue();
    assertThat(
            Verification.of(store, List.of(new Verification.Anchor(noted, "you")), (_, _) -> {})
                .faults())
        .singleElement()
        .extracting(Verification.Fault::sequence)
        .isEqualTo(noted.sequence());
  }
}
