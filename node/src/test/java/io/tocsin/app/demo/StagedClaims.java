package io.tocsin.app.demo;

import static io.tocsin.app.demo.HonestWorld.step;
import static io.tocsin.app.demo.StagedScene.approve;
import static io.tocsin.app.demo.StagedScene.thug;
import static io.tocsin.app.demo.StagedScene.transfer;

import com.esaulpaugh.headlong.abi.TupleType;
import io.tocsin.app.demo.HonestWorld.Person;
import io.tocsin.app.demo.StagedScene.Loot;
import io.tocsin.app.demo.StagedScene.Robbery;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Thefts by claims that are not the thief's, not true, or paid before. */
final class StagedClaims {
  private static final int POT = 600_000;
  private static final String CASH = "cash(address,uint256,uint8,bytes32,bytes32)";

  private final StagedScene scene;
  private final HonestWorld world;

  StagedClaims(StagedScene scene) {
    this.scene = scene;
    this.world = scene.world();
  }

  private void deposit(Address where, int dollars) {
    Person honest = world.person(DemoChain.whole(dollars), BigInteger.ZERO);
    world.allow(honest, where);
    Hash32 _ = world.call(honest, where, "deposit(uint256)", DemoChain.whole(dollars));
  }

  Robbery depositOfAnother() {
    Address victim = scene.victim("LooseDeposits", world.dollar());
    Person honest = world.person(DemoChain.whole(POT), BigInteger.ZERO);
    world.allow(honest, victim);
    Hash32 _ = world.call(honest, victim, "deposit(uint256)", DemoChain.whole(POT));
    Person thief = scene.thief();
    return scene.run(
        thief,
        victim,
        List.of(
            step(
                victim,
                "withdrawFrom(address,address,uint256)",
                honest.address(),
                thief.contract(),
                DemoChain.whole(POT))));
  }

  Robbery signedByNobody() {
    Address desk = scene.richVictim(POT, "VoucherDesk", world.dollar(), Address.ZERO);
    Person thief = scene.thief();
    return scene.run(
        thief,
        desk,
        List.of(
            step(desk, CASH, thief.contract(), DemoChain.whole(POT), 0, Hash32.ZERO, Hash32.ZERO)));
  }

  /** A voucher of his own, twenty times. */
  Robbery voucherAgain() {
    KeyPair signer = DemoKeys.of("signer of vouchers");
    Address desk = scene.richVictim(POT, "VoucherDesk", world.dollar(), signer.address());
    Person thief = scene.thief();
    BigInteger amount = DemoChain.whole(POT / 20);
    Bytes said =
        AbiCalls.encode(
            TupleType.parse("(address,address,uint256)"), List.of(desk, thief.contract(), amount));
    Bytes signature = signer.sign(Keccak.hash(said)).bytes();
    int v = signature.toArray()[64] & 0xff;
    List<Object> cash =
        step(
            desk,
            CASH,
            thief.contract(),
            amount,
            v < 27 ? v + 27 : v,
            Hash32.of(signature.slice(0, 32).toArray()),
            Hash32.of(signature.slice(32, 64).toArray()));
    return scene.run(thief, desk, Collections.nCopies(20, cash));
  }

  Robbery bridgeWithoutRoot() {
    Address bridge = scene.richVictim(POT, "RootBridge", world.dollar());
    Person thief = scene.thief();
    return scene.run(
        thief,
        bridge,
        List.of(
            step(
                bridge,
                "process(address,uint256,bytes32)",
                thief.contract(),
                DemoChain.whole(POT),
                Keccak.hashUtf8("never departed"))));
  }

  Robbery shareManyTimes() {
    Address drop = scene.richVictim(POT, "ListDrop", world.dollar(), DemoChain.whole(POT / 50));
    Person thief = scene.thief();
    return scene.run(
        thief,
        drop,
        List.of(
            step(drop, "register()"),
            step(drop, "claim(address[])", Collections.nCopies(50, thief.contract()))));
  }

