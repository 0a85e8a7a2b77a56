package io.tocsin.adapter.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.base.Hash32;
import io.tocsin.base.Metrics;
import io.tocsin.crypto.Domain;
import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;
import io.tocsin.gossip.Exchange;
import io.tocsin.gossip.GossipConfig;
import io.tocsin.gossip.GossipLog;
import io.tocsin.gossip.Membership;
import io.tocsin.identity.Rosters;
import io.tocsin.identity.Samples;
import io.tocsin.quorum.Attestation;
import io.tocsin.quorum.AttestationPool;
import io.tocsin.quorum.Equivocation;
import io.tocsin.quorum.Tally;
import io.tocsin.quorum.Verdict;
import io.tocsin.quorum.Votes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteQuorumIT {
  private final Hash32 claim = Keccak.hashUtf8("claim");

  @TempDir private Path folder;

  @Test
  void theFirstVerdictStandsAfterARestart() {
    Path file = folder.resolve("node.db");
    try (Database database = Database.open(file)) {
      SqliteVerdictBook book = new SqliteVerdictBook(database);
      assertThat(book.verdict(claim)).isEmpty();
      assertThat(book.record(claim, Verdict.REFUTE)).isEqualTo(Verdict.REFUTE);
      assertThat(book.record(claim, Verdict.CONFIRM)).isEqualTo(Verdict.REFUTE);
    }
    try (Database database = Database.open(file)) {
      SqliteVerdictBook book = new SqliteVerdictBook(database);
      assertThat(book.verdict(claim)).contains(Verdict.REFUTE);
      assertThat(book.record(claim, Verdict.CONFIRM)).isEqualTo(Verdict.REFUTE);
    }
  }

  @Test
  void theFirstVerdictStandsWhileItIsOnItsWayToTheDisk() {
    Path file = folder.resolve("node.db");
    try (Database database = Database.open(file);
        Database reader = Database.openReadOnly(file)) {
      SqliteVerdictBook book = new SqliteVerdictBook(database);
      try (SlowDisk _ = SlowDisk.of(database)) {
        assertThat(book.record(claim, Verdict.REFUTE)).isEqualTo(Verdict.REFUTE);
        assertThat(book.record(claim, Verdict.CONFIRM)).isEqualTo(Verdict.REFUTE);
        assertThat(book.verdict(claim)).contains(Verdict.REFUTE);
        assertThat(new SqliteVerdictBook(reader).verdict(claim)).isEmpty();
      }
      database.flush();
      assertThat(new SqliteVerdictBook(reader).verdict(claim)).contains(Verdict.REFUTE);
    }
  }

  @Test
  void nobodyChangesOrDeletesAVerdict() {
    try (Database database = Database.open(folder.resolve("node.db"))) {
      new SqliteVerdictBook(database).record(claim, Verdict.CONFIRM);
      assertThatThrownBy(() -> database.change(h -> h.execute("UPDATE verdict SET verdict = 2")))
          .hasStackTraceContaining("final");
      assertThatThrownBy(() -> database.change(h -> h.execute("DELETE FROM verdict")))
          .hasStackTraceContaining("final");
    }
  }

  @Test
  void contradictionsAreKeptOnceAndComeBackAsTheyWere() {
    KeyPair liar = KeyPair.generate(new Random(3));
    Domain domain = new Domain(Keccak.hashUtf8("federation"));
    Equivocation proof =
        new Equivocation(
            liar.address(),
            Votes.vote(liar, domain, claim, 1, Verdict.CONFIRM),
            Votes.vote(liar, domain, claim, 2, Verdict.REFUTE));
    Path file = folder.resolve("node.db");
    try (Database database = Database.open(file)) {
      SqliteEvidenceBook book = new SqliteEvidenceBook(database);
      book.keep(proof);
      book.keep(proof);
    }
    try (Database database = Database.open(file)) {
      assertThat(new SqliteEvidenceBook(database).all()).containsExactly(proof);
    }
  }

  @Test
  void aContradictionIsFoundInTheLogLongAfterARestart() {
    List<KeyPair> keys = Samples.keys(4, 5);
    Samples.Clock clock = new Samples.Clock(Samples.BEGIN);
    Rosters rosters = Samples.rosters(keys, clock);
    KeyPair liar = keys.getFirst();
    Path file = folder.resolve("node.db");
    assertThat(tallied(file, rosters, clock, liar, Verdict.CONFIRM))
        .isEqualTo(new Tally.Buffered());
    clock.advance(Duration.ofDays(3));
    assertThat(tallied(file, rosters, clock, liar, Verdict.REFUTE))
        .isInstanceOfSatisfying(
            Tally.Conflict.class,
            conflict -> assertThat(conflict.evidence().proven(rosters)).isTrue());
  }

  /** A node starts on {@code file}, admits one verdict of {@code member}, and stops. */
  private Tally tallied(
      Path file, Rosters rosters, Samples.Clock clock, KeyPair member, Verdict verdict) {
    Domain domain = rosters.federation().domain();
    try (Database database = Database.open(file);
        Exchange exchange =
            new Exchange(
                GossipConfig.DEFAULT,
                new Membership(member, domain, rosters),
                new SqliteEnvelopeStore(database),
                clock,
                new GossipLog(Metrics.NONE))) {
      exchange.subscribe(Attestation.TOPIC, _ -> {});
      Attestation vote = Votes.vote(member, domain, claim, 1, verdict);
      exchange.publish(Attestation.TOPIC, vote.encode());
      AttestationPool pool =
          new AttestationPool(
              rosters,
              new SqliteEvidenceBook(database),
              (author, about) -> exchange.about(Attestation.TOPIC, author, about),
              AttestationPool.Limits.DEFAULT,
              clock);
      return pool.add(Votes.arrived(member, domain, vote));
    }
  }
}
