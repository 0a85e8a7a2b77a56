package io.tocsin.policy;

import static io.tocsin.policy.PolicySamples.BIRCH;
import static io.tocsin.policy.PolicySamples.acting;
import static io.tocsin.policy.PolicySamples.hash;
import static io.tocsin.policy.PolicySamples.limits;
import static io.tocsin.policy.PolicySamples.mandate;
import static io.tocsin.policy.PolicySamples.protection;
import static io.tocsin.policy.PolicySamples.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.crypto.Keccak;
import io.tocsin.exposure.Interest.DerivedTerms;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WorstCaseTest {
  private static WorstCase.Target worst(Protection protection) {
    return WorstCase.of(List.of(protection)).targets().getFirst();
  }

  private static Protection with(String call, String... blocks) {
    Lever base = PolicySamples.lever(1);
    Lever lever =
        new Lever(
            "lever",
            base.target(),
            Address.ZERO,
            new Lever.Calls(Bytes.hex(call), base.calls().release(), base.calls().probe()),
            1,
            List.of(blocks));
    return protection(
        terms(),
        new Mandate(
            "m", hash("m"), BudgetClass.DIRECT, lever, limits(BudgetClass.DIRECT), acting()));
  }

  @Test
  void rule4SumsWhatTheClassesMayPauseAndStopsAtTheCap() {
    WorstCase.Target all = worst(protection());
    assertThat(all.target()).isEqualTo(BIRCH);
    assertThat(all.paused()).isEqualTo(Duration.ofDays(3));
    WorstCase.Target soft =
        worst(protection(terms(), mandate(BudgetClass.DERIVED), mandate(BudgetClass.PENDING)));
    assertThat(soft.paused()).isEqualTo(Duration.ofMinutes(3 * 120 + 3 * 5));
    assertThat(soft.shares().stream().map(WorstCase.Share::trips)).containsExactly(3L, 3L);
  }

  @Test
  void rule4WarnsWhenACallBlocksRepaymentsOrLiquidations() {
    assertThat(worst(with("0x7641f3d9" + "0".repeat(63) + "1")).warnings())
        .anyMatch(w -> w.contains("blocks repay and liquidate"));
    assertThat(worst(with("0x12345678", "repay")).warnings())
        .anyMatch(w -> w.contains("blocks repay"));
    assertThat(worst(with("0x12345678", "deposit", "borrow")).warnings())
        .noneMatch(w -> w.contains("blocks"));
  }

  @Test
  void boundsForHowLongSomebodyMayDodgeALiquidation() {
    WorstCase.Target strict = worst(with("0x12345678", "borrow", "liquidate"));
    assertThat(strict.granted().debtsBlocked()).isEqualTo(strict.paused()).isPositive();
    WorstCase.Target soft = worst(with("0x12345678", "borrow"));
    assertThat(soft.granted().debtsBlocked()).isZero();
    assertThat(soft.paused()).isEqualTo(strict.paused());
    Protection both =
        protection(
            terms(),
            with("0x12345678", "borrow").mandates().getFirst(),
            new Mandate(
                "d",
                hash("d"),
                BudgetClass.DERIVED,
                with("0x12345678", "liquidate").mandates().getFirst().lever(),
                limits(BudgetClass.DERIVED),
                acting()));
    assertThat(worst(both).granted().debtsBlocked()).isEqualTo(Duration.ofHours(6));
    assertThat(WorstCase.of(List.of(both)).lines())
        .anyMatch(line -> line.contains("repayments or liquidations can be blocked for"));
    assertThat(WorstCase.of(List.of(protection())).lines())
        .noneMatch(line -> line.contains("can be blocked for"));
  }

  @Test
  void saysWhenItIsNotKnownWhatACallBlocks() {
    assertThat(worst(with("0x12345678")).warnings())
        .anyMatch(w -> w.contains("it is not known what lever blocks"));
  }

  @Test
  void warnsOfSiblingsOfAnyAgeAndOfPausesWithoutAGap() {
    DerivedTerms ageless = new DerivedTerms(terms().siblings(), Duration.ZERO, terms().floors());
    assertThat(worst(protection(ageless, mandate(BudgetClass.DERIVED))).warnings())
        .anyMatch(w -> w.contains("deployed today"));
    assertThat(worst(protection(terms(), mandate(BudgetClass.DERIVED))).warnings())
        .noneMatch(w -> w.contains("deployed today"))
        .anyMatch(w -> w.contains("without a gap"));
  }

  private static String selector(String signature) {
    return Keccak.hashUtf8(signature).bytes().slice(0, 4).toHex();
  }

  @Test
  void rule5WarnsWhenAReleaseUndoesMoreThanItsTripChanged() {
    assertThat(worst(with(selector("setPoolPause(bool)"))).warnings())
        .anyMatch(w -> w.contains("by hand, too: use setReservePause"));
    assertThat(worst(with(selector("setPoolPause(bool,uint40)"))).warnings())
        .anyMatch(w -> w.contains("every reserve"));
    assertThat(worst(with(selector("pause(bool,bool,bool,bool,bool)"))).warnings())
        .anyMatch(w -> w.contains("all pause flags") && w.contains("hold the target"));
    assertThat(worst(with(selector("setReservePause(address,bool)"))).warnings())
        .noneMatch(w -> w.contains("by hand"));
  }

  @Test
  void warnsWhenLeversThatDifferReadTheSameProbe() {
    Mandate other = mandate(BudgetClass.DERIVED);
    Protection mixed =
        protection(terms(), with("0x12345678", "borrow").mandates().getFirst(), other);
    assertThat(worst(mixed).warnings())
        .anyMatch(w -> w.startsWith("lever and pause make different calls"))
        .anyMatch(w -> w.startsWith("pause and lever make different calls"));
    assertThat(worst(protection()).warnings()).noneMatch(w -> w.contains("different calls"));
  }

  @Test
  void saysThatSomebodyMustCallRelease() {
    assertThat(WorstCase.of(List.of(protection())).lines())
        .anyMatch(line -> line.contains("until somebody calls release"));
  }

  @Test
  void warnsOfLocalMandatesThatServeNoPendingAttack() {
    assertThat(worst(protection(terms(), mandate(BudgetClass.LOCAL))).warnings())
        .anyMatch(w -> w.contains("serves no pending attack") && w.contains("at most 5m"));
    assertThat(worst(protection(terms(), mandate(BudgetClass.DIRECT))).warnings())
        .noneMatch(w -> w.contains("serves no pending attack"));
  }
}
