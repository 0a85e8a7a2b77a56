package io.tocsin.pipeline;

import static io.tocsin.policy.PolicySamples.BIRCH;
import static io.tocsin.policy.PolicySamples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.audit.AuditEntry;
import io.tocsin.audit.AuditLog;
import io.tocsin.audit.MemoryAuditStore;
import io.tocsin.audit.Step;
import io.tocsin.base.AccountId;
import io.tocsin.base.Clocks;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Metrics;
import io.tocsin.claim.Claim;
import io.tocsin.policy.Action;
import io.tocsin.policy.Case;
import io.tocsin.policy.Policy;
import io.tocsin.policy.PolicySamples;
import io.tocsin.policy.Protection;
import io.tocsin.respond.Gate;
import io.tocsin.respond.OrderBook;
import io.tocsin.respond.PauseView.Standing;
import io.tocsin.respond.Permit;
import io.tocsin.respond.Ruling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A second alarm on a target for which the interlock has a pause in force. */
final class RulingsTest {
  private static final Claim MINED = PolicySamples.mined(BIRCH);
  private static final Claim AGAIN = PolicySamples.pending(BIRCH, "another");

  private final MemoryAuditStore store = new MemoryAuditStore();
  private final Protection protection = PolicySamples.protection();
  private Standing standing = new Standing.Over();
  private Runnable whenHeld = () -> {};

  @SuppressWarnings("NullAway.Init") // set before every test
  private AuditLog log;

  @SuppressWarnings("NullAway.Init") // set before every test
  private PauseWatch pauses;

  @SuppressWarnings("NullAway.Init") // set before every test
  private Rulings rulings;

  @BeforeEach
  void begin() throws Exception {
    log = AuditLog.open(store, () -> NOW, new Random(5));
    Records records =
        new Records("birch", log, Metrics.NONE, observer(), Pager.NONE, Clocks.one(() -> NOW));
    MemoryInterlockBook book = new MemoryInterlockBook();
    Gate gate = new Gate(book);
    pauses = new PauseWatch(gate, (_, _) -> standing, records);
    rulings =
        new Rulings(
            gate,
            pauses,
            new OwnerDesk(List.of(protection), OrderBook.NONE, gate, records),
            new Unsettled(
                new Defence.Means(
                    List.of(protection), Map.of(), book, (_, _) -> standing, OrderBook.NONE),
                _ -> PolicySamples.estimate(),
                (_, _) -> {},
                Runnable::run,
                records.log()),
            records);
  }

  private Observer observer() {
    return new Observer() {
      @Override
      public void ruled(Case asked, Ruling ruling) {
        if (ruling instanceof Ruling.Held) {
          whenHeld.run();
        }
      }
    };
  }

  @AfterEach
  void close() {
    log.close();
  }

  private Optional<Permit> ask(Claim claim) {
    Case.Occasion occasion = PolicySamples.certified(claim);
    Action action = PolicySamples.action(protection, occasion);
    Case asked =
        new Policy(List.of(protection))
            .cases(occasion, PolicySamples.exposure(protection, occasion), PolicySamples.estimate())
            .getFirst();
    return rulings.ask(asked, action);
  }

  private List<Boolean> granted() throws MalformedException {
    log.flush();
    List<Boolean> found = new ArrayList<>();
    for (AuditEntry entry : store.entries()) {
      if (entry.content() instanceof AuditEntry.Content.Kept(_, var body)
          && AuditLog.decode(body).step() instanceof Step.Ruled ruled) {
        found.add(ruled.ruling().has("permit"));
      }
    }
    return found;
  }

  @Test
  void isNotHeldByAPauseThatIsOverOnChainThoughNobodyLookedSince() throws Exception {
    rulings.concluded(ask(MINED).orElseThrow());
    assertThat(ask(AGAIN)).isPresent();
    assertThat(granted()).containsExactly(true, false, true);
  }

  @Test
  void isNotHeldWhereAnotherNoticesMeanwhileThatThePauseIsOver() throws Exception {
    rulings.concluded(ask(MINED).orElseThrow());
    AccountId target = PolicySamples.action(protection, PolicySamples.certified(MINED)).target();
    whenHeld = () -> assertThat(pauses.over(target, Set.of(), NOW)).isTrue();
    assertThat(ask(AGAIN)).isPresent();
    assertThat(granted()).containsExactly(true, false, true);
  }

  @Test
  void isHeldByAPauseThatStandsOnChain() throws Exception {
    rulings.concluded(ask(MINED).orElseThrow());
    standing = new Standing.InForce(NOW.plus(Duration.ofDays(1)), false, true);
    assertThat(ask(AGAIN)).isEmpty();
    assertThat(granted()).containsExactly(true, false);
  }

  @Test
  void isHeldWhereTheChainGivesNoAnswer() {
    rulings.concluded(ask(MINED).orElseThrow());
    standing = new Standing.Unavailable("the endpoints do not agree");
    assertThat(ask(AGAIN)).isEmpty();
  }

  @Test
  void isHeldByAPauseUnderWayWhichTheChainDoesNotShowYet() {
    assertThat(ask(MINED)).isPresent();
    assertThat(ask(AGAIN)).isEmpty();
  }
}
