package io.tocsin.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.chain.Agreement;
import io.tocsin.crypto.Keccak;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class BallotTest {
  private static Ballot.Result<String> count(Map<String, String> electorate, String... said) {
    List<Ballot.Vote<String>> votes =
        Arrays.stream(said)
            .map(s -> s.split("="))
            .map(s -> new Ballot.Vote<>(s[0], Keccak.hashUtf8(s[1]), s[1]))
            .toList();
    return new Ballot<>(electorate, votes, new HashMap<>()).count();
  }

  private static Map<String, String> three() {
    return Map.of("a", "X", "b", "Y", "c", "Y");
  }

  @Test
  void twoOfThreeOfTwoOperatorsAgree() {
    assertThat(count(three(), "a=1", "b=1").agreement())
        .isEqualTo(new Agreement.Agreed(2, Set.of("X", "Y")));
  }

  @Test
  void twoOfOneOperatorDoNot() {
    assertThat(count(three(), "b=1", "c=1").agreement().agreed()).isFalse();
  }

  @Test
  void oneOfThreeDoesNot() {
    assertThat(count(three(), "a=1").agreement().agreed()).isFalse();
  }

  @Test
  void majorityOutvotesALiarAndItsEvidenceIsShown() {
    Ballot.Result<String> result = count(three(), "c=lie", "a=1", "b=1");
    assertThat(result.agreement().agreed()).isTrue();
    assertThat(result.evidence()).contains("1");
    assertThat(result.disputed()).isTrue();
  }

  @Test
  void twoOfFourAreNoMajority() {
    Map<String, String> four = Map.of("a", "X", "b", "Y", "c", "Z", "d", "W");
    assertThat(count(four, "a=1", "b=1", "c=2", "d=2").agreement().agreed()).isFalse();
    assertThat(count(four, "a=1", "b=1", "c=1").agreement().agreed()).isTrue();
  }

  @Test
  void nobodyIsNoEvidence() {
    assertThat(count(three()).evidence()).isEmpty();
  }
}
