package io.tocsin.base;

import java.util.regex.Pattern;

/**
 * A chain as CAIP-2 names it, such as {@code eip155:1}. An EVM chain's reference is its EIP-155 id
 * in decimal, of at most 18 digits and without leading zeros, so that it has one name only.
 *
 * @see <a href="https://chainagnostic.org/CAIPs/caip-2">CAIP-2</a>
 */
public record ChainId(String namespace, String reference) implements Comparable<ChainId> {
  private static final Pattern NAMESPACE = Pattern.compile("[-a-z0-9]{3,8}");
  private static final Pattern REFERENCE = Pattern.compile("[-_a-zA-Z0-9]{1,32}");
  private static final String EVM = "eip155";
  private static final Pattern EVM_ID = Pattern.compile("[1-9][0-9]{0,17}");

  public ChainId {
    if (!NAMESPACE.matcher(namespace).matches()
        || !REFERENCE.matcher(reference).matches()
        || (namespace.equals(EVM) && !EVM_ID.matcher(reference).matches())) {
      throw new IllegalArgumentException("not a CAIP-2 chain: " + namespace + ":" + reference);
    }
  }

  /** The EVM chain with this EIP-155 id. */
  public static ChainId evm(long id) {
    if (id <= 0) {
      throw new IllegalArgumentException("an EIP-155 chain id is positive, not " + id);
    }
    return new ChainId(EVM, Long.toString(id));
  }

  /**
   * Reads {@code namespace:reference}.
   *
   * @throws MalformedException if {@code text} is not CAIP-2
   */
  public static ChainId parse(String text) throws MalformedException {
    int colon = text.indexOf(':');
    try {
      return new ChainId(
          text.substring(0, Math.max(colon, 0)), text.substring(colon + 1, text.length()));
    } catch (IllegalArgumentException e) {
      throw new MalformedException(
          "expected a CAIP-2 chain such as eip155:1, found " + Text.excerpt(text), e);
    }
  }

  /** Whether this is an EVM chain. */
  public boolean isEvm() {
    return namespace.equals(EVM);
  }

  /**
   * The EIP-155 id.
   *
   * @throws IllegalStateException if this is no EVM chain
   */
  public long evmId() {
    if (!isEvm()) {
      throw new IllegalStateException(this + " is not an EVM chain");
    }
    return Long.parseLong(reference);
  }

  @Override
  public int compareTo(ChainId other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return namespace + ":" + reference;
  }
}
