package io.tocsin.detect.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Bytes;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.CodeFingerprint;
import io.tocsin.detect.signature.SignatureShelf.Limits;
import io.tocsin.detect.signature.SignatureShelf.Reason;
import io.tocsin.detect.signature.SignatureShelf.Standing;
import io.tocsin.detect.signature.SignatureShelf.Taken;
import io.tocsin.stix.Indicator;
import io.tocsin.stix.StixId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SignatureShelfTest {
  private static final Instant NOW = Instant.parse("2026-05-01T00:00:00Z");
  private static final StixId ALICE = StixId.named("identity", "alice");
  private static final StixId MALLORY = StixId.named("identity", "mallory");
  private static final Course ATTACK = Scenes.course(Scenes::reentry);
  private static final Course HARMLESS = Scenes.course(Scenes::withdrawal);
  private static final String REENTRY =
      "signature \"reentry\" role V: loser call sender -> V { call anyone -> sender {"
          + " call sender -> V } } anywhere transfer native: V -> sender";

  private final SignatureShelf shelf = shelf(List.of(HARMLESS));

  private static SignatureShelf shelf(List<Course> benign) {
    return new SignatureShelf(benign, SignatureSet.Budget.DEFAULT, new Limits(10, 3, 2));
  }

  private static Indicator indicator(StixId author, String text, Instant written) {
    Indicator.Validity validity =
        new Indicator.Validity(NOW, Optional.of(NOW.plus(Duration.ofDays(90))));
    return SignatureIndicator.of(Scenes.signature(text), author, validity, written);
  }

  private Reason refusal(Indicator indicator) {
    return switch (shelf.take(indicator, indicator.author(), NOW)) {
      case Taken.Refused(Reason reason, String _) -> reason;
      case Taken.Shadow _, Taken.Revoked _ -> throw new AssertionError("it was taken");
    };
  }

  @Test
  void bringsWhatOnePartyDerivedToAnotherAndFindsALaterIncident() throws MalformedException {
    Derivation derivation = new Derivation(List.of(HARMLESS), SignatureSet.Budget.DEFAULT, 1);
    Signature made =
        switch (derivation.derive(List.of(ATTACK), Set.of())) {
          case Derivation.Derived.Ready(List<Signature> all) -> all.getFirst();
          case Derivation.Derived.Refused(String why) -> throw new AssertionError(why);
        };
    Indicator.Validity validity = new Indicator.Validity(NOW, Optional.empty());
    Bytes sent = SignatureIndicator.of(made, ALICE, validity, NOW).write();

    Indicator received = Indicator.read(sent);
    assertThat(received.write()).isEqualTo(sent);
    assertThat(SignatureIndicator.signature(received)).isEqualTo(made);
    assertThat(shelf.take(received, ALICE, NOW)).isEqualTo(new Taken.Shadow(made));
    Course later =
        Scenes.course(
            tool ->
                tool.call(Scenes.OTHER, "give()")
                    .pay(Scenes.TOOL, 3)
                    .call(Scenes.OTHER, "give()")
                    .pay(Scenes.TOOL, 3));
    assertThat(shelf.look(later, NOW).shadow()).hasSize(1);
    assertThat(shelf.look(HARMLESS, NOW).shadow()).isEmpty();
  }

  @Test
  void makesNoSightingOfAForeignMatchUntilTheOwnerPromotesIt() {
    Indicator indicator = indicator(ALICE, REENTRY, NOW);
    shelf.take(indicator, ALICE, NOW);
    assertThat(shelf.look(ATTACK, NOW))
        .satisfies(
            seen -> {
              assertThat(seen.shadow()).hasSize(1);
              assertThat(seen.sightings()).isEmpty();
            });
    assertThat(shelf.entries().getFirst().matches()).hasSize(1);
    assertThat(shelf.promote(indicator.id())).isTrue();
    assertThat(shelf.look(ATTACK, NOW).sightings()).hasSize(1);
    assertThat(shelf.entries().getFirst().standing()).isEqualTo(Standing.PROMOTED);
    assertThat(shelf.promote(StixId.named("indicator", "other"))).isFalse();
  }

  @Test
  void putsANewVersionBackIntoShadow() {
    Indicator indicator = indicator(ALICE, REENTRY, NOW);
    shelf.take(indicator, ALICE, NOW);
    shelf.promote(indicator.id());
    assertThat(refusal(indicator)).isEqualTo(Reason.STALE);
    Indicator newer =
        new Indicator(
            indicator.id(),
            ALICE,
            indicator.name(),
            indicator.pattern(),
            indicator.validity(),
            new Indicator.Version(NOW, NOW.plusSeconds(1), false));
    assertThat(shelf.take(newer, ALICE, NOW)).isInstanceOf(Taken.Shadow.class);
    assertThat(shelf.look(ATTACK, NOW).sightings()).isEmpty();
  }

  @Test
  void forgetsWhatItsAuthorTakesBackForEver() {
    Indicator indicator = indicator(ALICE, REENTRY, NOW);
    shelf.take(indicator, ALICE, NOW);
    assertThat(shelf.take(indicator.revoked(NOW.plusSeconds(5)), MALLORY, NOW))
        .isInstanceOfSatisfying(
            Taken.Refused.class, r -> assertThat(r.reason()).isEqualTo(Reason.FOREIGN_AUTHOR));
    assertThat(shelf.look(ATTACK, NOW).shadow()).hasSize(1);
    assertThat(shelf.take(indicator.revoked(NOW.plusSeconds(5)), ALICE, NOW))
        .isInstanceOf(Taken.Revoked.class);
    assertThat(shelf.entries()).isEmpty();
    assertThat(refusal(indicator)).isEqualTo(Reason.STALE);
  }

  @Test
  void letsNobodyTakeBackWhatAnotherHasYetToSend() {
    Indicator indicator = indicator(ALICE, REENTRY, NOW);
    Indicator stolen =
        new Indicator(
            indicator.id(),
            MALLORY,
            indicator.name(),
            indicator.pattern(),
            indicator.validity(),
            new Indicator.Version(NOW, NOW, true));
    shelf.take(stolen, MALLORY, NOW);
    assertThat(shelf.take(indicator, ALICE, NOW)).isInstanceOf(Taken.Shadow.class);
  }

  @Test
  void usesASignatureOnlyWhileItIsValid() {
    Indicator indicator = indicator(ALICE, REENTRY, NOW);
    shelf.take(indicator, ALICE, NOW);
    assertThat(shelf.look(ATTACK, NOW.plus(Duration.ofDays(89))).shadow()).hasSize(1);
    assertThat(shelf.look(ATTACK, NOW.plus(Duration.ofDays(90))).shadow()).isEmpty();
    assertThat(shelf(List.of()).take(indicator, ALICE, NOW.minusSeconds(1)))
        .isInstanceOfSatisfying(
            Taken.Refused.class, r -> assertThat(r.reason()).isEqualTo(Reason.NOT_VALID));
  }

  @Test
  void refusesASignatureThatFiresOnEverything() {
    assertThat(
            refusal(
                indicator(
                    MALLORY,
                    "signature \"all\" call sender -> anyone transfer anyone: anyone -> anyone",
                    NOW)))
        .isEqualTo(Reason.FIRES_ON_HARMLESS);
    assertThat(refusal(indicator(MALLORY, "signature \"all\" call sender -> anyone", NOW)))
        .isEqualTo(Reason.TOO_PLAIN);
  }

  @Test
  void refusesASignatureThatExplodesInCost() {
    Course busy =
        Scenes.course(
            tool -> {
              for (int i = 0; i < 1_000; i++) {
                tool.call(Scenes.account(100 + i % 60), "a()");
              }
              tool.call(Scenes.COIN, "transfer(address,uint256)", Scenes.account(101), 1)
                  .returns(1);
            });
    StringBuilder text = new StringBuilder("signature \"costly\"");
    StringBuilder sum = new StringBuilder("x1");
    for (char role = 'A'; role < 'I'; role++) {
      text.append(" role ").append(role).append(": account");
      sum.append(" + moved(").append(role).append(")");
    }
    text.append(" anywhere transfer anyone: sender -> anyone as x1");
    for (char role = 'A'; role < 'I'; role++) {
      text.append(" call sender -> ").append(role);
    }
    Taken taken =
        shelf(List.of(busy))
            .take(indicator(MALLORY, text + " where " + sum + " > 1000", NOW), MALLORY, NOW);
    assertThat(taken)
        .isInstanceOfSatisfying(
            Taken.Refused.class, r -> assertThat(r.reason()).isEqualTo(Reason.TOO_COSTLY));
  }

  @Test
  void refusesASignatureThatIsAboutOneContractAndNothingElse() {
    CodeFingerprint competitor = CodeFingerprint.of(Bytes.hex("0x" + "60016002".repeat(60)));
    assertThat(
            refusal(
                indicator(
                    MALLORY,
                    "signature \"target\" role V: account code "
                        + competitor.normalised()
                        + " call sender -> V transfer anyone: V -> sender",
                    NOW)))
        .isEqualTo(Reason.FIRES_ON_HARMLESS);
  }

  @Test
  void keepsAFloodOfOneAuthorFromTheRoomOfOthers() {
    for (int i = 0; i < 3; i++) {
      String text = REENTRY + " where gain(native) > " + i;
      assertThat(shelf.take(indicator(MALLORY, text, NOW), MALLORY, NOW))
          .isInstanceOf(Taken.Shadow.class);
    }
    assertThat(refusal(indicator(MALLORY, REENTRY + " where gain(native) > 9", NOW)))
        .isEqualTo(Reason.NO_ROOM);
    assertThat(shelf.take(indicator(ALICE, REENTRY, NOW), ALICE, NOW))
        .isInstanceOf(Taken.Shadow.class);
    for (int i = 0; i < 5; i++) {
      shelf.look(ATTACK, NOW);
    }
    assertThat(shelf.entries()).allSatisfy(e -> assertThat(e.matches()).hasSizeLessThan(3));
  }

  @Test
  void refusesOtherLanguagesVersionsAndForms() {
    Indicator good = indicator(ALICE, REENTRY, NOW);
    for (Indicator.Pattern pattern :
        List.of(
            new Indicator.Pattern("[file:name = 'x']", "stix", "2.1"),
            new Indicator.Pattern(REENTRY, SignatureIndicator.PATTERN_TYPE, "2.0"),
            new Indicator.Pattern("signature", SignatureIndicator.PATTERN_TYPE, "1.0"),
            new Indicator.Pattern(
                REENTRY + " " + REENTRY, SignatureIndicator.PATTERN_TYPE, "1.0"))) {
      Indicator bad =
          new Indicator(good.id(), ALICE, good.name(), pattern, good.validity(), good.version());
      assertThat(refusal(bad)).isEqualTo(Reason.MALFORMED);
    }
  }

  @Test
  void readsIndicatorsStrictly() {
    String good = indicator(ALICE, REENTRY, NOW).write().toUtf8();
    for (String bad :
        List.of(
            good.replace("\"revoked\"", "\"x\"").replace("\"name\"", "\"nome\""),
            good.replace("\"2.1\"", "\"2.0\""),
            good.replace("\"created\":\"2026", "\"created\":\"2027"),
            good.replace("\"valid_until\":\"2026", "\"valid_until\":\"2025"),
            good.replace("indicator--", "malware--"),
            good.replace("\"type\":\"indicator\"", "\"type\":\"indicator\",\"revoked\":\"no\""),
            good + good,
            "[]")) {
      assertThat(bad).isNotEqualTo(good);
      assertThatThrownBy(() -> Indicator.read(Bytes.utf8(bad)))
          .isInstanceOf(MalformedException.class);
    }
    assertThatThrownBy(() -> Indicator.read(Bytes.utf8(" ".repeat(65 << 10))))
        .hasMessageContaining("64 KiB");
  }
}
