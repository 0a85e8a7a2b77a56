package io.tocsin.chain;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.Keccak;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * Tells where a proxy delegates to, from its code and a few storage words.
 *
 * @see <a href="https://eips.ethereum.org/EIPS/eip-1167">EIP-1167 (minimal proxy)</a>
 * @see <a href="https://eips.ethereum.org/EIPS/eip-1967">EIP-1967 (proxy slots, beacons)</a>
 * @see <a href="https://eips.ethereum.org/EIPS/eip-7702">EIP-7702 (delegated accounts)</a>
 */
public final class ProxyCode {
  /** The call {@code implementation()}, which a beacon answers. */
  public static final Bytes IMPLEMENTATION = Bytes.hex("0x5c60da1b");

  private static final Hash32 SLOT_1967 = minusOne("eip1967.proxy.implementation");
  private static final Hash32 SLOT_BEACON = minusOne("eip1967.proxy.beacon");
  private static final Hash32 SLOT_ZOS = Keccak.hashUtf8("org.zeppelinos.proxy.implementation");
  private static final Bytes DELEGATED_ACCOUNT = Bytes.hex("0xef0100");

  /** Where a proxy keeps the account that may change it. */
  public static final Hash32 SLOT_ADMIN = minusOne("eip1967.proxy.admin");

  /** The same in proxies that are older than EIP-1967. */
  public static final Hash32 SLOT_ADMIN_ZOS = Keccak.hashUtf8("org.zeppelinos.proxy.admin");

  /** The selector of {@code masterCopy()}, which Safe proxies answer by themselves. */
  private static final Bytes MASTER_COPY = Bytes.hex("0xa619486e");

  private static final int MINIMAL = 64;
  private static final int SAFE = 512;
  private static final int PUSH20 = 0x73;
  private static final int DELEGATECALL = 0xf4;

  private ProxyCode() {}

  /** Where calls go. */
  public sealed interface Target {
    /** It is no proxy of a known kind. */
    record None() implements Target {}

    /** The storage that would tell could not be read. */
    record Unread() implements Target {}

    /** To this account's code. */
    record Implementation(Address address) implements Target {}

    /** To the code of what this beacon names. */
    record Beacon(Address address) implements Target {}
  }

  private static Hash32 minusOne(String name) {
    BigInteger slot = new BigInteger(1, Keccak.hashUtf8(name).toArray()).subtract(BigInteger.ONE);
    byte[] bytes = slot.toByteArray();
    byte[] word = new byte[32];
    int size = Math.min(32, bytes.length);
    System.arraycopy(bytes, bytes.length - size, word, 32 - size, size);
    return Hash32.of(word);
  }

  /** What must be read of {@code account} for {@link #target}. */
  public static List<StateQuery> queries(Address account) {
    return List.of(
        new StateQuery.Code(account),
        new StateQuery.Storage(account, SLOT_1967),
        new StateQuery.Storage(account, SLOT_BEACON),
        new StateQuery.Storage(account, SLOT_ZOS),
        new StateQuery.Storage(account, Hash32.ZERO));
  }

  /** Where calls of {@code account} go, whose runtime code is {@code code}. */
  public static Target target(Address account, Bytes code, StateReads reads) {
    if (code.size() == 23 && code.startsWith(DELEGATED_ACCOUNT)) {
      return new Target.Implementation(new Address(code.slice(3, 23)));
    }
    byte[] bytes = code.toArray();
    if (!UbiquitousCode.Dispatch.of(bytes).delegates()) {
      return new Target.None();
    }
    Optional<Address> minimal = minimal(bytes);
    if (minimal.isPresent()) {
      return new Target.Implementation(minimal.get());
    }
    for (Hash32 slot : List.of(SLOT_1967, SLOT_ZOS)) {
      Optional<Bytes> word = reads.value(new StateQuery.Storage(account, slot));
      if (word.isEmpty()) {
        return new Target.Unread();
      }
      if (!zero(word.get())) {
        return new Target.Implementation(address(word.get()));
      }
    }
    Optional<Bytes> beacon = reads.value(new StateQuery.Storage(account, SLOT_BEACON));
    if (beacon.isEmpty()) {
      return new Target.Unread();
    }
    if (!zero(beacon.get())) {
      return new Target.Beacon(address(beacon.get()));
    }
    if (code.size() <= SAFE && contains(bytes, MASTER_COPY.toArray())) {
      Optional<Bytes> singleton = reads.value(new StateQuery.Storage(account, Hash32.ZERO));
      return singleton.isEmpty()
          ? new Target.Unread()
          : new Target.Implementation(address(singleton.get()));
    }
    return new Target.None();
  }

  /** The address in a clone that holds it in its code and delegates everything to it. */
  private static Optional<Address> minimal(byte[] code) {
    if (code.length > MINIMAL) {
      return Optional.empty();
    }
    for (int at = 0; at < code.length; at = CodeMask.next(code, at)) {
      if ((code[at] & 0xff) == PUSH20 && at + 21 < code.length) {
        for (int after = at + 21; after < code.length; after = CodeMask.next(code, after)) {
          if ((code[after] & 0xff) == DELEGATECALL) {
            return Optional.of(new Address(Bytes.of(code).slice(at + 1, at + 21)));
          }
        }
      }
    }
    return Optional.empty();
  }

  private static boolean contains(byte[] code, byte[] part) {
    for (int at = 0; at + part.length <= code.length; at++) {
      int same = 0;
      while (same < part.length && code[at + same] == part[same]) {
        same++;
      }
      if (same == part.length) {
        return true;
      }
    }
    return false;
  }

  private static boolean zero(Bytes word) {
    for (int i = 0; i < word.size(); i++) {
      if (word.at(i) != 0) {
        return false;
      }
    }
    return true;
  }

  private static Address address(Bytes word) {
    byte[] padded = new byte[32];
    int size = Math.min(32, word.size());
    System.arraycopy(word.toArray(), word.size() - size, padded, 32 - size, size);
    return Address.fromWord(Hash32.of(padded));
  }
}
