package io.tocsin.detect.signature;

import io.tocsin.base.Bytes;
import io.tocsin.crypto.Keccak;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a call is for, by functions of published interfaces that many contracts share; the functions
 * of a single protocol have no action.
 */
@SuppressWarnings("ImmutableEnumChecker") // the lists are unmodifiable
public enum Action {
  TRANSFER("transfer(address,uint256)", "transferFrom(address,address,uint256)"),
  APPROVE(
      "approve(address,uint256)",
      "increaseAllowance(address,uint256)",
      "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
      "permit(address,address,uint256,bool,uint8,bytes32,bytes32)"),
  MINT(
      "mint(address,uint256)", "mint(uint256)", "mint()", "mint(address)", "mint(uint256,address)"),
  BURN("burn(uint256)", "burnFrom(address,uint256)", "burn(address,uint256)", "burn(address)"),
  DEPOSIT(
      "deposit(uint256)",
      "deposit(uint256,address)",
      "deposit(address,uint256)",
      "deposit(uint256,uint256)",
      "deposit(address,uint256,address,uint16)",
      "supply(address,uint256,address,uint16)",
      "supply(address,uint256)",
      "stake(uint256)",
      "enter(uint256)",
      "join(uint256)"),
  REDEEM(
      "withdraw()",
      "withdraw(uint256)",
      "withdraw(uint256,address,address)",
      "withdraw(address,uint256)",
      "withdraw(address,uint256,address)",
      "withdraw(uint256,uint256)",
      "withdraw(uint256,address)",
      "withdrawAll()",
      "redeem(uint256)",
      "redeem(uint256,address,address)",
      "redeemUnderlying(uint256)",
      "exit()",
      "exit(uint256)",
      "unstake(uint256)",
      "leave(uint256)",
      "emergencyWithdraw()",
      "emergencyWithdraw(uint256)"),
  CLAIM(
      "claim()",
      "claim(address)",
      "claim(uint256)",
      "getReward()",
      "harvest()",
      "harvest(uint256)"),
  BORROW("borrow(uint256)", "borrow(address,uint256,uint256,uint16,address)"),
  REPAY("repay(uint256)", "repayBorrow(uint256)", "repay(address,uint256,uint256,address)"),
  LIQUIDATE(
      "liquidateBorrow(address,uint256,address)",
      "liquidationCall(address,address,address,uint256,bool)"),
  SWAP(
      "swap(uint256,uint256,address,bytes)",
      "swap(address,bool,int256,uint160,bytes)",
      "swap(uint8,uint8,uint256,uint256,uint256)",
      "exchange(int128,int128,uint256,uint256)",
      "exchange_underlying(int128,int128,uint256,uint256)",
      "exchange(uint256,uint256,uint256,uint256)"),
  ADD_LIQUIDITY(
      "addLiquidity(address,address,uint256,uint256,uint256,uint256,address,uint256)",
      "addLiquidity(uint256[],uint256,uint256)",
      "add_liquidity(uint256[2],uint256)",
      "add_liquidity(uint256[3],uint256)",
      "add_liquidity(uint256[4],uint256)",
      "joinPool(uint256,uint256[])"),
  REMOVE_LIQUIDITY(
      "removeLiquidity(address,address,uint256,uint256,uint256,address,uint256)",
      "removeLiquidity(uint256,uint256[],uint256)",
      "remove_liquidity(uint256,uint256[2])",
      "remove_liquidity_one_coin(uint256,int128,uint256)",
      "exitPool(uint256,uint256[])"),
  SKIM("skim(address)"),
  SYNC("sync()"),
  FLASH_LOAN(
      "flashLoan(address,address,uint256,bytes)",
      "flashLoan(address,address[],uint256[],bytes)",
      "flashLoan(address,address[],uint256[],uint256[],address,bytes,uint16)",
      "flashLoan(address,uint256,bytes)",
      "flash(address,uint256,uint256,bytes)",
      "operate((address,uint256)[],(uint8,uint256,(bool,uint8,uint8,uint256),uint256,uint256,"
          + "address,uint256,bytes)[])"),
  INITIALIZE(
      "initialize()",
      "initialize(address)",
      "initialize(address,address)",
      "initialize(address,address,address)",
      "initialize(address,bytes)",
      "init()",
      "init(address)"),
  UPGRADE("upgradeTo(address)", "upgradeToAndCall(address,bytes)"),
  OWN("transferOwnership(address)", "setOwner(address)", "grantRole(bytes32,address)"),
  VOTE("castVote(uint256,uint8)", "vote(uint256,bool)", "execute(uint256)", "queue(uint256)");

  private static final Map<Integer, Action> BY_SELECTOR = bySelector();

  private final List<String> functions;

  Action(String... functions) {
    this.functions = List.of(functions);
  }

  /** The functions that it stands for. */
  public List<String> functions() {
    return functions;
  }

  /** The word for it in a signature. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The action that {@code word} names. */
  public static Optional<Action> of(String word) {
    return Arrays.stream(values()).filter(a -> a.word().equals(word)).findFirst();
  }

  /** What a call with this selector is for, if it is a known one. */
  static Optional<Action> of(int selector) {
    return Optional.ofNullable(BY_SELECTOR.get(selector));
  }

  private static Map<Integer, Action> bySelector() {
    Map<Integer, Action> all = new HashMap<>();
    for (Action action : values()) {
      for (String function : action.functions) {
        Bytes hash = Keccak.hash(Bytes.utf8(function)).bytes();
        int selector = hash.at(0) << 24 | hash.at(1) << 16 | hash.at(2) << 8 | hash.at(3);
        if (all.put(selector, action) != null) {
          throw new IllegalStateException(function + " stands for two actions");
        }
      }
    }
    return Map.copyOf(all);
  }
}
