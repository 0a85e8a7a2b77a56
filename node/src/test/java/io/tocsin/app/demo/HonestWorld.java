package io.tocsin.app.demo;

import com.esaulpaugh.headlong.abi.TupleType;
import io.tocsin.app.demo.BlockBuilder.Terms;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Gas;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.TxCall;
import io.tocsin.crypto.KeyPair;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * A chain with a lending market, two exchanges of the same pair, routers and contracts of people's
 * own, where honest people do what attacks resemble. One owner.
 */
final class HonestWorld implements AutoCloseable {
  private static final Gas GAS = new Gas(6_000_000);

  private final DemoChain chain;
  private final NodeModules modules;
  private final UniswapPair other;
  private final Address router;
  private final Address aggregator;
  private int people;
  private Optional<Consumer<Hash32>> watcher = Optional.empty();

  /** Somebody with an account of his own and a contract that does what he lists. */
  record Person(Wallet wallet, KeyPair key, Address contract) {
    Address address() {
      return wallet.address();
    }
  }

  private HonestWorld(DemoChain chain, NodeModules modules) {
    this.chain = chain;
    this.modules = modules;
    Deployer deployer = chain.deployer();
    this.other = UniswapPair.deploy(deployer, modules, dollar(), token());
    other.provide(deployer, dollar(), DemoChain.whole(1_000_000), token(), DemoChain.whole(500));
    this.router = deployer.deploy(staged("Router"), deployer.address(), 0);
    this.aggregator = deployer.deploy(staged("Router"), deployer.address(), 3);
    chain.venues().market().supply(deployer, token(), DemoChain.whole(100_000));
    deployer.settle();
  }

  /** Builds it on a fresh chain with sockets in {@code directory}. */
  static HonestWorld build(Path directory) throws InterruptedException, IOException {
    NodeModules modules = NodeModules.find();
    DemoChain chain =
        DemoChain.start(
            ChainId.evm(1),
            new DemoChain.Ground(modules, directory, Instant.parse("2026-01-01T00:00:00Z")));
    try {
      return new HonestWorld(chain, modules);
    } catch (RuntimeException e) {
      chain.close();
      throw e;
    }
  }

