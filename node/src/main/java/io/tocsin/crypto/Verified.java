package io.tocsin.crypto;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.MalformedException;
import java.util.Optional;

/**
 * A decoded payload whose envelope was signed by a member: the only way to hold one is {@link
 * #open}, which checks the signature over the bytes received before it decodes them.
 *
 * @param <T> what the payload decodes to
 */
public final class Verified<T> {
  private final Envelope envelope;
  private final T value;

  Verified(Envelope envelope, T value) {
    this.envelope = envelope;
    this.value = value;
  }

  /** Turns payload bytes into a value. */
  @FunctionalInterface
  public interface Decoder<T> {
    /**
     * The value in {@code payload}.
     *
     * @throws MalformedException if there is none
     */
    T decode(Bytes payload) throws MalformedException;
  }

  /**
   * Checks and decodes: empty when the author is unknown to {@code keys} or did not sign.
   *
   * @throws MalformedException if the signature holds but the payload does not decode
   */
  public static <T> Optional<Verified<T>> open(
      Envelope envelope, Domain domain, KeyDirectory keys, Decoder<T> decoder)
      throws MalformedException {
    Optional<PublicKey> key = keys.keyOf(envelope.author());
    if (key.isEmpty() || !envelope.signedBy(key.get(), domain)) {
      return Optional.empty();
    }
    return Optional.of(new Verified<>(envelope, decoder.decode(envelope.payload())));
  }

  /** The envelope as received. */
  public Envelope envelope() {
    return envelope;
  }

  /** The member who signed. */
  public Address author() {
    return envelope.author();
  }

  /** The decoded payload. */
  public T value() {
    return value;
  }
}
