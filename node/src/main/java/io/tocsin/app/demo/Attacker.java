package io.tocsin.app.demo;

import io.tocsin.app.demo.BlockBuilder.Terms;
import io.tocsin.base.Address;
import io.tocsin.base.Gas;
import io.tocsin.base.Hash32;
import io.tocsin.chain.Fees;
import io.tocsin.chain.TxCall;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Robs sister lenders, one transaction each: a flash loan of Aave moves the price that the lender
 * believes. He expects no rival and pays an ordinary tip. His contracts are deployed beforehand.
 * One owner.
 */
final class Attacker {
  private static final long FLASH = 10_000_000;
  private static final long STAKE = 20;
  private static final Gas GAS = new Gas(2_000_000);

  private final Map<DemoChain, Base> bases = new LinkedHashMap<>();

  private record Base(Wallet wallet, Address contract) {}

  /** Prepares the attacker on {@code chain}, and settles. */
  void prepare(DemoChain chain) {
    Deployer deployer = chain.deployer();
    Wallet wallet = new Wallet(DemoKeys.of("attacker"), chain.builder());
    deployer.fund(wallet.address());
    Address contract = Deployer.created(wallet.address(), wallet.nonce());
    Hash32 _ =
        wallet.send(
            TxCall.create(
                Artifact.own("SpotAttack").creation(Map.of(), chain.venues().market().pool())),
            GAS,
            Wallet.ordinaryFees(),
            Terms.PRIVATE);
    var _ = chain.builder().mine(chain.builder().head().time().plusSeconds(1));
    bases.put(chain, new Base(wallet, contract));
  }

  /** Sends the transaction that robs {@code lender}. */
  Hash32 rob(Lender lender, Terms terms) {
    Base base = base(lender);
    return base.wallet.send(robbery(base, lender), GAS, Wallet.ordinaryFees(), terms);
  }

  /** Bids {@code fees} for the last robbery of {@code lender}; empty if it is declined. */
  Optional<Hash32> rebid(Lender lender, Fees fees, Terms terms) {
    Base base = base(lender);
    return base.wallet.rebid(robbery(base, lender), GAS, fees, terms);
  }

  private Base base(Lender lender) {
    Base base = bases.get(lender.chain());
    if (base == null) {
      throw new IllegalStateException("the attacker is not prepared on " + lender.chain().id());
    }
    return base;
  }

  private static TxCall robbery(Base base, Lender lender) {
    return TxCall.of(
        base.contract,
        AbiCalls.call(
            "attack(address,uint256,uint256)",
            lender.address(),
            DemoChain.whole(FLASH),
            DemoChain.whole(STAKE)));
  }

  /** Forgets every attack sent: the chains were set back. */
  void rewind() {
    bases.values().forEach(base -> base.wallet.rewind(1));
  }
}
