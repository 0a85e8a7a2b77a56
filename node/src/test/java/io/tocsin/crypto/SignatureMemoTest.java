package io.tocsin.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Hash32;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SignatureMemoTest {
  private final Random random = new Random(11);
  private final KeyPair alder = KeyPair.generate(random);
  private final KeyPair birch = KeyPair.generate(random);
  private final Domain domain = new Domain(Keccak.hashUtf8("town"));
  private final Hash32 struct = Keccak.hashUtf8("said");
  private final Hash32 digest = domain.digest(struct);
  private final Signature signature = alder.sign(domain, struct);
  private final SignatureMemo memo = new SignatureMemo();

  @Test
  void saysTheSameOfOneThatComesAgain() {
    assertThat(memo.verify(signature, digest, alder.publicKey())).isTrue();
    assertThat(memo.verify(signature, digest, alder.publicKey())).isTrue();
  }

  @Test
  void aRightOneProvesNothingForAnotherKeyDigestOrSignature() {
    assertThat(memo.verify(signature, digest, alder.publicKey())).isTrue();
    assertThat(memo.verify(signature, digest, birch.publicKey())).isFalse();
    assertThat(memo.verify(signature, Keccak.hashUtf8("else"), alder.publicKey())).isFalse();
    assertThat(memo.verify(birch.sign(domain, struct), digest, alder.publicKey())).isFalse();
  }

  @Test
  void aWrongOneStaysWrong() {
    for (int i = 0; i < 2; i++) {
      assertThat(memo.verify(signature, digest, birch.publicKey())).isFalse();
      assertThat(memo.size()).isZero();
    }
  }

  @Test
  void keepsTheLatestAndNoMoreThanItMay() {
    SignatureMemo small = new SignatureMemo(2);
    for (int i = 0; i < 5; i++) {
      Hash32 said = Keccak.hashUtf8("said " + i);
      assertThat(small.verify(alder.sign(domain, said), domain.digest(said), alder.publicKey()))
          .isTrue();
      assertThat(small.size()).isEqualTo(Math.min(i + 1, 2));
    }
  }
}
