package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.files.OrderFolder;
import io.tocsin.adapter.sqlite.Database;
import io.tocsin.adapter.sqlite.SqliteAuditStore;
import io.tocsin.adapter.sqlite.SqliteInterlockBook;
import io.tocsin.audit.AuditLog;
import io.tocsin.audit.Step;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.Metrics;
import io.tocsin.claim.Claim;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.PolicySamples;
import io.tocsin.respond.Interlock;
import io.tocsin.respond.InterlockState;
import io.tocsin.respond.InterlockState.Slot;
import io.tocsin.respond.InterlockState.Trip;
import io.tocsin.respond.Order;
import io.tocsin.respond.OrderBook;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class OrdersCommandIT {
  private static final Hash32 MANDATE = PolicySamples.hash("birch-PENDING");
  private static final Hash32 PERMIT = PolicySamples.hash("permit");
  private static final String GUARDIAN = PolicySamples.GUARDIAN.toString();

  @TempDir private Path data = Path.of("");

  private int run(String... arguments) {
    return Main.commandLine().execute(arguments);
  }

  /** What a node leaves: a mandate on hold, and an action that waits to be approved. */
  private void write() throws Exception {
    try (Database database = Database.open(data.resolve("tocsin.db"));
        AuditLog log = AuditLog.open(new SqliteAuditStore(database), Instant::now, new Random(9))) {
      new SqliteInterlockBook(database)
          .save(
              Interlock.hold(
                  InterlockState.EMPTY,
                  new Slot(PolicySamples.GUARDIAN, MANDATE, BudgetClass.PENDING),
                  PolicySamples.NOW,
                  "two were never mined"));
      log.append(
          new Step.Ruled(
              PolicySamples.hash("claim"),
              "birch-direct",
              Json.object(),
              Json.object()
                  .put("is", "Held")
                  .put("reason", "AWAITING_APPROVAL")
                  .put("detail", "the mandate wants a human: " + PERMIT)));
    }
  }

  private JsonNode listed() throws Exception {
    Path file = data.resolve("out.json");
    assertThat(run("orders", "list", "--data", data.toString(), "--json", file.toString()))
        .isEqualTo(ExitCode.DONE);
    return Json.parse(Files.readAllBytes(file));
  }

  @Test
  void listsWhatWaits() throws Exception {
    write();
    JsonNode document = listed();
    assertThat(document.path("holds")).hasSize(1);
    assertThat(document.path("holds").path(0).path("mandate").stringValue())
        .isEqualTo(MANDATE.toString());
    assertThat(document.path("actions")).hasSize(1);
    assertThat(document.path("actions").path(0).path("permit").stringValue())
        .isEqualTo(PERMIT.toString());
  }

  @Test
  void showsAPauseThatRestsOnAWithdrawnClaimUntilItIsRatified() throws Exception {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Claim.ExploitMined claim = PolicySamples.mined(PolicySamples.BIRCH);
    Trip standing = trip(PERMIT, now.plus(Duration.ofHours(1)));
    Trip over = trip(PolicySamples.hash("over"), now.minusSeconds(1));
    try (Database database = Database.open(data.resolve("tocsin.db"));
        AuditLog log = AuditLog.open(new SqliteAuditStore(database), Instant::now, new Random(9))) {
      new SqliteInterlockBook(database)
          .save(
              new InterlockState(List.of(over, standing), Map.of(), Set.of(), List.of(), Set.of()));
      log.append(
          new Step.Withdrawn(
              claim.id(),
              claim.chain(),
              PolicySamples.hash("instead"),
              List.of(standing.permit(), over.permit())));
      log.flush();
      JsonNode pauses = listed().path("restingOnWithdrawn");
      assertThat(pauses).hasSize(1);
      JsonNode pause = pauses.path(0);
      assertThat(pause.path("permit").stringValue()).isEqualTo(PERMIT.toString());
      assertThat(pause.path("guardian").stringValue()).isEqualTo(GUARDIAN);
      assertThat(pause.path("claim").stringValue()).isEqualTo(claim.id().toString());
      log.append(new Step.Ratified(PERMIT));
      log.flush();
      assertThat(listed().path("restingOnWithdrawn")).isEmpty();
    }
  }

  private static Trip trip(Hash32 permit, Instant until) {
    return new Trip(
        permit,
        new Slot(PolicySamples.GUARDIAN, MANDATE, BudgetClass.DIRECT),
        new InterlockState.Pulled(
            PolicySamples.BIRCH, PolicySamples.hash("lever"), PolicySamples.hash("probe")),
        new InterlockState.Span(until.minus(Duration.ofHours(2)), until),
        new InterlockState.Cause(PolicySamples.MAIN, PolicySamples.hash("tx"), true));
  }

  @Test
  void laysOrdersDownForTheNode() throws Exception {
    write();
    String[] node = {"--data", data.toString()};
    assertThat(run("orders", "approve", PERMIT.toString(), node[0], node[1])).isZero();
    assertThat(run("orders", "let-go", GUARDIAN, MANDATE.toString(), node[0], node[1])).isZero();
    assertThat(
            run(
                "orders",
                "hold",
                GUARDIAN,
                MANDATE.toString(),
                "--reason",
                "a migration",
                node[0],
                node[1]))
        .isZero();
    assertThat(new OrderFolder(data.resolve("orders"), Metrics.NONE).given())
        .extracting(OrderBook.Given::order)
        .containsExactlyInAnyOrder(
            new Order.Approve(PERMIT),
            new Order.LetGo(PolicySamples.GUARDIAN, MANDATE),
            new Order.Hold(PolicySamples.GUARDIAN, MANDATE, "a migration"));
  }

  @Test
  void refusesWhatItCannotRead() throws Exception {
    assertThat(run("orders", "list", "--data", data.toString())).isEqualTo(ExitCode.USAGE);
    write();
    assertThat(run("orders", "approve", "0x12", "--data", data.toString()))
        .isEqualTo(ExitCode.USAGE);
    assertThat(run("orders", "let-go", "here", MANDATE.toString(), "--data", data.toString()))
        .isEqualTo(ExitCode.USAGE);
    assertThat(run("orders")).isEqualTo(ExitCode.USAGE);
    assertThat(data.resolve("orders")).doesNotExist();
  }
}
