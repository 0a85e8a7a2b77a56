package io.tocsin.detect.signature;

import io.tocsin.base.MalformedException;
import io.tocsin.stix.Indicator;
import io.tocsin.stix.StixId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The signatures of others. One is taken in if it is well formed, asks for enough, and is silent on
 * the own harmless history within its budget. It then works in shadow: its matches are kept, and
 * are no sightings, until the owner promotes it. Owned by one thread.
 */
public final class SignatureShelf {
  /** How many are kept, and of one author; how many matches of each are remembered. */
  public record Limits(int all, int perAuthor, int matches) {
    /** What ships. */
    public static final Limits DEFAULT = new Limits(10_000, 500, 100);

    public Limits {
      if (all <= 0 || perAuthor <= 0 || matches <= 0) {
        throw new IllegalArgumentException("limits are positive");
      }
    }
  }

  /** What became of an indicator. */
  public sealed interface Taken {
    /** It works in shadow. */
    record Shadow(Signature signature) implements Taken {}

    /** Its author took it back; it is gone. */
    record Revoked() implements Taken {}

    /** It is not used. */
    record Refused(Reason reason, String why) implements Taken {}
  }

  /** Why an indicator is not used. */
  public enum Reason {
    MALFORMED,
    /** Of somebody who is not its author. */
    FOREIGN_AUTHOR,
    /** Not newer than what is there. */
    STALE,
    /** Not yet, or no longer, or never valid. */
    NOT_VALID,
    /** It asks for too little to mean anything but one contract or everybody. */
    TOO_PLAIN,
    /** It matches harmless transactions. */
    FIRES_ON_HARMLESS,
    /** It could not be judged on harmless transactions within its budget. */
    TOO_COSTLY,
    /** The shelf, or the author's part of it, is full. */
    NO_ROOM
  }

  /** Whether matches of a signature are sightings of the own. */
  public enum Standing {
    SHADOW,
    PROMOTED
  }

  /** One signature with its origin and what it matched. */
  public record Entry(
      Indicator indicator, Signature signature, Standing standing, List<SignatureSet.Hit> matches) {
    public Entry {
      matches = List.copyOf(matches);
    }
  }

  /** What the shelf says of one course. */
  public record Seen(List<SignatureSet.Hit> shadow, List<SignatureSet.Hit> sightings) {
    public Seen {
      shadow = List.copyOf(shadow);
      sightings = List.copyOf(sightings);
    }
  }

  /** Nobody can take back what is of another author. */
  private record Origin(StixId author, StixId id) {}

  private static final int MIN_EVENTS = 2;

  private final List<Course> benign;
  private final Limits limits;
  private final SignatureSet.Budget budget;
  private final Map<StixId, Entry> entries = new LinkedHashMap<>();
  private final Set<Origin> revoked = new LinkedHashSet<>();

  /**
   * @param benign the own harmless history
   * @param budget what each signature may cost, in shadow as in the test
   */
  public SignatureShelf(List<Course> benign, SignatureSet.Budget budget, Limits limits) {
    this.benign = List.copyOf(benign);
    this.budget = budget;
    this.limits = limits;
  }

  /** Takes in what {@code sender}, as authenticated, sent. */
  public Taken take(Indicator indicator, StixId sender, Instant now) {
    if (!indicator.author().equals(sender)) {
      return refused(Reason.FOREIGN_AUTHOR, "it names another author");
    }
    StixId id = indicator.id();
    Entry known = entries.get(id);
    if (known != null && !known.indicator().author().equals(sender)) {
      return refused(Reason.FOREIGN_AUTHOR, "another author has an indicator of this id");
    }
    if (indicator.version().revoked()) {
      entries.remove(id);
      if (revoked.size() < limits.all()) {
        revoked.add(new Origin(sender, id));
      }
      return new Taken.Revoked();
    }
    boolean stale =
        known != null
            && !indicator.version().modified().isAfter(known.indicator().version().modified());
    if (stale || revoked.contains(new Origin(sender, id))) {
      return refused(Reason.STALE, "a newer version, or a revocation, is known");
    }
    if (!indicator.validity().at(now)) {
      return refused(Reason.NOT_VALID, "it is not valid now");
    }
    Signature signature;
    try {
      signature = SignatureIndicator.signature(indicator);
    } catch (MalformedException e) {
      return refused(Reason.MALFORMED, String.valueOf(e.getMessage()));
    }
    Optional<Taken> unfit = unfit(signature, sender, known != null);
    if (unfit.isPresent()) {
      return unfit.get();
    }
    entries.put(id, new Entry(indicator, signature, Standing.SHADOW, List.of()));
    return new Taken.Shadow(signature);
  }

