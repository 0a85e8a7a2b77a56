package io.tocsin.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Gas;
import io.tocsin.base.Hash32;
import io.tocsin.base.Wei;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.Fees;
import io.tocsin.chain.MemoryCursor;
import io.tocsin.chain.NodeCalls.Reply;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.TraceSource;
import io.tocsin.chain.Transaction1559;
import io.tocsin.chain.TxCall;
import io.tocsin.crypto.KeyPair;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Drives a development chain in tests. */
final class Dev implements AutoCloseable {
  static final ChainId CHAIN = ChainId.evm(31_337);
  static final KeyPair KEY = new KeyPair(Bytes.hex(Anvil.KEYS.getFirst()).toArray());

  /** Emits one event without topics and stores its call data's size in slot 0. */
  private static final String EMITTER = "36600055" + "60206000a000";

  private final JsonRpc rpc;

  Dev(String url) {
    this.rpc = JsonRpc.open(url);
  }

  JsonNode call(String method, Object... parameters) {
    Reply reply = rpc.call(method, parameters);
    assertThat(reply).as(method).isInstanceOf(Reply.Result.class);
    return ((Reply.Result) reply).value();
  }

  long number() {
    return Long.decode(call("eth_blockNumber").stringValue());
  }

  void mine() {
    call("evm_mine");
  }

  SignedTransaction sign(Optional<Address> to, Wei value, Bytes input) {
    return sign(
        Long.decode(
            call("eth_getTransactionCount", KEY.address().toString(), "pending").stringValue()),
        to,
        value,
        input);
  }

  SignedTransaction sign(long nonce, Optional<Address> to, Wei value, Bytes input) {
    return new Transaction1559(
            CHAIN,
            nonce,
            new Fees(Wei.gwei(20), Wei.gwei(1)),
            new Gas(200_000),
            new TxCall(to, value, input))
        .sign(KEY);
  }

  /** Sends without waiting for a block. */
  Hash32 send(SignedTransaction signed) {
    return Hash32.hex(call("eth_sendRawTransaction", signed.encoded().toHex()).stringValue());
  }

  /** Sends, and waits for the receipt; the node mines by itself. */
  Hash32 run(SignedTransaction signed) throws InterruptedException {
    Hash32 tx = send(signed);
    receipt(tx);
    return tx;
  }

  JsonNode receipt(Hash32 tx) throws InterruptedException {
    for (int i = 0; i < 2_400; i++) {
      JsonNode receipt = call("eth_getTransactionReceipt", tx.toString());
      if (receipt.isObject()) {
        return receipt;
      }
      Thread.sleep(25);
    }
    throw new AssertionError("not mined: " + tx);
  }

  /** Deploys runtime code; the node mines by itself. */
  Address deploy(Bytes runtime) throws InterruptedException {
    String size = String.format("%04x", runtime.size());
    Bytes init = Bytes.hex("0x61" + size + "80600c6000396000f3").concat(runtime);
    Hash32 tx = run(sign(Optional.empty(), Wei.ZERO, init));
    return Address.hex(receipt(tx).path("contractAddress").stringValue());
  }

  Address emitter() throws InterruptedException {
    return deploy(Bytes.hex("0x" + EMITTER));
  }

  /** Who answers has time to, on a machine that stalls. */
  static RpcChainConfig.Following quick() {
    return RpcChainConfig.Following.DEFAULT
        .withSlot(Duration.ofSeconds(30))
        .withPoll(Duration.ofMillis(50))
        .withAgreement(Duration.ofSeconds(10));
  }

  static RpcChainConfig config(RpcChainConfig.Following following, String... urls) {
    List<RpcChainConfig.Remote> remotes = new ArrayList<>();
    for (String url : urls) {
      remotes.add(new RpcChainConfig.Remote(url, "operator " + remotes.size()));
    }
    return new RpcChainConfig(CHAIN, remotes, following);
  }

  static RpcChain.Surroundings around() {
    return new RpcChain.Surroundings(InstantSource.system(), new Random(1), new MemoryCursor());
  }

  /** Takes events until one fits; the others stay in {@code passed}. */
  static ChainEvent await(
      TraceSource source, List<ChainEvent> passed, Predicate<ChainEvent> wanted) {
    CompletableFuture<ChainEvent> found = new CompletableFuture<>();
    Thread reader =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (true) {
                      ChainEvent next = source.take();
                      synchronized (passed) {
                        passed.add(next);
                      }
                      if (wanted.test(next)) {
                        found.complete(next);
                        return;
                      }
                    }
                  } catch (InterruptedException e) {
                    found.completeExceptionally(e);
                  }
                });
    try {
      return found.get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      reader.interrupt();
      synchronized (passed) {
        throw new AssertionError("did not come; came: " + passed, e);
      }
    }
  }

  /** As {@link #await}, unless one of those that passed fits. */
  static void awaitAny(TraceSource source, List<ChainEvent> passed, Predicate<ChainEvent> wanted) {
    if (passed.stream().noneMatch(wanted)) {
      await(source, passed, wanted);
    }
  }

  static boolean head(ChainEvent event, long number) {
    return event instanceof ChainEvent.HeadAdvanced(_, var head) && head.number() == number;
  }

  @Override
  public void close() {
    rpc.close();
  }
}
