package io.tocsin.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import java.math.BigInteger;
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

  @Test
  void closedKeySignsNothing() {
    KeyPair pair = KeyPair.generate(random);
    pair.close();
    assertThatThrownBy(() -> pair.sign(digest())).isInstanceOf(IllegalStateException.class);
  }
}
