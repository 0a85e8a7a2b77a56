package io.tocsin.crypto;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import org.bouncycastle.crypto.digests.KeccakDigest;

/** Keccak-256 as Ethereum uses it (the original padding, not FIPS 202). */
public final class Keccak {
  private Keccak() {}

  /** The hash of the concatenation of {@code parts}. */
  public static Hash32 hash(Bytes... parts) {
    KeccakDigest digest = new KeccakDigest(256);
    for (Bytes part : parts) {
      byte[] content = part.toArray();
      digest.update(content, 0, content.length);
    }
    byte[] out = new byte[32];
    digest.doFinal(out, 0);
    return Hash32.of(out);
  }

  /** The hash of {@code content}. */
  public static Hash32 hash(byte[] content) {
    KeccakDigest digest = new KeccakDigest(256);
    digest.update(content, 0, content.length);
    byte[] out = new byte[32];
    digest.doFinal(out, 0);
    return Hash32.of(out);
  }

  /** The hash of the UTF-8 bytes of {@code text}. */
  public static Hash32 hashUtf8(String text) {
    return hash(Bytes.utf8(text));
  }
}
