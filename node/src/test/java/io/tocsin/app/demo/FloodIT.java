package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.mesh.RogueMember;
import io.tocsin.app.demo.FloodTown.Figures;
import io.tocsin.base.Bytes;
import io.tocsin.claim.ReportCodec;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Envelope;
import io.tocsin.crypto.Keccak;
import io.tocsin.quorum.Attestation;
import io.tocsin.quorum.Committee;
import io.tocsin.quorum.Verdict;
import io.tocsin.quorum.Votes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One of five members, with valid keys, floods the others and sends garbage at every layer while
 * true alarms pass: real nodes, links, databases and chains. {@code -Dflood.reports=100000} is the
 * long form, which also compares latencies.
 */
@Timeout(1_200)
final class FloodIT {
  private static final int REPORTS = Integer.getInteger("flood.reports", 10_000);
  private static final boolean LONG = REPORTS > 50_000;
  private static final int ALARMS = LONG ? 12 : 2;

  @TempDir private Path directory = Path.of("");

  @SuppressWarnings("NullAway.Init") // set before every test
  private FloodTown town;

  @BeforeEach
  void build() throws Exception {
    town = FloodTown.build(directory, LONG ? 2 * ALARMS + 2 : 2 * ALARMS);
  }

  @AfterEach
  void close() {
    town.close();
  }

  @Test
  void trueAlarmsPassWhileOneMemberFloods() throws Exception {
    Path flood = town.forge(REPORTS);
    if (LONG) {
      Figures _ = town.alarms(2);
    }
    Figures quiet = town.alarms(ALARMS);
    Figures loud;
    int refused;
    try (FloodTown.Flood running = town.flood(flood)) {
      loud = town.alarms(ALARMS);
      running.awaitCut();
      refused = running.refused();
    }
    long seconds = Math.max(120, town.age().toSeconds());
    for (int node = 0; node < FloodTown.HONEST; node++) {
      assertThat(town.count(node, "tocsin_admission_total", "AUTHOR_OVER_QUOTA")).isPositive();
      assertThat(town.count(node, "tocsin_peer_misbehaviour_total", "FLOOD")).isPositive();
      assertThat(town.count(node, "tocsin_events_total", "peer_banned")).isEqualTo(1);
      assertThat(town.count(node, "tocsin_delivery_total", "DELIVERED"))
          .as("no more than its share came in")
          .isLessThan((int) (1_024 + 64 * seconds));
      int at = node;
      town.await("honest links stand", () -> town.links(at) == FloodTown.HONEST - 1);
    }
    assertThat(refused).as("shut out").isPositive();
    System.out.printf(
        "flood of %d reports to each of %d nodes: quiet p50 %.1f ms, max %.1f ms; loud p50 %.1f ms,"
            + " max %.1f ms (%d alarms each); heap after it %d MB%n",
        REPORTS,
        FloodTown.HONEST,
        quiet.median(),
        quiet.max(),
        loud.median(),
        loud.max(),
        ALARMS,
        town.heap() >> 20);
    if (LONG) {
      assertThat(loud.median()).isLessThan(3 * quiet.median());
      assertThat(loud.max()).isLessThan(3 * quiet.max());
      assertThat(town.heap()).isLessThan(700L << 20);
    }
  }

  @Test
  void garbageAtEveryLayerIsCountedAndChargedAndTrueAlarmsPass() throws Exception {
    frames();
    envelopes();
    payloads();
    certificates();
    Figures _ = town.alarms(1);
    for (int node = 0; node < FloodTown.HONEST; node++) {
      int at = node;
      town.await("honest links stand", () -> town.links(at) >= FloodTown.HONEST - 1);
    }
  }

  private void frames() throws IOException, InterruptedException {
    try (RogueMember rogue = town.linked(0)) {
      rogue.raw(0, 0, 0, 0);
      town.await("a frame without a body ends the link", rogue::ended);
    }
    try (RogueMember rogue = town.linked(0)) {
      rogue.raw(0x7f, 0xff, 0xff, 0xff);
      town.await("an endless frame ends the link", rogue::ended);
    }
    town.awaitCount(0, "tocsin_peer_misbehaviour_total", "OVERSIZE_FRAME", 2);
    try (RogueMember rogue = town.linked(0)) {
      rogue.raw(0, 0, 1, 0, 1, 5, 5);
    }
    try (RogueMember again = town.linked(0)) {
      assertThat(again.ended()).as("half a frame is no crime").isFalse();
    }
  }

