package io.tocsin.detect.signature;

import io.tocsin.base.Address;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes signatures from the course of an attack, one for each way in which it stands out: from the
 * payment that did the harm and that way, with as many further details as it takes until harmless
 * transactions do not match, and no more. With several attacks it keeps only what all of them show.
 *
 * <p>A signature is silent when no harmless transaction matches or cannot be judged, and at most
 * one in 1,000 does when it is not asked who lost anything: what happens has to be rare by itself.
 */
public final class Derivation {
  private static final int MAX_DETAILS = 12;
  private static final int MAX_PAYMENTS = 4;
  private static final int MAX_WAYS = 64;
  private static final int RARE = 1_000;

  /** What came of it. */
  public sealed interface Derived {
    /** Signatures that match the attacks and are silent, the plainest first. */
    record Ready(List<Signature> signatures) implements Derived {
      public Ready {
        signatures = List.copyOf(signatures);
      }
    }

    /** No such signature was found. */
    record Refused(String reason) implements Derived {}
  }

  /** A draft and how many harmless transactions it matches, and would without asking for losses. */
  private record Rated(Draft draft, Signature signature, int fires, int blind) {}

  private final List<Course> benign;
  private final SignatureSet.Budget budget;
  private final int most;

  /**
   * @param benign harmless transactions
   * @param most at most this many signatures of one attack
   */
  public Derivation(List<Course> benign, SignatureSet.Budget budget, int most) {
    this.benign = List.copyOf(benign);
    this.budget = budget;
    this.most = most;
  }

  /**
   * The signatures of the first attack, or of what all of them have in common.
   *
   * @param subjects who is known to have been robbed in the first; may be none
   */
  public Derived derive(List<Course> attacks, Set<Address> subjects) {
    Course first = attacks.getFirst();
    if (first.tooLarge()) {
      return new Derived.Refused("it has more than " + Course.MAX_EVENTS + " events");
    }
    Mechanisms mechanisms = new Mechanisms(first);
    List<Integer> payments = mechanisms.payments(robbed(first, subjects));
    if (payments.isEmpty()) {
      return new Derived.Refused("nobody is seen to lose or get anything in it");
    }
    for (int payment : payments.subList(0, Math.min(MAX_PAYMENTS, payments.size()))) {
      List<Signature> made = around(mechanisms, payment, attacks);
      if (!made.isEmpty()) {
        return new Derived.Ready(made);
      }
    }
    return new Derived.Refused(
        attacks.size() > 1
            ? "nothing that all of them have in common tells them from harmless transactions"
            : "nothing in it tells it from harmless transactions");
  }

  private static Set<Integer> robbed(Course course, Set<Address> subjects) {
    Set<Integer> all = new HashSet<>();
    for (int i = 0; i < course.size(); i++) {
      int from = course.event(i).from();
      if (from >= Course.ACCOUNTS && subjects.contains(course.address(from))) {
        all.add(from);
      }
    }
    return all;
  }

  private List<Signature> around(Mechanisms mechanisms, int payment, List<Course> attacks) {
    Draft core = mechanisms.core(payment);
    List<Rated> ways = rate(mechanisms.ways(core, payment), attacks);
    if (ways.isEmpty()) {
      ways = rate(List.of(core), attacks);
    }
    List<Rated> made = new ArrayList<>();
    for (Rated way : ways) {
      finish(mechanisms, payment, way, attacks)
          .filter(s -> made.stream().noneMatch(m -> m.signature().equals(s.signature())))
          .ifPresent(made::add);
      if (made.size() >= 2 * most) {
        break;
      }
    }
    made.sort(Comparator.comparingInt(r -> r.draft().size()));
    return made.stream().limit(most).map(r -> named(r.signature())).toList();
  }

  private static Signature named(Signature signature) {
    String name = "s-" + signature.id().toString().substring(2, 14);
    return new Signature(name, signature.roles(), signature.steps(), signature.relations());
  }

  private Optional<Rated> finish(
      Mechanisms mechanisms, int payment, Rated way, List<Course> attacks) {
    Rated now = way;
    for (int i = 0; i < MAX_DETAILS && !silent(now); i++) {
      Optional<Rated> next =
          rate(mechanisms.details(now.draft(), payment), attacks).stream().findFirst();
      if (next.isEmpty() || BY_FIRES.compare(next.get(), now) >= 0) {
        return Optional.empty();
      }
      now = next.get();
    }
    return Optional.of(now).filter(this::silent);
  }

  private boolean silent(Rated rated) {
    return rated.fires() == 0 && rated.blind() * RARE <= benign.size();
  }

  private static final Comparator<Rated> BY_FIRES =
      Comparator.comparingInt(Rated::fires).thenComparingInt(Rated::blind);

  /** Those drafts that match all attacks, those that match the fewest harmless ones first. */
  private List<Rated> rate(List<Draft> drafts, List<Course> attacks) {
    Course first = attacks.getFirst();
    List<Draft> fitting = new ArrayList<>();
    List<Signature> seeing = new ArrayList<>();
    List<Signature> blind = new ArrayList<>();
    for (Draft draft : drafts) {
      Signature signature = draft.build(first, "draft");
      if (fitting.size() < MAX_WAYS
          && !seeing.contains(signature)
          && matchesAll(signature, attacks)) {
        fitting.add(draft);
        seeing.add(signature);
        blind.add(draft.blind().build(first, "draft"));
      }
    }
    int[] fires = fires(seeing);
    int[] blindFires = fires(blind);
    List<Rated> all = new ArrayList<>();
    for (int i = 0; i < fires.length; i++) {
      all.add(new Rated(fitting.get(i), seeing.get(i), fires[i], blindFires[i]));
    }
    all.sort(BY_FIRES);
    return all;
  }

  /** How many harmless transactions match each, or cannot be judged. */
  private int[] fires(List<Signature> signatures) {
    int[] fires = new int[signatures.size()];
    if (signatures.isEmpty()) {
      return fires;
    }
    List<Signature> numbered = new ArrayList<>();
    for (int i = 0; i < fires.length; i++) {
      Signature s = signatures.get(i);
      numbered.add(new Signature("" + i, s.roles(), s.steps(), s.relations()));
    }
    SignatureSet set = new SignatureSet(numbered, budget);
    for (Course course : benign) {
      SignatureSet.Answer answer = set.match(course);
      answer.hits().forEach(h -> fires[Integer.parseInt(h.signature().name())]++);
      answer.unjudged().forEach(u -> fires[Integer.parseInt(u.signature().name())]++);
    }
    return fires;
  }

  private boolean matchesAll(Signature signature, List<Course> attacks) {
    SignatureSet one = new SignatureSet(List.of(signature), budget);
    return attacks.stream().noneMatch(a -> one.match(a).hits().isEmpty());
  }
}
