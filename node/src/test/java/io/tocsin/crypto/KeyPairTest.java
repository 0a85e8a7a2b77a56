package io.tocsin.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class KeyPairTest {
  private static final Hash32 DIGEST = Keccak.hashUtf8("digest");

  private static byte[] word(BigInteger value) {
    byte[] digits = value.toByteArray();
    byte[] word = new byte[32];
    int size = Math.min(32, digits.length);
    System.arraycopy(digits, digits.length - size, word, 32 - size, size);
    return word;
  }

  @Test
  void everySecretBelowTheGroupOrderButZeroIsAKey() {
    for (BigInteger secret : List.of(BigInteger.ONE, Signature.ORDER.subtract(BigInteger.ONE))) {
      assertThat(new KeyPair(word(secret)).sign(DIGEST)).isNotNull();
      assertThat(new BouncyCurve().validPrivateKey(word(secret))).isTrue();
    }
    for (BigInteger secret : List.of(BigInteger.ZERO, Signature.ORDER)) {
      assertThatThrownBy(() -> new KeyPair(word(secret)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(new BouncyCurve().validPrivateKey(word(secret))).isFalse();
    }
    assertThatThrownBy(() -> new KeyPair(new byte[31]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aNewKeyIsDrawnAgainUntilItIsInRange() {
    List<byte[]> drawn = new ArrayList<>();
    RandomGenerator random =
        new RandomGenerator() {
          @Override
          public long nextLong() {
            return 0;
          }

          @Override
          public void nextBytes(byte[] bytes) {
            Arrays.fill(bytes, (byte) drawn.size());
            drawn.add(bytes);
          }
        };
    KeyPair pair = KeyPair.generate(random);
    byte[] ones = new byte[32];
    Arrays.fill(ones, (byte) 1);
    assertThat(pair.exportSecret()).isEqualTo(ones);
    assertThat(drawn).hasSize(2).allMatch(bytes -> Arrays.equals(bytes, new byte[32]));
  }

  @Test
  void theSecretIsCopiedOnItsWayInAndOut() {
    byte[] secret = word(BigInteger.TEN);
    KeyPair pair = new KeyPair(secret);
    Arrays.fill(secret, (byte) 7);
    Arrays.fill(pair.exportSecret(), (byte) 7);
    assertThat(pair.exportSecret()).isEqualTo(word(BigInteger.TEN));
  }

  @Test
  void aClosedKeyNeitherSignsNorShowsItself() {
    KeyPair pair = new KeyPair(word(BigInteger.TEN));
    pair.close();
    assertThatThrownBy(() -> pair.sign(DIGEST)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(pair::exportSecret).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aKeyIsPrintedAsItsAccount() {
    KeyPair pair = new KeyPair(word(BigInteger.TEN));
    assertThat(pair).hasToString("KeyPair[" + pair.address() + "]");
  }

  @Test
  void aPublicKeyIsAPointOfTheCurve() throws MalformedException {
    PublicKey key = new KeyPair(word(BigInteger.TEN)).publicKey();
    PublicKey read = PublicKey.parse(key.point());
    assertThat(read).isEqualTo(key).hasSameHashCodeAs(key).hasToString(key.point().toHex());
    assertThat(key)
        .isNotEqualTo(new KeyPair(word(BigInteger.TWO)).publicKey())
        .isNotEqualTo(key.point());
    assertThat(key.hashCode())
        .isNotEqualTo(new KeyPair(word(BigInteger.TWO)).publicKey().hashCode());
    Bytes off = key.point().slice(0, 63).concat(Bytes.of((byte) ~key.point().at(63)));
    for (Bytes wrong : List.of(off, key.point().slice(0, 63), Bytes.of(new byte[64]))) {
      assertThatThrownBy(() -> PublicKey.parse(wrong)).isInstanceOf(MalformedException.class);
      assertThat(new BouncyCurve().onCurve(Bytes.of(new byte[64]).toArray())).isFalse();
    }
    assertThatThrownBy(() -> new PublicKey(key.point().slice(0, 63)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aDirectoryTrustsNobodyAndKnowsNoFormerMembersUnlessItSaysSo() {
    KeyPair member = new KeyPair(word(BigInteger.TEN));
    KeyDirectory keys =
        account ->
            account.equals(member.address()) ? Optional.of(member.publicKey()) : Optional.empty();
    assertThat(keys.everKeyOf(member.address())).contains(member.publicKey());
    assertThat(keys.everKeyOf(new KeyPair(word(BigInteger.TWO)).address())).isEmpty();
    assertThat(keys.trustworthy(Set.of(member.address()))).isFalse();
  }

  @Test
  void secretsOfRandomKeysDiffer() {
    Random random = new Random(5);
    assertThat(KeyPair.generate(random).exportSecret())
        .isNotEqualTo(KeyPair.generate(random).exportSecret());
  }
}
