package io.tocsin.pipeline;

import static io.tocsin.policy.PolicySamples.BIRCH;
import static io.tocsin.policy.PolicySamples.GUARDIAN;
import static io.tocsin.policy.PolicySamples.NOW;
import static io.tocsin.policy.PolicySamples.hash;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.audit.AuditLog;
import io.tocsin.audit.MemoryAuditStore;
import io.tocsin.audit.Step;
import io.tocsin.audit.Withdrawal;
import io.tocsin.base.Clocks;
import io.tocsin.base.Metrics;
import io.tocsin.claim.Claim;
import io.tocsin.policy.PolicySamples;
import io.tocsin.respond.Gate;
import io.tocsin.respond.InterlockState;
import io.tocsin.respond.Permit;
import io.tocsin.respond.Ruling;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is put before an owner when the claim behind a pause is withdrawn. */
final class ConsequencesTest {
  private static final Claim.ExploitMined CLAIM = PolicySamples.mined(BIRCH);
  private static final Claim.AllClear CLEAR =
      new Claim.AllClear(CLAIM.id(), CLAIM.chain(), hash("another block"));

  private final MemoryAuditStore store = new MemoryAuditStore();
  private final MemoryInterlockBook book = new MemoryInterlockBook();
  private final Gate gate = new Gate(book);
  private final List<Pager.Page> pages = new ArrayList<>();
  private Instant now = NOW;

  @SuppressWarnings("NullAway.Init") // set before every test
  private AuditLog log;

  @SuppressWarnings("NullAway.Init") // set before every test
  private Consequences consequences;

  @SuppressWarnings("NullAway.Init") // set before every test
  private Permit permit;

  @BeforeEach
  void act() throws Exception {
    log = AuditLog.open(store, () -> NOW, new Random(5));
    consequences =
        new Consequences(
            gate,
            new Records(
                "birch", log, Metrics.NONE, Observer.NONE, pages::add, Clocks.one(() -> now)));
    var occasion = PolicySamples.certified(CLAIM);
    Ruling ruling = gate.rule(PolicySamples.action(PolicySamples.protection(), occasion), NOW);
    assertThat(ruling).isInstanceOf(Ruling.Granted.class);
    permit = ((Ruling.Granted) ruling).permit();
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void thePauseIsShownForRatificationAndStandsAsItStood() throws Exception {
    consequences.of(permit);
    InterlockState before = gate.state();
    consequences.withdrawn(CLEAR);
    assertThat(gate.state()).as("budgets, uses and trips").isEqualTo(before);
    assertThat(pages)
        .singleElement()
        .satisfies(
            page -> {
              assertThat(page.why()).isEqualTo(Pager.Why.WITHDRAWN);
              assertThat(page.text())
                  .contains(BIRCH.toString(), GUARDIAN.toString(), "ratify or hold", "lift");
            });
    log.flush();
    assertThat(Withdrawal.unratified(store, Instant.EPOCH))
        .containsOnlyKeys(permit.digest())
        .containsValue(
            new Step.Withdrawn(CLAIM.id(), CLAIM.chain(), CLEAR.block(), List.of(permit.digest())));
    log.append(new Step.Ratified(permit.digest()));
    log.flush();
    assertThat(Withdrawal.unratified(store, Instant.EPOCH)).isEmpty();
  }

  @Test
  void whatRestsOnAnotherClaimIsLeftAlone() throws Exception {
    consequences.of(permit);
    consequences.withdrawn(
        new Claim.AllClear(hash("another claim"), CLAIM.chain(), hash("another block")));
    assertThat(pages).isEmpty();
    log.flush();
    assertThat(Withdrawal.unratified(store, Instant.EPOCH)).isEmpty();
  }

  @Test
  void aPauseThatIsOverNeedsNobody() {
    consequences.of(permit);
    now = NOW.plus(permit.action().mandate().limits().duration());
    consequences.withdrawn(CLEAR);
    assertThat(pages).isEmpty();
  }

  @Test
  void whatIsDoneAfterTheWithdrawalIsShownToo() {
    consequences.withdrawn(CLEAR);
    assertThat(pages).isEmpty();
    consequences.of(permit);
    assertThat(pages).singleElement().extracting(Pager.Page::why).isEqualTo(Pager.Why.WITHDRAWN);
  }
}
