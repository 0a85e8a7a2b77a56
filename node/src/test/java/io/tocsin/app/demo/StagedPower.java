package io.tocsin.app.demo;

import static io.tocsin.app.demo.HonestWorld.staged;
import static io.tocsin.app.demo.HonestWorld.step;
import static io.tocsin.app.demo.StagedScene.ETHER;
import static io.tocsin.app.demo.StagedScene.MUCH;
import static io.tocsin.app.demo.StagedScene.approve;
import static io.tocsin.app.demo.StagedScene.transfer;

import io.tocsin.app.demo.HonestWorld.Person;
import io.tocsin.app.demo.StagedScene.Loot;
import io.tocsin.app.demo.StagedScene.Robbery;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Thefts by power that should not have been given, or should not be used so. */
final class StagedPower {
  private static final int POT = 700_000;

  private final StagedScene scene;
  private final HonestWorld world;

  StagedPower(StagedScene scene) {
    this.scene = scene;
    this.world = scene.world();
  }

  Robbery initialisedAgain() {
    Person owner = world.person(BigInteger.ZERO, BigInteger.ZERO);
    Address treasury = world.create(owner, staged("OpenTreasury"));
    var _ = world.call(owner, treasury, "initialize(address)", owner.address());
    world.give(treasury, DemoChain.whole(POT), BigInteger.ZERO);
    Person thief = scene.thief();
    return scene.run(
        thief,
        treasury,
        List.of(
            step(treasury, "initialize(address)", thief.contract()),
            step(treasury, "withdraw(address,address)", world.dollar(), thief.address())));
  }

  Robbery ownershipForAnybody() {
    Address purse = scene.richVictim(POT, "LooseOwner");
    Person thief = scene.thief();
    return scene.run(
        thief,
        purse,
        List.of(
            step(purse, "transferOwnership(address)", thief.contract()),
            step(purse, "withdraw(address,uint256)", world.dollar(), DemoChain.whole(POT))));
  }

  Robbery sweep() {
    Address victim = scene.richVictim(POT, "OpenSweep");
    Person thief = scene.thief();
    return scene.run(
        thief,
        victim,
        List.of(step(victim, "sweep(address,address)", world.dollar(), thief.contract())));
  }

  Robbery etherForAnybody() {
    Address victim = scene.victim("OpenSweep");
    scene.ether(victim, 400);
    return scene.run(
        scene.thief(), new Loot(victim, ETHER), List.of(step(victim, "emergencyWithdraw()")));
  }

  Robbery upgradeForAnybody() {
    Address proxy = scene.richVictim(POT, "OpenProxy", scene.victim("OpenSweep"));
    Person thief = scene.thief();
    return scene.run(
        thief,
        proxy,
        List.of(
            step(proxy, "upgradeTo(address)", thief.contract()),
            step(proxy, "give(address,address)", world.dollar(), thief.contract())));
  }

  /** Nobody had set up the code behind a proxy. */
  Robbery proxyWithoutOwner() {
    Person owner = world.person(BigInteger.ZERO, BigInteger.ZERO);
    Address code = world.create(owner, staged("UupsVault"));
    Address proxy =
        world.create(owner, world.zeppelin("ERC1967Proxy"), code, AbiCalls.call("owner()"));
    world.give(proxy, DemoChain.whole(POT), BigInteger.ZERO);
    Person thief = scene.thief();
    return scene.run(
        thief,
        proxy,
        List.of(
            step(proxy, "initialize(address)", thief.contract()),
            step(
                proxy,
                "upgradeToAndCall(address,bytes)",
                thief.contract(),
                AbiCalls.call("give(address,address)", world.dollar(), thief.contract()))));
  }

  private Robbery dump(Person thief, Address token, Address pair, List<Object> made) {
    BigInteger loot = DemoChain.whole(1_000_000_000);
    List<List<Object>> steps = new ArrayList<>(List.of(made));
    steps.addAll(scene.new Plan(pair, thief, token).sell(token, loot, world.dollar()));
    return scene.run(thief, pair, steps);
  }

  Robbery mintForAnybody() {
    Address token = scene.token("OpenToken");
    world.deployer().call(token, "mint(address,uint256)", world.deployer().address(), MUCH);
    Address pair = scene.pair(token, 400_000, 1_000_000);
    Person thief = scene.thief();
    return dump(
        thief,
        token,
        pair,
        step(token, "mint(address,uint256)", thief.contract(), DemoChain.whole(1_000_000_000)));
  }

