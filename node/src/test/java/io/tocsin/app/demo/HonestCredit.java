package io.tocsin.app.demo;

import static io.tocsin.app.demo.HonestWorld.later;
import static io.tocsin.app.demo.HonestWorld.step;

import io.tocsin.app.demo.HonestWorld.Person;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Honest borrowing: each method lets somebody do one thing and names the transactions of it. */
final class HonestCredit {
  private static final BigInteger ALL = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);
  private static final int VARIABLE = 2;

  private final HonestWorld world;
  private final RandomGenerator random;

  HonestCredit(HonestWorld world, RandomGenerator random) {
    this.world = world;
    this.random = random;
  }

  private Person saver(int tokens) {
    Person saver = world.person(BigInteger.ZERO, DemoChain.whole(tokens));
    world.allow(saver, world.market());
    return saver;
  }

  private Hash32 supply(Person who, Address asset, BigInteger amount) {
    return world.call(
        who,
        world.market(),
        "supply(address,uint256,address,uint16)",
        asset,
        amount,
        who.address(),
        0);
  }

  private Hash32 borrow(Person who, BigInteger dollars) {
    return world.call(
        who,
        world.market(),
        "borrow(address,uint256,uint256,uint16,address)",
        world.dollar(),
        dollars,
        VARIABLE,
        0,
        who.address());
  }

  private static BigInteger percent(BigInteger amount, int percent) {
    return amount.multiply(BigInteger.valueOf(percent)).divide(BigInteger.valueOf(100));
  }

  List<Hash32> borrow() {
    int tokens = random.nextInt(5, 200);
    Person saver = saver(tokens);
    Hash32 supplied = supply(saver, world.token(), DemoChain.whole(tokens));
    BigInteger worth = DemoChain.whole(tokens * DemoChain.PRICE);
    return List.of(supplied, borrow(saver, percent(worth, random.nextInt(20, 79))));
  }

  /** Everything he saved, with the interest. */
  List<Hash32> withdrawAll() {
    int tokens = random.nextInt(5, 500);
    Person saver = saver(tokens);
    Hash32 _ = supply(saver, world.token(), DemoChain.whole(tokens));
    world.pass(Duration.ofDays(random.nextInt(1, 30)));
    return List.of(
        world.call(
            saver,
            world.market(),
            "withdraw(address,uint256,address)",
            world.token(),
            ALL,
            saver.address()));
  }

  /** Saves, borrows, buys and saves again in one transaction, through a contract of his own. */
  List<Hash32> leverage() {
    BigInteger tokens = DemoChain.whole(random.nextInt(2, 30));
    Person farmer = world.person(BigInteger.ZERO, BigInteger.ZERO);
    world.give(farmer.contract(), BigInteger.ZERO, tokens);
    List<List<Object>> steps = new ArrayList<>();
    Address self = farmer.contract();
    steps.add(
        step(
            world.token(),
            "approve(address,uint256)",
            world.market(),
            tokens.multiply(BigInteger.TEN)));
    BigInteger dollars =
        percent(tokens, random.nextInt(30, 60)).multiply(BigInteger.valueOf(DemoChain.PRICE));
    BigInteger bought = world.bought(world.pair(), world.dollar(), dollars);
    steps.add(supplyStep(tokens, self));
    steps.add(
        step(
            world.market(),
            "borrow(address,uint256,uint256,uint16,address)",
            world.dollar(),
            dollars,
            VARIABLE,
            0,
            self));
    steps.add(step(world.dollar(), "transfer(address,uint256)", world.pair(), dollars));
    steps.add(world.payOut(world.pair(), world.token(), bought, self, Bytes.EMPTY));
    steps.add(supplyStep(bought, self));
    return List.of(world.run(farmer, steps));
  }

  private List<Object> supplyStep(BigInteger tokens, Address owner) {
    return step(
        world.market(), "supply(address,uint256,address,uint16)", world.token(), tokens, owner, 0);
  }

  /** Repays with a flash loan, takes the collateral out, sells some of it to repay the loan. */
  List<Hash32> deleverage() {
    BigInteger tokens = DemoChain.whole(random.nextInt(5, 40));
    Person farmer = world.person(BigInteger.ZERO, BigInteger.ZERO);
    Address self = farmer.contract();
    world.give(self, BigInteger.ZERO, tokens);
    BigInteger debt =
        percent(tokens, random.nextInt(20, 60)).multiply(BigInteger.valueOf(DemoChain.PRICE));
    Hash32 _ =
        world.run(
            farmer,
            List.of(
                step(world.token(), "approve(address,uint256)", world.market(), tokens),
                supplyStep(tokens, self),
                step(
                    world.market(),
                    "borrow(address,uint256,uint256,uint16,address)",
                    world.dollar(),
                    debt,
                    VARIABLE,
                    0,
                    self),
                step(world.dollar(), "transfer(address,uint256)", farmer.address(), debt)));
    BigInteger loan = percent(debt, 101);
    BigInteger owed = percent(loan, 101);
    BigInteger sold = tokensFor(owed);
    List<List<Object>> within =
        List.of(
            step(world.dollar(), "approve(address,uint256)", world.market(), loan),
            step(
                world.market(),
                "repay(address,uint256,uint256,address)",
                world.dollar(),
                ALL,
                VARIABLE,
                self),
            step(world.market(), "withdraw(address,uint256,address)", world.token(), ALL, self),
            step(world.token(), "transfer(address,uint256)", world.pair(), sold),
            world.payOut(
                world.pair(),
                world.dollar(),
                world.bought(world.pair(), world.token(), sold),
                self,
                Bytes.EMPTY),
            step(world.dollar(), "approve(address,uint256)", world.market(), owed));
    return List.of(
        world.run(
            farmer,
            List.of(
                step(
                    world.market(),
                    "flashLoanSimple(address,address,uint256,bytes,uint16)",
                    self,
                    world.dollar(),
                    loan,
                    later(within),
                    0))));
  }

  private BigInteger tokensFor(BigInteger dollars) {
    BigInteger[] reserves = world.reserves(world.pair(), world.dollar());
    BigInteger left = reserves[0].subtract(dollars);
    return percent(reserves[1].multiply(dollars).divide(left), 102);
  }

  /** The price falls, and a keeper repays half of somebody's debt with dollars of his own. */
  List<Hash32> liquidation() {
    return liquidate(false);
  }

  /** The same with a flash loan; the bounty is all that the keeper has in the end. */
  List<Hash32> liquidationByFlashLoan() {
    return liquidate(true);
  }

  private List<Hash32> liquidate(boolean lent) {
    int tokens = random.nextInt(5, 60);
    Person debtor = saver(tokens);
    Hash32 _ = supply(debtor, world.token(), DemoChain.whole(tokens));
    BigInteger debt = percent(DemoChain.whole(tokens * DemoChain.PRICE), random.nextInt(70, 79));
    Hash32 _ = borrow(debtor, debt);
    Person keeper = world.person(BigInteger.ZERO, BigInteger.ZERO);
    Address self = keeper.contract();
    BigInteger part = percent(debt, random.nextInt(20, 49));
    price(DemoChain.PRICE * random.nextInt(78, 84) / 100);
    try {
      List<Object> seize =
          step(
              world.market(),
              "liquidationCall(address,address,address,uint256,bool)",
              world.token(),
              world.dollar(),
              debtor.address(),
              part,
              false);
      List<Object> allow =
          step(world.dollar(), "approve(address,uint256)", world.market(), percent(part, 300));
      if (!lent) {
        world.give(self, part, BigInteger.ZERO);
        return List.of(world.run(keeper, List.of(allow, seize)));
      }
      BigInteger sold = tokensFor(percent(part, 101));
      List<List<Object>> within =
          List.of(
              allow,
              seize,
              step(world.token(), "transfer(address,uint256)", world.pair(), sold),
              world.payOut(
                  world.pair(),
                  world.dollar(),
                  world.bought(world.pair(), world.token(), sold),
                  self,
                  Bytes.EMPTY));
      return List.of(
          world.run(
              keeper,
              List.of(
                  step(
                      world.market(),
                      "flashLoanSimple(address,address,uint256,bytes,uint16)",
                      self,
                      world.dollar(),
                      part,
                      later(within),
                      0))));
    } finally {
      price(DemoChain.PRICE);
    }
  }

  /** Another feed of the token says so many dollars. */
  private void price(long dollars) {
    Deployer deployer = world.deployer();
    Address feed =
        deployer.deploy(
            AaveMarket.artifact(NodeModules.find(), "mocks/oracle/CLAggregators", "MockAggregator"),
            BigInteger.valueOf(dollars).multiply(BigInteger.TEN.pow(8)));
    Address provider = world.account(world.market(), 0, "ADDRESSES_PROVIDER()");
    Address oracle = world.account(provider, 0, "getPriceOracle()");
    deployer.call(
        oracle, "setAssetSources(address[],address[])", List.of(world.token()), List.of(feed));
    deployer.settle();
  }
}
