package io.tocsin.app.demo;

import io.tocsin.app.demo.BlockBuilder.Terms;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Gas;
import io.tocsin.base.Hash32;
import io.tocsin.base.Wei;
import io.tocsin.chain.Fees;
import io.tocsin.chain.TxCall;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An attacker with ten million dollars of his own, who robs to do harm. One owner. */
final class Thief {
  /** Dollars: far less, and moving the price costs more than the robbery brings. */
  private static final long CRUMB = 100_000;

  /** Enough collateral for all that a lender has, at the price that the loan makes. */
  private static final BigInteger STAKE = DemoChain.whole(26);

  private static final Gas GAS = new Gas(2_000_000);
  private static final Gas SMALL = new Gas(200_000);
  private static final Gas CREATION = new Gas(4_000_000);
  private static final BigInteger FLASH = DemoChain.whole(10_000_000);

  private final DemoChain chain;
  private final Wallet wallet;
  private final Address contract;

  /** Founds his business; mines. */
  Thief(String name, DemoChain chain) {
    this.chain = chain;
    this.wallet = new Wallet(DemoKeys.of(name), chain.builder());
    Deployer bank = chain.deployer();
    bank.fund(wallet.address());
    bank.call(dollar(), "transfer(address,uint256)", address(), DemoChain.whole(10_000_000));
    bank.call(token(), "transfer(address,uint256)", address(), DemoChain.whole(1_000));
    bank.settle();
    this.contract = Deployer.created(address(), wallet.nonce());
    create(Artifact.own("SpotAttack").creation(Map.of(), chain.venues().market().pool()));
    var _ = chain.builder().mine(chain.builder().head().time().plusSeconds(1));
  }

  Address address() {
    return wallet.address();
  }

  private Address dollar() {
    return chain.venues().dollar();
  }

  private Address token() {
    return chain.venues().token();
  }

  private void create(Bytes code) {
    var _ = wallet.send(TxCall.create(code), CREATION, Wallet.ordinaryFees(), Terms.PRIVATE);
  }

  /** Sends a call of his own without waiting. */
  Hash32 call(Address to, String signature, Object... arguments) {
    return wallet.send(
        TxCall.of(to, AbiCalls.call(signature, arguments)),
        SMALL,
        Wallet.ordinaryFees(),
        Terms.PRIVATE);
  }

  /** A clone of the sisters' code that believes {@code source} and holds {@code dollars} of his. */
  Lender clone(String name, Address source, long dollars) {
    Address address = Deployer.created(address(), wallet.nonce());
    create(Artifact.own("SisterLender").creation(Map.of(), address(), token(), dollar(), source));
    Lender clone = new Lender(name, chain, address, List.of());
    fill(clone, dollars);
    return clone;
  }

  /** A price source that only he sets, at the ordinary price. */
  Address rig() {
    Address rigged = Deployer.created(address(), wallet.nonce());
    create(
        Artifact.own("RiggedPrice")
            .creation(
                Map.of(), token(), dollar(), DemoChain.whole(1), DemoChain.whole(DemoChain.PRICE)));
    var _ = call(token(), "transfer(address,uint256)", rigged, DemoChain.whole(20));
    return rigged;
  }

  /** Supplies {@code dollars} of his own. */
  void fill(Lender lender, long dollars) {
    var _ = call(dollar(), "approve(address,uint256)", lender.address(), DemoChain.whole(dollars));
    var _ = call(lender.address(), "supply(uint256)", DemoChain.whole(dollars));
  }

  /** Robs a clone by the price source that he owns. */
  Hash32 drain(Address rigged, Lender clone) {
    return send(
        TxCall.of(rigged, AbiCalls.call("drain(address)", clone.address())),
        Wallet.ordinaryFees(),
        Terms.PRIVATE);
  }

  /** Robs a lender of all it has. */
  Hash32 rob(Lender lender, Fees fees, Terms terms) {
    return send(robbery(lender, STAKE), fees, terms);
  }

  /** Supplies a hundred thousand dollars and robs them, again and again, in one block. */
  List<Hash32> dust(Lender lender, int times) {
    List<Hash32> robberies = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      fill(lender, CRUMB);
      robberies.add(
          send(robbery(lender, DemoChain.whole(2)), Wallet.ordinaryFees(), Terms.PRIVATE));
    }
    return robberies;
  }

  private TxCall robbery(Lender lender, BigInteger stake) {
    return TxCall.of(
        contract, AbiCalls.call("attack(address,uint256,uint256)", lender.address(), FLASH, stake));
  }

  private Hash32 send(TxCall call, Fees fees, Terms terms) {
    return wallet.send(call, GAS, fees, terms);
  }

  /** Puts nothing in the place of what he sent last, at a higher price. */
  Hash32 cancel() {
    Optional<Hash32> nothing =
        wallet.rebid(
            TxCall.of(address(), Bytes.EMPTY),
            SMALL,
            new Fees(Wei.gwei(400), Wei.gwei(10)),
            Terms.PRIVATE);
    return nothing.orElseThrow();
  }
}
