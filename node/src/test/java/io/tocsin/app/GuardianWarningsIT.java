package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.contract.GuardedLender;
import io.tocsin.adapter.files.MandateFile;
import io.tocsin.adapter.rpc.RpcChain;
import io.tocsin.adapter.rpc.RpcChainConfig;
import io.tocsin.base.ChainId;
import io.tocsin.base.Metrics;
import io.tocsin.base.Scope;
import io.tocsin.chain.MemoryCursor;
import io.tocsin.identity.FederationFile;
import io.tocsin.identity.Rosters;
import io.tocsin.policy.Protection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GuardianWarningsIT {
  @TempDir Path folder;

  private List<Protection> protections(GuardedLender world, String guardian) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("birch.yaml"),
            """
            protocol: Birch
            contract: %1$s
            guardian:
              account: %2$s
              callers: ["%3$s"]
              pausedCap: 72h
            levers:
              - name: pause
                target: "%4$s"
                call: pause()
                release: unpause()
                probe:
                  call: paused()
            mandates:
              - name: birch-direct
                class: direct
                lever: pause
                uses: 3
                cooldown: 1h
                duration: 24h
                expiry: 2099-01-01T00:00:00Z
            """
                .formatted(
                    world.lenderAccount(),
                    guardian,
                    world.responderAddress(),
                    world.lenderAccount().address()));
    MandateFile.Loaded loaded = MandateFile.load(file, world.now());
    assertThat(loaded.faults()).isEmpty();
    return loaded.protections();
  }

  private static Rosters rosters(FederationFile file, Instant now) throws Exception {
    if (file.load(() -> now) instanceof FederationFile.Loaded.Standing(Rosters rosters, _)) {
      return rosters;
    }
    throw new AssertionError("not founded");
  }

  private static List<String> warnings(
      GuardedLender world, List<Protection> protections, FederationFile file) throws Exception {
    try (Scope scope = new Scope()) {
      ChainId chain = world.lenderAccount().chain();
      RpcChain rpc =
          scope.add(
              RpcChain.open(
                  new RpcChainConfig(
                      chain,
                      List.of(new RpcChainConfig.Remote(world.http(), "own")),
                      RpcChainConfig.Following.DEFAULT),
                  new RpcChain.Surroundings(Instant::now, new Random(1), new MemoryCursor())));
      return GuardianWarnings.start(
              "birch",
              new GuardianWarnings.Means(
                  protections, Map.of(chain, rpc), Optional.of(rosters(file, world.now()))),
              Metrics.NONE,
              scope)
          .lines();
    }
  }

  @Test
  void aNodeSaysAtItsStartThatAGuardianIsBehind() throws Exception {
    try (GuardedLender world = new GuardedLender("--chain-id", "1")) {
      List<Protection> known = protections(world, world.guardianAccount().toString());
      assertThat(warnings(world, known, world.federation())).isEmpty();
      assertThat(warnings(world, known, world.town().rotated(world.now().minusSeconds(1))))
          .singleElement()
          .asString()
          .contains("is in epoch 1 and refuses certificates of epoch 2");
      List<Protection> none = protections(world, world.lenderAccount().toString());
      assertThat(warnings(world, none, world.federation()))
          .singleElement()
          .asString()
          .contains("could not be read");
    }
  }
}
