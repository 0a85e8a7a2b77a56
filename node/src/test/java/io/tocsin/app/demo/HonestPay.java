package io.tocsin.app.demo;

import static io.tocsin.app.demo.HonestWorld.step;

import com.esaulpaugh.headlong.abi.TupleType;
import io.tocsin.app.demo.HonestWorld.Person;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/** Honest payments: each method lets somebody do one thing and names the transactions of it. */
final class HonestPay {
  private static final List<KeyPair> VALIDATORS =
      List.of(DemoKeys.of("validator 1"), DemoKeys.of("validator 2"));

  private final HonestWorld world;
  private final RandomGenerator random;

  HonestPay(HonestWorld world, RandomGenerator random) {
    this.world = world;
    this.random = random;
  }

  private BigInteger dollars() {
    return DemoChain.whole(random.nextInt(100, 500_000));
  }

  private Person customer(BigInteger dollars, Address of) {
    Person customer = world.person(dollars, BigInteger.ZERO);
    world.allow(customer, of);
    return customer;
  }

  private Person owner() {
    return world.person(BigInteger.ZERO, BigInteger.ZERO);
  }

  private Address counter(Person owner, Hash32 shares) {
    return world.create(
        owner,
        HonestWorld.staged("Counter"),
        world.dollar(),
        shares,
        VALIDATORS.stream().map(KeyPair::address).toList());
  }

  // a vault

  private Address vault(Person strategist) {
    Address receipt = world.account(world.market(), 8, "getReserveData(address)", world.dollar());
    return world.create(
        strategist, HonestWorld.staged("ShareVault"), world.dollar(), world.market(), receipt);
  }

  private Hash32 deposit(Person customer, Address vault, BigInteger amount) {
    return world.call(customer, vault, "deposit(uint256,address)", amount, customer.address());
  }

  List<Hash32> depositInVault() {
    Address vault = vault(owner());
    Person customer = customer(dollars(), vault);
    return List.of(deposit(customer, vault, world.balance(world.dollar(), customer.address())));
  }

  /** The last holder leaves, and the vault is empty. */
  List<Hash32> leaveVault() {
    Address vault = vault(owner());
    Person customer = customer(dollars(), vault);
    Hash32 _ = deposit(customer, vault, world.balance(world.dollar(), customer.address()));
    return List.of(
        world.call(
            customer,
            vault,
            "redeem(uint256,address,address)",
            world.balance(vault, customer.address()),
            customer.address(),
            customer.address()));
  }

  /** To the market and back. */
  List<Hash32> rebalanceVault() {
    Person strategist = owner();
    Address vault = vault(strategist);
    BigInteger amount = dollars();
    Person customer = customer(amount, vault);
    Hash32 _ = deposit(customer, vault, amount);
    Hash32 there = world.call(strategist, vault, "rebalance(uint256,bool)", amount, true);
    world.pass(Duration.ofDays(1));
    Hash32 back = world.call(strategist, vault, "rebalance(uint256,bool)", amount, false);
    return List.of(there, back);
  }

  // a bridge, an airdrop, stakes

  List<Hash32> departOverBridge() {
    Address bridge = counter(owner(), Hash32.ZERO);
    BigInteger amount = dollars();
    return List.of(world.call(customer(amount, bridge), bridge, "depart(uint256)", amount));
  }

  /** A relayer brings what validators signed; all that the bridge holds may go. */
  List<Hash32> arriveOverBridge() {
    Address bridge = counter(owner(), Hash32.ZERO);
    BigInteger amount = dollars();
    world.give(bridge, amount.multiply(BigInteger.valueOf(random.nextInt(1, 4))), BigInteger.ZERO);
    Person relayer = owner();
    Address to = random.nextBoolean() ? relayer.address() : owner().address();
    Hash32 departure = Keccak.hashUtf8("departure " + random.nextLong());
    Hash32 digest =
        Keccak.hash(
            word(BigInteger.ONE),
            bridge.toWord().bytes(),
            to.toWord().bytes(),
            word(amount),
            departure.bytes());
    List<Bytes> signatures =
        VALIDATORS.stream()
            .sorted(Comparator.comparing(KeyPair::address))
            .map(key -> key.sign(digest).bytes())
            .toList();
    return List.of(
        world.call(
            relayer,
            bridge,
            "arrive(address,uint256,bytes32,bytes[])",
            to,
            amount,
            departure,
            signatures));
  }