  private void envelopes() throws IOException, InterruptedException {
    Bytes real = town.sealed("noise", 1, Bytes.utf8("nobody listens to this"));
    try (RogueMember rogue = town.linked(1)) {
      rogue.push(Bytes.utf8("no envelope"));
      rogue.push(
          Envelope.seal(
                  town.key(), new Domain(Keccak.hashUtf8("other town")), "noise", 1, Bytes.EMPTY)
              .encode());
      rogue.push(real);
      rogue.push(real);
      rogue.push(town.sealed("noise", 9, Bytes.utf8("out of turn")));
      rogue.push(town.sealed("noise", 1, Bytes.utf8("another first word")));
      rogue.flush();
      town.awaitCount(1, "tocsin_admission_total", "MALFORMED", 1);
      town.awaitCount(1, "tocsin_admission_total", "BAD_SIGNATURE", 1);
      town.awaitCount(1, "tocsin_admission_total", "TOPIC_UNKNOWN", 1);
      town.awaitCount(1, "tocsin_admission_total", "DUPLICATE", 1);
      town.awaitCount(1, "tocsin_admission_total", "EQUIVOCATION", 1);
      town.awaitCount(1, "tocsin_peer_misbehaviour_total", "BAD_ENVELOPE", 2);
      town.awaitCount(1, "tocsin_peer_misbehaviour_total", "EQUIVOCATION", 1);
    }
  }

  private void payloads() throws IOException, InterruptedException {
    String reports = ReportCodec.TOPIC.name();
    try (RogueMember rogue = town.linked(2)) {
      rogue.push(town.sealed(reports, 2, Bytes.utf8("[".repeat(50_000))));
      rogue.push(town.sealed(reports, 3, Bytes.utf8("{\"type\":\"bundle\",\"type\":\"bundle\"}")));
      rogue.push(town.sealed(reports, 4, Bytes.utf8("x".repeat(ReportCodec.MAX_BYTES + 1))));
      rogue.push(town.sealed(Attestation.TOPIC.name(), 4, Bytes.utf8("{}")));
      rogue.flush();
      town.awaitCount(2, "tocsin_admission_total", "AUTHOR_SENT_UNREADABLE", 3);
      town.awaitCount(2, "tocsin_admission_total", "OVERSIZE", 1);
      town.awaitCount(2, "tocsin_peer_misbehaviour_total", "BAD_ENVELOPE", 4);
    }
  }

  private void certificates() throws IOException, InterruptedException {
    var claim = town.bogus(7);
    Bytes twice =
        Votes.certificate(
            claim, town.domain(), 1, Verdict.CONFIRM.code(), List.of(town.key(), town.key()));
    Bytes alone =
        Votes.certificate(claim, town.domain(), 1, Verdict.CONFIRM.code(), List.of(town.key()));
    Bytes foreign =
        Votes.vote(town.stranger(), town.domain(), claim.id(), 1, Verdict.CONFIRM).encode();
    String topic = Committee.TOPIC.name();
    try (RogueMember rogue = town.linked(3)) {
      rogue.push(town.sealed(topic, 5, twice));
      rogue.push(town.sealed(topic, 6, alone));
      rogue.push(town.sealed(Attestation.TOPIC.name(), 7, foreign));
      rogue.flush();
      town.awaitCount(3, "tocsin_certificates_refused_total", "DUPLICATE", 1);
      town.awaitCount(3, "tocsin_certificates_refused_total", "WEIGHT", 1);
      town.awaitCount(3, "tocsin_attestations_total", "SIGNATURE", 1);
      town.awaitCount(3, "tocsin_peer_misbehaviour_total", "FORGERY", 3);
    }
  }
}
