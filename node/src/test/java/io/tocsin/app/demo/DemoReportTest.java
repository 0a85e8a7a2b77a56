package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.app.demo.ActResult.Fate;
import io.tocsin.app.demo.ActResult.Losses;
import io.tocsin.app.demo.ActResult.Scene;
import io.tocsin.app.demo.ActResult.Story;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.pipeline.Stage;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class DemoReportTest {
  private static final ChainId ONE = ChainId.evm(1);

  private static Moment at(Stage stage, String node, long millis) {
    return new Moment(stage, node, ONE, Hash32.ZERO, millis * 1_000_000);
  }

  private static ActResult act(Losses losses, List<Moment> moments) {
    return new ActResult(
        new Scene("forks", "Forks"),
        new Story(1_000_000, moments),
        losses,
        Optional.empty(),
        List.of(new Fate("Birch", "eip155:1", false, true)),
        Optional.empty());
  }

  @Test
  void documentHasTheAgreedShape() {
    ActResult act =
        act(
            new Losses(BigDecimal.valueOf(3), BigDecimal.ONE),
            List.of(at(Stage.SEEN, "Birch", 1), at(Stage.CERTIFIED, "Birch", 31)));
    JsonNode document = DemoReport.json(List.of(act));
    assertThat(document.toString())
        .isEqualTo(
            "{\"acts\":[{\"id\":\"forks\",\"title\":\"Forks\",\"events\":["
                + "{\"stage\":\"seen\",\"node\":\"Birch\",\"chain\":\"eip155:1\",\"t_ms\":0.0},"
                + "{\"stage\":\"certified\",\"node\":\"Birch\",\"chain\":\"eip155:1\","
                + "\"t_ms\":30.0}],\"losses_usd\":{\"without\":3.0,\"with\":1.0},"
                + "\"certificate\":null,\"protocols\":[{\"name\":\"Birch\","
                + "\"chain\":\"eip155:1\",\"drained\":false,\"paused\":true}],"
                + "\"prevented\":true}],\"latency_ms\":{"
                + "\"seen_to_certificate\":{\"p50\":30.0,\"p99\":30.0},"
                + "\"seen_to_pause_accepted\":{\"p50\":null,\"p99\":null}}}");
  }

  @Test
  void nothingIsPreventedWhenAsMuchIsLost() {
    assertThat(act(new Losses(BigDecimal.ONE, BigDecimal.ONE), List.of()).prevented()).isFalse();
  }

  @Test
  void percentilesAreNearestRanks() {
    List<Double> hundred = DoubleStream.iterate(1, n -> n + 1).limit(100).boxed().toList();
    assertThat(DemoReport.percentile(hundred, 50)).isEqualTo(50);
    assertThat(DemoReport.percentile(hundred, 99)).isEqualTo(99);
    assertThat(DemoReport.percentile(List.of(7.0), 99)).isEqualTo(7);
  }
}
