package io.tocsin.detect.signature;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What could be part of an attack: finds the payments that matter in a course, the ways in which
 * they stand out, and single details. Owned by one derivation.
 */
final class Mechanisms {
  private static final double NOTABLE = 1.5;
  private static final int MANY = 5;
  private static final int MAX_DETAILS = 96;
  private static final Set<Action> TELLING =
      Set.of(Action.SKIM, Action.SYNC, Action.INITIALIZE, Action.UPGRADE, Action.OWN, Action.VOTE);

  /** What an account may be in any harmless transaction too. */
  private static final Set<Trait> ORDINARY = Set.of(Trait.ACCOUNT, Trait.LENDER);

  private final Course course;
  private final int[] above;

  Mechanisms(Course course) {
    this.course = course;
    this.above = new int[course.size()];
    for (int i = 0; i < above.length; i++) {
      int at = i - 1;
      while (at >= 0 && course.end(at) <= i) {
        at = above[at];
      }
      above[i] = at;
    }
  }

  /**
   * The largest payment of each asset by each account that lost it, those of victims first; where
   * nobody lost anything, what the sender's side got.
   */
  List<Integer> payments(Set<Integer> subjects) {
    Map<List<Integer>, Integer> largest = new LinkedHashMap<>();
    for (int i = 0; i < course.size(); i++) {
      Course.Event e = course.event(i);
      if (e.kind() == EventKind.TRANSFER
          && is(e.from(), Trait.LOSER)
          && e.to() != Course.NOBODY
          && course.lost(e.from(), e.asset()) > 0) {
        largest.merge(List.of(e.from(), e.asset()), i, this::larger);
      }
    }
    if (largest.isEmpty()) {
      for (int i = 0; i < course.size(); i++) {
        Course.Event e = course.event(i);
        boolean got = e.kind() == EventKind.TRANSFER && e.to() == Course.SENDER;
        if (got && e.asset() != Course.SENDER && course.gained(e.asset()) > 0) {
          largest.merge(List.of(e.from(), e.asset()), i, this::larger);
        }
      }
    }
    List<Integer> all = new ArrayList<>(largest.values());
    all.sort(
        Comparator.comparingInt((Integer i) -> rank(course.event(i), subjects))
            .thenComparingInt(i -> i));
    return all;
  }

  private int larger(int a, int b) {
    return course.event(b).place().amount() > course.event(a).place().amount() ? b : a;
  }

  private int rank(Course.Event e, Set<Integer> subjects) {
    int rank = subjects.contains(e.from()) ? 0 : 8;
    rank += is(e.from(), Trait.VICTIM) ? 0 : 4;
    rank += course.gained(asset(e)) > 0 ? 0 : 2;
    return rank + (e.to() == Course.SENDER ? 0 : 1);
  }

  private static int asset(Course.Event e) {
    return e.asset() == Course.SENDER ? Course.NATIVE : e.asset();
  }

  private boolean is(int party, Trait trait) {
    return (course.mask(party) & trait.bit()) != 0;
  }

  /** The nearest call above by which the sender's side reached out; -1 if there is none. */
  private int operation(int event) {
    int at = above[event];
    while (at >= 0 && !(calls(at) && course.event(at).from() == Course.SENDER)) {
      at = above[at];
    }
    return at;
  }

  private boolean calls(int event) {
    return course.event(event).kind() == EventKind.CALL;
  }

  /** The draft with the payment alone. */
  Draft core(int payment) {
    int payer = course.event(payment).from();
    Draft draft = Draft.of(payment);
    if (course.event(payment).to() != Course.SENDER) {
      draft = draft.mark(payment, Draft.Mark.ANY_TO);
    }
    return is(payer, Trait.LOSER) ? draft.with(payer, Trait.LOSER) : draft;
  }

