package io.tocsin.audit;

import io.tocsin.base.Bytes;
import io.tocsin.base.CanonicalJson;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One pass over a log that names everything in it that was changed. Owned by one thread; used once.
 */
public final class Verification {
  private static final int PAGE = 512;

  private final List<Fault> faults = new ArrayList<>();
  private final Set<Long> erased = new LinkedHashSet<>();
  private final Set<Long> recordedErasures = new LinkedHashSet<>();
  private long entries;
  private Head head = new Head(0, AuditEntry.GENESIS);

  private Verification() {}

  /** What of an entry does not hold. */
  public enum Part {
    /** The entry itself: missing, or in the wrong place. */
    ENTRY,
    /** The hash of the entry before. */
    PREVIOUS,
    /** The salted digest of the body. */
    DIGEST,
    /** The entry's own hash. */
    HASH,
    /** The salt or the body. */
    BODY,
    /** The recorded outcome of a decision or a ruling. */
    OUTCOME
  }

  /** One thing that does not hold. */
  public record Fault(long sequence, Part part, String detail) {
    @Override
    public String toString() {
      return "entry " + sequence + ": " + detail;
    }
  }

  /** The last entry: note it elsewhere to see later whether the end was cut off. */
  public record Head(long sequence, Hash32 hash) {}

  /**
   * An entry that must be in the log.
   *
   * @param by who noted it
   */
  public record Anchor(Head head, String by) {}

  /**
   * What was found.
   *
   * @param entries how many were read
   * @param erased how many of them have no body any more
   */
  public record Result(long entries, long erased, Head head, List<Fault> faults) {
    public Result {
      faults = List.copyOf(faults);
    }

    /** Whether everything holds. */
    public boolean holds() {
      return faults.isEmpty();
    }
  }

  /** Hears of each step whose entry holds, in order. */
  @FunctionalInterface
  public interface Listener {
    /** The step of entry {@code sequence}. */
    void step(long sequence, AuditLog.Timed step);
  }

  /** Checks the whole log, and that the {@code anchors} noted earlier are in it. */
  public static Result of(AuditStore store, List<Anchor> anchors, Listener listener) {
    Verification run = new Verification();
    Map<Long, List<Anchor>> noted =
        anchors.stream().collect(Collectors.groupingBy(anchor -> anchor.head().sequence()));
    run.walk(store, noted, listener);
    noted.forEach(
        (sequence, missing) -> {
          if (sequence > run.head.sequence()) {
            run.fault(
                sequence,
                Part.ENTRY,
                "missing: the log ends at entry "
                    + run.head.sequence()
                    + ", but this entry was noted by "
                    + by(missing));
          }
        });
    for (long gone : run.erased) {
      if (!run.recordedErasures.contains(gone)) {
        run.fault(gone, Part.BODY, "the body is gone and no erasure is on record");
      }
    }
    return new Result(run.entries, run.erased.size(), run.head, run.faults);
  }

  /**
   * What does not hold of the hashes from entry {@code from} on; bodies that this version cannot
   * read are no fault here.
   */
  static List<Fault> chained(AuditStore store, long from) {
    Verification run = new Verification();
    try {
      if (from > 1) {
        Hash32 before =
            store.read(from - 1, 1).stream().findFirst().map(AuditEntry::hash).orElse(Hash32.ZERO);
        run.head = new Head(from - 1, before);
      }
      List<AuditEntry> page = store.read(from, PAGE);
      while (!page.isEmpty()) {
        for (AuditEntry entry : page) {
          boolean _ = run.check(entry, Optional.empty());
        }
        page = store.read(run.head.sequence() + 1, PAGE);
      }
    } catch (MalformedException e) {
      run.fault(run.head.sequence() + 1, Part.ENTRY, String.valueOf(e.getMessage()));
    }
    return run.faults;
  }

  private static String by(List<Anchor> anchors) {
    return anchors.stream().map(Anchor::by).distinct().sorted().collect(Collectors.joining(", "));
  }

  private void fault(long sequence, Part part, String detail) {
    faults.add(new Fault(sequence, part, detail));
  }

