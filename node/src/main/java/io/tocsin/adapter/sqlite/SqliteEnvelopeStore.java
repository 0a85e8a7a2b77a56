package io.tocsin.adapter.sqlite;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Threads;
import io.tocsin.crypto.Envelope;
import io.tocsin.gossip.EnvelopeStore;
import io.tocsin.gossip.Equivocation;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * The log of envelopes in {@link Database}. Heights are kept in memory as well, and so is what is
 * on its way to the disk.
 */
public final class SqliteEnvelopeStore implements EnvelopeStore {
  private final Database database;
  private final Map<Address, Long> heights;
  private final Map<Place, Entry> underway = new ConcurrentHashMap<>();

  private record Place(Address author, long sequence) {}

  /** The log in {@code database}. */
  public SqliteEnvelopeStore(Database database) {
    this.database = database;
    this.heights =
        new ConcurrentHashMap<>(
            sequences("SELECT author, max(sequence) FROM envelope GROUP BY author"));
  }

  private Map<Address, Long> sequences(String query) {
    return database.read(
        handle -> {
          Map<Address, Long> all = new HashMap<>();
          handle
              .createQuery(query)
              .map((row, _) -> all.put(Address.of(row.getBytes(1)), row.getLong(2)))
              .list();
          return all;
        });
  }

  @Override
  public Map<Address, Long> heights() {
    return Map.copyOf(heights);
  }

  @Override
  public long height(Address author) {
    return heights.getOrDefault(author, 0L);
  }

  @Override
  public Optional<Bytes> wire(Address author, long sequence) {
    Entry entry = underway.get(new Place(author, sequence));
    if (entry != null) {
      return Optional.of(entry.wire());
    }
    return database.read(
        handle ->
            handle
                .createQuery("SELECT wire FROM envelope WHERE author = ? AND sequence = ?")
                .bind(0, author.toArray())
                .bind(1, sequence)
                .map((row, _) -> Bytes.of(row.getBytes(1)))
                .findOne());
  }