  private static Bytes word(BigInteger number) {
    return AbiCalls.encode(TupleType.parse("(uint256)"), List.of(number));
  }

  /** One of two shares; the other is nobody's. */
  List<Hash32> claimAirdrop() {
    Person claimant = owner();
    BigInteger amount = dollars();
    Hash32 leaf =
        Keccak.hash(Keccak.hash(claimant.address().toWord().bytes(), word(amount)).bytes());
    Hash32 sibling = Keccak.hashUtf8("share " + random.nextLong());
    Hash32 root =
        leaf.toString().compareTo(sibling.toString()) < 0
            ? Keccak.hash(leaf.bytes(), sibling.bytes())
            : Keccak.hash(sibling.bytes(), leaf.bytes());
    Address counter = counter(owner(), root);
    world.give(counter, amount.multiply(BigInteger.valueOf(random.nextInt(1, 6))), BigInteger.ZERO);
    return List.of(
        world.call(claimant, counter, "claim(uint256,bytes32[])", amount, List.of(sibling)));
  }

  /** With the reward, which others paid in. */
  List<Hash32> leaveStake() {
    Address counter = counter(owner(), Hash32.ZERO);
    BigInteger amount = dollars();
    Person customer = customer(amount, counter);
    world.give(counter, amount.divide(BigInteger.valueOf(random.nextInt(5, 20))), BigInteger.ZERO);
    Hash32 _ = world.call(customer, counter, "stake(uint256)", amount);
    world.pass(Duration.ofHours(random.nextInt(1, 12)));
    return List.of(world.call(customer, counter, "exit()"));
  }

  // an employer, an exchange, a treasury

  List<Hash32> payWages() {
    Person employer = owner();
    Address till = counter(employer, Hash32.ZERO);
    List<Address> people = new ArrayList<>();
    List<BigInteger> wages = new ArrayList<>();
    BigInteger sum = BigInteger.ZERO;
    for (int i = random.nextInt(2, 15); i > 0; i--) {
      people.add(DemoKeys.of("worker " + random.nextInt(1_000)).address());
      wages.add(DemoChain.whole(random.nextInt(500, 9_000)));
      sum = sum.add(wages.getLast());
    }
    people.add(employer.address());
    wages.add(DemoChain.whole(random.nextInt(500, 9_000)));
    world.give(till, sum.add(wages.getLast()), BigInteger.ZERO);
    return List.of(world.call(employer, till, "pay(address[],uint256[])", people, wages));
  }

  /** Two people exchange what they agreed upon. */
  List<Hash32> settleAgreement() {
    Person agent = owner();
    Address counter = counter(agent, Hash32.ZERO);
    int tokens = random.nextInt(1, 100);
    BigInteger price = DemoChain.whole(tokens * DemoChain.PRICE * random.nextInt(90, 111) / 100);
    Person buyer = customer(price, counter);
    Person seller = world.person(BigInteger.ZERO, DemoChain.whole(tokens));
    world.allow(seller, counter);
    return List.of(
        world.call(
            agent,
            counter,
            "settle(address,address,uint256,address,address,uint256)",
            buyer.address(),
            world.dollar(),
            price,
            seller.address(),
            world.token(),
            DemoChain.whole(tokens)));
  }

  /** An exchange empties a deposit address of a customer into its hot wallet. */
  List<Hash32> sweepDeposit() {
    Person exchange = owner();
    Address hot = owner().address();
    BigInteger amount = dollars();
    world.give(exchange.contract(), amount, BigInteger.ZERO);
    return List.of(
        world.run(
            exchange, List.of(step(world.dollar(), "transfer(address,uint256)", hot, amount))));
  }

  List<Hash32> releaseVesting() {
    Person beneficiary = owner();
    long now = world.chain().builder().head().time().getEpochSecond();
    Address wallet =
        world.create(
            owner(),
            world.zeppelin("VestingWallet"),
            beneficiary.address(),
            BigInteger.valueOf(now),
            BigInteger.valueOf(86_400L * random.nextInt(1, 10)));
    world.give(wallet, dollars(), BigInteger.ZERO);
    world.pass(Duration.ofDays(random.nextInt(1, 12)));
    return List.of(world.call(beneficiary, wallet, "release(address)", world.dollar()));
  }

