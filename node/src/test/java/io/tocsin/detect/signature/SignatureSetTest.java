package io.tocsin.detect.signature;

import static io.tocsin.detect.signature.Scenes.BANK;
import static io.tocsin.detect.signature.Scenes.COIN;
import static io.tocsin.detect.signature.Scenes.OTHER;
import static io.tocsin.detect.signature.Scenes.OWNER;
import static io.tocsin.detect.signature.Scenes.TOOL;
import static io.tocsin.detect.signature.Scenes.course;
import static io.tocsin.detect.signature.Scenes.match;
import static io.tocsin.detect.signature.Scenes.matches;
import static io.tocsin.detect.signature.Scenes.signature;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.chain.CodeFingerprint;
import io.tocsin.chain.StateDiff;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SignatureSetTest {
  private static final String[] REENTRY = {
    "signature \"reentry\"",
    "role V: loser",
    "call sender -> V {",
    "  call V -> sender {",
    "    call sender -> V",
    "  }",
    "}",
    "anywhere transfer native: V -> sender as x",
    "where x > 5"
  };

  @Test
  void findsNestedEventsAndSaysWhoPlaysWhere() {
    SignatureSet.Answer answer = match(course(Scenes::reentry), signature(REENTRY));
    assertThat(answer.unjudged()).isEmpty();
    assertThat(answer.hits())
        .singleElement()
        .satisfies(
            hit -> {
              assertThat(hit.players()).isEqualTo(Map.of("V", BANK));
              assertThat(hit.places().stream().map(SignatureSet.Place::frame))
                  .containsExactly(0, 1, 2, 3, 2);
            });
  }

  @Test
  void doesNotTakeEventsSideBySideForNestedOnes() {
    assertThat(
            matches(
                course(
                    tool -> {
                      Scenes.withdrawal(tool);
                      Scenes.withdrawal(tool);
                    }),
                REENTRY))
        .isFalse();
  }

  @Test
  void keepsTheOrderUnlessAnEventMayComeAnywhere() {
    Course course =
        course(
            tool -> {
              tool.call(BANK, "skim(address)", TOOL);
              tool.call(BANK, "sync()");
            });
    String skim = "call sender -> V via skim";
    String sync = "call sender -> V via sync";
    assertThat(matches(course, "signature \"a\" role V: account", skim, sync)).isTrue();
    assertThat(matches(course, "signature \"a\" role V: account", sync, skim)).isFalse();
    assertThat(matches(course, "signature \"a\" role V: account", sync, "anywhere " + skim))
        .isTrue();
  }

  @Test
  void beginsBehindABlockOnceItHasEnded() {
    Course inside =
        course(tool -> tool.call(BANK, "a()").call(TOOL, "b()").call(OTHER, "skim(address)", BANK));
    String[] after = {
      "signature \"a\"",
      "call sender -> anyone {",
      "  call anyone -> sender",
      "}",
      "call sender -> anyone via skim"
    };
    assertThat(matches(inside, after)).isFalse();
    Course behind =
        course(
            tool -> {
              tool.call(BANK, "a()").call(TOOL, "b()");
              tool.call(OTHER, "skim(address)", BANK);
            });
    assertThat(matches(behind, after)).isTrue();
  }

  @Test
  void meansTheSameAccountByTheSameRole() {
    Course course =
        course(
            tool -> {
              tool.call(BANK, "sync()");
              tool.call(OTHER, "skim(address)", TOOL);
            });
    assertThat(
            matches(
                course,
                "signature \"a\" role V: account role W: account",
                "call sender -> V via sync call sender -> W via skim"))
        .isTrue();
    assertThat(
            matches(
                course,
                "signature \"a\" role V: account",
                "call sender -> V via sync call sender -> V via skim"))
        .isFalse();
  }

  @Test
  void asksRolesForTheirTraits() {
    Course course = course(Scenes::deputy);
    String taking = "call sender -> anyone { transfer T: W -> sender }";
    assertThat(matches(course, "signature \"a\" role T: token role W: bystander", taking)).isTrue();
    assertThat(matches(course, "signature \"a\" role T: token role W: pool", taking)).isFalse();
    assertThat(
            match(course, signature("signature \"a\" role T: token role W: loser victim", taking))
                .hits()
                .getFirst()
                .players())
        .isEqualTo(Map.of("T", COIN, "W", OWNER));
  }

  @Test
  void comparesAmountsAndPrices() {
    Course course =
        course(
            tool -> {
              tool.view(BANK, "getReserves()").returns(100, 100, 0);
              tool.call(COIN, "transfer(address,uint256)", BANK, 10).returns(1);
              tool.view(BANK, "getReserves()").returns(400, 25, 0);
              tool.call(BANK, "out()").pay(TOOL, 75);
            });
    String[] events = {
      "signature \"a\" role P: pool role T: token",
      "transfer T: sender -> P as put",
      "price P as p",
      "transfer native: P -> sender as got"
    };
    for (String holds :
        List.of(
            "got > 7 * put",
            "moved(P) >= 15.9",
            "p < 0.1",
            "gain(native) >= got",
            "lost(P, native) - 75 <= 0",
            "got / put > 7")) {
      assertThat(matches(course, with(events, holds))).as(holds).isTrue();
    }
    for (String fails :
        List.of(
            "got > 8 * put",
            "moved(P) >= 16.1",
            "p > 0.1",
            "gain(native) > got",
            "gain(T) > 0",
            "got / (put - put) > 0",
            "got / (put - put) <= 0")) {
      assertThat(matches(course, with(events, fails))).as(fails).isFalse();
    }
  }

  private static String[] with(String[] events, String condition) {
    List<String> all = new ArrayList<>(List.of(events));
    all.add("where " + condition);
    return all.toArray(String[]::new);
  }

  @Test
  void findsRolesThatMeetOverSeveralTransactions() {
    Course.Part first =
        new Course.Part(Scenes.facts(t -> t.call(BANK, "init()")), Optional.empty());
    Course.Part second = new Course.Part(Scenes.facts(Scenes::withdrawal), Optional.empty());
    Signature signature =
        signature(
            "signature \"a\" role V: account",
            "transaction { call sender -> V via initialize }",
            "transaction { transfer native: V -> sender }");
    assertThat(match(Course.of(List.of(first, second), Codes.UNKNOWN), signature).hits())
        .singleElement()
        .satisfies(h -> assertThat(h.places().getLast().transaction()).isEqualTo(1));
    assertThat(match(Course.of(List.of(second, first), Codes.UNKNOWN), signature).hits()).isEmpty();
    assertThat(match(Course.of(List.of(first), Codes.UNKNOWN), signature).hits()).isEmpty();
  }

  @Test
  void asksForCodeAndDoesNotJudgeWhereItIsNotKnown() {
    CodeFingerprint code = CodeFingerprint.of(Bytes.hex("0x" + "60016002".repeat(60)));
    Signature same =
        signature("signature \"a\" role V: account code " + code.normalised(), "call sender -> V");
    Signature other =
        signature("signature \"b\" role V: account code " + Hash32.ZERO, "call sender -> V");
    List<Course.Part> parts =
        List.of(new Course.Part(Scenes.facts(Scenes::withdrawal), Optional.empty()));
    SignatureSet.Answer known = match(Course.of(parts, _ -> Optional.of(code)), same, other);
    assertThat(known.hits())
        .singleElement()
        .extracting(SignatureSet.Hit::signature)
        .isEqualTo(same);
    assertThat(known.unjudged()).isEmpty();
    SignatureSet.Answer unknown = match(Course.of(parts, Codes.UNKNOWN), same, other);
    assertThat(unknown.hits()).isEmpty();
    assertThat(unknown.unjudged()).hasSize(2);
  }

  @Test
  void neverTakesUbiquitousCodeForAMatch() {
    CodeFingerprint shell =
        CodeFingerprint.of(
            Bytes.hex(
                "0x363d3d373d3d3d363d73bebebebebebebebebebebebebebebebebebebebe5af43d82803e903d"
                    + "91602b57fd5bf3"));
    assertThat(shell.ubiquitous()).isPresent();
    Signature signature =
        signature("signature \"a\" role V: account code " + shell.normalised(), "call sender -> V");
    List<Course.Part> parts =
        List.of(new Course.Part(Scenes.facts(Scenes::withdrawal), Optional.empty()));
    assertThat(match(Course.of(parts, _ -> Optional.of(shell)), signature).hits()).isEmpty();
  }

  @Test
  void seesStorageWritesOnlyWhereTheyAreGiven() {
    Hash32 slot = Hash32.hex("0x" + "36".repeat(32));
    Signature signature =
        signature("signature \"a\" role V: account", "call sender -> V", "write V slot " + slot);
    StateDiff diff =
        new StateDiff(
            List.of(
                new StateDiff.Change(
                    BANK,
                    Optional.empty(),
                    Map.of(slot, new StateDiff.SlotChange(Hash32.ZERO, slot)),
                    false)));
    var facts = Scenes.facts(Scenes::withdrawal);
    Course given = Course.of(List.of(new Course.Part(facts, Optional.of(diff))), Codes.UNKNOWN);
    assertThat(match(given, signature).hits()).hasSize(1);
    assertThat(match(Course.of(facts), signature).unjudged()).hasSize(1);
    StateDiff none = new StateDiff(List.of());
    Course empty = Course.of(List.of(new Course.Part(facts, Optional.of(none))), Codes.UNKNOWN);
    assertThat(match(empty, signature))
        .satisfies(
            a -> {
              assertThat(a.hits()).isEmpty();
              assertThat(a.unjudged()).isEmpty();
            });
  }

  @Test
  void stopsAtItsBudgetAndNeverCallsThatNoMatch() {
    Course busy =
        course(
            tool -> {
              for (int i = 0; i < 2_000; i++) {
                tool.call(Scenes.account(100 + i % 50), "a()");
              }
            });
    StringBuilder text = new StringBuilder("signature \"hostile\"");
    StringBuilder sum = new StringBuilder("0");
    for (char role = 'A'; role < 'I'; role++) {
      text.append(" role ").append(role).append(": account");
      sum.append(" + moved(").append(role).append(")");
    }
    for (char role = 'A'; role < 'I'; role++) {
      text.append(" call sender -> ").append(role);
    }
    Signature hostile = signature(text + " where " + sum + " > 1000");
    Signature absent = signature("signature \"absent\" transfer anyone: anyone -> sender");
    Signature cheap = signature("signature \"cheap\" call sender -> anyone");
    SignatureSet set =
        new SignatureSet(
            List.of(absent, hostile, cheap), new SignatureSet.Budget(1_000, 1_000_000));
    SignatureSet.Answer answer = set.match(busy);
    assertThat(answer.hits()).extracting(h -> h.signature().name()).containsExactly("cheap");
    assertThat(answer.unjudged()).extracting(u -> u.signature().name()).containsExactly("hostile");
    assertThat(answer.tried()).isLessThan(64 * 1_001);
    SignatureSet poor =
        new SignatureSet(List.of(hostile, cheap), new SignatureSet.Budget(100, 100));
    assertThat(poor.match(busy).unjudged())
        .extracting(u -> u.signature().name())
        .containsExactly("hostile", "cheap");
  }

  @Test
  void answersForManyAsForEachByItself() {
    List<Signature> all = new ArrayList<>();
    String[] parties = {"sender", "anyone", "V"};
    for (String a : parties) {
      for (String b : parties) {
        for (String c : parties) {
          all.add(
              signature(
                  "signature \"s\" role V: loser",
                  "call " + a + " -> " + b + " { call anyone -> " + c + " }",
                  "anywhere transfer native: V -> anyone"));
        }
      }
    }
    for (Course course :
        List.of(course(Scenes::reentry), course(Scenes::withdrawal), course(Scenes::deputy))) {
      List<Signature> together =
          match(course, all.toArray(Signature[]::new)).hits().stream()
              .map(SignatureSet.Hit::signature)
              .toList();
      List<Signature> alone = all.stream().filter(s -> !match(course, s).hits().isEmpty()).toList();
      assertThat(together).isEqualTo(alone);
    }
  }
}
