package io.tocsin.detect;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.Keccak;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The public interfaces that detectors know: selectors of functions and topics of events. */
public final class Selectors {
  private static final Map<Integer, String> SIGNATURES = new HashMap<>();

  public static final int TRANSFER = of("transfer(address,uint256)");
  public static final int TRANSFER_FROM = of("transferFrom(address,address,uint256)");
  public static final int MINT_TO = of("mint(address,uint256)");
  public static final int BURN = of("burn(uint256)");
  public static final int BURN_FROM = of("burnFrom(address,uint256)");
  public static final int BURN_OF = of("burn(address,uint256)");
  public static final int BALANCE_OF = of("balanceOf(address)");
  public static final int APPROVE = of("approve(address,uint256)");
  public static final int WRAP = of("deposit()");
  public static final int UNWRAP = of("withdraw(uint256)");
  public static final int GET_RESERVES = of("getReserves()");
  public static final int SWAP_V2 = of("swap(uint256,uint256,address,bytes)");
  public static final int SWAP_V3 = of("swap(address,bool,int256,uint160,bytes)");
  public static final int REMOVE_LIQUIDITY = of("burn(address)");
  public static final int SLOT0 = of("slot0()");
  public static final int ACCOUNT_SNAPSHOT = of("getAccountSnapshot(address)");
  public static final int EXCHANGE_RATE = of("exchangeRateStored()");
  public static final int EXCHANGE_RATE_CURRENT = of("exchangeRateCurrent()");

  /** Views of a token that only a token answers. */
  public static final Set<Integer> TOKEN_CALLS =
      all(
          "transfer(address,uint256)",
          "transferFrom(address,address,uint256)",
          "balanceOf(address)",
          "approve(address,uint256)",
          "allowance(address,address)");

  /** Calls by which an ERC-721 or ERC-1155 token goes to the account in the second argument. */
  public static final Set<Integer> SAFE_TRANSFERS =
      all(
          "safeTransferFrom(address,address,uint256)",
          "safeTransferFrom(address,address,uint256,bytes)",
          "safeTransferFrom(address,address,uint256,uint256,bytes)",
          "safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)");

  /** What an honest wallet or trader answers when it is asked: hooks, loans and signatures. */
  public static final Set<Integer> ANSWERS =
      all(
          "onERC721Received(address,address,uint256,bytes)",
          "onERC1155Received(address,address,uint256,uint256,bytes)",
          "onERC1155BatchReceived(address,address,uint256[],uint256[],bytes)",
          "onFlashLoan(address,address,uint256,uint256,bytes)",
          "executeOperation(address,uint256,uint256,address,bytes)",
          "executeOperation(address[],uint256[],uint256[],address,bytes)",
          "tokensReceived(address,address,address,uint256,bytes,bytes)",
          "tokensToSend(address,address,address,uint256,bytes,bytes)",
          "onTokenTransfer(address,uint256,bytes)",
          "onTransferReceived(address,address,uint256,bytes)",
          "supportsInterface(bytes4)",
          "isValidSignature(bytes32,bytes)");

  /** Entries by which a holder of a claim on a contract takes out what the claim is worth. */
  public static final Set<Integer> REDEEM =
      all(
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
          "unstake(uint256,bool)",
          "leave(uint256)",
          "emergencyWithdraw(uint256)",
          "claim()",
          "claim(address)",
          "getReward()",
          "burn(address)",
          "borrow(uint256)",
          "borrow(address,uint256,uint256,uint16,address)",
          "removeLiquidity(address,address,uint256,uint256,uint256,address,uint256)");

  /** Entries by which a claim on a contract is bought. */
  public static final Set<Integer> DEPOSIT =
      all(
          "deposit()",
          "deposit(uint256)",
          "deposit(uint256,address)",
          "deposit(uint256,uint256)",
          "deposit(address,uint256)",
          "deposit(address,uint256,address,uint16)",
          "supply(address,uint256,address,uint16)",
          "stake(uint256)",
          "enter(uint256)",
          "mint(uint256)",
          "mint()",
          "mint(address)",
          "join(uint256)");

  public static final int GRANT_ROLE = of("grantRole(bytes32,address)");

