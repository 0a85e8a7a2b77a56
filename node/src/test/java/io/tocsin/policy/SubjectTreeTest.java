package io.tocsin.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esaulpaugh.headlong.abi.TupleType;
import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.Keccak;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SubjectTreeTest {
  private static List<AccountId> subjects(int count) {
    SplittableRandom random = new SplittableRandom(count);
    List<AccountId> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] address = new byte[20];
      random.nextBytes(address);
      all.add(new AccountId(PolicySamples.MAIN, Address.of(address)));
    }
    return all;
  }

  private static Hash32 leafOf(String type, Object... values) {
    byte[] encoded =
        TupleType.parse(type).encode(com.esaulpaugh.headlong.abi.Tuple.from(values)).array();
    return Keccak.hash(Keccak.hash(encoded).bytes());
  }

  @Test
  void leafIsTheDoubleHashOfTheAbiEncoding() {
    AccountId subject = PolicySamples.ALDER;
    Hash32 expected =
        leafOf(
            "(bytes32,address)",
            Keccak.hashUtf8("eip155:1").toArray(),
            com.esaulpaugh.headlong.abi.Address.wrap(
                com.esaulpaugh.headlong.abi.Address.toChecksumAddress(
                    subject.address().toString())));
    assertThat(SubjectTree.leaf(subject)).isEqualTo(expected);
  }

  @Test
  void rootIsThatOfOpenZeppelin() {
    List<Hash32> leaves =
        List.of(
            leaf("0x1111111111111111111111111111111111111111", "5000000000000000000"),
            leaf("0x2222222222222222222222222222222222222222", "2500000000000000000"));
    assertThat(SubjectTree.nodes(leaves)[0])
        .hasToString("0xd4dee0beab2d53f2cc83e567171bd2820e49898130a22622b10ead383e90bd77");
  }

  private static Hash32 leaf(String address, String amount) {
    return leafOf(
        "(address,uint256)",
        com.esaulpaugh.headlong.abi.Address.wrap(address),
        new BigInteger(amount));
  }

  @Test
  void provesEverySubjectAndNoOther() {
    for (int count = 1; count <= 17; count++) {
      List<AccountId> all = subjects(count);
      SubjectTree tree = SubjectTree.of(all);
      for (AccountId subject : all) {
        assertThat(
                SubjectTree.included(
                    SubjectTree.leaf(subject), tree.proof(subject).orElseThrow(), tree.root()))
            .isTrue();
        assertThat(
                SubjectTree.included(
                    SubjectTree.leaf(PolicySamples.CLONE),
                    tree.proof(subject).orElseThrow(),
                    tree.root()))
            .isFalse();
      }
      assertThat(tree.proof(PolicySamples.CLONE)).isEmpty();
    }
  }

  @Test
  void oneSubjectIsItsOwnRootAndNoneIsZero() {
    SubjectTree one = SubjectTree.of(List.of(PolicySamples.ALDER));
    assertThat(one.root()).isEqualTo(SubjectTree.leaf(PolicySamples.ALDER));
    assertThat(one.proof(PolicySamples.ALDER)).hasValue(List.of());
    assertThat(SubjectTree.of(List.of()).root()).isEqualTo(Hash32.ZERO);
    assertThat(SubjectTree.of(List.of()).proof(PolicySamples.ALDER)).isEmpty();
  }

  @Test
  void orderAndRepetitionDoNotMatter() {
    List<AccountId> all = subjects(9);
    List<AccountId> shuffled = new ArrayList<>(all);
    shuffled.addAll(all);
    Collections.shuffle(shuffled, new Random(1));
    assertThat(SubjectTree.of(shuffled).root()).isEqualTo(SubjectTree.of(all).root());
    assertThat(SubjectTree.of(all.subList(0, 8)).root()).isNotEqualTo(SubjectTree.of(all).root());
  }
}
