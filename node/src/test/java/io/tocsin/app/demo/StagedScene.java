package io.tocsin.app.demo;

import static io.tocsin.app.demo.HonestWorld.later;
import static io.tocsin.app.demo.HonestWorld.staged;
import static io.tocsin.app.demo.HonestWorld.step;

import io.tocsin.app.demo.HonestWorld.Person;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** What all thefts of the tests have in common: thieves, loot, and venues to sell it. One owner. */
final class StagedScene {
  static final BigInteger MUCH = DemoChain.whole(1L << 40);

  /** What stands for ether among assets. */
  static final Address ETHER = Address.ZERO;

  private final HonestWorld world;

  private final Consumer<Hash32> watcher;

  /** Thefts on {@code world}, which {@code watcher} sees before they are mined. */
  StagedScene(HonestWorld world, Consumer<Hash32> watcher) {
    this.world = world;
    this.watcher = watcher;
  }

  /** The loot that is watched: what {@code victim} has of {@code asset}. */
  record Loot(Address victim, Address asset) {}

  /** A theft: its transaction, what the victim lost by it and what the thief has got of it. */
  record Robbery(Hash32 tx, Loot loot, BigInteger lost, BigInteger gained) {}

  HonestWorld world() {
    return world;
  }

  /** Somebody whose contract does what he lists, with ether and nothing else. */
  Person thief() {
    Person thief = world.person(BigInteger.ZERO, BigInteger.ZERO);
    Address contract = world.create(thief, staged("Thug"), thief.address());
    return new Person(thief.wallet(), thief.key(), contract);
  }

  /** A contract of {@link #thief} that belongs to {@code owner}. */
  static Bytes thug(Address owner) {
    return staged("Thug").creation(Map.of(), owner);
  }

  /** A contract of somebody honest. */
  Address victim(String name, Object... arguments) {
    return world.create(world.person(BigInteger.ZERO, BigInteger.ZERO), staged(name), arguments);
  }

  /** A contract of somebody honest that holds so many dollars. */
  Address richVictim(int dollars, String name, Object... arguments) {
    Address victim = victim(name, arguments);
    world.give(victim, DemoChain.whole(dollars), BigInteger.ZERO);
    return victim;
  }

  /** A contract of the builder of the world, who then holds all of the token that it makes. */
  Address token(String name) {
    Address token = world.deployer().deploy(staged(name));
    world.deployer().settle();
    return token;
  }

  /** A pair of dollars and {@code token}, which the builder of the world gives. */
  Address pair(Address token, long dollars, long tokens) {
    Deployer deployer = world.deployer();
    UniswapPair pair = UniswapPair.deploy(deployer, NodeModules.find(), world.dollar(), token);
    pair.provide(
        deployer, world.dollar(), DemoChain.whole(dollars), token, DemoChain.whole(tokens));
    deployer.settle();
    return pair.pair();
  }

  void give(Address token, Address to, BigInteger amount) {
    world.deployer().call(token, "transfer(address,uint256)", to, amount);
    world.deployer().settle();
  }

  void ether(Address account, long whole) {
    JsonNode _ =
        world
            .chain()
            .builder()
            .chain()
            .tell(
                "anvil_setBalance",
                account.toString(),
                LockstepChain.quantity(DemoChain.whole(whole)));
  }

  BigInteger balance(Address asset, Address holder) {
    if (!asset.equals(ETHER)) {
      return world.balance(asset, holder);
    }
    JsonNode answer =
        world.chain().builder().chain().ask("eth_getBalance", holder.toString(), "latest");
    return new BigInteger(answer.stringValue().substring(2), 16);
  }

  /** Lets {@code deed} happen and counts what changed. */
  Robbery rob(Person thief, Loot loot, Supplier<Hash32> deed) {
    BigInteger before = balance(loot.asset(), loot.victim());
    BigInteger poor = owned(thief, loot.asset());
    Hash32 tx = world.watched(watcher, deed);
    return new Robbery(
        tx,
        loot,
        before.subtract(balance(loot.asset(), loot.victim())),
        owned(thief, loot.asset()).subtract(poor));
  }

  private BigInteger owned(Person thief, Address asset) {
    return balance(asset, thief.address()).add(balance(asset, thief.contract()));
  }

  /** Robs {@code loot} by steps. */
  Robbery run(Person thief, Loot loot, List<List<Object>> steps) {
    return rob(thief, loot, () -> world.run(thief, steps));
  }

  /** Robs dollars of {@code victim} by steps. */
  Robbery run(Person thief, Address victim, List<List<Object>> steps) {
    return run(thief, new Loot(victim, world.dollar()), steps);
  }

  /** Robs by steps, and so many times by others in between. */
  Robbery raid(Person thief, Loot loot, List<List<Object>> steps, List<Object> hooked, int times) {
    return rob(
        thief,
        loot,
        () ->
            world.call(
                thief,
                thief.contract(),
                "raid((address,uint256,bytes)[],bytes,uint256)",
                steps,
                later(List.of(hooked)),
                times));
  }

  /** A step that pays ether. */
  static List<Object> paying(BigInteger wei, Address to, String signature, Object... arguments) {
    return List.of(to, wei, AbiCalls.call(signature, arguments));
  }

  static List<Object> approve(Address token, Address spender) {
    return step(token, "approve(address,uint256)", spender, MUCH);
  }

  static List<Object> transfer(Address token, Address to, BigInteger amount) {
    return step(token, "transfer(address,uint256)", to, amount);
  }

  /** The step that borrows {@code amount} of the lending market while {@code within} are taken. */
  List<Object> flash(Person thief, Address asset, BigInteger amount, List<List<Object>> within) {
    List<List<Object>> all = new ArrayList<>(within);
    all.add(approve(asset, world.market()));
    return step(
        world.market(),
        "flashLoanSimple(address,address,uint256,bytes,uint16)",
        thief.contract(),
        asset,
        amount,
        later(all),
        0);
  }

  /** A pair in the mind of somebody who trades there several times in one transaction. */
  final class Plan {
    private final Address pair;
    private final Address self;
    private final Address first;
    private final BigInteger[] reserves;

    Plan(Address pair, Person thief, Address first) {
      this.pair = pair;
      this.self = thief.contract();
      this.first = first;
      this.reserves = world.reserves(pair, first);
    }

    /** What was bought last. */
    BigInteger bought = BigInteger.ZERO;

    /** The pair is held to have so much less of {@code first} or of the other. */
    void lessen(boolean ofFirst, BigInteger amount) {
      int at = ofFirst ? 0 : 1;
      reserves[at] = reserves[at].subtract(amount);
    }

    /** Somebody sells {@code amount}; what he gets is {@link #bought}. */
    void sold(boolean ofFirst, BigInteger amount) {
      int in = ofFirst ? 0 : 1;
      BigInteger paid = amount.multiply(BigInteger.valueOf(997));
      bought =
          paid.multiply(reserves[1 - in])
              .divide(reserves[in].multiply(BigInteger.valueOf(1_000)).add(paid));
      reserves[in] = reserves[in].add(amount);
      reserves[1 - in] = reserves[1 - in].subtract(bought);
    }

    /** The steps that sell {@code amount} of {@code token} for {@code other}. */
    List<List<Object>> sell(Address token, BigInteger amount, Address other) {
      sold(token.equals(first), amount);
      return List.of(
          transfer(token, pair, amount), world.payOut(pair, other, bought, self, Bytes.EMPTY));
    }
  }

  static List<List<Object>> all(List<List<List<Object>>> parts) {
    return parts.stream().flatMap(List::stream).toList();
  }
}
