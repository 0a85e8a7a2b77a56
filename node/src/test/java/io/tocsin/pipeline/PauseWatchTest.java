package io.tocsin.pipeline;

import static io.tocsin.policy.PolicySamples.BIRCH;
import static io.tocsin.policy.PolicySamples.MAIN;
import static io.tocsin.policy.PolicySamples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.audit.AuditEntry;
import io.tocsin.audit.AuditLog;
import io.tocsin.audit.MemoryAuditStore;
import io.tocsin.audit.Step;
import io.tocsin.base.Clocks;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Metrics;
import io.tocsin.policy.PolicySamples;
import io.tocsin.respond.Gate;
import io.tocsin.respond.Interlock;
import io.tocsin.respond.InterlockBook;
import io.tocsin.respond.InterlockState;
import io.tocsin.respond.PauseView.Standing;
import io.tocsin.respond.Permit;
import io.tocsin.respond.Ruling;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PauseWatchTest {
  private static final Duration DAY = Duration.ofDays(1);

  private final MemoryAuditStore store = new MemoryAuditStore();
  private final List<Pager.Page> pages = new ArrayList<>();
  private final Gate gate =
      new Gate(
          new InterlockBook() {
            @Override
            public InterlockState load() {
              return InterlockState.EMPTY;
            }

            @Override
            public void save(InterlockState state) {}
          });
  private Standing standing = new Standing.Over();

  @SuppressWarnings("NullAway.Init") // set before every test
  private AuditLog log;

  @SuppressWarnings("NullAway.Init") // set before every test
  private PauseWatch watch;

  @SuppressWarnings("NullAway.Init") // set before every test
  private Permit permit;

  @BeforeEach
  void pause() throws Exception {
    log = AuditLog.open(store, () -> NOW, new Random(5));
    Records records =
        new Records("birch", log, Metrics.NONE, Observer.NONE, pages::add, Clocks.one(() -> NOW));
    watch = new PauseWatch(gate, (_, _) -> standing, records);
    var occasion = PolicySamples.certified(PolicySamples.mined(BIRCH));
    Ruling ruling = gate.rule(PolicySamples.action(PolicySamples.protection(), occasion), NOW);
    assertThat(ruling).isInstanceOf(Ruling.Granted.class);
    permit = ((Ruling.Granted) ruling).permit();
  }

  @AfterEach
  void close() {
    log.close();
  }

  private Duration paused(Instant at) {
    return Interlock.paused(gate.state(), BIRCH, at);
  }

  @Test
  void aReleaseOnChainEndsThePauseForTheInterlock() {
    Instant later = NOW.plus(Duration.ofHours(1));
    watch.look(MAIN, Set.of(), later);
    assertThat(paused(later)).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void aPauseThatIsStillUnderWayIsLeftAlone() {
    watch.look(MAIN, Set.of(permit.digest()), NOW.plusSeconds(1));
    assertThat(paused(NOW.plusSeconds(1))).isEqualTo(DAY);
  }

  @Test
  void anAnswerThatIsMissingEndsNothing() {
    standing = new Standing.Unavailable("no endpoint answers");
    watch.look(MAIN, Set.of(), NOW.plusSeconds(1));
    assertThat(paused(NOW.plusSeconds(1))).isEqualTo(DAY);
    assertThat(pages).isEmpty();
  }

  @Test
  void theOwnerIsCalledOnceWhenHalfOfThePauseIsLeft() {
    standing = new Standing.InForce(NOW.plus(DAY), false, true);
    watch.look(MAIN, Set.of(), NOW.plus(Duration.ofHours(11)));
    assertThat(pages).isEmpty();
    watch.look(MAIN, Set.of(), NOW.plus(Duration.ofHours(12)));
    watch.look(MAIN, Set.of(), NOW.plus(Duration.ofHours(13)));
    assertThat(pages)
        .singleElement()
        .satisfies(
            page -> {
              assertThat(page.why()).isEqualTo(Pager.Why.PAUSE_ENDS);
              assertThat(page.text()).contains(BIRCH.toString(), NOW.plus(DAY).toString());
            });
  }

  @Test
  void aRatifiedPauseEndsForNobodyToBeCalled() {
    standing = new Standing.InForce(NOW.plus(DAY), true, true);
    watch.look(MAIN, Set.of(), NOW.plus(Duration.ofHours(23)));
    assertThat(pages).isEmpty();
    assertThat(paused(NOW.plus(Duration.ofHours(23)))).isEqualTo(DAY);
  }

  @Test
  void aRatificationIsOnRecordOnce() throws Exception {
    standing = new Standing.InForce(NOW.plus(DAY), false, true);
    watch.look(MAIN, Set.of(), NOW.plusSeconds(1));
    assertThat(ratified()).isEmpty();
    standing = new Standing.InForce(NOW.plus(DAY), true, true);
    watch.look(MAIN, Set.of(), NOW.plusSeconds(2));
    watch.look(MAIN, Set.of(), NOW.plusSeconds(3));
    assertThat(ratified()).containsExactly(new Step.Ratified(permit.digest()));
  }

  private List<Step> ratified() throws MalformedException {
    log.flush();
    List<Step> found = new ArrayList<>();
    for (AuditEntry entry : store.entries()) {
      if (entry.content() instanceof AuditEntry.Content.Kept(_, var body)
          && AuditLog.decode(body).step() instanceof Step.Ratified step) {
        found.add(step);
      }
    }
    return found;
  }

  @Test
  void theOwnerIsCalledWhenThePauseIsUndoneAndMadeAgainByHand() {
    standing = new Standing.InForce(NOW.plus(DAY), false, false);
    watch.look(MAIN, Set.of(), NOW.plusSeconds(12));
    watch.look(MAIN, Set.of(), NOW.plus(Duration.ofHours(13)));
    assertThat(pages)
        .singleElement()
        .satisfies(
            page -> {
              assertThat(page.why()).isEqualTo(Pager.Why.PAUSE_UNDONE);
              assertThat(page.text()).contains("undone by hand", NOW.plus(DAY).toString());
            });
    assertThat(paused(NOW.plusSeconds(24))).isEqualTo(DAY);
    pages.clear();
    standing = new Standing.InForce(NOW.plus(DAY), false, true);
    watch.look(MAIN, Set.of(), NOW.plusSeconds(36));
    watch.look(MAIN, Set.of(), NOW.plusSeconds(48));
    assertThat(pages)
        .singleElement()
        .satisfies(page -> assertThat(page.text()).contains("paused again", "hold"));
  }

  @Test
  void aPauseThatTheOwnerMadeHisOwnIsHisToUndo() {
    standing = new Standing.InForce(NOW.plus(DAY), true, false);
    watch.look(MAIN, Set.of(), NOW.plusSeconds(12));
    assertThat(pages).isEmpty();
  }
}
