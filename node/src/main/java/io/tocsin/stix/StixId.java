package io.tocsin.stix;

import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A STIX identifier, {@code type--UUID}.
 *
 * @param type lower-case letters, digits and hyphens
 */
public record StixId(String type, UUID uuid) {
  /** The namespace in which names of this project become UUIDs. */
  private static final UUID OWN = UUID.fromString("6f0c3f0e-0f5a-4c39-8a52-1f5f6d3c7a11");

  /** The namespace of observables (STIX 2.1, section 2.9). */
  private static final UUID OBSERVABLE = UUID.fromString("00abedb4-aa42-466c-9c01-fed23315a9b7");

  private static final Pattern FORM =
      Pattern.compile(
          "([a-z][a-z0-9-]{1,248}[a-z0-9])--([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}"
              + "-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12})");

  /** The identifier of a domain object that {@code name} determines. */
  public static StixId named(String type, String name) {
    return new StixId(type, version5(OWN, type + "\n" + name));
  }

  /** The identifier of an observable with these canonical contributing properties. */
  public static StixId observable(String type, String properties) {
    return new StixId(type, version5(OBSERVABLE, properties));
  }

  /**
   * Reads {@code type--UUID}.
   *
   * @throws MalformedException if {@code text} is anything else
   */
  public static StixId parse(String text) throws MalformedException {
    var form = FORM.matcher(text);
    if (text.length() > 300 || !form.matches()) {
      throw new MalformedException("not a STIX identifier: " + Text.excerpt(text));
    }
    return new StixId(form.group(1), UUID.fromString(form.group(2).toLowerCase(Locale.ROOT)));
  }

  /** A UUID of version 5 (RFC 9562). */
  static UUID version5(UUID namespace, String name) {
    MessageDigest sha1;
    try {
      sha1 = MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
    ByteBuffer space = ByteBuffer.allocate(16);
    space.putLong(namespace.getMostSignificantBits()).putLong(namespace.getLeastSignificantBits());
    sha1.update(space.array());
    ByteBuffer hash = ByteBuffer.wrap(sha1.digest(name.getBytes(StandardCharsets.UTF_8)));
    long high = (hash.getLong() & ~0xf000L) | 0x5000L;
    long low = (hash.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }

  @Override
  public String toString() {
    return type + "--" + uuid;
  }
}
