package io.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.sqlite.Database;
import io.tocsin.adapter.sqlite.SqliteAuditStore;
import io.tocsin.adapter.sqlite.SqliteEnvelopeStore;
import io.tocsin.audit.AuditLog;
import io.tocsin.audit.Step;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Json;
import io.tocsin.claim.Claim;
import io.tocsin.claim.ReportCodec;
import io.tocsin.claim.Samples;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Envelope;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;
import io.tocsin.gossip.EnvelopeStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class ClaimsCommandIT {
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  @TempDir Path data;
  private final KeyPair author = KeyPair.generate(new Random(5));
  private final StringWriter errors = new StringWriter();

  private int run(String... more) {
    List<String> all = new ArrayList<>(List.of("claims", "--data", data.toString()));
    all.addAll(List.of(more));
    return Main.commandLine()
        .setErr(new PrintWriter(errors, true))
        .execute(all.toArray(new String[0]));
  }

  private JsonNode claims(String... more) throws Exception {
    List<String> all = new ArrayList<>(List.of(more));
    all.addAll(List.of("--json", data.resolve("out.json").toString()));
    assertThat(run(all.toArray(new String[0]))).isEqualTo(ExitCode.DONE);
    return Json.parse(Files.readAllBytes(data.resolve("out.json"))).get("claims");
  }

  private EnvelopeStore.Entry entry(long sequence, Bytes payload) {
    Envelope envelope =
        Envelope.seal(author, new Domain(Keccak.hashUtf8("town")), "report", sequence, payload);
    return new EnvelopeStore.Entry(envelope, envelope.encode(), NOON.plusSeconds(sequence));
  }

  private Bytes bundle(Claim claim) {
    return ReportCodec.encode(Samples.report(claim), author.address(), NOON);
  }

  @Test
  void listsReportsWithOwnOpinionsAndCertificates() throws Exception {
    Claim mined = Samples.mined(1);
    Claim elsewhere = Samples.pending(2);
    try (Database database = Database.open(data.resolve("tocsin.db"));
        AuditLog audit = AuditLog.open(new SqliteAuditStore(database), () -> NOON, new Random(9))) {
      new SqliteEnvelopeStore(database)
          .append(
              List.of(
                  entry(1, bundle(mined)),
                  entry(2, bundle(elsewhere)),
                  entry(3, Bytes.utf8("no bundle"))));
      audit.append(new Step.Attested(mined.id(), 1, "confirm", ""));
      audit.append(new Step.Attested(elsewhere.id(), 1, "abstain", "CHAIN_NOT_WATCHED"));
      audit.append(new Step.Certified(mined.id(), 1, List.of(), Bytes.EMPTY));
      audit.append(
          new Step.Withdrawn(mined.id(), ChainId.evm(1), Samples.allClear(1).block(), List.of()));
      audit.flush();
    }
    JsonNode claims = claims();
    assertThat(claims.size()).isEqualTo(3);
    JsonNode first = claims.get(0);
    assertThat(first.get("received").stringValue()).isEqualTo("2026-06-01T12:00:01Z");
    assertThat(first.get("author").stringValue()).isEqualTo(author.address().toString());
    assertThat(first.get("kind").stringValue()).isEqualTo("exploit-mined");
    assertThat(first.get("chain").stringValue()).isEqualTo("eip155:1");
    assertThat(first.get("tx").stringValue())
        .isEqualTo(mined.transaction().orElseThrow().toString());
    assertThat(first.get("subject").stringValue())
        .isEqualTo(mined.about().orElseThrow().address().toString());
    assertThat(first.get("opinion").get("is").stringValue()).isEqualTo("confirm");
    assertThat(first.get("certified").asBoolean()).isTrue();
    assertThat(first.get("withdrawn").get("block").stringValue())
        .isEqualTo(Samples.allClear(1).block().toString());
    JsonNode second = claims.get(1);
    assertThat(second.has("withdrawn")).isFalse();
    assertThat(second.get("chain").stringValue()).isEqualTo("eip155:31337");
    assertThat(second.get("opinion").get("reason").stringValue()).isEqualTo("CHAIN_NOT_WATCHED");
    assertThat(second.get("certified").asBoolean()).isFalse();
    assertThat(claims.get(2).has("unreadable")).isTrue();
    assertThat(claims("--last", "1").size()).isEqualTo(1);
  }

  @Test
  void anEmptyDatabaseIsNoFaultAndAMissingOneIs() throws Exception {
    assertThat(run()).isEqualTo(ExitCode.USAGE);
    assertThat(errors.toString()).contains("there is no").contains("--data");
    Database.open(data.resolve("tocsin.db")).close();
    assertThat(claims().size()).isZero();
    assertThat(run("--last", "-1")).isEqualTo(ExitCode.USAGE);
    Files.writeString(data.resolve("tocsin.db"), "not a database, but long enough to look at");
    assertThat(run()).isEqualTo(ExitCode.ENVIRONMENT);
  }
}
