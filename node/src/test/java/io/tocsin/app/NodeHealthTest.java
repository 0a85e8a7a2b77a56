package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.ChainId;
import io.tocsin.chain.ChainEvent.Trouble;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.pipeline.Observer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class NodeHealthTest {
  private final NodeHealth health = new NodeHealth(Observer.NONE, Observer.NONE);

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
}
