package io.tocsin.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Json;
import io.tocsin.base.Wei;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.ChainEvent.Traced;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.chain.SignedTransaction;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What one endpoint announces does not silence the others. */
final class PendingDeskIT {
  private static final Panel.Common COMMON =
      new Panel.Common(Dev.CHAIN, new Headers(), new Conduct(Dev.CHAIN, _ -> {}));
  private final Anvil anvil = Anvil.start();
  private final Dev dev = new Dev(anvil.http());
  private final LyingProxy liar = new LyingProxy(anvil.http(), this::hide);
  private final Endpoint lying = endpoint(liar.url());
  private final Endpoint honest = endpoint(anvil.http());
  private final Outlet outlet = new Outlet();
  private final Panel panel =
      new Panel(COMMON, List.of(lying, honest), Duration.ofSeconds(10), Duration.ofSeconds(10));
  private final PendingDesk desk =
      new PendingDesk(panel, new Witnesses(panel), InstantSource.system(), outlet);
  private JsonNode body = Json.object();
  private String hash = "";
  private volatile boolean stalls;

  private static Endpoint endpoint(String url) {
    return new Endpoint(COMMON, JsonRpc.open(url), url, url);
  }

  /** Knows no transaction, and simulates none while it stalls. */
  private JsonNode hide(String method, JsonNode answer) {
    if (stalls && method.equals("debug_traceCall")) {
      ObjectNode error = ((ObjectNode) answer).without("result");
      error.putObject("error").put("code", -32000).put("message", "busy");
      return error;
    }
    return method.equals("eth_getTransactionByHash")
        ? ((ObjectNode) answer).putNull("result")
        : answer;
  }

  private static final class Outlet implements PendingDesk.Outlet {
    private final BlockingQueue<ChainEvent> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<TroubleKind> troubles = new LinkedBlockingQueue<>();

    @Override
    public boolean offer(ChainEvent event) {
      return events.add(event);
    }

    @Override
    public void trouble(String endpoint, TroubleKind kind, String detail) {
      troubles.add(kind);
    }
  }

  @BeforeEach
  void announce() throws Exception {
    Address emitter = dev.emitter();
    dev.call("evm_setAutomine", false);
    SignedTransaction signed = dev.sign(Optional.of(emitter), Wei.ZERO, Bytes.hex("0x0102"));
    hash = dev.send(signed).toString();
    body = dev.call("eth_getTransactionByHash", hash);
    lying.prepare();
    honest.prepare();
  }

  @AfterEach
  void stop() {
    desk.close();
    lying.close();
    honest.close();
    liar.close();
    dev.close();
    anvil.close();
  }

  private void simulatesOnce() throws InterruptedException {
    ChainEvent event = outlet.events.poll(60, TimeUnit.SECONDS);
    assertThat(event)
        .isInstanceOfSatisfying(
            Traced.class, traced -> assertThat(traced.trace().tx()).hasToString(hash));
    assertThat(outlet.events.poll(500, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void aMalformedBodyOfOneEndpointDoesNotSuppressTheTransaction() throws Exception {
    desk.submit(lying, ((ObjectNode) body.deepCopy()).put("value", "0x99"));
    assertThat(outlet.troubles.poll(60, TimeUnit.SECONDS)).isEqualTo(TroubleKind.MALFORMED);
    desk.submit(honest, body);
    desk.submit(lying, body);
    desk.submit(honest, body);
    simulatesOnce();
  }

  @Test
  void oneThatTheEndpointsDidNotAgreeOnIsTriedAgainOnTheNextHeads() throws Exception {
    stalls = true;
    desk.submit(honest, body);
    assertThat(agreed()).isFalse();
    BlockRef head = honest.latest().orElseThrow().ref();
    desk.on(head);
    assertThat(agreed()).isFalse();
    stalls = false;
    desk.on(head);
    assertThat(agreed()).isTrue();
    desk.on(head);
    assertThat(outlet.events.poll(500, TimeUnit.MILLISECONDS)).isNull();
  }

  private boolean agreed() throws InterruptedException {
    return outlet.events.poll(60, TimeUnit.SECONDS) instanceof Traced traced
        && traced.agreement().agreed();
  }

  @Test
  void aHashWhoseBodyOneEndpointLacksIsAskedOfTheNext() throws Exception {
    desk.submit(lying, Json.mapper().valueToTree(hash));
    assertThat(outlet.events.poll(500, TimeUnit.MILLISECONDS)).isNull();
    desk.submit(honest, Json.mapper().valueToTree(hash));
    simulatesOnce();
  }
}
