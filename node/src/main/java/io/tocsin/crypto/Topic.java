package io.tocsin.crypto;

import io.tocsin.base.Hash32;
import io.tocsin.crypto.Verified.Decoder;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A kind of message that members exchange; the constant lives with the message's type.
 *
 * @param name lower-case letters, digits and hyphens, at most 32 characters
 * @param decoder turns a payload into a message
 * @param maxBytes the largest payload that is admitted, in bytes
 * @param subject what a message is about, under which the log finds it again; empty when nobody
 *     will ask
 */
public record Topic<T>(
    String name, Decoder<T> decoder, int maxBytes, Function<T, Optional<Hash32>> subject) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  /** A topic whose messages nobody looks up by subject. */
  public Topic(String name, Decoder<T> decoder, int maxBytes) {
    this(name, decoder, maxBytes, _ -> Optional.empty());
  }

  public Topic {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a topic name: " + name);
    }
    if (maxBytes <= 0 || maxBytes > Envelope.MAX_BYTES - Envelope.OVERHEAD) {
      throw new IllegalArgumentException("payload limit out of range: " + maxBytes);
    }
  }
}