  /** Calls that put the account in the first argument in power over the contract called. */
  public static final Set<Integer> HANDOVER =
      all(
          "transferOwnership(address)",
          "changeOwner(address)",
          "setOwner(address)",
          "updateOwner(address)",
          "addOwner(address)",
          "changeAdmin(address)",
          "setAdmin(address)",
          "addAdmin(address)",
          "transferAdmin(address)",
          "setGovernance(address)",
          "setGovernor(address)",
          "setGov(address)",
          "transferGovernance(address)",
          "setAuthority(address)",
          "rely(address)",
          "addMinter(address)",
          "setMinter(address)",
          "setMinter(address,bool)");

  /** Calls that vote on a proposal. */
  public static final Set<Integer> VOTE =
      all(
          "vote(uint256)",
          "vote(uint32)",
          "vote(uint256,bool)",
          "vote(uint256,uint256)",
          "vote(uint256,bool,bool)",
          "voteFor(uint256)",
          "voteProposal(uint256,bool)",
          "castVote(uint256,bool)",
          "castVote(uint256,uint8)",
          "castVoteWithReason(uint256,uint8,string)",
          "submitVote(uint256,bool)");

  /** Calls that execute a proposal that was voted on. */
  public static final Set<Integer> EXECUTE =
      all(
          "execute(uint256)",
          "executeProposal(uint256)",
          "executeVote(uint256)",
          "commit(uint32)",
          "emergencyCommit(uint32)",
          "execute(address[],uint256[],bytes[],bytes32)",
          "execute(address,uint256,bytes,bytes32,bytes32)",
          "executeBatch(address[],uint256[],bytes[],bytes32,bytes32)",
          "executeTransaction(address,uint256,string,bytes,uint256)");

  /** Questions to a wallet whether a signature is its own. */
  public static final Set<Integer> SIGNATURE_CHECKS =
      all("isValidSignature(bytes32,bytes)", "isValidSignature(bytes,bytes)");

  /** Calls that lend votes. */
  public static final Set<Integer> DELEGATE =
      all(
          "delegate(address)",
          "delegateBySig(address,uint256,uint256,uint8,bytes32,bytes32)",
          "delegateVotes(address,uint256)");

  /** Calls that put other code behind a proxy or a beacon. */
  public static final Set<Integer> UPGRADE =
      all(
          "upgradeTo(address)",
          "upgradeToAndCall(address,bytes)",
          "upgrade(address,address)",
          "upgradeAndCall(address,address,bytes)",
          "setImplementation(address)",
          "changeImplementation(address)");

  /** Views that answer with a price in their first word. */
  public static final Set<Integer> PRICE_VIEWS =
      all(
          "pricePerShare()",
          "getPricePerFullShare()",
          "get_virtual_price()",
          "convertToAssets(uint256)",
          "latestAnswer()",
          "getPrice(address)",
          "getAssetPrice(address)",
          "getUnderlyingPrice(address)",
          "getRate()",
          "get_dy(int128,int128,uint256)",
          "getAmountOut(uint256,uint256,uint256)",
          "price()",
          "getPrice()",
          "calc_withdraw_one_coin(uint256,int128)",
          "tokenPrice()",
          "getReserve()");

  /** ERC-20 and ERC-721 {@code Transfer(address,address,uint256)}. */
  public static final Hash32 TRANSFER_EVENT =
      Keccak.hash(Bytes.utf8("Transfer(address,address,uint256)"));

  /** Reserves of a constant-product pool after each change: {@code Sync(uint112,uint112)}. */
  public static final Hash32 SYNC_EVENT = Keccak.hash(Bytes.utf8("Sync(uint112,uint112)"));

  private Selectors() {}

  private static int of(String signature) {
    int selector = at(data(signature), 0);
    SIGNATURES.put(selector, signature);
    return selector;
  }

  /** The signature behind {@code selector}, if it is one of those here. */
  static Optional<String> signature(int selector) {
    return Optional.ofNullable(SIGNATURES.get(selector));
  }

  /** The four bytes that call the function of this signature. */
  public static Bytes data(String signature) {
    return Keccak.hash(Bytes.utf8(signature)).bytes().slice(0, 4);
  }

  /** The four bytes of {@code data} from {@code place} on, as a selector. */
  public static int at(Bytes data, int place) {
    return data.at(place) << 24
        | data.at(place + 1) << 16
        | data.at(place + 2) << 8
        | data.at(place + 3);
  }

  private static Set<Integer> all(String... signatures) {
    return Arrays.stream(signatures).map(Selectors::of).collect(Collectors.toUnmodifiableSet());
  }
}
