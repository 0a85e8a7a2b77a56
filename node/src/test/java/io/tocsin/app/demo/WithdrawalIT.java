package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.app.ExitCode;
import io.tocsin.app.Main;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A robbery on chain one makes Cedar on chain two pause; then chain one is reorganised and the
 * robbery never was. Five real nodes, two chains of two anvils each.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class WithdrawalIT {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Duration SLOT = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path folder = Path.of("");

  private static List<BlockBuilder> builders(DemoWorld world) {
    return world.chains().stream().map(DemoChain::builder).toList();
  }

  private JsonNode run(MemberNode node, String... command) throws Exception {
    Path out = folder.resolve("out.json");
    Path data = node.resident().home().resolve("data");
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of("--data", data.toString(), "--json", out.toString()));
    assertThat(Main.commandLine().execute(all.toArray(new String[0]))).isEqualTo(ExitCode.DONE);
    return Json.parse(Files.readAllBytes(out));
  }

  /** What a node lists of claims about {@code tx}, once {@code enough} holds of it. */
  private List<JsonNode> claims(MemberNode node, Hash32 tx, Predicate<List<JsonNode>> enough)
      throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      List<JsonNode> about =
          run(node, "claims")
              .path("claims")
              .valueStream()
              .filter(claim -> claim.path("tx").asString("").equals(tx.toString()))
              .toList();
      if (enough.test(about)) {
        return about;
      }
      assertThat(System.nanoTime()).as("%s lists %s", node.name(), about).isLessThan(end);
      Thread.sleep(250);
    }
  }

  private static boolean withdrawn(JsonNode claim) {
    return claim.path("withdrawn").isObject();
  }

  @Test
  void aRobberyThatNeverWasIsWithdrawnAndThePauseIsItsOwnersToJudge() throws Exception {
    try (Scope scope = new Scope()) {
      DemoWorld world =
          scope.add(DemoWorld.build(NodeModules.find(), folder.toAbsolutePath(), CLOCK));
      TownBuilder builder = new TownBuilder(world, folder, CLOCK);
      builder.appointGuardians();
      DemoTown town;
      try (Metronome _ = Metronome.start(builders(world), CLOCK, SLOT)) {
        town = builder.open(scope);
      }
      JsonNode before = world.one().snapshot();
      Lender cedar = world.sisters().getLast();
      Hash32 tx;
      Hash32 other;
      try (Metronome _ = Metronome.start(builders(world), CLOCK, SLOT)) {
        tx = rob(world, world.alder());
        assertThat(town.chronicle().await(c -> c.holders(tx) == 5, PATIENCE)).isTrue();
        assertThat(town.chronicle().await(_ -> cedar.paused(), PATIENCE)).isTrue();
        other = rob(world, world.fresh());
        assertThat(town.chronicle().await(c -> c.holders(other) == 5, PATIENCE)).isTrue();
      }
      world.one().restore(before);
      world.attacker().rewind();
      try (Metronome _ = Metronome.start(builders(world), CLOCK, SLOT)) {
        for (MemberNode node : town.nodes()) {
          for (Hash32 one : List.of(tx, other)) {
            assertThat(claims(node, one, WithdrawalIT::allWithdrawn))
                .as(node.name())
                .allMatch(WithdrawalIT::certified);
          }
        }
        assertThat(cedar.paused()).as("nothing undoes the pause").isTrue();
        JsonNode pauses = run(owner(town, cedar), "orders", "list").path("restingOnWithdrawn");
        assertThat(pauses).hasSize(1);
        assertThat(pauses.path(0).path("target").asString()).isEqualTo(cedar.account().toString());
        assertThat(List.of(rob(world, world.alder()), rob(world, world.fresh())))
            .as("the same transactions again")
            .containsExactly(tx, other);
        for (MemberNode node : town.nodes()) {
          assertThat(claims(node, other, all -> all.stream().anyMatch(WithdrawalIT::stands)))
              .as("in another block it is another claim")
              .anyMatch(WithdrawalIT::withdrawn);
        }
      }
    }
  }

  private static Hash32 rob(DemoWorld world, Lender lender) {
    return world.attacker().rob(lender, BlockBuilder.Terms.PRIVATE);
  }

  private static boolean allWithdrawn(List<JsonNode> claims) {
    return !claims.isEmpty() && claims.stream().allMatch(WithdrawalIT::withdrawn);
  }

  private static boolean stands(JsonNode claim) {
    return certified(claim) && !withdrawn(claim);
  }

  private static boolean certified(JsonNode claim) {
    return claim.path("certified").asBoolean();
  }

  private static MemberNode owner(DemoTown town, Lender lender) {
    return town.nodes().stream()
        .filter(node -> node.name().equals(lender.name()))
        .findFirst()
        .orElseThrow();
  }
}
