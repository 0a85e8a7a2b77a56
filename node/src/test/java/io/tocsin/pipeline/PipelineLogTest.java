package io.tocsin.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.base.ChainId;
import io.tocsin.base.Metrics;
import io.tocsin.chain.ChainEvent.Trouble;
import io.tocsin.chain.ChainEvent.TroubleKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PipelineLogTest {
  private final List<String> counted = new ArrayList<>();
  private final PipelineLog log =
      new PipelineLog(
          "test",
          new Metrics() {
            @Override
            public void count(String name, String label) {
              counted.add(name + " " + label);
            }

            @Override
            public void count(String name, String place, String label) {
              counted.add(name + " " + place + " " + label);
            }

            @Override
            public void gauge(String name, String label, double value) {}

            @Override
            public void stage(String stage, Duration took) {}
          });

  @Test
  void countsEveryLieByEndpointAndReason() {
    Trouble lie = new Trouble(ChainId.evm(1), "north", TroubleKind.FORGED_RECEIPTS, "block 7");
    log.trouble(lie);
    log.trouble(lie);
    String count = "tocsin_endpoint_troubles_total eip155:1 north FORGED_RECEIPTS";
    assertThat(counted)
        .containsExactly(
            count, "tocsin_events_total trouble", count, "tocsin_events_total trouble");
  }
}
