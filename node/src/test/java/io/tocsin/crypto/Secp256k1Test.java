package io.tocsin.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.Sign;

final class Secp256k1Test {
  private final Random random = new Random(7);

  private Hash32 digest() {
    byte[] content = new byte[32];
    random.nextBytes(content);
    return Hash32.of(content);
  }

  @Test
  void nativeAndBouncyCastleGiveTheSameBytes() {
    NativeCurve nativeCurve = new NativeCurve();
    BouncyCurve bouncy = new BouncyCurve();
    for (int i = 0; i < 50; i++) {
      byte[] secret = KeyPair.generate(random).exportSecret();
      byte[] digest = digest().toArray();
      byte[] signature = nativeCurve.sign(digest, secret);
      byte[] key = nativeCurve.publicKey(secret);
      assertThat(bouncy.publicKey(secret)).isEqualTo(key);
      assertThat(bouncy.sign(digest, secret)).isEqualTo(signature);
      assertThat(bouncy.verify(signature, digest, key)).isTrue();
      assertThat(nativeCurve.verify(signature, digest, key)).isTrue();
      for (int id = 0; id < 2; id++) {
        assertThat(bouncy.recover(signature, digest, id).map(Bytes::of))
            .isEqualTo(nativeCurve.recover(signature, digest, id).map(Bytes::of));
      }
    }
  }

  @Test
  void agreesWithWeb3j() {
    for (int i = 0; i < 20; i++) {
      KeyPair pair = KeyPair.generate(random);
      Hash32 digest = digest();
      ECKeyPair web3j = ECKeyPair.create(pair.exportSecret());
      Sign.SignatureData expected = Sign.signMessage(digest.toArray(), web3j, false);
      Signature signature = pair.sign(digest);
      assertThat(signature.bytes().slice(0, 32).toArray()).isEqualTo(expected.getR());
      assertThat(signature.bytes().slice(32, 64).toArray()).isEqualTo(expected.getS());
      assertThat(signature.bytes().at(64)).isEqualTo(expected.getV()[0]);
      assertThat(new BigInteger(1, pair.publicKey().point().toArray()))
          .isEqualTo(web3j.getPublicKey());
    }
  }

  @Test
  void recoversTheKeyThatSigned() {
    KeyPair key = KeyPair.generate(random);
    Hash32 digest = digest();
    assertThat(Secp256k1.recover(key.sign(digest), digest)).contains(key.publicKey());
    assertThat(Secp256k1.recover(key.sign(digest), digest()))
        .isNotEqualTo(Optional.of(key.publicKey()));
  }

  @Test
  void refusesASignatureOfAnotherDigestOrKey() {
    KeyPair pair = KeyPair.generate(random);
    Hash32 digest = digest();
    Signature signature = pair.sign(digest);
    assertThat(Secp256k1.verify(signature, digest, pair.publicKey())).isTrue();
    assertThat(Secp256k1.verify(signature, digest(), pair.publicKey())).isFalse();
    assertThat(Secp256k1.verify(signature, digest, KeyPair.generate(random).publicKey())).isFalse();
  }

  @Test
  void refusesHighSAndWrongV() {
    Signature signature = KeyPair.generate(random).sign(digest());
    BigInteger s = new BigInteger(1, signature.bytes().slice(32, 64).toArray());
    byte[] high = Signature.ORDER.subtract(s).toByteArray();
    Bytes word = Bytes.of(new byte[32]).concat(Bytes.of(high));
    word = word.slice(word.size() - 32, word.size());
    Bytes flipped =
        signature
            .bytes()
            .slice(0, 32)
            .concat(word)
            .concat(Bytes.of((byte) (55 - signature.bytes().at(64))));
    assertThatThrownBy(() -> Signature.parse(flipped))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("high");
    Bytes badV = signature.compact().concat(Bytes.of((byte) 29));
    assertThatThrownBy(() -> Signature.parse(badV)).hasMessageContaining("v must be");
  }

  private static Bytes word(BigInteger value) {
    Bytes digits = Bytes.of(new byte[32]).concat(Bytes.of(value.toByteArray()));
    return digits.slice(digits.size() - 32, digits.size());
  }

  private static Bytes wire(BigInteger r, BigInteger s, int v) {
    return word(r).concat(word(s)).concat(Bytes.of((byte) v));
  }

