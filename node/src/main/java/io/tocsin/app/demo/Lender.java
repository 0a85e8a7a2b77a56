package io.tocsin.app.demo;

import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/**
 * One of the sister lending protocols: code of our own with the weakness of believing the spot
 * price of its chain's pair.
 *
 * @param blocked what nobody can do while it is paused
 */
record Lender(String name, DemoChain chain, Address address, List<String> blocked) {
  private static final List<String> SOFT = List.of("borrow", "withdraw", "redeem");
  private static final List<String> STRICT =
      List.of("borrow", "withdraw", "redeem", "repay", "liquidate");

  /** Dollars that each lender holds for its suppliers. */
  static final long DOLLARS = 1_000_000;

  /** Deploys the lender {@code name}, supplies its dollars, and settles. */
  static Lender deploy(String name, DemoChain chain) {
    return deploy(name, chain, "SisterLender", SOFT);
  }

  /** The same, but a pause also stops repayments and liquidations. */
  static Lender deployStrict(String name, DemoChain chain) {
    return deploy(name, chain, "StrictLender", STRICT);
  }

  private static Lender deploy(
      String name, DemoChain chain, String contract, List<String> blocked) {
    Deployer deployer = chain.deployer();
    var venues = chain.venues();
    Address address =
        deployer.deploy(
            Artifact.own(contract),
            deployer.address(),
            venues.token(),
            venues.dollar(),
            venues.pair().pair());
    BigInteger amount = DemoChain.whole(DOLLARS);
    deployer.call(venues.dollar(), "approve(address,uint256)", address, amount);
    deployer.call(address, "supply(uint256)", amount);
    deployer.settle();
    return new Lender(name, chain, address, blocked);
  }

  /** Its name on all chains. */
  AccountId account() {
    return new AccountId(chain.id(), address);
  }

  /** Lets {@code guardian} pause it. */
  void appoint(Address guardian) {
    chain.deployer().call(address, "setGuardian(address)", guardian);
  }

  /** Whether it is paused now. */
  boolean paused() {
    return !chain.deployer().read(address, "paused()").equals(Hash32.ZERO);
  }

  /** The dollars it holds now. */
  BigDecimal dollars() {
    return new BigDecimal(chain.balance(chain.venues().dollar(), address), 18);
  }

  /** The dollars missing of those supplied. */
  BigDecimal lost() {
    return BigDecimal.valueOf(DOLLARS).subtract(dollars());
  }
}