  /** A grant that was proposed days ago leaves the treasury; whoever likes executes it. */
  List<Hash32> executeGrant() {
    Person proposer = owner();
    Address treasury =
        world.create(
            proposer,
            world.zeppelin("TimelockController"),
            BigInteger.valueOf(86_400),
            List.of(proposer.address()),
            List.of(Address.ZERO),
            Address.ZERO);
    BigInteger grant = dollars();
    world.give(treasury, grant.multiply(BigInteger.valueOf(random.nextInt(1, 4))), BigInteger.ZERO);
    Person grantee = owner();
    Bytes payment = AbiCalls.call("transfer(address,uint256)", grantee.address(), grant);
    Hash32 scheduled =
        world.call(
            proposer,
            treasury,
            "schedule(address,uint256,bytes,bytes32,bytes32,uint256)",
            world.dollar(),
            BigInteger.ZERO,
            payment,
            Hash32.ZERO,
            Hash32.ZERO,
            BigInteger.valueOf(86_400));
    world.pass(Duration.ofDays(2));
    Hash32 executed =
        world.call(
            random.nextBoolean() ? grantee : owner(),
            treasury,
            "execute(address,uint256,bytes,bytes32,bytes32)",
            world.dollar(),
            BigInteger.ZERO,
            payment,
            Hash32.ZERO,
            Hash32.ZERO);
    return List.of(scheduled, executed);
  }

  /** Two owners of a Safe pay all or some of it out; the second one sends the transaction. */
  List<Hash32> payFromSafe() {
    Person first = owner();
    Person second = owner();
    Address singleton = world.create(first, world.safe("Safe.sol/Safe"));
    Address factory =
        world.create(first, world.safe("proxies/SafeProxyFactory.sol/SafeProxyFactory"));
    Bytes setup =
        AbiCalls.call(
            "setup(address[],uint256,address,bytes,address,address,uint256,address)",
            List.of(first.address(), second.address()),
            2,
            Address.ZERO,
            Bytes.EMPTY,
            Address.ZERO,
            Address.ZERO,
            0,
            Address.ZERO);
    String make = "createProxyWithNonce(address,bytes,uint256)";
    Address safe = Address.fromWord(world.deployer().read(factory, make, singleton, setup, 7));
    Hash32 _ = world.call(first, factory, make, singleton, setup, 7);
    BigInteger amount = dollars();
    world.give(safe, amount.multiply(BigInteger.valueOf(random.nextInt(1, 3))), BigInteger.ZERO);
    Bytes payment =
        AbiCalls.call(
            "transfer(address,uint256)",
            random.nextBoolean() ? second.address() : owner().address(),
            amount);
    Hash32 hash =
        world
            .deployer()
            .read(
                safe,
                "getTransactionHash(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,uint256)",
                world.dollar(),
                0,
                payment,
                0,
                0,
                0,
                0,
                Address.ZERO,
                Address.ZERO,
                0);
    Hash32 _ = world.call(first, safe, "approveHash(bytes32)", hash);
    Bytes approvals = Bytes.EMPTY;
    for (Address owner : List.of(first.address(), second.address()).stream().sorted().toList()) {
      approvals =
          approvals
              .concat(owner.toWord().bytes())
              .concat(Hash32.ZERO.bytes())
              .concat(Bytes.of((byte) 1));
    }
    return List.of(
        world.call(
            second,
            safe,
            "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)",
            world.dollar(),
            0,
            payment,
            0,
            0,
            0,
            0,
            Address.ZERO,
            Address.ZERO,
            approvals));
  }

  /** The admin of a proxy exchanges the code behind it, as announced. */
  List<Hash32> upgradeProxy() {
    Person admin = owner();
    Address before = counter(admin, Hash32.ZERO);
    Address after = counter(admin, Hash32.ZERO);
    Address proxy =
        world.create(
            admin,
            world.zeppelin("TransparentUpgradeableProxy"),
            before,
            admin.address(),
            AbiCalls.call("owner()"));
    world.give(proxy, dollars(), BigInteger.ZERO);
    Address desk = Deployer.created(proxy, 1);
    return List.of(
        world.call(
            admin, desk, "upgradeAndCall(address,address,bytes)", proxy, after, Bytes.EMPTY));
  }

  /** The owner hands what he runs to somebody else, and the new owner uses it. */
  List<Hash32> handOver() {
    Person old = owner();
    Person next = owner();
    Address desk = world.create(old, world.zeppelin("ProxyAdmin"), old.address());
    Hash32 given = world.call(old, desk, "transferOwnership(address)", next.address());
    Hash32 back = world.call(next, desk, "transferOwnership(address)", old.address());
    return List.of(given, back);
  }
}