  @Test
  void acceptsRAndSUpToTheirBoundsOnly() throws MalformedException {
    BigInteger one = BigInteger.ONE;
    BigInteger last = Signature.ORDER.subtract(one);
    BigInteger half = Signature.ORDER.shiftRight(1);
    assertThat(Signature.parse(wire(one, one, 27)).recoveryId()).isZero();
    assertThat(Signature.parse(wire(last, half, 28)).recoveryId()).isEqualTo(1);
    assertThat(Signature.parse(wire(one, one, 27)))
        .hasToString(wire(one, one, 27).toHex())
        .extracting(Signature::compact)
        .isEqualTo(word(one).concat(word(one)));
    Map<Bytes, String> wrong =
        Map.of(
            wire(BigInteger.ZERO, one, 27), "r is out of range",
            wire(Signature.ORDER, one, 27), "r is out of range",
            wire(one, BigInteger.ZERO, 27), "s is zero or high (EIP-2)",
            wire(one, half.add(one), 27), "s is zero or high (EIP-2)",
            wire(one, one, 26), "v must be 27 or 28, not 26",
            wire(one, one, 29), "v must be 27 or 28, not 29",
            wire(one, one, 27).slice(0, 64), "a signature has 65 bytes, not 64");
    wrong.forEach(
        (wire, why) -> {
          assertThatThrownBy(() -> Signature.parse(wire))
              .isInstanceOf(MalformedException.class)
              .hasMessage(why);
          assertThatThrownBy(() -> new Signature(wire))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessage(why);
        });
  }

  @Test
  void neitherLibraryRecoversFromNumbersOutOfRange() {
    BigInteger order = Signature.ORDER;
    BigInteger one = BigInteger.ONE;
    byte[] digest = digest().toArray();
    for (Secp256k1.Curve curve : List.of(new NativeCurve(), new BouncyCurve())) {
      assertThat(curve.recover(word(one).concat(word(one)).toArray(), digest, 0)).isPresent();
      for (BigInteger wrong : List.of(BigInteger.ZERO, order, order.add(one))) {
        Bytes badR = word(wrong).concat(word(one));
        Bytes badS = word(one).concat(word(wrong));
        assertThat(curve.recover(badR.toArray(), digest, 0)).isEmpty();
        assertThat(curve.recover(badS.toArray(), digest, 0)).isEmpty();
      }
    }
  }

  /** With s = z/k the recovered key would be (s·k - z)/r·G, the point at infinity. */
  @Test
  void neitherLibraryRecoversThePointAtInfinity() {
    BigInteger k = BigInteger.valueOf(12_345);
    Bytes point = new KeyPair(word(k).toArray()).publicKey().point();
    Hash32 digest = digest();
    BigInteger z = new BigInteger(1, digest.toArray());
    BigInteger s = z.multiply(k.modInverse(Signature.ORDER)).mod(Signature.ORDER);
    byte[] compact = point.slice(0, 32).concat(word(s)).toArray();
    int parity = point.at(63) & 1;
    for (Secp256k1.Curve curve : List.of(new NativeCurve(), new BouncyCurve())) {
      assertThat(curve.recover(compact, digest.toArray(), parity)).isEmpty();
      assertThat(curve.recover(compact, digest.toArray(), 1 - parity)).isPresent();
    }
  }

  @Test
  void neitherLibraryVerifiesForAPointOffTheCurve() {
    KeyPair pair = KeyPair.generate(random);
    Hash32 digest = digest();
    byte[] compact = pair.sign(digest).compact().toArray();
    byte[] point = pair.publicKey().point().toArray();
    byte[] off = point.clone();
    off[63] ^= 1;
    for (Secp256k1.Curve curve : List.of(new NativeCurve(), new BouncyCurve())) {
      assertThat(curve.verify(compact, digest.toArray(), point)).isTrue();
      assertThat(curve.onCurve(point)).isTrue();
      assertThat(curve.verify(compact, digest.toArray(), off)).isFalse();
      assertThat(curve.onCurve(off)).isFalse();
    }
  }

  @Test
  void aSignatureIsNotCompletedForAnotherKey() {
    KeyPair pair = KeyPair.generate(random);
    Hash32 digest = digest();
    Signature signature = pair.sign(digest);
    byte[] compact = signature.compact().toArray();
    assertThat(Secp256k1.complete(compact, digest, pair.publicKey())).isEqualTo(signature);
    PublicKey other = KeyPair.generate(random).publicKey();
    assertThatThrownBy(() -> Secp256k1.complete(compact, digest, other))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theNativeLibraryIsInUseWhereItLoads() {
    assertThat(Secp256k1.library()).isEqualTo("libsecp256k1").isEqualTo(new NativeCurve().name());
    assertThat(Secp256k1.Curve.load().name()).isEqualTo(new NativeCurve().name());
    assertThat(new BouncyCurve().name()).isEqualTo("BouncyCastle");
  }
}