  @Override
  public List<Bytes> after(Address author, long sequence, int count, long bytes) {
    List<Bytes> found =
        database.read(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT wire FROM (
                          SELECT wire, sequence,
                                 sum(length(wire)) OVER (ORDER BY sequence) AS total,
                                 row_number() OVER (ORDER BY sequence) AS place
                          FROM (SELECT wire, sequence FROM envelope
                                WHERE author = ? AND sequence > ? ORDER BY sequence LIMIT ?))
                        WHERE total <= ? OR place = 1
                        ORDER BY sequence
                        """)
                    .bind(0, author.toArray())
                    .bind(1, sequence)
                    .bind(2, count)
                    .bind(3, bytes)
                    .map((row, _) -> Bytes.of(row.getBytes(1)))
                    .list());
    return List.copyOf(found);
  }

  @Override
  public void append(List<Entry> run) {
    if (run.isEmpty()) {
      return;
    }
    Address author = run.getFirst().envelope().author();
    requireContinuation(author, run);
    Map<Place, Entry> entries = new LinkedHashMap<>();
    run.forEach(entry -> entries.put(new Place(author, entry.envelope().sequence()), entry));
    underway.putAll(entries);
    database.hand(
        handle -> {
          PreparedBatch batch =
              handle.prepareBatch(
                  "INSERT INTO envelope (author, sequence, topic, wire, received, subject)"
                      + " VALUES (?, ?, ?, ?, ?, ?)");
          for (Entry entry : entries.values()) {
            batch
                .bind(0, author.toArray())
                .bind(1, entry.envelope().sequence())
                .bind(2, entry.envelope().topic())
                .bind(3, entry.wire().toArray())
                .bind(4, entry.received().toEpochMilli())
                .bind(5, entry.subject().map(Hash32::toArray).orElse(null))
                .add();
          }
          batch.execute();
        },
        () -> underway.keySet().removeAll(entries.keySet()));
    heights.merge(author, run.getLast().envelope().sequence(), Math::max);
  }

  private void requireContinuation(Address author, List<Entry> run) {
    long next = height(author) + 1;
    for (Entry entry : run) {
      if (!entry.envelope().author().equals(author) || entry.envelope().sequence() != next) {
        throw new IllegalStateException(
            "envelope "
                + entry.envelope().sequence()
                + " of "
                + entry.envelope().author()
                + " does not continue the log of "
                + author
                + " at "
                + next);
      }
      next++;
    }
  }

  @Override
  public void flush() {
    database.flush();
  }

  @Override
  public void afterwards(Runnable work) {
    database.hand(
        _ -> {},
        () -> {
          Thread _ = Threads.start("afterwards", work);
        });
  }

  @Override
  public List<Bytes> received(String topic, Instant from) {
    List<Bytes> found =
        database.read(
            handle ->
                handle
                    .createQuery(
                        "SELECT wire FROM envelope WHERE topic = ? AND received >= ?"
                            + " ORDER BY position")
                    .bind(0, topic)
                    .bind(1, from.toEpochMilli())
                    .map((row, _) -> Bytes.of(row.getBytes(1)))
                    .list());
    return List.copyOf(found);
  }

  @Override
  public Optional<Bytes> latest(String topic, Address author, long sequence) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT wire FROM envelope WHERE author = ? AND sequence <= ? AND topic = ?"
                        + " ORDER BY sequence DESC LIMIT 1")
                .bind(0, author.toArray())
                .bind(1, sequence)
                .bind(2, topic)
                .map((row, _) -> Bytes.of(row.getBytes(1)))
                .findOne());
  }

  @Override
  public Optional<Instant> lastReceived() {
    return database.read(
        handle ->
            handle
                .createQuery("SELECT received FROM envelope ORDER BY position DESC LIMIT 1")
                .map((row, _) -> Instant.ofEpochMilli(row.getLong(1)))
                .findOne());
  }

  /** Every envelope kept of {@code topic}, in the order of admission. */
  public List<Entry> kept(String topic) {
    List<Entry> found =
        database.read(
            handle ->
                handle
                    .createQuery(
                        "SELECT wire, received FROM envelope WHERE topic = ? ORDER BY position")
                    .bind(0, topic)
                    .map(
                        (row, _) ->
                            new Entry(
                                envelope(row, 1),
                                Bytes.of(row.getBytes(1)),
                                Instant.ofEpochMilli(row.getLong(2))))
                    .list());
    return List.copyOf(found);
  }

  @Override
  public List<Bytes> about(String topic, Address author, Hash32 subject, int count) {
    List<Bytes> waiting =
        underway.values().stream()
            .filter(e -> e.envelope().author().equals(author))
            .filter(e -> e.envelope().topic().equals(topic))
            .filter(e -> e.subject().equals(Optional.of(subject)))
            .sorted(Comparator.comparingLong(e -> e.envelope().sequence()))
            .map(Entry::wire)
            .toList();
    List<Bytes> found =
        database.read(
            handle ->
                handle
                    .createQuery(
                        "SELECT wire FROM envelope WHERE subject = ? AND author = ? AND topic = ?"
                            + " ORDER BY sequence LIMIT ?")
                    .bind(0, subject.toArray())
                    .bind(1, author.toArray())
                    .bind(2, topic)
                    .bind(3, count)
                    .map((row, _) -> Bytes.of(row.getBytes(1)))
                    .list());
    List<Bytes> all = new ArrayList<>(waiting);
    found.stream().filter(wire -> !all.contains(wire)).forEach(all::add);
    return List.copyOf(all);
  }

  @Override
  public Map<Address, Long> delivered() {
    return sequences("SELECT author, sequence FROM delivery");
  }

  @Override
  public void delivered(Map<Address, Long> upTo) {
    if (upTo.isEmpty()) {
      return;
    }
    Map<Address, Long> cursors = Map.copyOf(upTo);
    database.hand(
        handle -> {
          PreparedBatch batch =
              handle.prepareBatch(
                  "INSERT INTO delivery (author, sequence) VALUES (?, ?)"
                      + " ON CONFLICT (author) DO UPDATE SET sequence = excluded.sequence");
          cursors.forEach(
              (author, sequence) -> batch.bind(0, author.toArray()).bind(1, sequence).add());
          batch.execute();
        });
  }

  @Override
  public boolean keep(Equivocation proof, Instant noticed) {
    return database.write(
        handle ->
            handle
                    .createUpdate(
                        "INSERT INTO envelope_conflict (author, sequence, first, second, noticed)"
                            + " SELECT :author, :sequence, :first, :second, :noticed WHERE"
                            + " (SELECT count(*) FROM envelope_conflict WHERE author = :author)"
                            + " < :most ON CONFLICT DO NOTHING")
                    .bind("author", proof.author().toArray())
                    .bind("sequence", proof.sequence())
                    .bind("first", proof.first().encode().toArray())
                    .bind("second", proof.second().encode().toArray())
                    .bind("noticed", noticed.toEpochMilli())
                    .bind("most", MAX_PROOFS)
                    .execute()
                == 1);
  }

  @Override
  public List<Equivocation> equivocations() {
    List<Equivocation> proofs =
        database.read(
            handle ->
                handle
                    .createQuery(
                        "SELECT first, second FROM envelope_conflict"
                            + " ORDER BY noticed, author, sequence")
                    .map((row, _) -> new Equivocation(envelope(row, 1), envelope(row, 2)))
                    .list());
    return List.copyOf(proofs);
  }

  private static Envelope envelope(ResultSet row, int column) throws SQLException {
    try {
      return Envelope.decode(Bytes.of(row.getBytes(column)));
    } catch (MalformedException e) {
      throw new IllegalStateException("a stored envelope is damaged", e);
    }
  }
}
