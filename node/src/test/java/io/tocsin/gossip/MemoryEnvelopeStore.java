package io.tocsin.gossip;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The log in memory; it can be told to fail. */
public final class MemoryEnvelopeStore implements EnvelopeStore {
  private final Map<Address, List<Entry>> logs = new HashMap<>();
  private final List<Entry> arrivals = new ArrayList<>();
  private final Map<Address, Long> delivered = new HashMap<>();
  private final Map<String, Equivocation> proofs = new HashMap<>();
  private int appends;
  private boolean broken;
  private boolean unreadable;
  private final List<Runnable> waiting = new ArrayList<>();
  private boolean held;
  private boolean lost;

  /** Makes every later change fail, or work again. */
  public synchronized void broken(boolean now) {
    broken = now;
  }

  /** Makes every later wait for the disk fail; what waits goes on waiting. */
  public synchronized void lose() {
    lost = true;
  }

  /** Lets what is to be done once it is on the disk wait until {@link #sync}. */
  public synchronized void hold() {
    held = true;
  }

  /** Does what waits for the disk, unless that lost it. */
  public synchronized void sync() {
    if (!lost) {
      waiting.forEach(Runnable::run);
      waiting.clear();
    }
  }

  /** Makes every later reading of a log fail, or work again. */
  public synchronized void unreadable(boolean now) {
    unreadable = now;
  }

  /** Durable writes of envelopes so far. */
  public synchronized int appends() {
    return appends;
  }

  private void requireWhole() {
    if (broken) {
      throw new IllegalStateException("the disk is full");
    }
  }

  @Override
  public synchronized Map<Address, Long> heights() {
    Map<Address, Long> heights = new HashMap<>();
    logs.forEach((author, log) -> heights.put(author, (long) log.size()));
    return heights;
  }

  @Override
  public synchronized long height(Address author) {
    return logs.getOrDefault(author, List.of()).size();
  }

  @Override
  public synchronized Optional<Bytes> wire(Address author, long sequence) {
    return sequence < 1 || sequence > height(author)
        ? Optional.empty()
        : Optional.of(logs.getOrDefault(author, List.of()).get((int) sequence - 1).wire());
  }

  @Override
  public synchronized List<Bytes> after(Address author, long sequence, int count, long bytes) {
    if (unreadable) {
      throw new IllegalStateException("the disk does not answer");
    }
    List<Bytes> found = new ArrayList<>();
    long total = 0;
    for (long next = sequence + 1; next <= height(author) && found.size() < count; next++) {
      Bytes wire = wire(author, next).orElseThrow();
      total += wire.size();
      if (!found.isEmpty() && total > bytes) {
        break;
      }
      found.add(wire);
    }
    return found;
  }

  @Override
  public synchronized void append(List<Entry> run) {
    requireWhole();
    for (int i = 0; i < run.size(); i++) {
      if (run.get(i).envelope().sequence() != height(run.get(i).envelope().author()) + 1 + i) {
        throw new IllegalStateException("the run does not continue the log");
      }
    }
    for (Entry entry : run) {
      logs.computeIfAbsent(entry.envelope().author(), _ -> new ArrayList<>()).add(entry);
      arrivals.add(entry);
    }
    appends++;
  }

  @Override
  public synchronized void afterwards(Runnable work) {
    waiting.add(work);
    if (!held) {
      sync();
    }
  }

  @Override
  public synchronized void flush() {
    if (lost) {
      throw new IllegalStateException("the disk lost it");
    }
  }

  @Override
  public synchronized List<Bytes> received(String topic, Instant from) {
    return arrivals.stream()
        .filter(e -> e.envelope().topic().equals(topic) && !e.received().isBefore(from))
        .map(Entry::wire)
        .toList();
  }

  @Override
  public synchronized Optional<Bytes> latest(String topic, Address author, long sequence) {
    return logs.getOrDefault(author, List.of()).stream()
        .filter(e -> e.envelope().topic().equals(topic) && e.envelope().sequence() <= sequence)
        .reduce((_, later) -> later)
        .map(Entry::wire);
  }

  @Override
  public synchronized Optional<Instant> lastReceived() {
    return arrivals.isEmpty() ? Optional.empty() : Optional.of(arrivals.getLast().received());
  }

  @Override
  public synchronized List<Bytes> about(String topic, Address author, Hash32 subject, int count) {
    return logs.getOrDefault(author, List.of()).stream()
        .filter(e -> e.envelope().topic().equals(topic) && e.subject().equals(Optional.of(subject)))
        .limit(count)
        .map(Entry::wire)
        .toList();
  }

  @Override
  public synchronized Map<Address, Long> delivered() {
    return new TreeMap<>(delivered);
  }

  @Override
  public synchronized void delivered(Map<Address, Long> upTo) {
    requireWhole();
    delivered.putAll(upTo);
  }

  @Override
  public synchronized boolean keep(Equivocation proof, Instant noticed) {
    requireWhole();
    long ofAuthor = proofs.values().stream().filter(p -> p.author().equals(proof.author())).count();
    return ofAuthor < MAX_PROOFS
        && proofs.putIfAbsent(proof.author() + "/" + proof.sequence(), proof) == null;
  }

  @Override
  public synchronized List<Equivocation> equivocations() {
    return List.copyOf(proofs.values());
  }
}