  private void walk(AuditStore store, Map<Long, List<Anchor>> anchors, Listener listener) {
    while (true) {
      List<AuditEntry> page;
      try {
        page = store.read(head.sequence() + 1, PAGE);
      } catch (MalformedException e) {
        fault(head.sequence() + 1, Part.ENTRY, e.getMessage() + "; nothing behind it was read");
        return;
      }
      if (page.isEmpty()) {
        return;
      }
      for (int i = 0; i < page.size(); i++) {
        AuditEntry entry = page.get(i);
        Optional<AuditEntry> next =
            i + 1 < page.size() ? Optional.of(page.get(i + 1)) : peek(store, entry.sequence() + 1);
        if (check(entry, next)) {
          decode(entry, listener);
        }
        List<Anchor> others =
            anchors.getOrDefault(entry.sequence(), List.of()).stream()
                .filter(anchor -> !anchor.head().hash().equals(head.hash()))
                .toList();
        if (!others.isEmpty()) {
          fault(entry.sequence(), Part.HASH, "the hash is not the one noted by " + by(others));
        }
      }
    }
  }

  private static Optional<AuditEntry> peek(AuditStore store, long sequence) {
    try {
      return store.read(sequence, 1).stream().findFirst();
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /** Whether the entry's body can be believed. */
  private boolean check(AuditEntry entry, Optional<AuditEntry> next) {
    entries++;
    long sequence = entry.sequence();
    if (sequence != head.sequence() + 1) {
      fault(head.sequence() + 1, Part.ENTRY, missing(head.sequence() + 1, sequence - 1));
      head = new Head(sequence, entry.hash());
      return false;
    }
    Hash32 before = head.hash();
    Hash32 content =
        switch (entry.content()) {
          case AuditEntry.Content.Kept kept -> AuditEntry.digest(kept);
          case AuditEntry.Content.Erased _ -> entry.digest();
        };
    if (entry.content() instanceof AuditEntry.Content.Erased) {
      erased.add(sequence);
    }
    Hash32 truth = AuditEntry.link(before, sequence, content);
    boolean vouched = next.filter(n -> n.previous().equals(truth)).isPresent();
    int known = faults.size();
    if (!entry.previous().equals(before)) {
      fault(sequence, Part.PREVIOUS, "the hash of the entry before was changed");
    }
    if (truth.equals(entry.hash()) || vouched) {
      if (!entry.digest().equals(content)) {
        fault(sequence, Part.DIGEST, "the digest was changed; the body is as it was written");
      }
      if (!truth.equals(entry.hash())) {
        fault(sequence, Part.HASH, "the hash was changed");
      }
      head = new Head(sequence, truth);
      return faults.size() == known && entry.content() instanceof AuditEntry.Content.Kept;
    }
    head = new Head(sequence, entry.hash());
    if (!entry.digest().equals(content)
        && AuditEntry.link(before, sequence, entry.digest()).equals(entry.hash())) {
      fault(sequence, Part.BODY, "the body or its salt was changed");
    } else {
      fault(sequence, Part.HASH, "the hash does not hold");
    }
    return false;
  }

  private static String missing(long from, long to) {
    return from == to ? "missing" : "missing, with all up to entry " + to;
  }

  private void decode(AuditEntry entry, Listener listener) {
    if (!(entry.content() instanceof AuditEntry.Content.Kept kept)) {
      return;
    }
    try {
      Bytes again = CanonicalJson.write(Json.parse(kept.body().toArray()));
      if (!again.equals(kept.body())) {
        fault(entry.sequence(), Part.BODY, "the body is not canonical JSON");
        return;
      }
      AuditLog.Timed timed = AuditLog.decode(kept.body());
      if (timed.step() instanceof Step.Erased e) {
        recordedErasures.addAll(e.sequences());
      }
      listener.step(entry.sequence(), timed);
    } catch (MalformedException | IllegalArgumentException e) {
      fault(entry.sequence(), Part.BODY, "this version cannot read the body: " + e.getMessage());
    }
  }
}
