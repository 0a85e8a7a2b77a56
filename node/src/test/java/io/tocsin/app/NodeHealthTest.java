package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.web.PrometheusMetrics;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.ChainEvent.Trouble;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.pipeline.Observer;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class NodeHealthTest {
  private final PrometheusMetrics metrics = new PrometheusMetrics();
  private final NodeHealth health = new NodeHealth(Observer.NONE, Observer.NONE, metrics);

  private void happens(TroubleKind kind) {
    health.trouble(new Trouble(ChainId.evm(1), "north", kind, "as told"));
  }

  @ParameterizedTest
  @EnumSource(names = {"SILENT", "UNREACHABLE", "FAILING", "WRONG_CHAIN", "STUCK", "CLOCK"})
  void anEndpointThatCannotBeFollowedMakesTheNodeUnreadyUntilItRecovers(TroubleKind kind) {
    happens(kind);
    assertThat(health.faults())
        .singleElement()
        .asString()
        .contains("eip155:1", "north", kind.name(), "as told");
    happens(TroubleKind.RECOVERED);
    assertThat(health.faults()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"SILENT", "UNREACHABLE", "FAILING", "WRONG_CHAIN", "STUCK", "CLOCK", "RECOVERED"})
  void whatLeavesTheChainFollowedDoesNot(TroubleKind kind) {
    happens(kind);
    assertThat(health.faults()).isEmpty();
  }

  @Test
  void aChainWithoutABlockKeepsTheNodeUnreadyAndTheLastBlockOfEachIsInTheMetrics() {
    health.expect(ChainId.evm(1));
    assertThat(health.faults()).singleElement().asString().contains("eip155:1");
    assertThat(metrics.scrape()).doesNotContain("tocsin_chain_head");
    advances(ChainId.evm(10), 3);
    assertThat(health.faults()).singleElement().asString().contains("eip155:1");
    advances(ChainId.evm(1), 7);
    advances(ChainId.evm(1), 8);
    assertThat(health.faults()).isEmpty();
    assertThat(metrics.scrape())
        .contains("tocsin_chain_head{name=\"eip155:1\"} 8.0")
        .contains("tocsin_chain_head{name=\"eip155:10\"} 3.0");
  }

  private void advances(ChainId chain, long number) {
    BlockRef head = new BlockRef(number, Hash32.ZERO, Instant.EPOCH);
    health.advanced(new ChainEvent.HeadAdvanced(chain, head));
  }
}