  /** What stands out, as whole ways of attack, each added to {@code core}. */
  List<Draft> ways(Draft core, int payment) {
    List<Draft> all = new ArrayList<>();
    deputy(core, payment, all);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < course.size(); i++) {
      Course.Event e = course.event(i);
      if (e.to() == Course.SENDER && e.from() != Course.SENDER && operation(i) >= 0) {
        believed(core, i, all, seen);
      }
      if (calls(i) && e.from() == Course.SENDER) {
        reentry(core, i, all, seen);
        if (e.action() != null && TELLING.contains(e.action())) {
          if (seen.add("action " + e.action() + e.to())) {
            all.add(core.withAction(i));
          }
        }
      }
      if (e.kind() == EventKind.PRICE
          && course.moved(e.to()) >= NOTABLE
          && seen.add("price " + e.to())) {
        all.add(core.withMoved(i, e.to(), threshold(course.moved(e.to()))));
      }
      if (e.kind() == EventKind.TRANSFER) {
        transfer(core, i, all, seen);
      }
    }
    repeated(core, all);
    return all;
  }

  /** Half of the way that a price went, on a logarithmic scale. */
  private static double threshold(double moved) {
    return Math.max(1.2, Math.round(100 * Math.sqrt(Math.min(moved, 1e6))) / 100.0);
  }

  /** Somebody who takes no part pays because a contract that the sender calls takes it. */
  private void deputy(Draft core, int payment, List<Draft> all) {
    int payer = course.event(payment).from();
    int call = above[payment];
    while (call >= 0 && !calls(call)) {
      call = above[call];
    }
    int operation = operation(payment);
    if (is(payer, Trait.BYSTANDER) && operation >= 0) {
      Draft draft = core.with(payer, Trait.BYSTANDER);
      all.add(
          call > operation && course.event(call).action() == Action.TRANSFER
              ? draft.framed(List.of(operation, call, payment)).withAction(call)
              : draft.framed(List.of(operation, payment)));
    }
  }

  /** A contract that the sender's side calls asks, calls or runs one of the sender's side. */
  private void believed(Draft core, int back, List<Draft> all, Set<String> seen) {
    Course.Event e = course.event(back);
    boolean asks =
        e.kind() == EventKind.CALL || e.kind() == EventKind.READ || e.kind() == EventKind.DELEGATE;
    boolean paid = back + 1 < course.size() && course.event(back + 1).kind() == EventKind.TRANSFER;
    if (asks && !paid && !is(e.from(), Trait.LENDER) && seen.add("back " + e.kind() + e.from())) {
      all.add(core.framed(List.of(operation(back), back)));
    }
  }

  /** A contract that is called again by the sender's side before it has finished. */
  private void reentry(Draft core, int inner, List<Draft> all, Set<String> seen) {
    Course.Event in = course.event(inner);
    int callback = -1;
    for (int at = above[inner]; at >= 0; at = above[at]) {
      Course.Event a = course.event(at);
      if (!calls(at)) {
        continue;
      }
      if (a.to() == Course.SENDER) {
        callback = callback < 0 ? at : callback;
      } else if (callback >= 0 && a.from() == Course.SENDER && a.to() == in.to()) {
        if (seen.add("reentry " + in.to() + " " + course.event(callback).from())) {
          all.add(core.framed(List.of(at, callback, inner)).mark(callback, Draft.Mark.ANY_FROM));
        }
        return;
      }
    }
  }

  /** Tokens made for the sender's side, and what a pool loses while another contract is called. */
  private void transfer(Draft core, int event, List<Draft> all, Set<String> seen) {
    Course.Event e = course.event(event);
    if (e.from() == Course.NOBODY && e.to() == Course.SENDER && seen.add("made " + e.asset())) {
      all.add(core.with(List.of(event)));
    }
    int operation = operation(event);
    boolean elsewhere = operation >= 0 && course.event(operation).to() != e.from();
    if (is(e.from(), Trait.POOL)
        && e.to() != Course.SENDER
        && elsewhere
        && !within(event, e.from())
        && seen.add("pool " + e.from() + e.asset())) {
      all.add(core.framed(List.of(operation, event)).with(e.from(), Trait.POOL));
    }
  }

  private boolean within(int event, int party) {
    for (int at = above[event]; at >= 0; at = above[at]) {
      if (calls(at) && course.event(at).to() == party) {
        return true;
      }
    }
    return false;
  }

  /** The same contract called again and again. */
  private void repeated(Draft core, List<Draft> all) {
    Map<List<Object>, List<Integer>> calls = new HashMap<>();
    for (int i = 0; i < course.size(); i++) {
      Course.Event e = course.event(i);
      if (calls(i) && e.from() == Course.SENDER && !is(e.to(), Trait.TOKEN)) {
        calls
            .computeIfAbsent(List.of(e.to(), String.valueOf(e.action())), _ -> new ArrayList<>())
            .add(i);
      }
    }
    calls.values().stream()
        .filter(c -> c.size() >= MANY)
        .sorted(Comparator.comparingInt(List::getFirst))
        .forEach(c -> all.add(core.framed(c.subList(0, MANY))));
  }

  /** Single details that make a draft more particular, the plainest first. */
  List<Draft> details(Draft draft, int payment) {
    List<Draft> all = new ArrayList<>();
    Set<Integer> parties = new TreeSet<>();
    for (int event : draft.events()) {
      Course.Event e = course.event(event);
      parties.addAll(List.of(e.from(), e.to(), e.asset()));
    }
    for (int party : parties) {
      for (Trait trait : course.traits(party)) {
        boolean asked = draft.traits().getOrDefault(party, Set.of()).contains(trait);
        if (party >= Course.ACCOUNTS && !ORDINARY.contains(trait) && !asked) {
          all.add(draft.with(party, trait));
        }
      }
    }
    for (int event : draft.events()) {
      if (course.event(event).action() != null && !draft.marked(event, Draft.Mark.ACTION)) {
        all.add(draft.withAction(event));
      }
    }
    returns(draft, payment, all);
    events(draft, payment, parties, all);
    return all;
  }

  /** What the sender's side put in of the same asset before, and got more of. */
  private void returns(Draft draft, int payment, List<Draft> all) {
    Course.Event paid = course.event(payment);
    for (int i = 0; i < payment; i++) {
      Course.Event e = course.event(i);
      if (e.kind() == EventKind.TRANSFER
          && e.from() == Course.SENDER
          && e.to() == paid.from()
          && e.asset() == paid.asset()
          && e.place().amount() < paid.place().amount()) {
        all.add(draft.withMore(payment, i));
        return;
      }
    }
  }

  private void events(Draft draft, int payment, Set<Integer> parties, List<Draft> all) {
    Set<String> seen = new HashSet<>();
    for (int distance = 1; distance < course.size() && all.size() < MAX_DETAILS; distance++) {
      for (int i : new int[] {payment - distance, payment + distance}) {
        if (i < 0 || i >= course.size() || draft.events().contains(i)) {
          continue;
        }
        Course.Event e = course.event(i);
        boolean known = parties.contains(e.from()) || parties.contains(e.to());
        boolean plain = e.kind() == EventKind.TRANSACTION || e.kind() == EventKind.READ;
        String what = e.kind() + " " + e.from() + " " + e.to() + " " + e.asset();
        if (known && !plain && seen.add(what)) {
          all.add(
              e.kind() == EventKind.PRICE && course.moved(e.to()) >= NOTABLE
                  ? draft.withMoved(i, e.to(), threshold(course.moved(e.to())))
                  : draft.with(List.of(i)));
        }
      }
    }
  }
}
