package io.tocsin.stix;

import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

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

  private static final int UUID_LENGTH = 36;

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
    int dashes = text.length() - UUID_LENGTH - 2;
    if (text.length() > 300
        || dashes < 3
        || !text.startsWith("--", dashes)
        || !type(text, dashes)
        || !uuid(text, dashes + 2)) {
      throw new MalformedException("not a STIX identifier: " + Text.excerpt(text));
    }
    return new StixId(text.substring(0, dashes), UUID.fromString(text.substring(dashes + 2)));
  }

  /** 3 to 250 lower-case letters, digits and hyphens; a letter first, no hyphen last. */
  private static boolean type(String text, int length) {
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      boolean letter = c >= 'a' && c <= 'z';
      boolean digit = c >= '0' && c <= '9';
      if (!(letter || (digit && i > 0) || (c == '-' && i > 0 && i < length - 1))) {
        return false;
      }
    }
    return length <= 250;
  }

  /** Versions 1 to 5 in the variant of RFC 9562. */
  private static boolean uuid(String text, int start) {
    for (int i = 0; i < UUID_LENGTH; i++) {
      char c = text.charAt(start + i);
      boolean right =
          switch (i) {
            case 8, 13, 18, 23 -> c == '-';
            case 14 -> c >= '1' && c <= '5';
            case 19 -> "89abAB".indexOf(c) >= 0;
            default -> Character.digit(c, 16) >= 0 && c < 0x80;
          };
      if (!right) {
        return false;
      }
    }
    return true;
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
