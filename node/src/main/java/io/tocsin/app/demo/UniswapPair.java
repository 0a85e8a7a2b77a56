package io.tocsin.app.demo;

import io.tocsin.base.Address;
import java.math.BigInteger;

/**
 * A Uniswap v2 pair, created by a factory from the bytecode in the npm package {@code
 * @uniswap/v2-core}.
 */
record UniswapPair(Address factory, Address pair) {
  private static final String BUILD = "@uniswap/v2-core/build/";

  /** Deploys a factory and the pair of two tokens, and settles. */
  static UniswapPair deploy(Deployer deployer, NodeModules modules, Address one, Address other) {
    Artifact artifact = Artifact.read(modules.file(BUILD + "UniswapV2Factory.json"));
    Address factory = deployer.deploy(artifact, deployer.address());
    deployer.call(factory, "createPair(address,address)", one, other);
    deployer.settle();
    return new UniswapPair(
        factory, Address.fromWord(deployer.read(factory, "getPair(address,address)", one, other)));
  }

  /** Moves the deployer's tokens into the pair for good; the ratio is the first price. */
  void provide(
      Deployer deployer, Address one, BigInteger ofOne, Address other, BigInteger ofOther) {
    deployer.call(one, "transfer(address,uint256)", pair, ofOne);
    deployer.call(other, "transfer(address,uint256)", pair, ofOther);
    deployer.call(pair, "mint(address)", deployer.address());
  }
}