  /** A contract that only tests deploy. */
  static Artifact staged(String name) {
    String resource = "/staged/" + name + ".json";
    try (InputStream in = HonestWorld.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + resource);
      }
      return Artifact.parse(name, Json.parse(in.readAllBytes()));
    } catch (IOException | MalformedException e) {
      throw new IllegalStateException("cannot read " + resource, e);
    }
  }

  /** A contract that OpenZeppelin publishes compiled. */
  Artifact zeppelin(String name) {
    return Artifact.read(modules.file("@openzeppelin/contracts/build/contracts/" + name + ".json"));
  }

  /** A contract that Safe publishes compiled; {@code path} without its extension. */
  Artifact safe(String path) {
    return Artifact.read(
        modules.file("@safe-global/safe-contracts/build/artifacts/contracts/" + path + ".json"));
  }

  DemoChain chain() {
    return chain;
  }

  Deployer deployer() {
    return chain.deployer();
  }

  Address dollar() {
    return chain.venues().dollar();
  }

  Address token() {
    return chain.venues().token();
  }

  Address market() {
    return chain.venues().market().pool();
  }

  /** The larger exchange. */
  Address pair() {
    return chain.venues().pair().pair();
  }

  /** The smaller exchange of the same tokens. */
  Address otherPair() {
    return other.pair();
  }

  /** Trades for people without a fee of its own. */
  Address router() {
    return router;
  }

  /** Trades for people and keeps three thousandths. */
  Address aggregator() {
    return aggregator;
  }

  /** Somebody new, with ether, and with so many dollars and tokens. */
  Person person(BigInteger dollars, BigInteger tokens) {
    KeyPair key = DemoKeys.of("honest person " + people++);
    Wallet wallet = new Wallet(key, chain.builder());
    deployer().fund(wallet.address());
    give(wallet.address(), dollars, tokens);
    Address contract = Deployer.created(wallet.address(), wallet.nonce());
    mined(wallet, TxCall.create(staged("Account").creation(Map.of())));
    return new Person(wallet, key, contract);
  }

  void give(Address to, BigInteger dollars, BigInteger tokens) {
    if (dollars.signum() > 0) {
      deployer().call(dollar(), "transfer(address,uint256)", to, dollars);
    }
    if (tokens.signum() > 0) {
      deployer().call(token(), "transfer(address,uint256)", to, tokens);
    }
    deployer().settle();
  }

  /** Creates a contract of {@code who}. */
  Address create(Person who, Artifact artifact, Object... arguments) {
    Address address = Deployer.created(who.address(), who.wallet().nonce());
    mined(who.wallet(), TxCall.create(artifact.creation(Map.of(), arguments)));
    return address;
  }

  /** Lets {@code deed} send for all to see, and {@code seen} look before each is mined. */
  <T> T watched(Consumer<Hash32> seen, Supplier<T> deed) {
    watcher = Optional.of(seen);
    try {
      return deed.get();
    } finally {
      watcher = Optional.empty();
    }
  }

  /** Sends a call and mines it. */
  Hash32 call(Person who, Address to, String signature, Object... arguments) {
    return mined(who.wallet(), TxCall.of(to, AbiCalls.call(signature, arguments)));
  }

  /** Lets {@code spender} take all of {@code who}'s dollars and tokens. */
  void allow(Person who, Address spender) {
    for (Address asset : List.of(dollar(), token())) {
      Hash32 _ = call(who, asset, "approve(address,uint256)", spender, DemoChain.whole(1L << 40));
    }
  }

  /** Lets the contract of {@code who} take {@code steps}. */
  Hash32 run(Person who, List<List<Object>> steps) {
    return call(who, who.contract(), "run((address,uint256,bytes)[])", steps);
  }

  private Hash32 mined(Wallet wallet, TxCall call) {
    Terms terms = watcher.isPresent() ? Terms.PUBLIC : Terms.PRIVATE;
    Hash32 tx = wallet.send(call, GAS, Wallet.ordinaryFees(), terms);
    watcher.ifPresent(w -> w.accept(tx));
    pass(Duration.ofSeconds(1));
    JsonNode receipt = chain.builder().chain().ask("eth_getTransactionReceipt", tx.toString());
    if (!receipt.path("status").asString("").equals("0x1")) {
      throw new IllegalStateException("the honest transaction " + tx + " failed: " + receipt);
    }
    return tx;
  }

  /** Mines a block so much later. */
  void pass(Duration time) {
    var _ = chain.builder().mine(chain.builder().head().time().plus(time));
  }

  /** One step of a contract. */
  static List<Object> step(Address to, String signature, Object... arguments) {
    return List.of(to, BigInteger.ZERO, AbiCalls.call(signature, arguments));
  }

  /** Steps for a contract that is called back. */
  static Bytes later(List<List<Object>> steps) {
    return AbiCalls.encode(TupleType.parse("((address,uint256,bytes)[])"), List.of(steps));
  }

  /** What {@code pair} gives for {@code amount} of {@code sold}. */
  BigInteger bought(Address pair, Address sold, BigInteger amount) {
    BigInteger[] reserves = reserves(pair, sold);
    BigInteger paid = amount.multiply(BigInteger.valueOf(997));
    return paid.multiply(reserves[1])
        .divide(reserves[0].multiply(BigInteger.valueOf(1_000)).add(paid));
  }

  /** The reserves of {@code pair}: of {@code first}, and of the other token. */
  BigInteger[] reserves(Address pair, Address first) {
    Bytes answer = Deployer.answer(chain.builder().chain(), pair, AbiCalls.call("getReserves()"));
    BigInteger zero = new BigInteger(1, answer.slice(0, 32).toArray());
    BigInteger one = new BigInteger(1, answer.slice(32, 64).toArray());
    return isFirst(pair, first) ? new BigInteger[] {zero, one} : new BigInteger[] {one, zero};
  }

  private boolean isFirst(Address pair, Address asset) {
    return Address.fromWord(deployer().read(pair, "token0()")).equals(asset);
  }

  /** The step in which {@code pair} pays {@code amount} of {@code asset} to {@code to}. */
  List<Object> payOut(Address pair, Address asset, BigInteger amount, Address to, Bytes data) {
    boolean first = isFirst(pair, asset);
    return step(
        pair,
        "swap(uint256,uint256,address,bytes)",
        first ? amount : BigInteger.ZERO,
        first ? BigInteger.ZERO : amount,
        to,
        data);
  }

  /** The other token of both exchanges. */
  Address counterpart(Address asset) {
    return asset.equals(dollar()) ? token() : dollar();
  }

  BigInteger balance(Address asset, Address holder) {
    return chain.balance(asset, holder);
  }

  /** The word at {@code index} of what a view answers. */
  BigInteger word(Address to, int index, String signature, Object... arguments) {
    Bytes answer =
        Deployer.answer(chain.builder().chain(), to, AbiCalls.call(signature, arguments));
    return new BigInteger(1, answer.slice(32 * index, 32 * (index + 1)).toArray());
  }

  /** The address at {@code index} of what a view answers. */
  Address account(Address to, int index, String signature, Object... arguments) {
    byte[] word = word(to, index, signature, arguments).toByteArray();
    byte[] padded = new byte[20];
    byte[] low = word.length > 20 ? Arrays.copyOfRange(word, word.length - 20, word.length) : word;
    System.arraycopy(low, 0, padded, 20 - low.length, low.length);
    return new Address(Bytes.of(padded));
  }

  @Override
  public void close() {
    chain.close();
  }
}