  /** Shares go on to somebody who has not been paid for them. */
  Robbery rewardForMovedShares() {
    Deployer deployer = world.deployer();
    Address shares = deployer.deploy(HonestWorld.staged("RewardShares"), world.dollar());
    deployer.call(world.dollar(), "approve(address,uint256)", shares, StagedScene.MUCH);
    deployer.call(shares, "reward(uint256)", DemoChain.whole(POT));
    deployer.settle();
    Person thief = scene.thief();
    BigInteger held = DemoChain.whole(200_000);
    scene.give(shares, thief.contract(), held);
    List<List<Object>> steps = new ArrayList<>();
    steps.add(step(shares, "claim(address)", thief.contract()));
    Address holder = thief.contract();
    String run = "run((address,uint256,bytes)[])";
    for (int i = 1; i <= 4; i++) {
      Address next = Deployer.created(thief.contract(), i);
      steps.add(step(thief.contract(), "spawn(bytes)", thug(thief.contract())));
      List<Object> move = transfer(shares, next, held);
      steps.add(i == 1 ? move : step(holder, run, List.of(move)));
      steps.add(step(shares, "claim(address)", next));
      steps.add(step(next, "give(address,address)", world.dollar(), thief.contract()));
      holder = next;
    }
    return scene.run(thief, shares, steps);
  }

  /** What is lent is paid back as a deposit. */
  Robbery loanAsDeposit() {
    Address lender = scene.victim("DepositLender", world.dollar());
    deposit(lender, POT);
    Person thief = scene.thief();
    BigInteger pot = DemoChain.whole(POT);
    return scene.raid(
        thief,
        new Loot(lender, world.dollar()),
        List.of(
            approve(world.dollar(), lender),
            step(lender, "flashLoan(uint256)", pot),
            step(lender, "withdraw(uint256)", pot)),
        step(lender, "deposit(uint256)", pot),
        1);
  }

  /** Each payment costs a little less than one share, which is none. */
  Robbery roundedDown() {
    Address vault = scene.victim("CoarseVault", world.dollar());
    deposit(vault, 1_000_000);
    Person thief = scene.thief();
    BigInteger here = DemoChain.whole(1_000_000);
    List<List<Object>> steps = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      BigInteger amount = here.divide(BigInteger.valueOf(20)).subtract(BigInteger.ONE);
      steps.add(step(vault, "withdraw(uint256)", amount));
      here = here.subtract(amount);
    }
    return scene.run(thief, vault, steps);
  }

  /** The first share is made so dear that whoever comes next gets none for his deposit. */
  Robbery firstShare() {
    Address vault = scene.victim("NaiveVault", world.dollar());
    Person thief = scene.thief();
    world.give(thief.contract(), DemoChain.whole(100_001), BigInteger.ZERO);
    Hash32 _ =
        world.run(
            thief,
            List.of(
                approve(world.dollar(), vault),
                step(vault, "deposit(uint256)", BigInteger.ONE),
                transfer(world.dollar(), vault, DemoChain.whole(100_000))));
    deposit(vault, 100_000);
    return scene.run(thief, vault, List.of(step(vault, "redeem(uint256)", BigInteger.ONE)));
  }

  /** The number to guess is that of the block. */
  Robbery guessedNumber() {
    Address lottery = scene.richVictim(POT, "Lottery", world.dollar());
    Person thief = scene.thief();
    BigInteger stake = DemoChain.whole(20_000);
    world.give(thief.contract(), stake, BigInteger.ZERO);
    return scene.rob(
        thief,
        new Loot(lottery, world.dollar()),
        () -> {
          long next = world.chain().builder().head().time().getEpochSecond() + 1;
          List<List<Object>> steps = new ArrayList<>(List.of(approve(world.dollar(), lottery)));
          steps.addAll(
              Collections.nCopies(12, step(lottery, "play(uint256,uint256)", stake, next % 2)));
          return world.run(thief, steps);
        });
  }
}
