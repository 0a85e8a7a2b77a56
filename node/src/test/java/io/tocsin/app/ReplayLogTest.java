package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.detect.evaluate.PastBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReplayLogTest {
  private static final ReplayLog.Question QUESTION =
      new ReplayLog.Question(ChainId.evm(1), Set.of(Address.hex("0x" + "0a".repeat(20))), 10, 20);

  @TempDir private Path scratch = Path.of(".");

  private static PastBlock block(long number) {
    return new PastBlock(number, Instant.ofEpochSecond(number), List.of(), Map.of());
  }

  private Path file() {
    return scratch.resolve("p.jsonl");
  }

  private void write(long... numbers) {
    try (ReplayLog log = ReplayLog.open(file(), QUESTION)) {
      for (long number : numbers) {
        log.add(block(number));
      }
    }
  }

  @Test
  void goesOnBehindTheLastWholeLine() throws IOException {
    write(10, 11);
    Files.writeString(file(), "{\"block\":12,\"ti", StandardOpenOption.APPEND);

    try (ReplayLog log = ReplayLog.open(file(), QUESTION)) {
      assertThat(log.done()).containsExactly(block(10), block(11));
      log.add(block(12));
    }
    try (ReplayLog log = ReplayLog.open(file(), QUESTION)) {
      assertThat(log.done()).containsExactly(block(10), block(11), block(12));
    }
  }

  @Test
  void beginsAnewWhereNotEvenTheQuestionWasWritten() throws IOException {
    Files.writeString(file(), "{\"replay\":1");
    write(10);
    try (ReplayLog log = ReplayLog.open(file(), QUESTION)) {
      assertThat(log.done()).containsExactly(block(10));
    }
  }

  @Test
  void refusesAnotherQuestionAGapAndWhatIsNoBlock() throws IOException {
    write(10);
    ReplayLog.Question other = new ReplayLog.Question(QUESTION.chain(), QUESTION.watched(), 10, 21);
    assertThatThrownBy(() -> ReplayLog.open(file(), other))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("another replay");
    write(12);
    assertThatThrownBy(() -> write(13)).hasMessageContaining("expected block 11, found 12");
    Files.writeString(file(), QUESTION.line() + "\n{}\n");
    assertThatThrownBy(() -> write(11)).hasMessageContaining("line 2");
    assertThatThrownBy(() -> ReplayLog.open(scratch, QUESTION))
        .isInstanceOf(CommandException.class);
  }
}