  private Optional<Taken> unfit(Signature signature, StixId sender, boolean replaces) {
    int events = signature.steps().size() - signature.transactions();
    boolean moves = signature.steps().stream().anyMatch(s -> s.kind() == EventKind.TRANSFER);
    if (events < MIN_EVENTS || !moves) {
      return Optional.of(
          refused(Reason.TOO_PLAIN, "a signature of others has a transfer and another event"));
    }
    long own = entries.values().stream().filter(e -> e.indicator().author().equals(sender)).count();
    if (!replaces && (entries.size() >= limits.all() || own >= limits.perAuthor())) {
      return Optional.of(refused(Reason.NO_ROOM, "no more signatures of this author are kept"));
    }
    SignatureSet one = new SignatureSet(List.of(withoutCode(signature)), budget);
    for (Course course : benign) {
      SignatureSet.Answer answer = one.match(course);
      if (!answer.hits().isEmpty()) {
        return Optional.of(
            refused(Reason.FIRES_ON_HARMLESS, "it matches a transaction of the own history"));
      }
      if (!answer.unjudged().isEmpty()) {
        return Optional.of(refused(Reason.TOO_COSTLY, answer.unjudged().getFirst().reason()));
      }
    }
    return Optional.empty();
  }

  /** What it says apart from whose code it is about: that alone has to be silent. */
  private static Signature withoutCode(Signature signature) {
    List<Role> roles =
        signature.roles().stream()
            .map(r -> new Role(r.name(), r.traits(), Optional.empty()))
            .toList();
    return new Signature(signature.name(), roles, signature.steps(), signature.relations());
  }

  private static Taken refused(Reason reason, String why) {
    return new Taken.Refused(reason, why);
  }

  /** Has matches of one count as sightings from now on: the owner's word. False if it is gone. */
  public boolean promote(StixId id) {
    Entry known = entries.get(id);
    if (known == null) {
      return false;
    }
    entries.put(
        id, new Entry(known.indicator(), known.signature(), Standing.PROMOTED, known.matches()));
    return true;
  }

  /** Looks for all that are valid now; matches are remembered with their signatures. */
  public Seen look(Course course, Instant now) {
    Set<Signature> shadow = new LinkedHashSet<>();
    Set<Signature> promoted = new LinkedHashSet<>();
    for (Entry entry : entries.values()) {
      if (entry.indicator().validity().at(now)) {
        (entry.standing() == Standing.PROMOTED ? promoted : shadow).add(entry.signature());
      }
    }
    List<SignatureSet.Hit> sightings = hits(promoted, course);
    List<SignatureSet.Hit> others = new ArrayList<>(hits(shadow, course));
    others.removeIf(h -> promoted.contains(h.signature()));
    remember(sightings);
    remember(others);
    return new Seen(others, sightings);
  }

  private List<SignatureSet.Hit> hits(Set<Signature> signatures, Course course) {
    return new SignatureSet(List.copyOf(signatures), budget).match(course).hits();
  }

  private void remember(List<SignatureSet.Hit> hits) {
    for (SignatureSet.Hit hit : hits) {
      entries.replaceAll(
          (_, entry) -> {
            if (!entry.signature().equals(hit.signature())) {
              return entry;
            }
            List<SignatureSet.Hit> all = new ArrayList<>(entry.matches());
            all.add(hit);
            List<SignatureSet.Hit> last =
                all.subList(Math.max(0, all.size() - limits.matches()), all.size());
            return new Entry(entry.indicator(), entry.signature(), entry.standing(), last);
          });
    }
  }

  /** All that are kept, oldest first. */
  public List<Entry> entries() {
    return List.copyOf(entries.values());
  }
}
