package io.tocsin.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.Wei;
import io.tocsin.chain.CodeFingerprint;
import io.tocsin.chain.PendingTrials.Trial;
import io.tocsin.chain.ResolvedCode;
import io.tocsin.chain.SignedTransaction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class CodeViewIT {
  private static final Anvil ANVIL = Anvil.start();
  private static final Dev DEV = new Dev(ANVIL.http());
  private static final Hash32 SLOT =
      Hash32.hex("0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc");

  @AfterAll
  static void stop() {
    DEV.close();
    ANVIL.close();
  }

  private static RpcChain chain() {
    return RpcChain.open(Dev.config(Dev.quick(), ANVIL.ipc(), ANVIL.http()), Dev.around());
  }

  private static Hash32 head() {
    return Hash32.hex(DEV.call("eth_getBlockByNumber", "latest", false).path("hash").stringValue());
  }

  /** A SisterLender with every immutable set to an address made of {@code salt}. */
  private static Address lender(int salt) throws Exception {
    JsonNode artifact =
        Json.parse(
            Files.readAllBytes(
                Path.of(Anvil.modules().toString(), "..", "artifacts", "SisterLender.json")));
    byte[] code = Bytes.hex(artifact.path("deployedBytecode").stringValue()).toArray();
    for (JsonNode place : artifact.path("immutableReferences")) {
      int start = place.path("start").asInt();
      Arrays.fill(code, start + 12, start + 32, (byte) salt);
    }
    Address address = Address.hex("0x" + String.format("%02x", salt).repeat(20));
    DEV.call("anvil_setCode", address.toString(), Bytes.of(code).toHex());
    DEV.mine();
    return address;
  }

  @Test
  void sistersWithOtherImmutablesMatch() throws Exception {
    Address one = lender(0x11);
    Address other = lender(0x51);
    try (RpcChain chain = chain()) {
      CodeFingerprint a = chain.code().codeBehind(one, head()).orElseThrow().fingerprint();
      CodeFingerprint b = chain.code().codeBehind(other, head()).orElseThrow().fingerprint();
      assertThat(a.exact()).isNotEqualTo(b.exact());
      assertThat(a.matches(b)).isTrue();
    }
  }

  @Test
  void looksBehindAProxyAtTheBlockAsked() throws Exception {
    Address behind = lender(0x21);
    Address proxy = DEV.deploy(Bytes.hex("0x" + "5b".repeat(120) + "5af4"));
    Hash32 before = head();
    DEV.mine();
    DEV.call("anvil_setStorageAt", proxy.toString(), SLOT.toString(), behind.toWord().toString());
    DEV.mine();
    try (RpcChain chain = chain()) {
      ResolvedCode resolved = chain.code().codeBehind(proxy, head()).orElseThrow();
      assertThat(resolved.implementation()).contains(behind);
      assertThat(resolved.fingerprint())
          .isEqualTo(chain.code().codeBehind(behind, head()).orElseThrow().fingerprint());
      ResolvedCode earlier = chain.code().codeBehind(proxy, before).orElseThrow();
      assertThat(earlier.implementation()).isEmpty();
      assertThat(earlier.fingerprint().ubiquitous()).contains("proxy shell");
    }
  }

  @Test
  void anAccountWithoutCodeHasTheFingerprintOfNone() {
    try (RpcChain chain = chain()) {
      ResolvedCode none = chain.code().codeBehind(Dev.KEY.address(), head()).orElseThrow();
      assertThat(none.fingerprint().ubiquitous()).contains("no code");
    }
  }

  @Test
  void anUnknownBlockHasNoAnswer() {
    try (RpcChain chain = chain()) {
      assertThat(chain.code().codeBehind(Dev.KEY.address(), Hash32.hex("0x" + "77".repeat(32))))
          .isEmpty();
    }
  }

  @Test
  void triesAPendingTransactionInOtherSurroundings() throws Exception {
    // Stores coinbase, number, time and base fee, and returns them as one event.
    Address curious =
        DEV.deploy(
            Bytes.hex("0x" + "41600052" + "43602052" + "42604052" + "48606052" + "60806000a000"));
    DEV.call("evm_setAutomine", false);
    try (RpcChain chain = chain()) {
      SignedTransaction next = DEV.sign(Optional.of(curious), Wei.ZERO, Bytes.EMPTY);
      DEV.send(next);
      assertThat(chain.trials().trial(next.hash()))
          .isInstanceOfSatisfying(
              Trial.Includable.class,
              trial -> {
                Bytes plain = trial.plain().trace().root().logs().getFirst().data();
                assertThat(trial.plain().agreement().agreed()).isTrue();
                List<Bytes> changed =
                    trial.changed().stream()
                        .map(run -> run.trace().root().logs().getFirst().data())
                        .toList();
                assertThat(changed).hasSize(2);
                for (int i = 0; i < 4; i++) {
                  Bytes soon = changed.get(0).slice(32 * i, 32 * i + 32);
                  Bytes later = changed.get(1).slice(32 * i, 32 * i + 32);
                  assertThat(later).as("word " + i).isNotEqualTo(soon);
                  assertThat(plain.slice(32 * i, 32 * i + 32)).isNotEqualTo(later);
                }
                Bytes again =
                    ((Trial.Includable) chain.trials().trial(next.hash()))
                        .changed()
                        .getFirst()
                        .trace()
                        .root()
                        .logs()
                        .getFirst()
                        .data();
                assertThat(again.slice(0, 32)).isNotEqualTo(changed.getFirst().slice(0, 32));
                assertThat(again.slice(32, 96)).isEqualTo(changed.getFirst().slice(32, 96));
              });
      SignedTransaction later =
          DEV.sign(next.nonce() + 5, Optional.of(curious), Wei.ZERO, Bytes.EMPTY);
      DEV.send(later);
      assertThat(chain.trials().trial(later.hash())).isInstanceOf(Trial.NotIncludable.class);
      assertThat(chain.trials().trial(Hash32.hex("0x" + "44".repeat(32))))
          .isInstanceOf(Trial.NotIncludable.class);
    } finally {
      DEV.mine();
      DEV.call("evm_setAutomine", true);
    }
  }
}
