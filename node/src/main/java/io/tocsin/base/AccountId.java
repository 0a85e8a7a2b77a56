package io.tocsin.base;

/**
 * An account on a chain as CAIP-10 names it, such as {@code eip155:1:0xab…}.
 *
 * @see <a href="https://chainagnostic.org/CAIPs/caip-10">CAIP-10</a>
 */
public record AccountId(ChainId chain, Address address) implements Comparable<AccountId> {
  /**
   * Reads {@code namespace:reference:address}.
   *
   * @throws MalformedException if {@code text} is not CAIP-10 with an EVM address
   */
  public static AccountId parse(String text) throws MalformedException {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new MalformedException(
          "expected a CAIP-10 account such as eip155:1:0x…, found " + Text.excerpt(text));
    }
    return new AccountId(
        ChainId.parse(text.substring(0, colon)), Address.parse(text.substring(colon + 1)));
  }

  @Override
  public int compareTo(AccountId other) {
    int byChain = chain.compareTo(other.chain);
    return byChain != 0 ? byChain : address.compareTo(other.address);
  }

  @Override
  public String toString() {
    return chain + ":" + address;
  }
}
