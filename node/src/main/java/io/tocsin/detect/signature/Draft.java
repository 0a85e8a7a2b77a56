package io.tocsin.detect.signature;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A signature in the making: which events of a course it keeps, of which calls it says what they
 * are for, what it asks of whom, and how numbers compare. Immutable.
 *
 * @param frame events kept in their order and in each other, by their places in the course
 * @param loose events that may come at any time
 * @param marks what is kept of single events, or left open
 * @param traits by party
 * @param moved the factor by which the price of a party moves at least
 * @param more pairs of events, of which the first moves more than the second
 */
record Draft(
    SortedSet<Integer> frame,
    SortedSet<Integer> loose,
    Map<Integer, Set<Mark>> marks,
    Map<Integer, Set<Trait>> traits,
    Map<Integer, Double> moved,
    List<List<Integer>> more) {

  /** What is kept of a single event, or left open. */
  enum Mark {
    /** What the call is for. */
    ACTION,
    /** Whoever does it. */
    ANY_FROM,
    /** Whomever it is done to. */
    ANY_TO
  }

  /** The draft with one event alone. */
  static Draft of(int event) {
    return new Draft(
        new TreeSet<>(), new TreeSet<>(List.of(event)), Map.of(), Map.of(), Map.of(), List.of());
  }

  /** With events in their order. */
  Draft framed(List<Integer> events) {
    SortedSet<Integer> all = new TreeSet<>(frame);
    all.addAll(events);
    SortedSet<Integer> rest = new TreeSet<>(loose);
    rest.removeAll(all);
    return new Draft(all, rest, marks, traits, moved, more);
  }

  /** With events that may come at any time. */
  Draft with(List<Integer> events) {
    SortedSet<Integer> all = new TreeSet<>(loose);
    for (int event : events) {
      if (!frame.contains(event)) {
        all.add(event);
      }
    }
    return new Draft(frame, all, marks, traits, moved, more);
  }

  Draft withAction(int event) {
    return with(List.of(event)).mark(event, Mark.ACTION);
  }

  Draft mark(int event, Mark mark) {
    Map<Integer, Set<Mark>> all = new LinkedHashMap<>(marks);
    Set<Mark> some = new TreeSet<>(all.getOrDefault(event, Set.of()));
    some.add(mark);
    all.put(event, some);
    return new Draft(frame, loose, all, traits, moved, more);
  }

  boolean marked(int event, Mark mark) {
    return marks.getOrDefault(event, Set.of()).contains(mark);
  }

  Draft with(int party, Trait trait) {
    Map<Integer, Set<Trait>> all = new LinkedHashMap<>(traits);
    Set<Trait> some = new TreeSet<>(all.getOrDefault(party, Set.of()));
    some.add(trait);
    all.put(party, some);
    return new Draft(frame, loose, marks, all, moved, more);
  }

  Draft withMoved(int price, int party, double factor) {
    Map<Integer, Double> all = new LinkedHashMap<>(moved);
    all.put(party, factor);
    return new Draft(frame, with(List.of(price)).loose, marks, traits, all, more);
  }

  Draft withMore(int larger, int smaller) {
    List<List<Integer>> all = new ArrayList<>(more);
    all.add(List.of(larger, smaller));
    SortedSet<Integer> both = with(List.of(larger, smaller)).loose;
    return new Draft(frame, both, marks, traits, moved, all);
  }

  /** The same without asking who lost anything. */
  Draft blind() {
    Map<Integer, Set<Trait>> all = new LinkedHashMap<>();
    traits.forEach(
        (party, asked) -> {
          Set<Trait> kept = new TreeSet<>(asked);
          kept.removeAll(Set.of(Trait.LOSER, Trait.VICTIM));
          all.put(party, kept);
        });
    return new Draft(frame, loose, marks, all, moved, more);
  }

  /** How much it asks for. */
  int size() {
    return events().size() + marks.size() + moved.size() + more.size() + traits.size();
  }

  SortedSet<Integer> events() {
    SortedSet<Integer> all = new TreeSet<>(frame);
    all.addAll(loose);
    return all;
  }

  /** The signature, with roles in place of accounts. */
  Signature build(Course course, String name) {
    return new Builder(course).build(name);
  }

  /** Owned by one {@link #build}. */
  private final class Builder {
    private final Course course;
    private final Map<Integer, Integer> uses = new HashMap<>();
    private final Map<Integer, Integer> numbers = new LinkedHashMap<>();
    private final List<Role> roles = new ArrayList<>();
    private final Map<Integer, Integer> steps = new HashMap<>();
    private final List<Step> all = new ArrayList<>();

    Builder(Course course) {
      this.course = course;
    }

    Signature build(String name) {
      for (int event : events()) {
        Course.Event e = course.event(event);
        if (!marked(event, Mark.ANY_FROM)) {
          uses.merge(e.from(), 1, Integer::sum);
        }
        if (!marked(event, Mark.ANY_TO)) {
          uses.merge(e.to(), 1, Integer::sum);
        }
        uses.merge(e.asset(), 1, Integer::sum);
      }
      for (int i = 0; i < course.size(); i = course.end(i)) {
        SortedSet<Integer> within = events().subSet(i, course.end(i));
        if (!within.isEmpty()) {
          steps.put(i, all.size());
          all.add(Step.transaction());
          for (int event : frame.subSet(i, course.end(i))) {
            add(event, i, false);
          }
          for (int event : loose.subSet(i, course.end(i))) {
            add(event, i, true);
          }
        }
      }
      return new Signature(name, roles, all, relations());
    }

    private List<Relation> relations() {
      List<Relation> relations = new ArrayList<>();
      moved.forEach(
          (party, factor) ->
              relations.add(
                  new Relation(
                      new Term.Moved(role(party)),
                      Relation.Comparison.AT_LEAST,
                      new Term.Constant(factor))));
      for (List<Integer> pair : more) {
        relations.add(
            new Relation(
                new Term.Amount(step(pair.getFirst())),
                Relation.Comparison.MORE,
                new Term.Amount(step(pair.getLast()))));
      }
      return relations;
    }

    private int step(int event) {
      Integer step = steps.get(event);
      if (step == null) {
        throw new IllegalStateException("event " + event + " is not kept");
      }
      return step;
    }

    private void add(int event, int transaction, boolean anywhere) {
      Course.Event e = course.event(event);
      int parent = transaction;
      boolean block = false;
      if (!anywhere) {
        for (int other : frame) {
          boolean nests = other < event && course.end(other) > event;
          parent = nests && course.event(other).kind().nests() ? other : parent;
          block |= other > event && other < course.end(event);
        }
      }
      boolean transfer = e.kind() == EventKind.TRANSFER;
      Step.Parties parties =
          new Step.Parties(
              (e.kind().nests() || transfer) && !marked(event, Mark.ANY_FROM)
                  ? party(e.from())
                  : Party.ANYONE,
              marked(event, Mark.ANY_TO) ? Party.ANYONE : party(e.to()),
              transfer && e.asset() != Course.SENDER ? party(e.asset()) : Party.ANYONE);
      Optional<Action> action =
          marked(event, Mark.ACTION) ? Optional.ofNullable(e.action()) : Optional.empty();
      steps.put(event, all.size());
      all.add(
          new Step(
              e.kind(),
              step(parent),
              parties,
              action,
              Optional.empty(),
              new Step.Form(block, anywhere)));
    }

    /** Whoever is named but once, and of whom nothing is asked, may be anyone. */
    private Party party(int id) {
      boolean once =
          uses.getOrDefault(id, 0) < 2
              && traits.getOrDefault(id, Set.of()).isEmpty()
              && !moved.containsKey(id);
      return switch (id) {
        case Course.NOBODY -> Party.NOBODY;
        case Course.SENDER -> Party.SENDER;
        case Course.NATIVE -> once ? Party.ANYONE : Party.NATIVE;
        default -> once ? Party.ANYONE : new Party.Player(role(id));
      };
    }

    private int role(int id) {
      Integer known = numbers.get(id);
      if (known != null) {
        return known;
      }
      Set<Trait> asked = new TreeSet<>(traits.getOrDefault(id, Set.of()));
      if (asked.isEmpty()) {
        asked.add(Trait.ACCOUNT);
      }
      String letter = asked.iterator().next().name().substring(0, 1);
      long same = roles.stream().filter(r -> r.name().startsWith(letter)).count();
      roles.add(new Role(letter + (same + 1), asked, Optional.empty()));
      numbers.put(id, roles.size() - 1);
      return roles.size() - 1;
    }
  }
}
