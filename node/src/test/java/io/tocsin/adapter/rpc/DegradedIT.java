package io.tocsin.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.ChainEvent.Trouble;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.chain.TraceSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Poorer nodes: what is missing is found, said, and done without. */
final class DegradedIT {
  @Test
  void anvilHasAllThatIsNeeded() throws Exception {
    try (Anvil anvil = Anvil.start();
        RpcChain chain =
            RpcChain.open(Dev.config(Dev.quick(), anvil.ipc(), anvil.http()), Dev.around())) {
      assertThat(chain.check().values()).allMatch(Optional::isEmpty);
      assertThat(chain.missing().get(anvil.ipc())).isEmpty();
      assertThat(chain.missing().get(anvil.http()))
          .containsOnlyKeys(Capability.NEW_HEADS, Capability.PENDING_BODIES);
    }
  }

  @Test
  void ganacheLacksMuchAndTheNodeSaysSo() throws Exception {
    try (Ganache ganache = Ganache.start();
        RpcChain chain = RpcChain.open(Dev.config(Dev.quick(), ganache.ws()), Dev.around());
        TraceSource source = chain.follow();
        JsonRpc rpc = JsonRpc.open(ganache.http())) {
      List<ChainEvent> events = new ArrayList<>();
      Dev.await(source, events, e -> Dev.head(e, 0));
      assertThat(chain.missing().get(ganache.ws()))
          .containsKeys(
              Capability.TRACE_BLOCK,
              Capability.TRACE_CALL,
              Capability.BLOCK_RECEIPTS,
              Capability.SIMULATE,
              Capability.TRACE_MODULE)
          .doesNotContainKeys(Capability.NEW_HEADS, Capability.POOL, Capability.PROOFS);
      assertThat(events)
          .anyMatch(
              e ->
                  e instanceof Trouble t
                      && t.kind() == TroubleKind.DEGRADED
                      && t.detail().contains("TRACE_CALL"));
      String account = Dev.KEY.address().toString();
      rpc.call(
          "eth_sendTransaction", java.util.Map.of("from", account, "to", account, "value", "0x1"));
      Dev.await(source, events, e -> Dev.head(e, 1));
      assertThat(events).anyMatch(e -> e instanceof Trouble t && t.kind() == TroubleKind.UNTRACED);
      assertThat(chain.missing().get(ganache.ws())).containsKey(Capability.TRACE_TRANSACTION);
    }
  }
}
