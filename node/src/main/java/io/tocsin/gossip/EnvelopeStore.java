package io.tocsin.gossip;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.Envelope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The durable log of admitted envelopes, one sequence without gaps an author. Thread-safe. What a
 * method changed counts at once and reaches the disk in the order of the changes; {@link #flush}
 * waits for it.
 */
public interface EnvelopeStore {
  /**
   * An envelope to keep.
   *
   * @param wire the bytes received
   * @param received when they came
   * @param subject what the message is about, under which {@link #about} finds it
   */
  record Entry(Envelope envelope, Bytes wire, Instant received, Optional<Hash32> subject) {
    /** An envelope that nobody looks up by subject. */
    public Entry(Envelope envelope, Bytes wire, Instant received) {
      this(envelope, wire, received, Optional.empty());
    }
  }

  /** The highest sequence kept of each author. */
  Map<Address, Long> heights();

  /** The highest sequence kept of {@code author}; 0 when there is none. */
  long height(Address author);

  /** The bytes received of one envelope. */
  Optional<Bytes> wire(Address author, long sequence);

  /**
   * The envelopes on the disk of {@code author} after {@code sequence}, in order: at most {@code
   * count}, and no more than {@code bytes} together unless the first alone is larger.
   */
  List<Bytes> after(Address author, long sequence, int count, long bytes);

  /**
   * Keeps a run of envelopes of one author that begins one above its height, all or none.
   *
   * @throws IllegalStateException if the run does not continue the log
   */
  void append(List<Entry> run);

  /**
   * Returns when everything appended so far is on the disk.
   *
   * @throws IllegalStateException if it never will be
   */
  void flush();

  /** Does {@code work} once everything appended so far is on the disk; never if it cannot be. */
  void afterwards(Runnable work);

  /** Everything received on {@code topic} since {@code from}, in the order of admission. */
  List<Bytes> received(String topic, Instant from);

  /** The last envelope of {@code author} on {@code topic} at or before {@code sequence}. */
  Optional<Bytes> latest(String topic, Address author, long sequence);

  /** When the last envelope of all came; empty when there is none. */
  Optional<Instant> lastReceived();

  /** The first envelopes of {@code author} on {@code topic} about {@code subject}, in order. */
  List<Bytes> about(String topic, Address author, Hash32 subject, int count);

  /** Up to which sequence each author's envelopes were handed on. */
  Map<Address, Long> delivered();

  /** Notes up to which sequence the envelopes of some authors were handed on. */
  void delivered(Map<Address, Long> upTo);

  /** Proofs kept of one author; more add nothing to the case. */
  int MAX_PROOFS = 64;

  /**
   * Keeps a proof; false when one for the same author and sequence, or {@link #MAX_PROOFS} of the
   * author, are kept already.
   */
  boolean keep(Equivocation equivocation, Instant noticed);

  /** All proofs kept, the oldest first. */
  List<Equivocation> equivocations();
}
