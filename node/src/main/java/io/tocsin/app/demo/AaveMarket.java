package io.tocsin.app.demo;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A whole Aave v3 market, deployed from the bytecode in the npm package {@code @aave/core-v3}; it
 * lends flash loans in every one of its assets.
 *
 * @param pool the proxy of the Pool contract
 */
record AaveMarket(Address pool) {
  private static final String CORE = "@aave/core-v3/artifacts/contracts/";
  private static final BigInteger RAY = BigInteger.TEN.pow(27);
  private static final BigInteger DOLLAR = BigInteger.TEN.pow(8);
  private static final List<String> LIBRARIES =
      List.of(
          "SupplyLogic",
          "BorrowLogic",
          "LiquidationLogic",
          "EModeLogic",
          "BridgeLogic",
          "ConfiguratorLogic",
          "PoolLogic");

  /** A token of the market and its price in whole dollars. */
  record Asset(Address token, long dollars) {}

  static Artifact artifact(NodeModules modules, String folder, String name) {
    return Artifact.read(modules.file(CORE + folder + "/" + name + ".sol/" + name + ".json"));
  }

  /** Deploys a market whose every role belongs to the deployer, and settles. */
  static AaveMarket deploy(Deployer deployer, NodeModules modules, List<Asset> assets) {
    Address owner = deployer.address();
    Address provider =
        deployer.deploy(
            artifact(modules, "protocol/configuration", "PoolAddressesProvider"), "demo", owner);
    Map<String, Address> libraries = libraries(deployer, modules);
    Address pool = deployer.link(artifact(modules, "protocol/pool", "Pool"), libraries, provider);
    Address configurator =
        deployer.link(artifact(modules, "protocol/pool", "PoolConfigurator"), libraries);
    deployer.call(provider, "setACLAdmin(address)", owner);
    deployer.settle();
    Address roles =
        deployer.deploy(artifact(modules, "protocol/configuration", "ACLManager"), provider);
    deployer.call(provider, "setACLManager(address)", roles);
    deployer.call(roles, "addPoolAdmin(address)", owner);
    deployer.call(roles, "addAssetListingAdmin(address)", owner);
    deployer.call(provider, "setPoolImpl(address)", pool);
    deployer.call(provider, "setPoolConfiguratorImpl(address)", configurator);
    deployer.settle();
    Address proxy = Address.fromWord(deployer.read(provider, "getPool()"));
    Address setup = Address.fromWord(deployer.read(provider, "getPoolConfigurator()"));
    Address oracle = oracle(deployer, modules, provider, assets);
    deployer.call(provider, "setPriceOracle(address)", oracle);
    list(deployer, modules, setup, new Proxies(provider, proxy), assets);
    deployer.settle();
    return new AaveMarket(proxy);
  }

  private record Proxies(Address provider, Address pool) {}

  private static Map<String, Address> libraries(Deployer deployer, NodeModules modules) {
    Map<String, Address> libraries = new LinkedHashMap<>();
    for (String name : LIBRARIES) {
      libraries.put(name, deployer.deploy(artifact(modules, "protocol/libraries/logic", name)));
    }
    Artifact flash = artifact(modules, "protocol/libraries/logic", "FlashLoanLogic");
    libraries.put("FlashLoanLogic", deployer.link(flash, libraries));
    return libraries;
  }

  private static Address oracle(
      Deployer deployer, NodeModules modules, Address provider, List<Asset> assets) {
    Artifact feed = artifact(modules, "mocks/oracle/CLAggregators", "MockAggregator");
    List<Address> feeds = new ArrayList<>();
    for (Asset asset : assets) {
      feeds.add(deployer.deploy(feed, DOLLAR.multiply(BigInteger.valueOf(asset.dollars))));
    }
    return deployer.deploy(
        artifact(modules, "misc", "AaveOracle"),
        provider,
        assets.stream().map(Asset::token).toList(),
        feeds,
        Address.ZERO,
        Address.ZERO,
        DOLLAR);
  }

  private static void list(
      Deployer deployer,
      NodeModules modules,
      Address configurator,
      Proxies proxies,
      List<Asset> assets) {
    String tokens = "protocol/tokenization";
    Address deposit = deployer.deploy(artifact(modules, tokens, "AToken"), proxies.pool);
    Address stable = deployer.deploy(artifact(modules, tokens, "StableDebtToken"), proxies.pool);
    Address variable =
        deployer.deploy(artifact(modules, tokens, "VariableDebtToken"), proxies.pool);
    Address rates =
        deployer.deploy(
            artifact(modules, "protocol/pool", "DefaultReserveInterestRateStrategy"),
            proxies.provider,
            thousandths(800),
            BigInteger.ZERO,
            thousandths(40),
            thousandths(600),
            thousandths(5),
            thousandths(600),
            thousandths(40),
            BigInteger.ZERO,
            thousandths(200));
    List<Object> reserves = new ArrayList<>();
    for (Asset asset : assets) {
      String suffix = Integer.toString(reserves.size());
      reserves.add(
          List.of(
              deposit,
              stable,
              variable,
              18,
              rates,
              asset.token,
              deployer.address(),
              Address.ZERO,
              "deposit " + suffix,
              "a" + suffix,
              "variable debt " + suffix,
              "v" + suffix,
              "stable debt " + suffix,
              "s" + suffix,
              Bytes.of((byte) 0x10)));
    }
    deployer.call(
        configurator,
        "initReserves((address,address,address,uint8,address,address,address,address,"
            + "string,string,string,string,string,string,bytes)[])",
        reserves);
    for (Asset asset : assets) {
      deployer.call(
          configurator,
          "configureReserveAsCollateral(address,uint256,uint256,uint256)",
          asset.token,
          8_000,
          8_250,
          10_500);
      deployer.call(configurator, "setReserveBorrowing(address,bool)", asset.token, true);
      deployer.call(configurator, "setReserveFlashLoaning(address,bool)", asset.token, true);
    }
  }

  private static BigInteger thousandths(long count) {
    return RAY.multiply(BigInteger.valueOf(count)).divide(BigInteger.valueOf(1000));
  }

  /** Lends {@code amount} of {@code token} to the market for good. */
  void supply(Deployer deployer, Address token, BigInteger amount) {
    deployer.call(token, "approve(address,uint256)", pool, amount);
    deployer.call(
        pool, "supply(address,uint256,address,uint16)", token, amount, deployer.address(), 0);
  }
}
