package io.tocsin.adapter.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.audit.AuditEntry;
import io.tocsin.audit.AuditLog;
import io.tocsin.audit.AuditSamples;
import io.tocsin.audit.Step;
import io.tocsin.audit.Verification;
import io.tocsin.base.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteAuditStoreIT {
  @TempDir Path directory;
  private Path file = Path.of("unset");
  private List<AuditEntry> written = List.of();

  @BeforeEach
  void writeALog() throws Exception {
    file = directory.resolve("tocsin.db");
    try (Database database = Database.open(file)) {
      SqliteAuditStore store = new SqliteAuditStore(database);
      try (AuditLog log = AuditLog.open(store, () -> Instant.EPOCH, new Random(3))) {
        AuditSamples.oneOfEach().forEach(log::append);
      }
      written = store.read(1, 1_000);
    }
  }

  private static Verification.Result verify(Path file) {
    try (Database database = Database.openReadOnly(file)) {
      return Verification.of(new SqliteAuditStore(database), List.of(), (_, _) -> {});
    }
  }

  @Test
  void keepsTheLogAcrossRestarts() throws Exception {
    try (Database database = Database.open(file);
        AuditLog log =
            AuditLog.open(new SqliteAuditStore(database), () -> Instant.EPOCH, new Random(4))) {
      AuditEntry entry = log.append(new Step.Trouble("a", "b", "c"));
      assertThat(entry.previous()).isEqualTo(written.getLast().hash());
    }
    assertThat(verify(file).holds()).isTrue();
    assertThat(verify(file).entries()).isEqualTo(written.size() + 1);
  }

  @Test
  void namesEveryFlippedByteOfTheFileThatHoldsAnEntry() throws IOException {
    byte[] content = Files.readAllBytes(file);
    int found = 0;
    int step = 0;
    for (AuditEntry entry : written) {
      AuditEntry.Content.Kept kept = (AuditEntry.Content.Kept) entry.content();
      List<Bytes> columns =
          List.of(
              entry.previous().bytes(),
              entry.digest().bytes(),
              entry.hash().bytes(),
              kept.salt(),
              kept.body());
      List<Integer> places = placesOf(content, join(columns));
      assertThat(places).isNotEmpty();
      for (int i = step++ % 7; i < join(columns).size(); i += 7) {
        assertThat(faults(content, places, i))
            .as("byte %s of entry %s", i, entry.sequence())
            .singleElement()
            .satisfies(fault -> assertThat(fault.sequence()).isEqualTo(entry.sequence()));
        found++;
      }
    }
    assertThat(found).isGreaterThan(500);
  }

  @Test
  void neverTakesADamagedFileForASoundOneWithOtherContent() throws Exception {
    byte[] content = Files.readAllBytes(file);
    Path copy = directory.resolve("damaged.db");
    int sound = 0;
    for (int i = 0; i < content.length; i += 211) {
      byte[] damaged = content.clone();
      damaged[i] ^= 0x10;
      Files.write(copy, damaged);
      try (Database database = Database.openReadOnly(copy)) {
        SqliteAuditStore store = new SqliteAuditStore(database);
        if (Verification.of(store, List.of(), (_, _) -> {}).holds()) {
          assertThat(written).startsWith(store.read(1, 1_000).toArray(AuditEntry[]::new));
          sound++;
        }
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageContaining("damaged.db");
      }
    }
    assertThat(sound).isPositive();
  }

  @Test
  void erasesBodiesFromTheFile() throws Exception {
    String secret = "re-entered";
    assertThat(placesOf(Files.readAllBytes(file), Bytes.utf8(secret))).isNotEmpty();
    try (Database database = Database.open(file);
        AuditLog log =
            AuditLog.open(new SqliteAuditStore(database), () -> Instant.EPOCH, new Random(5))) {
      log.erase(List.of(told(secret)), "embargo");
    }
    assertThat(placesOf(Files.readAllBytes(file), Bytes.utf8(secret))).isEmpty();
    assertThat(verify(file).holds()).isTrue();
    assertThat(verify(file).erased()).isEqualTo(1);
  }

  /** The entry whose body holds {@code text}. */
  private long told(String text) {
    return written.stream()
        .filter(entry -> ((AuditEntry.Content.Kept) entry.content()).body().toUtf8().contains(text))
        .mapToLong(AuditEntry::sequence)
        .findFirst()
        .orElseThrow();
  }

  private List<Verification.Fault> faults(byte[] content, List<Integer> places, int offset)
      throws IOException {
    byte[] damaged = content.clone();
    places.forEach(place -> damaged[place + offset] ^= 1);
    Path copy = directory.resolve("flipped.db");
    Files.write(copy, damaged);
    return verify(copy).faults();
  }

  private static Bytes join(List<Bytes> parts) {
    return parts.stream().reduce(Bytes.EMPTY, Bytes::concat);
  }

  /** Every copy: SQLite may leave one behind in the unused part of a page. */
  private static List<Integer> placesOf(byte[] content, Bytes wanted) {
    byte[] needle = wanted.toArray();
    return IntStream.rangeClosed(0, content.length - needle.length)
        .filter(i -> Arrays.equals(content, i, i + needle.length, needle, 0, needle.length))
        .boxed()
        .toList();
  }
}
