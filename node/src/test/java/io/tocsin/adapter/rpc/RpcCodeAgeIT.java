package io.tocsin.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.Address;
import io.tocsin.exposure.CodeAge;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class RpcCodeAgeIT {
  private static final Instant GENESIS = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  private static Anvil anvil() {
    return Anvil.start("--timestamp", Long.toString(GENESIS.getEpochSecond()));
  }

  private static void pass(Dev dev, Duration time) {
    dev.call("evm_increaseTime", time.toSeconds());
    dev.mine();
  }

  @Test
  void knowsCodeFromTheBlockAfterItsCreationOn() throws Exception {
    try (Anvil anvil = anvil();
        Dev dev = new Dev(anvil.http());
        RpcChain chain =
            RpcChain.open(Dev.config(Dev.quick(), anvil.http(), anvil.ws()), Dev.around())) {
      for (int day = 0; day < 40; day++) {
        pass(dev, DAY);
      }
      Address emitter = dev.emitter();
      Instant created = GENESIS.plus(Duration.ofDays(40));
      for (int day = 0; day < 100; day++) {
        pass(dev, DAY);
      }
      CodeAge age = chain.age();
      assertThat(age.knownSince(emitter, created.minus(DAY))).isEmpty();
      assertThat(age.knownSince(emitter, GENESIS.minus(DAY))).isEmpty();
      Instant asked = created.plus(Duration.ofDays(10));
      assertThat(age.knownSince(emitter, asked))
          .hasValueSatisfying(
              since -> assertThat(since).isBetween(asked.minus(DAY).minus(DAY), asked));
      assertThat(age.knownSince(emitter, created.minus(DAY))).isEmpty();
      assertThat(age.knownSince(Address.ZERO, asked)).isEmpty();
    }
  }

  @Test
  void saysNothingOnTheWordOfOneEndpoint() throws Exception {
    try (Anvil anvil = anvil();
        Dev dev = new Dev(anvil.http());
        RpcChain chain = RpcChain.open(Dev.config(Dev.quick(), anvil.http()), Dev.around())) {
      Address emitter = dev.emitter();
      pass(dev, DAY);
      pass(dev, DAY);
      assertThat(chain.age().knownSince(emitter, GENESIS.plus(DAY).plus(DAY))).isEmpty();
    }
  }
}
