package io.tocsin.detect.evaluate;

import static io.tocsin.detect.evaluate.Cases.BANK;
import static io.tocsin.detect.evaluate.Cases.ENTRY;
import static io.tocsin.detect.evaluate.Cases.MADE;
import static io.tocsin.detect.evaluate.Cases.THIEF;
import static io.tocsin.detect.evaluate.Cases.frame;
import static io.tocsin.detect.evaluate.Cases.root;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.chain.TxTrace;
import io.tocsin.detect.DetectConfig;
import io.tocsin.detect.Detectors;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ExaminerTest {
  private long now;

  private Judged examine(TxTrace trace, DetectConfig config) {
    Label label = new Label(false, "ethereum", Optional.empty(), "", "", "");
    return new Examiner(new Detectors(config), () -> now += 5)
        .examine(new Labelled(trace, label, 7));
  }

  private Judged examine(TxTrace trace) {
    return examine(trace, DetectConfig.DEFAULT);
  }

  @Test
  void timesTheScanApartFromTheReading() {
    assertThat(examine(root()).nanos()).isEqualTo(new Judged.Nanos(7, 5));
  }

  @Test
  void theNaiveRuleWantsALoanOrANewContractAndAGainForNothing() {
    String call = frame("CALL", ENTRY, BANK, "0x0", frame("CALL", BANK, ENTRY, "0x64"));
    String made = frame("CREATE", ENTRY, MADE, "0x0");
    String repaid = frame("CALL", ENTRY, BANK, "0x64");

    assertThat(examine(root(call)).shape().naive()).isFalse();
    assertThat(examine(root(made)).shape().naive()).isFalse();
    assertThat(examine(root(made, call)).shape().naive()).isTrue();
    assertThat(examine(root(call, repaid)).shape().naive()).isFalse();
    assertThat(examine(root(call, repaid, call)).shape().naive()).isTrue();
  }

  @Test
  void saysAtWhichStepTheTrailEnded() {
    assertThat(examine(root()).remark()).isEqualTo("no value is seen to move");
    assertThat(examine(root()).shape().movesValue()).isFalse();

    Judged paying = examine(root(frame("CALL", ENTRY, BANK, "0x64")));
    assertThat(paying.remark()).startsWith("the sender's side gained nothing");
    assertThat(paying.shape().movesValue()).isTrue();

    Judged plain =
        examine(root(frame("CALL", ENTRY, BANK, "0x0", frame("CALL", BANK, ENTRY, "0x64"))));
    assertThat(plain.remark())
        .isEqualTo(
            "not analysed: value-conservation: the balance of an account that paid out is not"
                + " known");
  }

  @Test
  void aFailedTransactionMovesNothingAndARefusedOneMayHave() {
    TxTrace failed =
        Cases.trace(
            frame("CALL", THIEF, BANK, "0x64")
                .replaceFirst("\\{", "{\"error\":\"execution reverted\","));
    assertThat(examine(failed).remark()).isEqualTo("the transaction failed as a whole");
    assertThat(examine(failed).shape().movesValue()).isFalse();

    Judged refused =
        examine(
            root(frame("CALL", ENTRY, BANK, "0x0")), new DetectConfig(1, 0.1, 0.5, 0.01, 1.5, 256));
    assertThat(refused.remark()).isEqualTo("not analysed: more than 1 frames");
    assertThat(refused.shape().movesValue()).isTrue();
  }
}