  /** Who made the token makes more of it than all others have, and sells it to them. */
  Robbery mintByInsider() {
    Person thief = scene.thief();
    Address token = Deployer.created(thief.contract(), 1);
    Bytes code = Artifact.own("DemoToken").creation(Map.of(), "Fine Token", "FINE");
    Address everybody = world.deployer().address();
    var _ =
        world.run(
            thief,
            List.of(
                step(thief.contract(), "spawn(bytes)", code),
                step(token, "mint(address,uint256)", everybody, DemoChain.whole(2_000_000))));
    Address pair = scene.pair(token, 400_000, 1_000_000);
    return dump(
        thief,
        token,
        pair,
        step(token, "mint(address,uint256)", thief.contract(), DemoChain.whole(1_000_000_000)));
  }

  /** Who made the market takes it away, with what others paid for the token. */
  Robbery liquidityOfInsider() {
    Person thief = scene.thief();
    Address token = world.create(thief, Artifact.own("DemoToken"), "Rug", "RUG");
    var _ =
        world.call(
            thief,
            token,
            "mint(address,uint256)",
            world.deployer().address(),
            DemoChain.whole(1_000_000));
    Address pair = scene.pair(token, 100_000, 1_000_000);
    scene.give(pair, thief.contract(), world.balance(pair, world.deployer().address()));
    Person buyer = world.person(DemoChain.whole(150_000), BigInteger.ZERO);
    world.allow(buyer, world.router());
    var _ =
        world.call(
            buyer,
            world.router(),
            "trade(address,uint256,address[],uint256)",
            world.dollar(),
            DemoChain.whole(150_000),
            List.of(pair),
            BigInteger.ONE);
    return scene.run(
        thief,
        pair,
        List.of(
            transfer(pair, pair, world.balance(pair, thief.contract())),
            step(pair, "burn(address)", thief.contract())));
  }

  Robbery foreignCode() {
    Address victim = scene.richVictim(POT, "OpenDelegate");
    Person thief = scene.thief();
    return scene.run(
        thief,
        victim,
        List.of(
            step(
                victim,
                "execute(address,bytes)",
                thief.contract(),
                AbiCalls.call("give(address,address)", world.dollar(), thief.contract()))));
  }

  private Person customer(int dollars, Address allowed) {
    Person customer = world.person(DemoChain.whole(dollars), BigInteger.ZERO);
    world.allow(customer, allowed);
    return customer;
  }

  Robbery anyCall() {
    Address helper = scene.victim("AnyCall");
    Person one = customer(80_000, helper);
    Person other = customer(30_000, helper);
    Person thief = scene.thief();
    List<List<Object>> steps = new ArrayList<>();
    for (Person robbed : List.of(one, other)) {
      Bytes take =
          AbiCalls.call(
              "transferFrom(address,address,uint256)",
              robbed.address(),
              thief.contract(),
              world.balance(world.dollar(), robbed.address()));
      steps.add(step(helper, "swap(address,bytes)", world.dollar(), take));
    }
    return scene.run(thief, one.address(), steps);
  }

  Robbery allowanceForAnybody() {
    Address victim = scene.richVictim(POT, "LooseAllowance");
    Person thief = scene.thief();
    return scene.run(
        thief,
        victim,
        List.of(
            step(
                victim,
                "approveSpender(address,address,uint256)",
                world.dollar(),
                thief.contract(),
                MUCH),
            step(
                world.dollar(),
                "transferFrom(address,address,uint256)",
                victim,
                thief.contract(),
                DemoChain.whole(POT))));
  }

  Robbery collectionByAnybody() {
    Address collector = scene.victim("LooseCollector", world.dollar());
    Person customer = customer(90_000, collector);
    Person thief = scene.thief();
    return scene.run(
        thief,
        customer.address(),
        List.of(
            step(
                collector,
                "collect(address,address,uint256)",
                customer.address(),
                thief.contract(),
                DemoChain.whole(90_000))));
  }

  /** A proposal of days ago passes with votes that are lent. */
  Robbery borrowedVotes() {
    Address treasury = scene.richVictim(POT, "VoteTreasury", world.token());
    Person member = world.person(BigInteger.ZERO, DemoChain.whole(1_000));
    world.allow(member, treasury);
    var _ = world.call(member, treasury, "deposit(uint256)", DemoChain.whole(1_000));
    Person thief = scene.thief();
    var _ =
        world.call(
            thief,
            treasury,
            "propose(address,bytes)",
            world.dollar(),
            AbiCalls.call("transfer(address,uint256)", thief.contract(), DemoChain.whole(POT)));
    BigInteger loan = DemoChain.whole(10_000);
    world.give(thief.contract(), BigInteger.ZERO, DemoChain.whole(10));
    return scene.run(
        thief,
        treasury,
        List.of(
            scene.flash(
                thief,
                world.token(),
                loan,
                List.of(
                    approve(world.token(), treasury),
                    step(treasury, "deposit(uint256)", loan),
                    step(treasury, "castVote(uint256,uint8)", 0, 1),
                    step(treasury, "execute(uint256)", 0),
                    step(treasury, "withdraw(uint256)", loan)))));
  }
}
