package io.tocsin.detect.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detect.signature.Derivation.Derived;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DerivationTest {
  private final Derivation derivation =
      new Derivation(List.of(Scenes.course(Scenes::withdrawal)), SignatureSet.Budget.DEFAULT, 3);

  @Test
  void makesASignatureThatFindsTheSameBugElsewhereAndNoOrdinaryWithdrawal() {
    List<Signature> made = ready(List.of(Scenes.course(Scenes::reentry)));
    Course elsewhere =
        Scenes.course(
            tool -> {
              Scenes.Frame outer = tool.call(Scenes.OTHER, "release(address)", Scenes.TOOL);
              Scenes.Frame paid = outer.pay(Scenes.TOOL, 7_000);
              paid.call(Scenes.OTHER, "release(address)", Scenes.TOOL).pay(Scenes.TOOL, 7_000);
            });
    assertThat(made)
        .anySatisfy(s -> assertThat(Scenes.match(elsewhere, s).hits()).isNotEmpty())
        .allSatisfy(
            s -> {
              assertThat(Scenes.match(Scenes.course(Scenes::reentry), s).hits()).isNotEmpty();
              assertThat(Scenes.match(Scenes.course(Scenes::withdrawal), s).hits()).isEmpty();
            });
  }

  @Test
  void keepsNoAddressAndNoNameOfAFunctionOfTheVictim() {
    for (Signature signature : ready(List.of(Scenes.course(Scenes::reentry)))) {
      assertThat(SignatureText.write(signature)).doesNotContain("0x").doesNotContain("takeOut");
      assertThat(Scenes.signature(SignatureText.write(signature))).isEqualTo(signature);
    }
  }

  @Test
  void refusesAnAttackThatLooksLikeHarmlessHistory() {
    assertThat(derivation.derive(List.of(Scenes.course(Scenes::withdrawal)), Set.of()))
        .isInstanceOf(Derived.Refused.class);
  }

  @Test
  void refusesWhereNobodyLosesOrGetsAnything() {
    Course nothing = Scenes.course(tool -> tool.call(Scenes.BANK, "init()"));
    assertThat(derivation.derive(List.of(nothing), Set.of()))
        .isInstanceOfSatisfying(
            Derived.Refused.class,
            refused -> assertThat(refused.reason()).contains("nobody is seen to lose"));
  }

  @Test
  void keepsOfSeveralAttacksOnlyWhatTheyShare() {
    Course more =
        Scenes.course(
            tool -> {
              tool.call(Scenes.OWNER, "skim(address)", Scenes.TOOL);
              Scenes.reentry(tool);
            });
    Course other = Scenes.course(Scenes::deputy);
    for (Signature signature : ready(List.of(more, Scenes.course(Scenes::reentry)))) {
      assertThat(SignatureText.write(signature)).doesNotContain("skim");
      assertThat(Scenes.match(Scenes.course(Scenes::reentry), signature).hits()).isNotEmpty();
    }
    assertThat(derivation.derive(List.of(Scenes.course(Scenes::reentry), other), Set.of()))
        .isInstanceOf(Derived.Refused.class);
  }

  private List<Signature> ready(List<Course> attacks) {
    return switch (derivation.derive(attacks, Set.of(Scenes.BANK))) {
      case Derived.Ready(List<Signature> signatures) -> signatures;
      case Derived.Refused(String reason) -> throw new AssertionError(reason);
    };
  }
}
