package io.tocsin.app.demo;

import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * One of the sister lending protocols: code of our own with the weakness of believing the spot
 * price of its chain's pair.
 */
record Lender(String name, DemoChain chain, Address address) {
  /** Dollars that each lender holds for its suppliers. */
  static final long DOLLARS = 1_000_000;

  /** Deploys the lender {@code name}, supplies its dollars, and settles. */
  static Lender deploy(String name, DemoChain chain) {
    Deployer deployer = chain.deployer();
    var venues = chain.venues();
    Address address =
        deployer.deploy(
            Artifact.own("SisterLender"),
            deployer.address(),
            venues.token(),
            venues.dollar(),
            venues.pair().pair());
    BigInteger amount = DemoChain.whole(DOLLARS);
    deployer.call(venues.dollar(), "approve(address,uint256)", address, amount);
    deployer.call(address, "supply(uint256)", amount);
    deployer.settle();
    return new Lender(name, chain, address);
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
