package io.tocsin.chain;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.Keccak;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Code so common that sharing it says nothing about sharing a fault: listed hashes of published
 * artifacts ({@code ubiquitous-code.csv}), and rules about size and function selectors for code
 * that exists in many compilations.
 */
final class UbiquitousCode {
  /** Shorter code has no logic of its own worth a match. */
  static final int TRIVIAL = 96;

  private static final int DELEGATECALL = 0xf4;
  private static final Map<Hash32, String> LISTED = listed();
  private static final Set<Integer> PROXY =
      selectors(
          "upgradeTo(address)",
          "upgradeToAndCall(address,bytes)",
          "implementation()",
          "admin()",
          "changeAdmin(address)",
          "proxiableUUID()",
          "proxyOwner()",
          "upgradeabilityOwner()",
          "transferProxyOwnership(address)",
          "proxyType()",
          "masterCopy()",
          "getImplementation()",
          "setImplementation(address)",
          "owner()",
          "transferOwnership(address)",
          "pendingOwner()",
          "acceptOwnership()");
  private static final Set<Integer> PAIR =
      selectors(
          "getReserves()",
          "swap(uint256,uint256,address,bytes)",
          "sync()",
          "skim(address)",
          "mint(address)",
          "burn(address)",
          "token0()",
          "token1()",
          "factory()",
          "price0CumulativeLast()");
  private static final Set<Integer> POOL =
      selectors(
          "slot0()",
          "liquidity()",
          "observe(uint32[])",
          "swap(address,bool,int256,uint160,bytes)",
          "flash(address,uint256,uint256,bytes)",
          "token0()",
          "token1()",
          "tickSpacing()");
  private static final Set<Integer> ERC20 =
      selectors(
          "totalSupply()",
          "balanceOf(address)",
          "transfer(address,uint256)",
          "transferFrom(address,address,uint256)",
          "approve(address,uint256)",
          "allowance(address,address)");
  private static final Set<Integer> ERC721 =
      selectors(
          "balanceOf(address)",
          "ownerOf(uint256)",
          "transferFrom(address,address,uint256)",
          "safeTransferFrom(address,address,uint256)",
          "safeTransferFrom(address,address,uint256,bytes)",
          "approve(address,uint256)",
          "setApprovalForAll(address,bool)",
          "getApproved(uint256)",
          "isApprovedForAll(address,address)",
          "supportsInterface(bytes4)");
  private static final Set<Integer> EXTRAS =
      selectors(
          "name()",
          "symbol()",
          "decimals()",
          "increaseAllowance(address,uint256)",
          "decreaseAllowance(address,uint256)",
          "increaseApproval(address,uint256)",
          "decreaseApproval(address,uint256)",
          "mint(address,uint256)",
          "burn(uint256)",
          "burn(address,uint256)",
          "burnFrom(address,uint256)",
          "owner()",
          "getOwner()",
          "transferOwnership(address)",
          "renounceOwnership()",
          "pendingOwner()",
          "acceptOwnership()",
          "pause()",
          "unpause()",
          "paused()",
          "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
          "nonces(address)",
          "DOMAIN_SEPARATOR()",
          "PERMIT_TYPEHASH()",
          "eip712Domain()",
          "cap()",
          "version()",
          "deposit()",
          "withdraw(uint256)",
          "hasRole(bytes32,address)",
          "getRoleAdmin(bytes32)",
          "grantRole(bytes32,address)",
          "revokeRole(bytes32,address)",
          "renounceRole(bytes32,address)",
          "DEFAULT_ADMIN_ROLE()",
          "MINTER_ROLE()",
          "PAUSER_ROLE()",
          "supportsInterface(bytes4)",
          "tokenURI(uint256)",
          "baseURI()");

  private UbiquitousCode() {}

  /** What common code this is; empty for code of its own. */
  static Optional<String> name(Bytes runtimeCode, Hash32 normalised) {
    if (runtimeCode.isEmpty()) {
      return Optional.of("no code");
    }
    String listed = LISTED.get(normalised);
    if (listed != null) {
      return Optional.of(listed);
    }
    if (runtimeCode.size() < TRIVIAL) {
      return Optional.of("trivial code");
    }
    Dispatch dispatch = Dispatch.of(runtimeCode.toArray());
    Set<Integer> known = dispatch.selectors();
    if (dispatch.delegates()) {
      return PROXY.containsAll(known) ? Optional.of("proxy shell") : Optional.empty();
    }
    if (known.containsAll(PAIR)) {
      return Optional.of("constant-product pair");
    }
    if (known.containsAll(POOL)) {
      return Optional.of("concentrated-liquidity pool");
    }
    if (known.containsAll(ERC20) && within(known, ERC20)) {
      return Optional.of("standard fungible token");
    }
    if (known.containsAll(ERC721) && within(known, ERC721)) {
      return Optional.of("standard non-fungible token");
    }
    return Optional.empty();
  }

  private static boolean within(Set<Integer> known, Set<Integer> core) {
    return known.stream().allMatch(s -> core.contains(s) || EXTRAS.contains(s));
  }

  private static Set<Integer> selectors(String... signatures) {
    Set<Integer> out = new HashSet<>();
    for (String signature : signatures) {
      out.add(selector(signature));
    }
    return Set.copyOf(out);
  }

  private static int selector(String signature) {
    Bytes hash = Keccak.hashUtf8(signature).bytes();
    return word(hash.at(0), hash.at(1), hash.at(2), hash.at(3));
  }

  private static int word(int a, int b, int c, int d) {
    return a << 24 | b << 16 | c << 8 | d;
  }

  private static Map<Hash32, String> listed() {
    Map<Hash32, String> out = new HashMap<>();
    try (InputStream in = UbiquitousCode.class.getResourceAsStream("ubiquitous-code.csv")) {
      if (in == null) {
        throw new IllegalStateException("ubiquitous-code.csv is missing from the jar");
      }
      var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          String[] fields = line.split(",", 3);
          out.put(Hash32.hex(fields[0]), fields[1]);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.copyOf(out);
  }

  /**
   * The function selectors that code compares with, and whether it delegates.
   *
   * @param selectors the operands of PUSH4 that are compared for equality right after
   */
  record Dispatch(Set<Integer> selectors, boolean delegates) {
    private static final int PUSH4 = 0x63;
    private static final int EQ = 0x14;
    private static final int DUP1 = 0x80;
    private static final int DUP2 = 0x81;
    private static final int XOR = 0x18;
    private static final int SUB = 0x03;

    static Dispatch of(byte[] code) {
      Set<Integer> selectors = new TreeSet<>();
      boolean delegates = false;
      int end = code.length - CodeMask.trailer(code);
      for (int at = 0; at < end; at = CodeMask.next(code, at)) {
        int opcode = code[at] & 0xff;
        delegates |= opcode == DELEGATECALL;
        if (opcode == PUSH4 && at + 6 < end && compared(code, at + 5)) {
          selectors.add(
              word(
                  code[at + 1] & 0xff,
                  code[at + 2] & 0xff,
                  code[at + 3] & 0xff,
                  code[at + 4] & 0xff));
        }
      }
      return new Dispatch(Set.copyOf(selectors), delegates);
    }

    private static boolean compared(byte[] code, int at) {
      int first = code[at] & 0xff;
      int second = code[at + 1] & 0xff;
      return first == EQ
          || first == XOR
          || first == SUB
          || ((first == DUP1 || first == DUP2) && (second == EQ || second == XOR));
    }
  }
}
