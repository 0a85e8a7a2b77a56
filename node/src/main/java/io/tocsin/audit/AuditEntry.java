package io.tocsin.audit;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.Keccak;
import java.nio.ByteBuffer;

/**
 * One link of the log as it is stored; nothing in it is trusted until {@link Verification} has
 * looked at it.
 *
 * @param sequence its place, from 1, without gaps
 * @param previous the hash of the entry before, zero for the first
 * @param digest {@code keccak(salt ‖ body)}
 * @param hash {@code keccak(previous ‖ sequence ‖ digest)}, the sequence in eight bytes, big-endian
 */
public record AuditEntry(
    long sequence, Hash32 previous, Hash32 digest, Hash32 hash, Content content) {
  static final Hash32 GENESIS = Hash32.ZERO;

  public AuditEntry {
    if (sequence < 1) {
      throw new IllegalArgumentException("a sequence starts at 1, not " + sequence);
    }
  }

  /** What an entry says, as long as it is kept. */
  public sealed interface Content {
    /**
     * Salt and body are there.
     *
     * @param salt 32 random bytes
     * @param body the canonical JSON of a time and a {@link Step}
     */
    record Kept(Bytes salt, Bytes body) implements Content {}

    /** Salt and body were erased; the digest still stands. */
    record Erased() implements Content {}
  }

  static AuditEntry next(long sequence, Hash32 previous, Content.Kept content) {
    Hash32 digest = digest(content);
    return new AuditEntry(sequence, previous, digest, link(previous, sequence, digest), content);
  }

  static Hash32 digest(Content.Kept content) {
    return Keccak.hash(content.salt(), content.body());
  }

  static Hash32 link(Hash32 previous, long sequence, Hash32 digest) {
    Bytes number = Bytes.of(ByteBuffer.allocate(Long.BYTES).putLong(sequence).array());
    return Keccak.hash(previous.bytes(), number, digest.bytes());
  }

  /** The same entry without salt and body. */
  public AuditEntry erased() {
    return new AuditEntry(sequence, previous, digest, hash, new Content.Erased());
  }
}
