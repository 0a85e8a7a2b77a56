package io.tocsin.app.demo;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import java.math.BigInteger;

/** A borrower's debt at a lender of chain one, and the liquidator who waits for it. One owner. */
final class Position {
  private static final BigInteger COLLATERAL = DemoChain.whole(20);
  private static final BigInteger PART = DemoChain.whole(1_000);
  private static final BigInteger HUNDRED = BigInteger.valueOf(100);

  private final Thief borrower;
  private final Lender lender;
  private final DemoChain chain;

  Position(Thief borrower, Lender lender) {
    this.borrower = borrower;
    this.lender = lender;
    this.chain = lender.chain();
  }

  private BigInteger number(Address contract, String view, Object... arguments) {
    return new BigInteger(1, chain.deployer().read(contract, view, arguments).toArray());
  }

  private Address token() {
    return chain.venues().token();
  }

  /** Borrows 74 % of what the collateral is worth; waits until it is done. */
  void open() throws InterruptedException {
    BigInteger debt =
        number(lender.address(), "price()")
            .multiply(COLLATERAL)
            .divide(BigInteger.TEN.pow(18))
            .multiply(BigInteger.valueOf(74))
            .divide(HUNDRED);
    var _ = borrower.call(token(), "approve(address,uint256)", lender.address(), COLLATERAL);
    var _ = borrower.call(lender.address(), "deposit(uint256)", COLLATERAL);
    var borrowed = borrower.call(lender.address(), "borrow(uint256)", debt);
    var _ =
        chain
            .deployer()
            .now(chain.venues().dollar(), "approve(address,uint256)", lender.address(), debt);
    var _ = chain.builder().await(borrowed, HarmTown.PATIENCE);
  }

  /** Lets the price fall by an eighth; waits until it has. */
  void fall() throws InterruptedException {
    Address pair = chain.venues().pair().pair();
    BigInteger more = number(token(), "balanceOf(address)", pair).divide(BigInteger.valueOf(7));
    var _ = chain.deployer().now(token(), "transfer(address,uint256)", pair, more);
    var synced = chain.deployer().now(pair, "sync()");
    var _ = chain.builder().await(synced, HarmTown.PATIENCE);
  }

  /** What the lender would say to a liquidation now. */
  String liquidation() {
    return Refusals.of(chain, chain.deployer().address(), lender.address(), call());
  }

  private Bytes call() {
    return AbiCalls.call("liquidate(address,uint256)", borrower.address(), PART);
  }

  /** Liquidates a part; whether that worked. */
  boolean liquidate() throws InterruptedException {
    BigInteger before = number(lender.address(), "debtOf(address)", borrower.address());
    var tx =
        chain
            .deployer()
            .now(lender.address(), "liquidate(address,uint256)", borrower.address(), PART);
    var _ = chain.builder().await(tx, HarmTown.PATIENCE);
    BigInteger after = number(lender.address(), "debtOf(address)", borrower.address());
    return after.add(PART).equals(before);
  }
}
