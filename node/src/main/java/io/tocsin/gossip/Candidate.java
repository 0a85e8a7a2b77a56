package io.tocsin.gossip;

import io.tocsin.base.Hash32;
import io.tocsin.crypto.Envelope;
import io.tocsin.crypto.Verified;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An envelope whose signature holds, before its place in the author's order is known.
 *
 * @param id the envelope's id
 */
record Candidate(Frame frame, Envelope envelope, Hash32 id, Reading reading) {
  /** What the payload turned out to be. */
  sealed interface Reading {
    /** Hands the message to its listener, if it has one. */
    void hand();

    /** What the message is about, if it can be looked up by that. */
    Optional<Hash32> subject();
  }

  /** A message of a topic that somebody listens to. */
  record Heard<T>(Verified<T> message, Consumer<Verified<T>> listener, Optional<Hash32> subject)
      implements Reading {
    @Override
    public void hand() {
      listener.accept(message);
    }
  }

  /** Kept for the author's order only. */
  record Unheard(AdmissionResult result) implements Reading {
    @Override
    public void hand() {}

    @Override
    public Optional<Hash32> subject() {
      return Optional.empty();
    }
  }

  AdmissionResult result() {
    return switch (reading) {
      case Heard<?>(Verified<?> message, _, _) -> new AdmissionResult.Accept(message);
      case Unheard(AdmissionResult result) -> result;
    };
  }

  EnvelopeStore.Entry entry(Instant received) {
    return new EnvelopeStore.Entry(envelope, frame.wire(), received, reading.subject());
  }

  Delivery delivery() {
    return new Delivery(envelope.author(), envelope.sequence(), reading);
  }
}
