package io.tocsin.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.app.demo.FreePort;
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
import io.tocsin.chain.Position;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.TraceSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FollowIT {
  private static List<Long> heads(List<ChainEvent> events) {
    return events.stream()
        .filter(HeadAdvanced.class::isInstance)
        .map(e -> ((HeadAdvanced) e).head().number())
        .toList();
  }

  private static List<Hash32> mined(List<ChainEvent> events) {
    return events.stream()
        .filter(e -> e instanceof Traced t && t.trace().position() instanceof Position.Mined)
        .map(e -> ((Traced) e).trace().tx())
        .toList();
  }

  private static boolean trouble(ChainEvent event, TroubleKind kind) {
    return event instanceof Trouble t && t.kind() == kind;
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "ws", "ipc"})
  void tracesEveryMinedTransactionBeforeItsHead(String transport) throws Exception {
    try (Anvil anvil = Anvil.start();
        Dev dev = new Dev(anvil.http())) {
      Address emitter = dev.emitter();
      String url =
          transport.equals("http")
              ? anvil.http()
              : transport.equals("ws") ? anvil.ws() : anvil.ipc();
      List<ChainEvent> events = new ArrayList<>();
      try (RpcChain chain = RpcChain.open(Dev.config(Dev.quick(), url), Dev.around());
          TraceSource source = chain.follow()) {
        long start = dev.number();
        Dev.await(source, events, e -> Dev.head(e, start));
        List<Hash32> sent = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          sent.add(dev.run(dev.sign(Optional.of(emitter), Wei.ZERO, Bytes.of(new byte[i + 1]))));
        }
        Dev.await(source, events, e -> Dev.head(e, start + 3));
        assertThat(mined(events)).isEqualTo(sent);
        assertThat(heads(events)).containsExactly(start, start + 1, start + 2, start + 3);
        Traced last =
            (Traced)
                events.stream()
                    .filter(e -> e instanceof Traced t && t.trace().tx().equals(sent.get(2)))
                    .reduce((_, b) -> b)
                    .orElseThrow();
        assertThat(last.trace().root().logs()).hasSize(1);
        assertThat(last.agreement().agreed()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "ipc"})
  void simulatesPendingTransactionsWithTheirChanges(String transport) throws Exception {
    try (Anvil anvil = Anvil.start();
        Dev dev = new Dev(anvil.http())) {
      Address emitter = dev.emitter();
      dev.call("evm_setAutomine", false);
      String url = transport.equals("ws") ? anvil.ws() : anvil.ipc();
      List<ChainEvent> events = new ArrayList<>();
      try (RpcChain chain = RpcChain.open(Dev.config(Dev.quick(), url), Dev.around());
          TraceSource source = chain.follow()) {
        long start = dev.number();
        Dev.await(source, events, e -> Dev.head(e, start));
        SignedTransaction signed = dev.sign(Optional.of(emitter), Wei.ZERO, Bytes.hex("0x010203"));
        dev.send(signed);
        Traced pending =
            (Traced)
                Dev.await(
                    source,
                    events,
                    e -> e instanceof Traced t && t.trace().tx().equals(signed.hash()));
        assertThat(pending.trace().position())
            .isInstanceOfSatisfying(
                Position.Pending.class, p -> assertThat(p.head().number()).isEqualTo(start));
        assertThat(pending.trace().sender()).isEqualTo(Dev.KEY.address());
        assertThat(pending.trace().root().logs()).hasSize(1);
        assertThat(pending.changes().orElseThrow().changes())
            .anyMatch(c -> c.account().equals(emitter) && !c.slots().isEmpty());
        dev.mine();
        Dev.await(source, events, e -> Dev.head(e, start + 1));
        assertThat(mined(events)).containsExactly(signed.hash());
      }
    }
  }

  @Test
  void readsThePoolAfterConnecting() throws Exception {
    try (Anvil anvil = Anvil.start();
        Dev dev = new Dev(anvil.http())) {
      Address emitter = dev.emitter();
      dev.call("evm_setAutomine", false);
      SignedTransaction signed = dev.sign(Optional.of(emitter), Wei.ZERO, Bytes.hex("0x0102"));
      dev.send(signed);
      try (RpcChain chain = RpcChain.open(Dev.config(Dev.quick(), anvil.http()), Dev.around());
          TraceSource source = chain.follow()) {
        Dev.await(
            source,
            new ArrayList<>(),
            e ->
                e instanceof Traced t
                    && t.trace().tx().equals(signed.hash())
                    && t.trace().position() instanceof Position.Pending);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void fillsTheGapAfterTheNodeWasAway(boolean sockets, @TempDir Path dir) throws Exception {
    String state = dir.resolve("state.json").toString();
    int port = FreePort.next(); // nobody takes it meanwhile
    Anvil first = Anvil.onPort(port, "--state", state);
    List<ChainEvent> events = new ArrayList<>();
    try (RpcChain chain =
            RpcChain.open(
                Dev.config(Dev.quick(), sockets ? first.ws() : first.http()), Dev.around());
        TraceSource source = chain.follow()) {
      Address emitter;
      long start;
      try (Dev dev = new Dev(first.http())) {
        emitter = dev.emitter();
        start = dev.number();
        Dev.await(source, events, e -> Dev.head(e, start));
      }
      first.close();
      Dev.await(source, events, e -> trouble(e, TroubleKind.UNREACHABLE));
      List<Hash32> sent = new ArrayList<>();
      try (Anvil again = Anvil.onPort(port, "--state", state);
          Dev dev = new Dev(again.http())) {
        for (int i = 0; i < 5; i++) {
          sent.add(dev.run(dev.sign(Optional.of(emitter), Wei.ZERO, Bytes.of(new byte[i + 1]))));
        }
        assertThat(dev.number()).isEqualTo(start + 5);
        events.removeIf(e -> e instanceof Traced);
        Dev.await(source, events, e -> Dev.head(e, start + 5));
        assertThat(mined(events)).isEqualTo(sent);
        assertThat(heads(events)).doesNotHaveDuplicates().isSorted();
        Hash32 live = dev.run(dev.sign(Optional.of(emitter), Wei.ZERO, Bytes.EMPTY));
        Dev.await(source, events, e -> Dev.head(e, start + 6));
        assertThat(mined(events)).endsWith(live);
        assertThat(events).anyMatch(e -> trouble(e, TroubleKind.RECOVERED));
      }
    }
  }

  @Test
  void resumesBehindTheLastBlockProcessed() throws Exception {
    RpcChain.Surroundings around = Dev.around();
    try (Anvil anvil = Anvil.start();
        Dev dev = new Dev(anvil.http())) {
      Address emitter = dev.emitter();
      long start = dev.number();
      RpcChainConfig config = Dev.config(Dev.quick(), anvil.ipc());
      try (RpcChain chain = RpcChain.open(config, around);
          TraceSource source = chain.follow()) {
        List<ChainEvent> events = new ArrayList<>();
        Dev.await(source, events, e -> Dev.head(e, start));
        for (int i = 0; i < 4; i++) {
          dev.run(dev.sign(Optional.of(emitter), Wei.ZERO, Bytes.of(new byte[i])));
        }
        Dev.await(source, events, e -> Dev.head(e, start + 4));
        for (ChainEvent event : events) {
          if (event instanceof HeadAdvanced(_, BlockRef head) && head.number() <= start + 2) {
            source.processed(head);
          }
        }
      }
      dev.run(dev.sign(Optional.of(emitter), Wei.ZERO, Bytes.EMPTY));
      try (RpcChain chain = RpcChain.open(config, around);
          TraceSource source = chain.follow()) {
        List<ChainEvent> events = new ArrayList<>();
        Dev.await(source, events, e -> Dev.head(e, start + 5));
        assertThat(heads(events)).containsExactly(start + 3, start + 4, start + 5);
        assertThat(mined(events)).hasSize(3);
      }
    }
  }

  @Test
  void reportsWhichBlocksAReorganisationRemoved() throws Exception {
    try (Anvil anvil = Anvil.start();
        Dev dev = new Dev(anvil.http())) {
      Address emitter = dev.emitter();
      long start = dev.number();
      try (RpcChain chain = RpcChain.open(Dev.config(Dev.quick(), anvil.ws()), Dev.around());
          TraceSource source = chain.follow()) {
        List<ChainEvent> events = new ArrayList<>();
        Dev.await(source, events, e -> Dev.head(e, start));
        for (int i = 0; i < 3; i++) {
          dev.run(dev.sign(Optional.of(emitter), Wei.ZERO, Bytes.of(new byte[i])));
        }
        Dev.await(source, events, e -> Dev.head(e, start + 3));
        dev.call("anvil_reorg", 2, List.of());
        Reorged reorged = (Reorged) Dev.await(source, events, Reorged.class::isInstance);
        assertThat(reorged.removed())
            .extracting(BlockRef::number)
            .containsExactly(start + 2, start + 3);
        assertThat(reorged.head().number()).isEqualTo(start + 1);
        List<ChainEvent> after = new ArrayList<>();
        HeadAdvanced back = (HeadAdvanced) Dev.await(source, after, e -> Dev.head(e, start + 3));
        assertThat(reorged.removed()).doesNotContain(back.head());
        assertThat(heads(after)).containsExactly(start + 2, start + 3);
      }
    }
  }

  @Test
  void silenceOfTheLeaderIsToldAndAnotherTakesOver() throws Exception {
    try (Anvil mute = Anvil.start();
        Anvil lively = Anvil.start();
        Dev dev = new Dev(lively.http())) {
      RpcChainConfig.Following following = Dev.quick().withSlot(Duration.ofMillis(300));
      try (RpcChain chain =
              RpcChain.open(Dev.config(following, mute.ws(), lively.ws()), Dev.around());
          TraceSource source = chain.follow()) {
        List<ChainEvent> events = new ArrayList<>();
        Dev.await(source, events, e -> Dev.head(e, 0));
        dev.call("evm_setIntervalMining", 1);
        Dev.await(
            source,
            events,
            e ->
                e instanceof Trouble t
                    && t.kind() == TroubleKind.SILENT
                    && t.endpoint().equals(mute.ws()));
        Dev.await(source, events, e -> e instanceof HeadAdvanced h && h.head().number() > 0);
      }
    }
  }

  @Test
  void refusesAnEndpointOfAnotherChain() throws Exception {
    try (Anvil other = Anvil.start("--chain-id", "5")) {
      try (RpcChain chain = RpcChain.open(Dev.config(Dev.quick(), other.ws()), Dev.around());
          TraceSource source = chain.follow()) {
        Dev.await(source, new ArrayList<>(), e -> trouble(e, TroubleKind.WRONG_CHAIN));
        assertThat(chain.check().values()).allMatch(Optional::isPresent);
      }
    }
  }
}
