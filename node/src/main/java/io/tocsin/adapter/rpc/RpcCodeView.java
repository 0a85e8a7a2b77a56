package io.tocsin.adapter.rpc;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.chain.CodeFingerprint;
import io.tocsin.chain.CodeView;
import io.tocsin.chain.ProxyCode;
import io.tocsin.chain.ResolvedCode;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.StateView;
import java.util.List;
import java.util.Optional;

/** Code behind proxies, from the state that agreeing endpoints read. */
final class RpcCodeView implements CodeView {
  /** Proxies of proxies are followed this far. */
  private static final int HOPS = 4;

  private final StateView state;

  RpcCodeView(StateView state) {
    this.state = state;
  }

  @Override
  public Optional<ResolvedCode> codeBehind(Address account, Hash32 blockHash) {
    Address at = account;
    for (int hop = 0; hop <= HOPS; hop++) {
      StateReads reads = state.read(ProxyCode.queries(at), blockHash);
      Optional<Bytes> code = reads.value(new StateQuery.Code(at));
      if (code.isEmpty()) {
        return Optional.empty();
      }
      Address here = at;
      ProxyCode.Target target = ProxyCode.target(here, code.get(), reads);
      Optional<Address> next;
      switch (target) {
        case ProxyCode.Target.None() -> next = Optional.empty();
        case ProxyCode.Target.Unread() -> {
          return Optional.empty();
        }
        case ProxyCode.Target.Implementation(Address implementation) ->
            next = Optional.of(implementation);
        case ProxyCode.Target.Beacon(Address beacon) -> {
          next = implementationOf(beacon, blockHash);
          if (next.isEmpty()) {
            return Optional.empty();
          }
        }
      }
      if (next.isEmpty() || hop == HOPS) {
        return Optional.of(
            new ResolvedCode(
                account,
                here.equals(account) ? Optional.empty() : Optional.of(here),
                CodeFingerprint.of(code.get())));
      }
      at = next.get();
    }
    return Optional.empty();
  }

  private Optional<Address> implementationOf(Address beacon, Hash32 blockHash) {
    StateQuery query = new StateQuery.Call(beacon, ProxyCode.IMPLEMENTATION);
    return state
        .read(List.of(query), blockHash)
        .value(query)
        .filter(word -> word.size() == 32)
        .map(word -> Address.fromWord(new Hash32(word)));
  }
}
