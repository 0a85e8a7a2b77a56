package io.tocsin.adapter.keys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.engines.Salsa20Engine;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * Scrypt (RFC 7914), whose large memory lies outside of the heap, is wiped, and is given back to
 * the system at once: a key that is opened at the start must not leave a heap of its size behind.
 */
final class Scrypt {
  /** Bytes of a block of Salsa20, and its ints. */
  private static final int BLOCK = 64;

  private static final int WORDS = BLOCK / Integer.BYTES;
  private static final int ROUNDS = 8;

  private Scrypt() {}

  /**
   * Derives a key of 32 bytes.
   *
   * @param n a power of two; with {@code r} it gives the memory, 128 {@code n r} bytes
   */
  static byte[] derive(byte[] password, byte[] salt, int n, int r, int p) {
    byte[] blocks = stretch(password, salt, 2 * BLOCK * r * p);
    IntBuffer words = ByteBuffer.wrap(blocks).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    int[] block = new int[2 * WORDS * r];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(4L * block.length * n, Long.BYTES);
      for (int i = 0; i < p; i++) {
        words.get(i * block.length, block);
        mix(block, memory, n);
        words.put(i * block.length, block);
      }
      memory.fill((byte) 0);
    }
    byte[] key = stretch(password, blocks, 32);
    Arrays.fill(block, 0);
    Arrays.fill(blocks, (byte) 0);
    return key;
  }

  private static byte[] stretch(byte[] password, byte[] salt, int bytes) {
    var generator = new PKCS5S2ParametersGenerator(new SHA256Digest());
    generator.init(password, salt, 1);
    return ((KeyParameter) generator.generateDerivedParameters(8 * bytes)).getKey();
  }

  /** Fills the memory with what becomes of {@code block}, and reads it again where that says. */
  private static void mix(int[] block, MemorySegment memory, int n) {
    int size = block.length;
    long bytes = 4L * size;
    int[] other = new int[size];
    int[] sum = new int[WORDS];
    for (int i = 0; i < n; i++) {
      MemorySegment.copy(block, 0, memory, ValueLayout.JAVA_INT, i * bytes, size);
      step(block, other, sum);
    }
    for (int i = 0; i < n; i++) {
      long place = block[size - WORDS] & (n - 1);
      MemorySegment.copy(memory, ValueLayout.JAVA_INT, place * bytes, other, 0, size);
      for (int k = 0; k < size; k++) {
        block[k] ^= other[k];
      }
      step(block, other, sum);
    }
    Arrays.fill(other, 0);
    Arrays.fill(sum, 0);
  }

  /** The RFC's scryptBlockMix of {@code block}, in place. */
  private static void step(int[] block, int[] other, int[] sum) {
    int size = block.length;
    System.arraycopy(block, size - WORDS, sum, 0, WORDS);
    for (int at = 0; at < size; at += WORDS) {
      for (int k = 0; k < WORDS; k++) {
        sum[k] ^= block[at + k];
      }
      Salsa20Engine.salsaCore(ROUNDS, sum, sum);
      int half = at / WORDS % 2 * (size / 2);
      System.arraycopy(sum, 0, other, half + at / (2 * WORDS) * WORDS, WORDS);
    }
    System.arraycopy(other, 0, block, 0, size);
  }
}
