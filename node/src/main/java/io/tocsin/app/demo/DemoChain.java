package io.tocsin.app.demo;

import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Scope;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * One chain of the demonstration with what every DeFi chain has: a dollar and a volatile token, an
 * Aave v3 market that lends the dollar, and a Uniswap v2 pair that prices the token.
 */
final class DemoChain implements AutoCloseable {
  /** Dollars for one volatile token at first, in the pair and in the market's oracle. */
  static final long PRICE = 2_000;

  private static final long POOLED_TOKENS = 1_000;
  private static final long MARKET_DOLLARS = 50_000_000;

  private final Scope scope;
  private final BlockBuilder builder;
  private final Deployer deployer;
  private final List<EndpointFront> fronts;
  private final RelayFront relay;
  private final Venues venues;

  private DemoChain(
      Scope scope,
      BlockBuilder builder,
      Deployer deployer,
      List<EndpointFront> fronts,
      RelayFront relay,
      Venues venues) {
    this.scope = scope;
    this.builder = builder;
    this.deployer = deployer;
    this.fronts = List.copyOf(fronts);
    this.relay = relay;
    this.venues = venues;
  }

  /** The tokens and the places where they trade. */
  record Venues(Address dollar, Address token, AaveMarket market, UniswapPair pair) {}

  /**
   * What a chain is started with: programs, a folder for sockets, the time of the genesis block.
   */
  record Ground(NodeModules modules, Path directory, Instant genesis) {}

  /** Starts the chain {@code id} and deploys its venues. */
  static DemoChain start(ChainId id, Ground ground) throws InterruptedException, IOException {
    Scope scope = new Scope();
    try {
      LockstepChain chain =
          scope.add(
              LockstepChain.start(ground.modules.anvil(), id, ground.genesis, ground.directory));
      BlockBuilder builder = new BlockBuilder(chain);
      Deployer deployer = new Deployer(builder, DemoKeys.of("deployer of " + id));
      Venues venues = venues(deployer, ground.modules);
      String name = "eip155-" + id.reference();
      List<EndpointFront> fronts =
          List.of(
              scope.add(EndpointFront.open(builder, 0, ground.directory.resolve(name + "-x.ipc"))),
              scope.add(EndpointFront.open(builder, 1, ground.directory.resolve(name + "-y.ipc"))));
      RelayFront relay = scope.add(RelayFront.open(builder));
      return new DemoChain(scope, builder, deployer, fronts, relay, venues);
    } catch (RuntimeException | InterruptedException | IOException e) {
      scope.close();
      throw e;
    }
  }

  private static Venues venues(Deployer deployer, NodeModules modules) {
    Artifact mintable = Artifact.own("DemoToken");
    Address dollar = deployer.deploy(mintable, "Demo Dollar", "USD");
    Address token = deployer.deploy(mintable, "Demo Token", "DTK");
    deployer.call(dollar, "mint(address,uint256)", deployer.address(), whole(4 * MARKET_DOLLARS));
    deployer.call(token, "mint(address,uint256)", deployer.address(), whole(1_000_000));
    UniswapPair pair = UniswapPair.deploy(deployer, modules, dollar, token);
    pair.provide(deployer, dollar, whole(PRICE * POOLED_TOKENS), token, whole(POOLED_TOKENS));
    AaveMarket market =
        AaveMarket.deploy(
            deployer,
            modules,
            List.of(new AaveMarket.Asset(dollar, 1), new AaveMarket.Asset(token, PRICE)));
    market.supply(deployer, dollar, whole(MARKET_DOLLARS));
    deployer.settle();
    return new Venues(dollar, token, market, pair);
  }

  /** {@code amount} whole tokens of 18 decimals. */
  static BigInteger whole(long amount) {
    return BigInteger.valueOf(amount).multiply(BigInteger.TEN.pow(18));
  }

  /** The chain's name. */
  ChainId id() {
    return builder.chain().id();
  }

  /** The maker of its blocks. */
  BlockBuilder builder() {
    return builder;
  }

  /** The account that deploys on it. */
  Deployer deployer() {
    return deployer;
  }

  /** The endpoints for members' nodes. */
  List<EndpointFront> fronts() {
    return fronts;
  }

  /** The builder's door for bundles. */
  RelayFront relay() {
    return relay;
  }

  /** The venues. */
  Venues venues() {
    return venues;
  }

  /** What {@code holder} has of {@code token}, in the token's smallest unit. */
  BigInteger balance(Address token, Address holder) {
    return new BigInteger(
        1,
        Deployer.read(builder.chain(), token, AbiCalls.call("balanceOf(address)", holder))
            .toArray());
  }

  /** Remembers the state of both anvils. */
  JsonNode snapshot() {
    return builder.chain().tell("evm_snapshot");
  }

  /** Goes back to what {@link #snapshot} remembered. */
  void restore(JsonNode snapshot) {
    JsonNode _ = builder.chain().tell("evm_revert", snapshot);
    builder.refresh();
  }

  @Override
  public void close() {
    scope.close();
  }
}
