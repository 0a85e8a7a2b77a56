package io.tocsin.app.demo;

import static io.tocsin.app.demo.HonestWorld.later;
import static io.tocsin.app.demo.HonestWorld.step;

import io.tocsin.app.demo.HonestWorld.Person;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Honest trading: each method lets somebody do one thing and names the transactions of it. */
final class HonestTrade {
  private static final BigInteger HALF_PERCENT_MORE = BigInteger.valueOf(1_005);

  private final HonestWorld world;
  private final RandomGenerator random;

  HonestTrade(HonestWorld world, RandomGenerator random) {
    this.world = world;
    this.random = random;
  }

  private BigInteger dollars(int least, int most) {
    return DemoChain.whole(random.nextInt(least, most));
  }

  private Address anyAsset() {
    return random.nextBoolean() ? world.dollar() : world.token();
  }

  private BigInteger amount(Address asset) {
    return asset.equals(world.dollar())
        ? dollars(100, 40_000)
        : DemoChain.whole(random.nextInt(1, 20));
  }

  private Person holder(Address asset, BigInteger amount) {
    return asset.equals(world.dollar())
        ? world.person(amount, BigInteger.ZERO)
        : world.person(BigInteger.ZERO, amount);
  }

  List<Hash32> swap() {
    Address sold = anyAsset();
    BigInteger amount = amount(sold);
    Person trader = holder(sold, amount);
    world.allow(trader, world.router());
    Address pair = random.nextBoolean() ? world.pair() : world.otherPair();
    return List.of(trade(trader, sold, amount, List.of(pair)));
  }

  private Hash32 trade(Person who, Address sold, BigInteger amount, List<Address> pairs) {
    return world.call(
        who,
        world.router(),
        "trade(address,uint256,address[],uint256)",
        sold,
        amount,
        pairs,
        BigInteger.ONE);
  }

  /** Everything he has goes, at two exchanges in equal parts. */
  List<Hash32> aggregatorRoute() {
    Address sold = anyAsset();
    BigInteger amount = amount(sold);
    Person trader = holder(sold, amount);
    world.allow(trader, world.aggregator());
    return List.of(
        world.call(
            trader,
            world.aggregator(),
            "split(address,uint256,address[])",
            sold,
            amount,
            List.of(world.pair(), world.otherPair())));
  }

  /** Makes the smaller exchange cheaper or dearer; the token to buy there is the answer. */
  private Address dislodge() {
    Address sold = anyAsset();
    BigInteger reserve = world.reserves(world.otherPair(), sold)[0];
    BigInteger amount =
        reserve.multiply(BigInteger.valueOf(random.nextInt(3, 30))).divide(BigInteger.valueOf(100));
    Person whale = holder(sold, amount);
    world.allow(whale, world.router());
    Hash32 _ = trade(whale, sold, amount, List.of(world.otherPair()));
    return sold;
  }

  /** So much of what is paid that both exchanges end at about the same price. */
  private BigInteger stake(Address paid) {
    BigInteger[] cheap = world.reserves(world.otherPair(), paid);
    BigInteger[] dear = world.reserves(world.pair(), paid);
    double ratio =
        dear[0].doubleValue()
            / dear[1].doubleValue()
            / (cheap[0].doubleValue() / cheap[1].doubleValue());
    double share = Math.max(0.001, (Math.sqrt(ratio) - 1) * random.nextDouble(0.3, 0.7));
    return new BigDecimal(cheap[0]).multiply(BigDecimal.valueOf(share)).toBigInteger();
  }

  /** With a stake of his own; now and then the profit goes home at once. */
  List<Hash32> arbitrage() {
    Address cheap = dislodge();
    Address paid = world.counterpart(cheap);
    BigInteger stake = stake(paid);
    Person bot = world.person(BigInteger.ZERO, BigInteger.ZERO);
    if (paid.equals(world.dollar())) {
      world.give(bot.contract(), stake, BigInteger.ZERO);
    } else {
      world.give(bot.contract(), BigInteger.ZERO, stake);
    }
    BigInteger bought = world.bought(world.otherPair(), paid, stake);
    BigInteger back = world.bought(world.pair(), cheap, bought);
    List<List<Object>> steps = new ArrayList<>();
    steps.add(step(paid, "transfer(address,uint256)", world.otherPair(), stake));
    steps.add(world.payOut(world.otherPair(), cheap, bought, world.pair(), Bytes.EMPTY));
    steps.add(world.payOut(world.pair(), paid, back, bot.contract(), Bytes.EMPTY));
    if (random.nextBoolean()) {
      steps.add(step(paid, "transfer(address,uint256)", bot.address(), back));
    }
    return List.of(world.run(bot, steps));
  }

