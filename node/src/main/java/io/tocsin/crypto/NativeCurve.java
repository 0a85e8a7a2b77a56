package io.tocsin.crypto;

import fr.acinq.secp256k1.Secp256k1Exception;
import java.util.Arrays;
import java.util.Optional;

/** libsecp256k1 through the ACINQ JNI binding. */
final class NativeCurve implements Secp256k1.Curve {
  private final fr.acinq.secp256k1.Secp256k1 library = fr.acinq.secp256k1.Secp256k1.get();

  private static byte[] withPrefix(byte[] point) {
    byte[] key = new byte[65];
    key[0] = 4;
    System.arraycopy(point, 0, key, 1, 64);
    return key;
  }

  private byte[] withoutPrefix(byte[] key) {
    return Arrays.copyOfRange(library.pubkeyParse(key), 1, 65);
  }

  @Override
  public byte[] publicKey(byte[] privateKey) {
    return withoutPrefix(library.pubkeyCreate(privateKey));
  }

  @Override
  public byte[] sign(byte[] digest, byte[] privateKey) {
    return library.sign(digest, privateKey, null);
  }

  @Override
  public boolean verify(byte[] compact, byte[] digest, byte[] point) {
    try {
      return library.verify(compact, digest, withPrefix(point));
    } catch (Secp256k1Exception e) {
      return false;
    }
  }

  @Override
  public Optional<byte[]> recover(byte[] compact, byte[] digest, int recoveryId) {
    try {
      return Optional.of(
          Arrays.copyOfRange(library.ecdsaRecover(compact, digest, recoveryId), 1, 65));
    } catch (Secp256k1Exception e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean onCurve(byte[] point) {
    try {
      library.pubkeyParse(withPrefix(point));
      return true;
    } catch (Secp256k1Exception e) {
      return false;
    }
  }

  @Override
  public boolean validPrivateKey(byte[] privateKey) {
    return library.secKeyVerify(privateKey);
  }

  @Override
  public String name() {
    return "libsecp256k1";
  }
}
