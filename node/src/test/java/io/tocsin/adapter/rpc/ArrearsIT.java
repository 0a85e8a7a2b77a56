package io.tocsin.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.Wei;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.ChainEvent.HeadAdvanced;
import io.tocsin.chain.ChainEvent.Traced;
import io.tocsin.chain.ChainEvent.Trouble;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.chain.TraceSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What endpoints do not say at once, or hide, is not lost. */
final class ArrearsIT {
  private static final RpcChainConfig.Following FOLLOWING = Dev.quick().withPending(false);

  private final Anvil anvil = Anvil.start();
  private final Dev dev = new Dev(anvil.http());
  private final List<ChainEvent> events = new ArrayList<>();
  private volatile boolean lying;

  @AfterEach
  void stop() {
    dev.close();
    anvil.close();
  }

  private LyingProxy withoutTraces() {
    return new LyingProxy(
        anvil.http(),
        (method, truth) -> {
          if (!lying || !method.startsWith("debug_")) {
            return truth;
          }
          ObjectNode answer = Json.object().put("jsonrpc", "2.0");
          answer.set("id", truth.get("id"));
          answer.putObject("error").put("code", -32_000).put("message", "try again later");
          return answer;
        });
  }

  /** Shows blocks without their transactions. */
  private LyingProxy withoutTransactions() {
    return new LyingProxy(
        anvil.http(),
        (method, truth) -> {
          if (lying && method.startsWith("eth_getBlockBy")) {
            JsonNode block = truth.path("result");
            if (block instanceof ObjectNode object) {
              object.putArray("transactions");
            }
          }
          return truth;
        });
  }

  private static boolean traced(ChainEvent event, Hash32 tx, boolean agreed) {
    return event instanceof Traced t
        && t.trace().tx().equals(tx)
        && t.agreement().agreed() == agreed;
  }

  private static boolean trouble(ChainEvent event, TroubleKind kind) {
    return event instanceof Trouble t && t.kind() == kind;
  }

  private Hash32 transaction(Address emitter) throws InterruptedException {
    return dev.run(dev.sign(Optional.of(emitter), Wei.ZERO, Bytes.hex("0x01")));
  }

  @Test
  void aBlockThatCouldNotBeTracedComesLaterAndIsNotAcknowledgedBefore() throws Exception {
    Address emitter = dev.emitter();
    RpcChain.Surroundings around = Dev.around();
    try (LyingProxy proxy = withoutTraces();
        RpcChain chain = RpcChain.open(Dev.config(FOLLOWING, proxy.url()), around);
        TraceSource source = chain.follow()) {
      long start = dev.number();
      HeadAdvanced first = (HeadAdvanced) Dev.await(source, events, e -> Dev.head(e, start));
      source.processed(first.head());
      lying = true;
      Hash32 tx = transaction(emitter);
      HeadAdvanced head = (HeadAdvanced) Dev.await(source, events, e -> Dev.head(e, start + 1));
      assertThat(events)
          .anyMatch(e -> trouble(e, TroubleKind.UNTRACED))
          .noneMatch(Traced.class::isInstance);
      source.processed(head.head());
      assertThat(around.cursor().recent(Dev.CHAIN))
          .extracting(BlockRef::number)
          .containsExactly(start);
      lying = false;
      Dev.await(source, events, e -> traced(e, tx, false));
      assertThat(around.cursor().recent(Dev.CHAIN)).hasSize(1);
      long last = start + 1;
      // The event is on its way before the block counts as paid; a later head lets go.
      while (around.cursor().recent(Dev.CHAIN).size() == 1 && last < start + 60) {
        dev.mine();
        long number = ++last;
        HeadAdvanced next = (HeadAdvanced) Dev.await(source, events, e -> Dev.head(e, number));
        source.processed(next.head());
        Thread.sleep(200);
      }
      assertThat(around.cursor().recent(Dev.CHAIN))
          .extracting(BlockRef::number)
          .containsExactlyElementsOf(LongStream.rangeClosed(start, last).boxed().toList());
    }
  }

  @Test
  void aTraceThatTheSecondEndpointConfirmsTooLateIsAgreedUponLater() throws Exception {
    Address emitter = dev.emitter();
    try (LyingProxy late = withoutTraces();
        RpcChain chain =
            RpcChain.open(Dev.config(FOLLOWING, anvil.ws(), late.url()), Dev.around());
        TraceSource source = chain.follow()) {
      long start = dev.number();
      Dev.await(source, events, e -> Dev.head(e, start));
      lying = true;
      Hash32 tx = transaction(emitter);
      Dev.await(source, events, e -> Dev.head(e, start + 1));
      assertThat(events).anyMatch(e -> traced(e, tx, false)).noneMatch(e -> traced(e, tx, true));
      lying = false;
      Dev.await(source, events, e -> traced(e, tx, true));
    }
  }

  @Test
  void aLeaderThatHidesTheTransactionsOfABlockIsOutvoted() throws Exception {
    Address emitter = dev.emitter();
    try (LyingProxy liar = withoutTransactions();
        RpcChain chain =
            RpcChain.open(
                Dev.config(FOLLOWING, liar.url(), anvil.ws(), anvil.http()), Dev.around());
        TraceSource source = chain.follow()) {
      long start = dev.number();
      Dev.await(source, events, e -> Dev.head(e, start));
      lying = true;
      Hash32 tx = transaction(emitter);
      Dev.await(source, events, e -> Dev.head(e, start + 1));
      Dev.awaitAny(source, events, e -> traced(e, tx, true));
    }
  }

  @Test
  void oneOfTwoThatHidesThemCannotKeepThemFromBeingShown() throws Exception {
    Address emitter = dev.emitter();
    try (LyingProxy liar = withoutTransactions();
        RpcChain chain =
            RpcChain.open(Dev.config(FOLLOWING, liar.url(), anvil.ws()), Dev.around());
        TraceSource source = chain.follow()) {
      long start = dev.number();
      Dev.await(source, events, e -> Dev.head(e, start));
      lying = true;
      Hash32 tx = transaction(emitter);
      Dev.await(source, events, e -> Dev.head(e, start + 1));
      assertThat(events)
          .anyMatch(e -> traced(e, tx, false))
          .anyMatch(
              e ->
                  e instanceof Trouble t
                      && t.kind() == TroubleKind.DISAGREEMENT
                      && t.detail().contains("which transactions"));
    }
  }
}
