package io.tocsin.detect.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Keccak;
import io.tocsin.detect.evaluate.PastBlock.Fire;
import io.tocsin.detect.evaluate.PastBlock.PastTx;
import io.tocsin.detect.evaluate.Retrospect.Right;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class RetrospectTest {
  private static final Address OURS = Address.hex("0x" + "0a".repeat(20));
  private static final Address THEIRS = Address.hex("0x" + "0b".repeat(20));
  private static final Address USER = Address.hex("0x" + "0c".repeat(20));
  private static final Instant START = Instant.ofEpochSecond(1_700_000_000);

  private static Hash32 tx(String name) {
    return Keccak.hashUtf8(name);
  }

  private static PastTx quiet(String name) {
    return new PastTx(
        new PastBlock.Who(tx(name), USER),
        true,
        Map.of("native", BigInteger.TEN),
        0.005,
        Optional.empty(),
        List.of());
  }

  private static PastTx fires(String name, Address subject) {
    Fire fire =
        new Fire(subject, List.of("reentrancy"), Map.of("native", BigInteger.TWO), "It lost.");
    return new PastTx(
        new PastBlock.Who(tx(name), THEIRS), true, Map.of(), 0.9, Optional.empty(), List.of(fire));
  }

  /** A block every twelve seconds. */
  private static PastBlock block(int number, PastTx... transactions) {
    return new PastBlock(
        number, START.plusSeconds(12L * number), List.of(transactions), Map.of(THEIRS, USER));
  }

  private static Retrospect.Rules rules(int minutes, Hash32... attacks) {
    return new Retrospect.Rules(Set.of(OURS), 2, Duration.ofMinutes(minutes), Set.of(attacks));
  }

  @Test
  void tellsWhatAPauseWouldHaveKeptOutHowMuchEarlierAndAtWhatCost() {
    List<PastBlock> blocks =
        List.of(
            block(1, quiet("a")),
            block(2, fires("first", OURS)),
            block(3, fires("too soon", OURS), quiet("b")),
            block(4, fires("second", OURS), quiet("c"), quiet("d")));

    Retrospect retrospect = Retrospect.of(blocks, rules(30, tx("first")));

    assertThat(retrospect.missed()).isEmpty();
    assertThat(retrospect.pauses())
        .singleElement()
        .satisfies(
            pause -> {
              assertThat(pause.by().tx()).isEqualTo(tx("first"));
              assertThat(pause.right()).isEqualTo(Right.ATTACK);
              assertThat(pause.averted())
                  .singleElement()
                  .satisfies(
                      later -> {
                        assertThat(later.fired().tx()).isEqualTo(tx("second"));
                        assertThat(later.blocks()).isEqualTo(2);
                        assertThat(later.lead()).isEqualTo(Duration.ofSeconds(24));
                      });
              assertThat(pause.others())
                  .isEqualTo(new Retrospect.Cost(2, 1, Map.of("native", BigInteger.valueOf(20))));
            });
  }

  @Test
  void aPauseEndsAndTheNextFindingMakesAnother() {
    List<PastBlock> blocks = List.of(block(1, fires("a", OURS)), block(7, fires("b", OURS)));
    assertThat(Retrospect.of(blocks, rules(1)).pauses())
        .hasSize(2)
        .allSatisfy(p -> assertThat(p.right()).isEqualTo(Right.NOT_SAID));
    assertThat(Retrospect.of(blocks, rules(2)).pauses()).hasSize(1);
  }

  @Test
  void whatFiresOnNoKnownAttackIsFalseAndWhatFiresOnOthersPausesNothing() {
    List<PastBlock> blocks =
        List.of(block(1, fires("theirs", THEIRS)), block(2, fires("mine", OURS)));

    Retrospect retrospect = Retrospect.of(blocks, rules(30, tx("theirs"), tx("elsewhere")));

    assertThat(retrospect.pauses())
        .singleElement()
        .extracting(Retrospect.Pause::right)
        .isEqualTo(Right.FALSE_ALARM);
    assertThat(retrospect.missed())
        .containsExactlyInAnyOrder(
            new Retrospect.Missed(tx("theirs"), "clean"),
            new Retrospect.Missed(tx("elsewhere"), "touches no watched contract in these blocks"));
  }

  @Test
  void countsWhatCouldNotBeJudgedAndSaysWhyAnAttackWasMissed() {
    PastTx unjudged =
        new PastTx(
            new PastBlock.Who(tx("u"), USER),
            true,
            Map.of(),
            0.04,
            Optional.of("too large"),
            List.of());
    Retrospect retrospect = Retrospect.of(List.of(block(1, unjudged)), rules(30, tx("u")));
    assertThat(retrospect.unjudged()).isEqualTo(1);
    assertThat(retrospect.missed())
        .containsExactly(new Retrospect.Missed(tx("u"), "not analysed: too large"));
  }

  @Test
  void writesItselfForMachines() {
    JsonNode json =
        RetrospectJson.write(
            Retrospect.of(
                List.of(block(1, fires("a", OURS)), block(3, fires("b", OURS), quiet("c"))),
                rules(30, tx("a"))));
    assertThat(json.at("/pauses/0/right").stringValue()).isEqualTo("attack");
    assertThat(json.at("/pauses/0/averted/0/lead_seconds").longValue()).isEqualTo(24);
    assertThat(json.at("/pauses/0/others_kept_out/moved/native").stringValue()).isEqualTo("10");
  }

  @Test
  void aBlockIsReadAsItWasWritten() throws MalformedException {
    PastBlock block = block(5, fires("a", OURS), quiet("b"));
    assertThat(PastBlock.parse(Json.parse(Json.write(block.json())))).isEqualTo(block);
    assertThatThrownBy(() -> PastBlock.parse(Json.object().put("block", 1)))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void refusesRulesThatMakeNoSense() {
    assertThatThrownBy(() -> rules(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Retrospect.Rules(Set.of(), 1, Duration.ofMinutes(1), Set.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
