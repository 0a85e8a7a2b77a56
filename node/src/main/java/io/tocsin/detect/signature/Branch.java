package io.tocsin.detect.signature;

import io.tocsin.base.Hash32;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One step in the tree of all signatures of a set: those that begin alike share their branches. Its
 * depth is the number of the step.
 */
final class Branch {
  /**
   * What makes a step the same in two signatures: roles are numbered in the order in which they
   * appear.
   *
   * @param step with roles as numbered here
   * @param before the step before it in the same block; -1 if it is the first
   * @param codes the code that those of its roles have to run which appear first here
   * @param relations which can be judged from here on
   * @param waiting earlier steps whose amounts are needed here or later
   */
  record Key(
      Step step,
      int before,
      Map<Integer, Hash32> codes,
      Shape shape,
      List<Relation> relations,
      Set<Integer> waiting) {
    static final Key ROOT =
        new Key(
            Step.transaction(),
            -1,
            Map.of(),
            new Shape(EventKind.TRANSACTION, 0, null),
            List.of(),
            Set.of());
  }

  private final int id;
  private final int depth;
  private final Key key;
  private final int shape;
  private final Map<Key, Branch> byKey = new LinkedHashMap<>();
  private final List<Integer> ends = new ArrayList<>();
  private final @Nullable Branch above;
  private final int[] open;
  private final int[] waiting;
  private final int[] players;
  private final boolean ended;
  private List<Branch> children = List.of();

  Branch(int id, int depth, Key key, int shape, @Nullable Branch above) {
    this.id = id;
    this.depth = depth;
    this.key = key;
    this.shape = shape;
    this.above = above;
    List<Integer> within = new ArrayList<>();
    for (int p = key.step().parent(); p >= 0; p = at(p).key.step().parent()) {
      within.add(p);
    }
    this.open = within.stream().mapToInt(i -> i).toArray();
    this.waiting = key.waiting().stream().mapToInt(i -> i).filter(w -> w < depth).toArray();
    Step.Parties p = key.step().parties();
    this.players = new int[] {role(p.from()), role(p.to()), role(p.asset())};
    this.ended = key.before() >= 0 && at(key.before()).key.step().form().block();
  }

  private static int role(Party party) {
    return party instanceof Party.Player(int role) ? role : -1;
  }

  /** The branch of an earlier step. */
  private Branch at(int step) {
    Branch at = this;
    while (at.depth != step && at.above != null) {
      at = at.above;
    }
    return at;
  }

  /** The steps within which this one happens, the nearest first. */
  int[] open() {
    return open;
  }

  /** Earlier steps whose amounts are needed here or later. */
  int[] waiting() {
    return waiting;
  }

  /** The roles of its parties and its asset; -1 where it has none. */
  int[] players() {
    return players;
  }

  /** Whether the step before it in the same block has to have ended. */
  boolean ended() {
    return ended;
  }

  Branch child(Key next, Supplier<Branch> made) {
    return byKey.computeIfAbsent(next, _ -> made.get());
  }

  /** Fixes the children of this branch and of all above it. */
  void weigh() {
    children = List.copyOf(byKey.values());
    children.forEach(Branch::weigh);
  }

  int id() {
    return id;
  }

  int depth() {
    return depth;
  }

  Key key() {
    return key;
  }

  /** The number of its shape. */
  int shape() {
    return shape;
  }

  List<Branch> children() {
    return children;
  }

  /** The signatures that are complete here. */
  List<Integer> ends() {
    return ends;
  }

  @Nullable Branch above() {
    return above;
  }

  /** The branches of a signature from the first step on. */
  static List<Key> keys(Signature signature) {
    Map<Integer, Integer> numbers = new HashMap<>();
    List<Key> keys = new ArrayList<>();
    List<Relation> open = new ArrayList<>(signature.relations());
    Map<Integer, Integer> last = new HashMap<>();
    for (int i = 0; i < signature.steps().size(); i++) {
      Step step = signature.steps().get(i);
      Map<Integer, Hash32> codes = new LinkedHashMap<>();
      Step.Parties p = step.parties();
      Step.Parties same =
          new Step.Parties(
              number(p.from(), signature, numbers, codes),
              number(p.to(), signature, numbers, codes),
              number(p.asset(), signature, numbers, codes));
      List<Relation> now = new ArrayList<>();
      int here = i;
      open.removeIf(
          r -> {
            boolean ready =
                r.steps().stream().allMatch(s -> s <= here)
                    && r.roles().stream().allMatch(numbers::containsKey);
            if (ready) {
              now.add(
                  new Relation(term(r.left(), numbers), r.comparison(), term(r.right(), numbers)));
            }
            return ready;
          });
      Set<Integer> waiting = new TreeSet<>();
      for (Relation relation : open) {
        relation.steps().stream().filter(s -> s <= here).forEach(waiting::add);
      }
      now.forEach(r -> r.steps().stream().filter(s -> s < here).forEach(waiting::add));
      Integer before = step.form().anywhere() ? Integer.valueOf(-1) : last.put(step.parent(), i);
      keys.add(
          new Key(
              new Step(step.kind(), step.parent(), same, step.action(), step.slot(), step.form()),
              before == null ? -1 : before,
              codes,
              Shape.of(step, signature.roles()),
              List.copyOf(now),
              new LinkedHashSet<>(waiting)));
    }
    return keys;
  }

  /** The roles of a signature in the order in which they appear in its steps. */
  static List<Integer> roles(Signature signature) {
    Set<Integer> order = new LinkedHashSet<>();
    for (Step step : signature.steps()) {
      Step.Parties p = step.parties();
      for (Party party : List.of(p.from(), p.to(), p.asset())) {
        if (party instanceof Party.Player(int role)) {
          order.add(role);
        }
      }
    }
    return List.copyOf(order);
  }

  private static Party number(
      Party party, Signature signature, Map<Integer, Integer> numbers, Map<Integer, Hash32> codes) {
    if (!(party instanceof Party.Player(int role))) {
      return party;
    }
    Integer known = numbers.get(role);
    if (known == null) {
      known = numbers.size();
      numbers.put(role, known);
      int number = known;
      signature.roles().get(role).code().ifPresent(code -> codes.put(number, code));
    }
    return new Party.Player(known);
  }

  private static Term term(Term term, Map<Integer, Integer> numbers) {
    return switch (term) {
      case Term.Constant c -> c;
      case Term.Amount a -> a;
      case Term.Moved(int role) -> new Term.Moved(number(role, numbers));
      case Term.Gain(Party asset) -> new Term.Gain(asset(asset, numbers));
      case Term.Lost(int role, Party asset) ->
          new Term.Lost(number(role, numbers), asset(asset, numbers));
      case Term.Combined(Term.Operator operator, Term left, Term right) ->
          new Term.Combined(operator, term(left, numbers), term(right, numbers));
    };
  }

  private static int number(int role, Map<Integer, Integer> numbers) {
    Integer number = numbers.get(role);
    if (number == null) {
      throw new IllegalStateException("role " + role + " is not played yet");
    }
    return number;
  }

  private static Party asset(Party asset, Map<Integer, Integer> numbers) {
    return asset instanceof Party.Player(int role)
        ? new Party.Player(number(role, numbers))
        : asset;
  }
}
