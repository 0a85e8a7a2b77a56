package io.tocsin.detect;

import io.tocsin.base.Address;
import java.math.BigInteger;
import java.util.Optional;

/**
 * Something lent and paid back within one call, around a callback to the borrower. {@code fee} is
 * what was paid back beyond it, in the asset lent; empty if another asset was given for it.
 */
public record FlashLoan(
    Kind kind,
    Parties parties,
    Asset asset,
    BigInteger amount,
    Optional<BigInteger> fee,
    Span span) {
  /** By which interface the borrower is called back. */
  public enum Kind {
    ERC3156("ERC-3156"),
    AAVE("Aave"),
    UNISWAP_V2("Uniswap v2"),
    UNISWAP_V2_FORK("fork of Uniswap v2"),
    UNISWAP_V3("Uniswap v3"),
    UNISWAP_V3_FORK("fork of Uniswap v3"),
    BALANCER("Balancer"),
    DYDX("dYdX"),
    DODO("DODO"),
    OTHER("own callback");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    /** What people call it. */
    public String title() {
      return title;
    }
  }

  /**
   * Who paid it out (zero if it was minted for the purpose), who was called for it, and who got it.
   */
  public record Parties(Address lender, Address desk, Address borrower) {}

  /** The frames that lend, call back, and pay back. */
  public record Span(int lent, int callback, int repaid) {}

  /** The account that lends: whoever paid it out, or, where it was minted, whoever was called. */
  public Address lender() {
    return parties.lender().equals(Address.ZERO) ? parties.desk() : parties.lender();
  }
}
