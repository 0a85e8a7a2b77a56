package io.tocsin.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.chain.ProxyCode.Target;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProxyCodeTest {
  private static final Address PROXY = Address.hex("0x" + "aa".repeat(20));
  private static final Address BEHIND = Address.hex("0x" + "bb".repeat(20));
  private static final Bytes DELEGATING = Bytes.hex("0x" + "5b".repeat(80) + "f4");
  private static final Hash32 SLOT =
      Hash32.hex("0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc");
  private static final Hash32 BEACON =
      Hash32.hex("0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50");

  private static StateReads storage(Map<Hash32, Hash32> set) {
    Map<StateQuery, Bytes> values = new HashMap<>();
    for (StateQuery query : ProxyCode.queries(PROXY)) {
      if (query instanceof StateQuery.Storage(Address account, Hash32 slot)) {
        values.put(query, set.getOrDefault(slot, Hash32.ZERO).bytes());
        assertThat(account).isEqualTo(PROXY);
      }
    }
    return StateReads.of(values);
  }

  private static Target target(Bytes code, Map<Hash32, Hash32> set) {
    return ProxyCode.target(PROXY, code, storage(set));
  }

  @Test
  void findsTheTargetOfAMinimalProxyInItsCode() {
    Bytes clone =
        Bytes.hex("0x363d3d373d3d3d363d73" + "bb".repeat(20) + "5af43d82803e903d91602b57fd5bf3");
    assertThat(target(clone, Map.of())).isEqualTo(new Target.Implementation(BEHIND));
  }

  @Test
  void findsTheTargetOfADelegatedAccount() {
    assertThat(target(Bytes.hex("0xef0100" + "bb".repeat(20)), Map.of()))
        .isEqualTo(new Target.Implementation(BEHIND));
  }

  @Test
  void findsImplementationAndBeaconInTheirSlots() {
    assertThat(target(DELEGATING, Map.of(SLOT, BEHIND.toWord())))
        .isEqualTo(new Target.Implementation(BEHIND));
    assertThat(target(DELEGATING, Map.of(BEACON, BEHIND.toWord())))
        .isEqualTo(new Target.Beacon(BEHIND));
  }

  @Test
  void findsTheSingletonOfASafe() {
    Bytes safe = Bytes.hex("0x" + "5b".repeat(40) + "7fa619486e" + "00".repeat(28) + "5af4");
    assertThat(target(safe, Map.of(Hash32.ZERO, BEHIND.toWord())))
        .isEqualTo(new Target.Implementation(BEHIND));
    assertThat(target(DELEGATING, Map.of(Hash32.ZERO, BEHIND.toWord())))
        .isEqualTo(new Target.None());
  }

  @Test
  void codeThatDelegatesNowhereIsNoProxy() {
    assertThat(target(Bytes.hex("0x6001600201"), Map.of(SLOT, BEHIND.toWord())))
        .isEqualTo(new Target.None());
  }

  @Test
  void unreadStorageIsNotTakenForNone() {
    assertThat(ProxyCode.target(PROXY, DELEGATING, StateReads.NONE)).isEqualTo(new Target.Unread());
  }
}
