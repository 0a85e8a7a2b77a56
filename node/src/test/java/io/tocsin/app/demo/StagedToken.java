package io.tocsin.app.demo;

import static io.tocsin.app.demo.HonestWorld.step;
import static io.tocsin.app.demo.StagedScene.approve;
import static io.tocsin.app.demo.StagedScene.transfer;

import io.tocsin.app.demo.HonestWorld.Person;
import io.tocsin.app.demo.StagedScene.Loot;
import io.tocsin.app.demo.StagedScene.Robbery;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Thefts by tokens and pairs whose books are wrong. */
final class StagedToken {
  private final StagedScene scene;
  private final HonestWorld world;

  StagedToken(StagedScene scene) {
    this.scene = scene;
    this.world = scene.world();
  }

  private Person holder(Address token, long amount) {
    Person thief = scene.thief();
    scene.give(token, thief.contract(), DemoChain.whole(amount));
    return thief;
  }

  /** Burns what the pair has, all but one, and sells. */
  Robbery burnAndSync() {
    Address token = scene.token("BurnToken");
    Address pair = scene.pair(token, 500_000, 500_000);
    Person thief = holder(token, 10_000);
    BigInteger burned = DemoChain.whole(499_999);
    var plan = scene.new Plan(pair, thief, token);
    plan.lessen(true, burned);
    List<List<Object>> steps = new ArrayList<>();
    steps.add(step(token, "burn(address,uint256)", pair, burned));
    steps.add(step(pair, "sync()"));
    steps.addAll(plan.sell(token, DemoChain.whole(10_000), world.dollar()));
    return scene.run(thief, pair, steps);
  }

  /** The pair is taxed for what it hands back. */
  Robbery skim() {
    Address token = scene.token("TaxToken");
    Address pair = scene.pair(token, 500_000, 500_000);
    world.deployer().call(token, "setPair(address)", pair);
    Person thief = holder(token, 100_000);
    BigInteger stake = DemoChain.whole(100_000);
    var plan = scene.new Plan(pair, thief, token);
    List<List<Object>> steps = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      steps.add(transfer(token, pair, stake));
      steps.add(step(pair, "skim(address)", thief.contract()));
      steps.add(step(pair, "sync()"));
      plan.lessen(true, stake.divide(BigInteger.valueOf(5)));
    }
    steps.addAll(plan.sell(token, stake, world.dollar()));
    return scene.run(thief, pair, steps);
  }

  /** Who pays himself has twice as much. */
  Robbery selfTransfer() {
    Address token = scene.token("BadBooks");
    Address pair = scene.pair(token, 500_000, 100_000);
    Person thief = holder(token, 100);
    BigInteger amount = DemoChain.whole(100);
    List<List<Object>> steps = new ArrayList<>();
    for (int i = 0; i < 14; i++) {
      steps.add(transfer(token, thief.contract(), amount));
      amount = amount.add(amount);
    }
    steps.addAll(scene.new Plan(pair, thief, token).sell(token, amount, world.dollar()));
    return scene.run(thief, pair, steps);
  }

  Robbery overflow() {
    Address token = scene.token("BadBooks");
    Address pair = scene.pair(token, 500_000, 100_000);
    Person thief = scene.thief();
    List<List<Object>> steps = new ArrayList<>();
    steps.add(
        step(
            token,
            "batchTransfer(address[],uint256)",
            List.of(thief.contract(), thief.address()),
            BigInteger.ONE.shiftLeft(255)));
    steps.addAll(
        scene.new Plan(pair, thief, token)
            .sell(token, DemoChain.whole(10_000_000), world.dollar()));
    return scene.run(thief, pair, steps);
  }

  /** The token forgets to ask whether its holder allowed it. */
  Robbery withoutAllowance() {
    Address token = scene.token("BadBooks");
    Address pair = scene.pair(token, 500_000, 100_000);
    Address holder = world.person(BigInteger.ZERO, BigInteger.ZERO).address();
    BigInteger loot = DemoChain.whole(50_000);
    scene.give(token, holder, loot);
    Person thief = scene.thief();
    List<List<Object>> steps = new ArrayList<>();
    steps.add(step(token, "transferFrom(address,address,uint256)", holder, thief.contract(), loot));
    steps.addAll(scene.new Plan(pair, thief, token).sell(token, loot, world.dollar()));
    return scene.run(thief, new Loot(pair, world.dollar()), steps);
  }

  /** The farm books more than it gets, until it has next to nothing to divide by. */
  Robbery feeOnTransfer() {
    Address token = scene.token("FeeToken");
    Address farm = scene.richVictim(300_000, "FeeFarm", token, world.dollar());
    Deployer deployer = world.deployer();
    deployer.call(token, "approve(address,uint256)", farm, StagedScene.MUCH);
    deployer.call(farm, "deposit(uint256)", DemoChain.whole(1_000));
    deployer.settle();
    Person thief = holder(token, 20_000);
    world.pass(Duration.ofHours(2));
    BigInteger most = DemoChain.whole(9_890);
    return scene.run(
        thief,
        farm,
        List.of(
            approve(token, farm),
            step(farm, "deposit(uint256)", DemoChain.whole(100)),
            step(farm, "deposit(uint256)", most),
            step(farm, "withdraw(uint256)", most),
            step(farm, "harvest()")));
  }

  /** The pair compares with a product that is a hundred times too small. */
  Robbery wrongProduct() {
    Address pair = scene.richVictim(500_000, "ForkPair", world.dollar(), world.token());
    world.give(pair, BigInteger.ZERO, DemoChain.whole(250));
    world.deployer().call(pair, "sync()");
    world.deployer().settle();
    Person thief = scene.thief();
    world.give(thief.contract(), DemoChain.whole(1), BigInteger.ZERO);
    return scene.run(
        thief,
        pair,
        List.of(
            transfer(world.dollar(), pair, DemoChain.whole(1)),
            world.payOut(pair, world.token(), DemoChain.whole(247), thief.contract(), Bytes.EMPTY),
            transfer(world.token(), pair, DemoChain.whole(1)),
            world.payOut(
                pair, world.dollar(), DemoChain.whole(495_000), thief.contract(), Bytes.EMPTY)));
  }
}
