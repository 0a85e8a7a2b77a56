package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.app.ExitCode;
import io.tocsin.app.Main;
import io.tocsin.app.demo.BlockBuilder.Terms;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.Scope;
import io.tocsin.base.Wei;
import io.tocsin.chain.Fees;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Reason;
import io.tocsin.policy.WorstCase;
import io.tocsin.respond.Ruling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What attackers can make honest members do: each way is staged against real nodes, and the harm
 * done is held against the worst case that {@code tocsin check} computes. In the order of their
 * days.
 */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
@Timeout(value = 15, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HarmIT {
  private static final int ALL = 5;
  private static final int DUST = 5;
  private static final int TRIES = 5;
  private static final Duration TRY = Duration.ofSeconds(20);
  private static final Wei BASE = Wei.gwei(1);
  private static final Duration SILENCE = Duration.ofSeconds(4);

  /** So far ahead that no block of the test may hold it. */
  private static final Terms NEVER = Terms.publicFrom(1_000_000);

  private final Scope scope = new Scope();
  private final List<String> table = new ArrayList<>();
  private HarmTown harm;

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    harm = new HarmTown(folder.toAbsolutePath(), scope);
  }

  @AfterAll
  void close() {
    scope.close();
    System.out.println(
        "| attack | bound on its pause | paused | trips | gas | certificates | the real alarm |");
    table.forEach(System.out::println);
  }

  /** Holds the harm done to {@code lender} since {@code before} against its bound. */
  private void hold(String attack, Lender lender, Harm before, List<Hash32> causes, String real) {
    Harm done = harm.harm(lender).since(before);
    WorstCase.Target worst = harm.worst(lender);
    Duration bound = Duration.ZERO;
    StringBuilder trips = new StringBuilder();
    for (WorstCase.Share share : worst.shares()) {
      int happened = done.trips().getOrDefault(share.budgetClass(), 0);
      assertThat((long) happened)
          .as("%s: %s", attack, share.mandate())
          .isLessThanOrEqualTo(share.trips());
      if (share.budgetClass() != BudgetClass.DIRECT) {
        bound = bound.plus(share.paused());
        trips.append(trips.isEmpty() ? "" : ", ").append(happened).append(" of ");
        trips.append(share.trips()).append(' ').append(share.budgetClass());
      }
    }
    assertThat(done.paused()).as(attack).isLessThanOrEqualTo(bound);
    assertThat(done.gas()).as("%s: gas", attack).isLessThanOrEqualTo(harm.gasPerDay(lender));
    assertThat(harm.harm(lender).paused()).as("all of it").isLessThanOrEqualTo(worst.paused());
    long certificates = causes.stream().filter(tx -> harm.town.chronicle().holders(tx) > 0).count();
    table.add(
        String.format(
            "| %s | %s s | %s s | %s | %s ether | %d of %d | %s |",
            attack,
            bound.toSeconds(),
            done.paused().toSeconds(),
            trips,
            done.gas().toEther().stripTrailingZeros().toPlainString(),
            certificates,
            causes.size(),
            real));
  }

  private void untouched(Harm before, Lender lender) {
    assertThat(harm.harm(lender)).isEqualTo(before);
    assertThat(lender.paused()).isFalse();
  }

  @Test
  @Order(1)
  void aStagedLookAlikePausesNobody() throws Exception {
    Harm before = harm.harm(harm.birch());
    Lender twin = harm.thief.clone("Twin", harm.world.one().venues().pair().pair(), Lender.DOLLARS);
    harm.until("the look-alike stands", _ -> twin.dollars().signum() > 0);
    Hash32 tx = harm.thief.rob(twin, Wallet.ordinaryFees(), Terms.PRIVATE);
    harm.certified(tx, ALL);
    assertThat(harm.stopped(tx, harm.birch())).isEqualTo(Reason.NOT_A_SIBLING);
    assertThat(harm.stopped(tx, harm.cedar())).isEqualTo(Reason.NOT_A_SIBLING);
    untouched(before, harm.birch());
    hold("staged look-alike, robbed by its owner", harm.birch(), before, List.of(tx), "untouched");
  }

  @Test
  @Order(2)
  void anApprovedCloneWithARiggedOraclePausesNobody() throws Exception {
    Harm before = harm.harm(harm.birch());
    Hash32 tx = harm.thief.drain(harm.rigged, harm.clone);
    harm.certified(tx, ALL);
    assertThat(harm.stopped(tx, harm.birch())).isEqualTo(Reason.FOREIGN_PRICE_SOURCE);
    untouched(before, harm.birch());
    hold("approved clone with a rigged oracle", harm.birch(), before, List.of(tx), "untouched");
  }

  @Test
  @Order(3)
  void aFloodOfDustExploitsPausesNobody() throws Exception {
    Harm before = harm.harm(harm.birch());
    List<Hash32> flood = harm.thief.dust(harm.crumbs, DUST);
    for (Hash32 tx : flood) {
      harm.certified(tx, ALL);
      assertThat(harm.stopped(tx, harm.birch())).isEqualTo(Reason.BELOW_FLOOR);
    }
    untouched(before, harm.birch());
    hold("dust exploits of a sibling, in one block", harm.birch(), before, flood, "untouched");
  }

  @Test
  @Order(4)
  void decoysBurnTheirOwnBudgetAndTheRealAttackStillPauses() throws Exception {
    Harm before = harm.harm(harm.birch());
    List<Hash32> decoys = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Hash32 tx = harm.decoy();
      decoys.add(tx);
      assertThat(harm.held(tx, harm.birch(), BudgetClass.DERIVED)).isEmpty();
      harm.paused(harm.birch());
      harm.paused(harm.cedar()); // because of the first; hours later it would be too old
      harm.release(harm.birch());
    }
    Hash32 third = harm.decoy();
    decoys.add(third);
    assertThat(harm.held(third, harm.birch(), BudgetClass.DERIVED))
        .contains(Ruling.Why.NO_USES_LEFT);
    Harm decoyed = harm.harm(harm.birch()).since(before);
    assertThat(decoyed.trips()).isEqualTo(Map.of(BudgetClass.DERIVED, 2));
    assertThat(decoyed.paused()).isEqualTo(HarmTown.PAUSE.multipliedBy(2));
    hold("decoys that burn the derived budget", harm.birch(), before, decoys, "paused");
    Hash32 real = harm.rob(harm.birch());
    assertThat(harm.held(real, harm.birch(), BudgetClass.DIRECT)).isEmpty();
    harm.paused(harm.birch());
  }

  @Test
  @Order(5)
  void pendingAttacksThatAreNeverMinedBuyLittleAndThenWaitForAHuman() throws Exception {
    Lender dogwood = harm.dogwood();
    harm.world.one().builder().announcePool();
    Harm before = harm.harm(dogwood);
    List<Hash32> attacks = new ArrayList<>();
    attacks.add(underpriced(dogwood));
    Thread.sleep(SILENCE);
    untouched(before, dogwood);
    assertThat(harm.town.chronicle().holders(attacks.getFirst())).isZero();
    var _ = harm.miser.cancel();
    harm.pinBaseFee(Wei.ZERO);
    Hash32 shown = attacks.getFirst();
    for (int i = 0; i < 2; i++) {
      shown = shown(harm.thief, dogwood, attacks, _ -> dogwood.paused());
      harm.release(dogwood);
    }
    assertThat(harm.again(dogwood, shown)).isEqualTo("AlreadyConsumed");
    Hash32 _ = shown(harm.thief, dogwood, attacks, this::waits);
    assertThat(dogwood.paused()).isFalse();
    hold("pending attacks, underpriced or cancelled", dogwood, before, attacks, "paused");
    Hash32 real = harm.rob(dogwood);
    assertThat(harm.held(real, dogwood, BudgetClass.DIRECT)).isEmpty();
    harm.paused(dogwood);
    harm.release(dogwood);
  }

  /** An attack whose fee cap is the base fee: it need not be in the next block, nor any later. */
  private Hash32 underpriced(Lender lender) throws InterruptedException {
    BlockBuilder builder = lender.chain().builder();
    harm.pinBaseFee(BASE);
    boolean _ = builder.awaitBlock(builder.head().number() + 2, HarmTown.PATIENCE);
    assertThat(builder.head().fee().base()).isEqualTo(BASE.amount());
    return harm.miser.rob(lender, new Fees(BASE, Wei.of(1)), NEVER);
  }

  /**
   * Shows attacks to everybody, taking each back, until one of them comes to something. Blocks are
   * made by emptying the anvils' pools, so that a slow machine does not see each of them: they are
   * shown right behind a block.
   */
  private Hash32 shown(Thief thief, Lender lender, List<Hash32> attacks, Predicate<Hash32> enough)
      throws InterruptedException {
    BlockBuilder builder = lender.chain().builder();
    for (int i = 0; i < TRIES; i++) {
      assertThat(builder.awaitBlock(builder.head().number() + 1, HarmTown.PATIENCE)).isTrue();
      Hash32 tx = thief.rob(lender, Wallet.ordinaryFees(), NEVER);
      attacks.add(tx);
      boolean reached = harm.town.chronicle().await(_ -> enough.test(tx), TRY);
      Hash32 nothing = thief.cancel();
      assertThat(builder.await(nothing, HarmTown.PATIENCE)).isPresent();
      if (reached) {
        return tx;
      }
    }
    throw new AssertionError("nobody took notice of the attacks on " + lender.name());
  }

  /** Whether the interlock holds everything that is asked because of {@code tx}, for a human. */
  private boolean waits(Hash32 tx) {
    List<Chronicle.Ruled> rulings = harm.town.chronicle().rulings(tx);
    return !rulings.isEmpty()
        && rulings.stream()
            .allMatch(r -> r.ruling() instanceof Ruling.Held h && h.reason().waitsForHuman());
  }

  @Test
  @Order(6)
  void afterExpiryOldClaimsAreSpentAndNewDecoysAreBoundByCooldownAndCap() throws Exception {
    Lender cedar = harm.cedar();
    Harm before = new Harm(Duration.ZERO, Map.of(), Wei.ZERO);
    harm.paused(cedar);
    harm.release(cedar);
    List<Hash32> decoys = new ArrayList<>();
    decoys.add(harm.decoy());
    assertThat(harm.held(decoys.getFirst(), cedar, BudgetClass.DERIVED))
        .contains(Ruling.Why.COOLING_DOWN);
    harm.jump(harm.now().plus(Duration.ofHours(5)));
    decoys.add(harm.decoy());
    assertThat(harm.held(decoys.getLast(), cedar, BudgetClass.DERIVED))
        .contains(Ruling.Why.PAUSED_TIME);
    assertThat(harm.harm(cedar).paused()).isEqualTo(HarmTown.LONG_PAUSE);
    hold("re-triggering after expiry", cedar, before, decoys, "paused");
    Hash32 real = harm.rob(cedar);
    assertThat(harm.held(real, cedar, BudgetClass.DIRECT)).isEmpty();
    harm.paused(cedar);
  }

  @Test
  @Order(7)
  void aFlashClaimDelaysALiquidationByNoMoreThanCheckSays() throws Exception {
    Lender elm = harm.elm;
    Position position = new Position(harm.borrower, elm);
    position.open();
    assertThat(position.liquidation()).as("sound").isNotEqualTo("accepted");
    position.fall();
    assertThat(position.liquidation()).as("no longer sound").isEqualTo("accepted");
    Harm before = harm.harm(elm);
    List<Hash32> claims = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Hash32 _ = shown(harm.borrower, elm, claims, _ -> elm.paused());
      assertThat(position.liquidation()).as("while paused").isEqualTo("EnforcedPause");
      harm.release(elm);
    }
    Hash32 _ = shown(harm.borrower, elm, claims, this::waits);
    assertThat(position.liquidate()).isTrue();
    Duration gained = harm.harm(elm).since(before).paused();
    assertThat(gained).isLessThanOrEqualTo(harm.worst(elm).granted().debtsBlocked());
    hold("flash claims that dodge a liquidation", elm, before, claims, "liquidated");
    JsonNode checked = check(harm.owner(elm));
    assertThat(checked.path(0).path("debtsBlockedSeconds").asLong())
        .isEqualTo(harm.worst(elm).granted().debtsBlocked().toSeconds());
    assertThat(checked.path(0).path("warnings").toString()).contains("blocks repay and liquidate");
    assertThat(check(harm.owner(harm.birch())).toString()).doesNotContain("blocks repay");
  }

  private JsonNode check(MemberNode node) throws Exception {
    Path out = node.resident().home().resolve("check.json");
    String config = node.resident().home().resolve("tocsin.yaml").toString();
    assertThat(Main.commandLine().execute("check", "--config", config, "--json", out.toString()))
        .isEqualTo(ExitCode.DONE);
    return Json.parse(Files.readAllBytes(out)).path("worstCase");
  }

  @Test
  @Order(8)
  void silenceBelowAThirdStopsNothingAndSilenceOfAThirdDisarmsNoVictim() throws Exception {
    Lender dogwood = harm.dogwood();
    harm.node("Elm").close();
    Hash32 heard = harm.decoy();
    harm.certified(heard, ALL - 1);
    harm.node("Alder").close();
    Harm before = harm.harm(dogwood);
    harm.thief.fill(dogwood, Lender.DOLLARS);
    Hash32 unheard = harm.rob(dogwood);
    assertThat(harm.held(unheard, dogwood, BudgetClass.LOCAL)).isEmpty();
    harm.paused(dogwood);
    Instant seen = harm.now();
    Thread.sleep(SILENCE);
    assertThat(harm.town.chronicle().holders(unheard)).as("a third is silent").isZero();
    assertThat(harm.harm(dogwood).since(before).trips()).isEqualTo(Map.of(BudgetClass.LOCAL, 1));
    harm.release(dogwood);
    assertThat(harm.now()).isAfter(seen);
    hold("silence of exactly a third", dogwood, before, List.of(unheard), "paused by tripLocal");
  }
}