  /** The cheap exchange is paid out of what the dear one pays. */
  List<Hash32> arbitrageByFlashSwap() {
    Address cheap = dislodge();
    Address paid = world.counterpart(cheap);
    BigInteger stake = stake(paid);
    Person bot = world.person(BigInteger.ZERO, BigInteger.ZERO);
    BigInteger bought = world.bought(world.otherPair(), paid, stake);
    BigInteger back = world.bought(world.pair(), cheap, bought);
    List<List<Object>> within =
        List.of(
            step(cheap, "transfer(address,uint256)", world.pair(), bought),
            world.payOut(world.pair(), paid, back, bot.contract(), Bytes.EMPTY),
            step(paid, "transfer(address,uint256)", world.otherPair(), stake),
            step(paid, "transfer(address,uint256)", bot.address(), back.subtract(stake)));
    return List.of(
        world.run(
            bot,
            List.of(
                world.payOut(world.otherPair(), cheap, bought, bot.contract(), later(within)))));
  }

  /** With a flash loan from the lending market. */
  List<Hash32> arbitrageByFlashLoan() {
    Address cheap = dislodge();
    Address paid = world.counterpart(cheap);
    BigInteger stake = stake(paid);
    Person bot = world.person(BigInteger.ZERO, BigInteger.ZERO);
    BigInteger bought = world.bought(world.otherPair(), paid, stake);
    BigInteger back = world.bought(world.pair(), cheap, bought);
    List<List<Object>> within =
        List.of(
            step(paid, "transfer(address,uint256)", world.otherPair(), stake),
            world.payOut(world.otherPair(), cheap, bought, world.pair(), Bytes.EMPTY),
            world.payOut(world.pair(), paid, back, bot.contract(), Bytes.EMPTY),
            step(
                paid,
                "approve(address,uint256)",
                world.market(),
                stake.multiply(HALF_PERCENT_MORE)));
    return List.of(
        world.run(
            bot,
            List.of(
                step(
                    world.market(),
                    "flashLoanSimple(address,address,uint256,bytes,uint16)",
                    bot.contract(),
                    paid,
                    stake,
                    later(within),
                    0))));
  }

  /** Before and behind somebody's large trade; all three are named. */
  List<Hash32> sandwich() {
    BigInteger stake = dollars(5_000, 60_000);
    BigInteger amount = dollars(10_000, 80_000);
    Person bot = world.person(BigInteger.ZERO, BigInteger.ZERO);
    world.give(bot.contract(), stake, BigInteger.ZERO);
    Person trader = world.person(amount, BigInteger.ZERO);
    world.allow(trader, world.router());
    BigInteger bought = world.bought(world.pair(), world.dollar(), stake);
    Hash32 before =
        world.run(
            bot,
            List.of(
                step(world.dollar(), "transfer(address,uint256)", world.pair(), stake),
                world.payOut(world.pair(), world.token(), bought, bot.contract(), Bytes.EMPTY)));
    Hash32 between = trade(trader, world.dollar(), amount, List.of(world.pair()));
    BigInteger back = world.bought(world.pair(), world.token(), bought);
    Hash32 behind =
        world.run(
            bot,
            List.of(
                step(world.token(), "transfer(address,uint256)", world.pair(), bought),
                world.payOut(world.pair(), world.dollar(), back, bot.address(), Bytes.EMPTY)));
    return List.of(before, between, behind);
  }

  private Person provider() {
    BigInteger dollars = dollars(10_000, 300_000);
    BigInteger[] reserves = world.reserves(world.pair(), world.dollar());
    BigInteger tokens = dollars.multiply(reserves[1]).divide(reserves[0]);
    Person provider = world.person(dollars, tokens);
    world.allow(provider, world.router());
    return provider;
  }

  private Hash32 provide(Person provider) {
    return world.call(
        provider,
        world.router(),
        "provide(address,address,uint256,address,uint256)",
        world.pair(),
        world.dollar(),
        world.balance(world.dollar(), provider.address()),
        world.token(),
        world.balance(world.token(), provider.address()));
  }

  private BigInteger shares(Person provider) {
    Hash32 _ =
        world.call(
            provider,
            world.pair(),
            "approve(address,uint256)",
            world.router(),
            DemoChain.whole(1L << 40));
    return world.balance(world.pair(), provider.address());
  }

  List<Hash32> provideLiquidity() {
    return List.of(provide(provider()));
  }

  /** Half of it or all. */
  List<Hash32> withdrawLiquidity() {
    Person provider = provider();
    Hash32 _ = provide(provider);
    BigInteger shares = shares(provider).divide(BigInteger.valueOf(random.nextInt(1, 3)));
    return List.of(
        world.call(provider, world.router(), "withdraw(address,uint256)", world.pair(), shares));
  }

  List<Hash32> migrateLiquidity() {
    Person provider = provider();
    Hash32 _ = provide(provider);
    return List.of(
        world.call(
            provider,
            world.router(),
            "migrate(address,address,uint256)",
            world.pair(),
            world.otherPair(),
            shares(provider)));
  }
}
