package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.files.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a node waits for what and where its secrets are, as its file says. */
final class NodeConfigFileIT {
  @TempDir private Path folder = Path.of("");

  private NodeConfigFile.Loaded load(String member, String chain) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("tocsin.yaml"),
            """
            federation:
              roster: federation.json
              keys: keys
              password: env:TOCSIN_PASSWORD
            %s
            chains:
              - id: eip155:1
            %s
                endpoints:
                  - url: http://127.0.0.1:8545
                    operator: own
            """
                .formatted(member, chain));
    return NodeConfigFile.load(file, Map.of());
  }

  private List<String> faults(String member, String chain) throws Exception {
    return load(member, chain).faults().stream().map(Fault::toString).toList();
  }

  @Test
  void hasDefaultsForSilenceAndDepth() throws Exception {
    NodeConfig config = load("", "").config().orElseThrow();
    assertThat(config.membership().orElseThrow().silence()).isEqualTo(Duration.ofSeconds(60));
    assertThat(config.chains().getFirst().depth()).isEqualTo(12);
  }

  @Test
  void takesWhatTheFileSays() throws Exception {
    NodeConfig config = load("  silence: 5m", "    depth: 64").config().orElseThrow();
    assertThat(config.membership().orElseThrow().silence()).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.chains().getFirst().depth()).isEqualTo(64);
  }

  @Test
  void findsTheFileOfASecretBesideItself() throws Exception {
    NodeConfig config =
        load("notify:\n  - webhook: file:secrets/hook\n  - webhook: env:HOOK", "")
            .config()
            .orElseThrow();
    assertThat(config.basics().webhooks())
        .containsExactly("file:" + folder.resolve("secrets/hook"), "env:HOOK");
  }

  @Test
  void doesNotRepeatWhatMayBeASecretItself() throws Exception {
    assertThat(faults("notify:\n  - webhook: https://example.com/token", ""))
        .singleElement()
        .satisfies(
            fault -> assertThat(fault).contains("env:NAME, file:PATH").doesNotContain("token"));
  }

  @Test
  void refusesASilenceShorterThanMembersAreAndADepthOfNothing() throws Exception {
    assertThat(faults("  silence: 19s", ""))
        .singleElement()
        .satisfies(fault -> assertThat(fault).contains("tocsin.yaml:5:", "at least 20s"));
    assertThat(faults("", "    depth: 0")).singleElement().asString().contains("depth");
    assertThat(faults("", "    depth: 256")).singleElement().asString().contains("depth");
  }
}
