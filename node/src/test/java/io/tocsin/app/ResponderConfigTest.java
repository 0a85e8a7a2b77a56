package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.contract.FeePolicy;
import io.tocsin.adapter.files.Fault;
import io.tocsin.base.ChainId;
import io.tocsin.base.Wei;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the owner says about the responder in {@code tocsin.yaml}. */
final class ResponderConfigTest {
  private static final String PLAIN =
      """
      chains:
        - id: eip155:1
          endpoints:
            - url: http://127.0.0.1:8545
              operator: own
      responder:
        key: responder.json
        password: env:SECRET
      """;

  @TempDir private Path folder = Path.of("");

  private NodeConfigFile.Loaded load(String more) throws IOException {
    Path file = Files.writeString(folder.resolve("tocsin.yaml"), PLAIN + more);
    return NodeConfigFile.load(file, Map.of());
  }

  private List<String> faults(String more) throws IOException {
    return load(more).faults().stream().map(Fault::toString).toList();
  }

  private NodeConfig.Responder responder(String more) throws IOException {
    return load(more).config().orElseThrow().defence().responder().orElseThrow();
  }

  @Test
  void boundsAPauseByATenthOfTheValueAtRiskIfNothingElseIsSaid() throws IOException {
    NodeConfig.Responder usual = responder("");
    assertThat(usual.bids().feeShare()).isEqualTo(FeePolicy.USUAL_SHARE).isEqualTo(0.1);
    assertThat(usual.bids().feeCap()).isEqualTo(Wei.gwei(500));
    assertThat(usual.relays()).isEmpty();
  }

  @Test
  void takesTheOwnersBounds() throws IOException {
    NodeConfig.Responder given =
        responder("  feeShare: 0.05\n  feeCap: 90 gwei\n  gasPerDay: 0.5 ether\n");
    assertThat(given.bids().gasPerDay().times(2)).isEqualTo(Wei.ether(1));
    assertThat(given.bids().feeShare()).isEqualTo(0.05);
    assertThat(given.bids().feeCap()).isEqualTo(Wei.gwei(90));
    assertThat(responder("  feeShare: 1\n").bids().feeShare()).isEqualTo(1.0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.0", "1.5", "-0.1", "ten percent", "NaN"})
  void refusesASenselessShare(String share) throws IOException {
    assertThat(faults("  feeShare: " + share + "\n"))
        .singleElement()
        .asString()
        .contains("tocsin.yaml:9", "feeShare");
  }

  @Test
  void refusesToSendForNothing() throws IOException {
    assertThat(faults("  feeCap: 0 gwei\n"))
        .singleElement()
        .asString()
        .contains("tocsin.yaml:9", "feeCap");
  }

  @Test
  void takesRelaysOfItsChains() throws IOException {
    assertThat(
            responder("  relays:\n    - chain: eip155:1\n      url: https://relay.example/key\n")
                .relays())
        .containsExactly(new NodeConfig.Relay(ChainId.evm(1), "https://relay.example/key"));
  }

  @Test
  void refusesARelayThatAnyoneCouldReadAlongOrOfAnUnknownChain() throws IOException {
    assertThat(faults("  relays:\n    - chain: eip155:10\n      url: http://relay.example/key\n"))
        .hasSize(2)
        .anyMatch(fault -> fault.contains("tocsin.yaml:11") && fault.contains("https://"))
        .anyMatch(fault -> fault.contains("tocsin.yaml:10") && fault.contains("no such chain"))
        .noneMatch(fault -> fault.contains("/key"));
    assertThat(faults("  relays:\n    - chain: eip155:1\n"))
        .singleElement()
        .asString()
        .contains("url");
  }
}
