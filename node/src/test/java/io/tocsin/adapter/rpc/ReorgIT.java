package io.tocsin.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.Wei;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.ChainEvent.HeadAdvanced;
import io.tocsin.chain.ChainEvent.Reorged;
import io.tocsin.chain.ChainEvent.Traced;
import io.tocsin.chain.ChainEvent.Trouble;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.chain.HeadRing;
import io.tocsin.chain.TraceSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Changes of the chain that a node does not see happen, or that are deeper than it remembers. */
final class ReorgIT {
  private final Anvil anvil = Anvil.start();
  private final Dev dev = new Dev(anvil.http());
  private final RpcChainConfig config = Dev.config(Dev.quick().withPending(false), anvil.ipc());
  private final List<ChainEvent> events = new ArrayList<>();

  @AfterEach
  void stop() {
    dev.close();
    anvil.close();
  }

  private Hash32 transaction(Address emitter) throws InterruptedException {
    return dev.run(dev.sign(Optional.of(emitter), Wei.ZERO, Bytes.hex("0x01")));
  }

  private static List<Long> numbers(List<BlockRef> blocks) {
    return blocks.stream().map(BlockRef::number).toList();
  }

  @Test
  void whatWasReplacedWhileTheNodeWasDownIsToldAndTheNewBranchRead() throws Exception {
    Address emitter = dev.emitter();
    RpcChain.Surroundings around = Dev.around();
    long start = dev.number();
    try (RpcChain chain = RpcChain.open(config, around);
        TraceSource source = chain.follow()) {
      Dev.await(source, events, e -> Dev.head(e, start));
      for (int i = 0; i < 3; i++) {
        transaction(emitter);
      }
      Dev.await(source, events, e -> Dev.head(e, start + 3));
      for (ChainEvent event : events) {
        if (event instanceof HeadAdvanced(_, BlockRef head)) {
          source.processed(head);
        }
      }
    }
    dev.call("anvil_reorg", 2, List.of());
    Hash32 fresh = transaction(emitter);
    events.clear();
    try (RpcChain chain = RpcChain.open(config, around);
        TraceSource source = chain.follow()) {
      HeadAdvanced last = (HeadAdvanced) Dev.await(source, events, e -> Dev.head(e, start + 4));
      Reorged reorged =
          (Reorged) events.stream().filter(Reorged.class::isInstance).findFirst().orElseThrow();
      assertThat(numbers(reorged.removed())).containsExactly(start + 2, start + 3);
      assertThat(reorged.head().number()).isEqualTo(start + 1);
      assertThat(events).anyMatch(e -> e instanceof Traced t && t.trace().tx().equals(fresh));
      events.stream()
          .filter(HeadAdvanced.class::isInstance)
          .forEach(e -> source.processed(((HeadAdvanced) e).head()));
      assertThat(around.cursor().recent(Dev.CHAIN)).endsWith(last.head());
      assertThat(numbers(around.cursor().recent(Dev.CHAIN)))
          .containsExactly(start, start + 1, start + 2, start + 3, start + 4);
    }
  }

  @Test
  void aChangeDeeperThanIsRememberedIsToldAndTheChainFollowedFromThere() throws Exception {
    int depth = HeadRing.CAPACITY + 20;
    dev.mine();
    try (RpcChain chain = RpcChain.open(config, Dev.around());
        TraceSource source = chain.follow()) {
      long start = dev.number();
      Dev.await(source, events, e -> Dev.head(e, start));
      String snapshot = dev.call("evm_snapshot").stringValue();
      dev.call("anvil_mine", "0x" + Integer.toHexString(depth));
      long top = start + depth;
      Dev.await(source, events, e -> Dev.head(e, top));
      events.clear();
      dev.call("evm_revert", snapshot);
      dev.call("evm_increaseTime", 1_000);
      dev.call("anvil_mine", "0x" + Integer.toHexString(depth + 3));
      Dev.await(source, events, e -> Dev.head(e, top + 3));
      List<Reorged> reorged =
          events.stream().filter(Reorged.class::isInstance).map(Reorged.class::cast).toList();
      assertThat(reorged.getFirst().removed()).isNotEmpty();
      assertThat(events)
          .anyMatch(e -> e instanceof Trouble t && t.kind() == TroubleKind.DEEP_REORG);
      List<Long> after =
          events.subList(events.indexOf(reorged.getLast()), events.size()).stream()
              .filter(HeadAdvanced.class::isInstance)
              .map(e -> ((HeadAdvanced) e).head().number())
              .toList();
      assertThat(after).isSorted().doesNotHaveDuplicates().endsWith(top + 3);
      assertThat(after.getFirst()).isEqualTo(reorged.getLast().head().number() + 1);
    }
  }
}
