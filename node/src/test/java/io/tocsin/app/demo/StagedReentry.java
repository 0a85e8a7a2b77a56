package io.tocsin.app.demo;

import static io.tocsin.app.demo.HonestWorld.step;
import static io.tocsin.app.demo.StagedScene.ETHER;
import static io.tocsin.app.demo.StagedScene.approve;
import static io.tocsin.app.demo.StagedScene.paying;

import io.tocsin.app.demo.HonestWorld.Person;
import io.tocsin.app.demo.StagedScene.Loot;
import io.tocsin.app.demo.StagedScene.Robbery;
import io.tocsin.base.Address;
import java.math.BigInteger;
import java.util.List;

/** Thefts by calling back into what has not finished. */
final class StagedReentry {
  private final StagedScene scene;
  private final HonestWorld world;

  StagedReentry(StagedScene scene) {
    this.scene = scene;
    this.world = scene.world();
  }

  Robbery sameFunction() {
    Address bank = scene.victim("EtherBank");
    scene.ether(bank, 900);
    Person thief = scene.thief();
    BigInteger stake = DemoChain.whole(100);
    scene.ether(thief.contract(), 100);
    List<Object> withdraw = step(bank, "withdraw(uint256)", stake);
    return scene.raid(
        thief,
        new Loot(bank, ETHER),
        List.of(paying(stake, bank, "deposit()"), withdraw),
        withdraw,
        9);
  }

  Robbery crossFunction() {
    Address bank = scene.richVictim(2_500_000, "TwoCoinBank", world.dollar());
    scene.ether(bank, 500);
    Person thief = scene.thief();
    scene.ether(thief.contract(), 1_000);
    return scene.raid(
        thief,
        new Loot(bank, world.dollar()),
        List.of(paying(DemoChain.whole(1_000), bank, "deposit()"), step(bank, "takeEther()")),
        step(bank, "takeDollars()"),
        1);
  }

  Robbery crossContract() {
    Address book = scene.victim("CreditBook");
    Address one = scene.victim("Till", book);
    Address other = scene.victim("Till", book);
    scene.ether(one, 1_000);
    scene.ether(other, 1_000);
    Person thief = scene.thief();
    scene.ether(thief.contract(), 800);
    return scene.raid(
        thief,
        new Loot(other, ETHER),
        List.of(paying(DemoChain.whole(800), one, "deposit()"), step(one, "withdraw()")),
        step(other, "withdraw()"),
        1);
  }

  Robbery tokenHook() {
    Address token = scene.token("HookToken");
    Address farm = scene.victim("HookFarm", token);
    scene.give(token, farm, DemoChain.whole(10_000));
    Person thief = scene.thief();
    BigInteger stake = DemoChain.whole(2_000);
    scene.give(token, thief.contract(), stake);
    List<Object> unstake = step(farm, "unstake(uint256)", stake);
    return scene.raid(
        thief,
        new Loot(farm, token),
        List.of(approve(token, farm), step(farm, "stake(uint256)", stake), unstake),
        unstake,
        4);
  }

  /** The pool says too high a price while it pays out. */
  Robbery readOnly() {
    Address pool = scene.victim("EtherPool", world.dollar());
    Person honest = world.person(BigInteger.ZERO, BigInteger.ZERO);
    world.give(honest.contract(), DemoChain.whole(2_000_000), BigInteger.ZERO);
    scene.ether(honest.contract(), 1_000);
    var _ =
        world.run(
            honest,
            List.of(approve(world.dollar(), pool), paying(DemoChain.whole(1_000), pool, "add()")));
    Address lender = scene.richVictim(3_600_000, "PoolShareLender", world.dollar(), pool);
    Person thief = scene.thief();
    scene.ether(thief.contract(), 10_000);
    List<List<Object>> within =
        List.of(
            approve(world.dollar(), pool),
            paying(DemoChain.whole(10_000), pool, "add()"),
            approve(pool, lender),
            step(lender, "deposit(uint256)", DemoChain.whole(1_000_000)),
            step(pool, "remove(uint256)", DemoChain.whole(39_000_000)));
    return scene.raid(
        thief,
        new Loot(lender, world.dollar()),
        List.of(scene.flash(thief, world.dollar(), DemoChain.whole(20_000_000), within)),
        step(lender, "borrow(uint256)", DemoChain.whole(3_600_000)),
        1);
  }
}
