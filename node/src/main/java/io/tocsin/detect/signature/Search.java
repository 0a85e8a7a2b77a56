package io.tocsin.detect.signature;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.chain.CodeFingerprint;
import io.tocsin.detect.signature.SignatureSet.Hit;
import io.tocsin.detect.signature.SignatureSet.Place;
import io.tocsin.detect.signature.SignatureSet.Unjudged;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One search for all signatures of a set in one course. It goes down the tree of signatures and
 * tries the events that fit each step, from the first on; where it has been in the same situation
 * before it does not go again. Used once, by one thread.
 */
final class Search {
  private final SignatureSet set;
  private final Course course;
  private final Candidates candidates;
  private final Map<Integer, Live> live = new HashMap<>();
  private final @Nullable Hit[] hits;
  private final boolean[] asked;
  private final int[] at = new int[Signature.MAX_STEPS];
  private final int[] players = new int[Signature.MAX_ROLES];
  private final LongSet seen = new LongSet();
  private int bound;
  private long tried;

  /** A branch that leads to a signature which is looked for. */
  private static final class Live {
    private final Branch branch;
    private final @Nullable Live above;
    private final List<Live> children = new ArrayList<>();
    private int open;
    private int spent;
    private boolean doubtful;

    Live(Branch branch, @Nullable Live above) {
      this.branch = branch;
      this.above = above;
    }
  }

  Search(SignatureSet set, Course course) {
    this.set = set;
    this.course = course;
    this.candidates = new Candidates(set, course);
    this.hits = new Hit[set.signatures().size()];
    this.asked = new boolean[set.signatures().size()];
  }

  SignatureSet.Answer answer() {
    List<Unjudged> unjudged = new ArrayList<>();
    if (course.tooLarge()) {
      for (Signature signature : set.signatures()) {
        unjudged.add(new Unjudged(signature, "more than " + Course.MAX_EVENTS + " events"));
      }
      return new SignatureSet.Answer(List.of(), unjudged, 0);
    }
    for (int signature : candidates.possible()) {
      if (set.signatures().get(signature).needsWrites() && !course.writesKnown()) {
        unjudged.add(
            new Unjudged(set.signatures().get(signature), "no difference of the state is given"));
      } else {
        asked[signature] = true;
        count(live(set.leaf(signature)), 1);
      }
    }
    down(live(set.root()));
    List<Hit> found = new ArrayList<>();
    for (int i = 0; i < hits.length; i++) {
      Hit hit = hits[i];
      if (hit != null) {
        found.add(hit);
      } else if (asked[i]) {
        int signature = i;
        doubt(live(set.leaf(i)))
            .ifPresent(why -> unjudged.add(new Unjudged(set.signatures().get(signature), why)));
      }
    }
    return new SignatureSet.Answer(found, unjudged, tried);
  }

  private Live live(Branch branch) {
    Live known = live.get(branch.id());
    if (known != null) {
      return known;
    }
    Branch above = branch.above();
    Live parent = above == null ? null : live(above);
    Live made = new Live(branch, parent);
    if (parent != null) {
      parent.children.add(made);
    }
    live.put(branch.id(), made);
    return made;
  }

  private static void count(Live leaf, int change) {
    for (Live at = leaf; at != null; at = at.above) {
      at.open += change;
    }
  }

  private Optional<String> doubt(Live leaf) {
    if (tried >= set.budget().total()) {
      return Optional.of("more than " + set.budget().total() + " events tried for all signatures");
    }
    for (Live at = leaf; at != null; at = at.above) {
      if (at.spent > set.budget().steps()) {
        return Optional.of("more than " + set.budget().steps() + " events tried for one step");
      }
      if (at.doubtful) {
        return Optional.of("the code of an account that could play a role is not known");
      }
    }
    return Optional.empty();
  }

  private void down(Live above) {
    for (Live next : above.children) {
      if (next.open > 0 && next.spent <= set.budget().steps()) {
        step(next);
      }
    }
  }

  private void step(Live now) {
    Branch branch = now.branch;
    Branch.Key key = branch.key();
    int parent = key.step().parent();
    int high = parent < 0 ? course.size() : course.end(at[parent]);
    int low = low(branch);
    if (low >= high || !seen.add(situation(branch, low))) {
      return;
    }
    int[] fitting = candidates.of(branch.shape());
    int from = Arrays.binarySearch(fitting, low);
    for (int i = from < 0 ? -from - 1 : from; i < fitting.length && fitting[i] < high; i++) {
      if (tried >= set.budget().total() || ++now.spent > set.budget().steps()) {
        return;
      }
      tried++;
      int before = bound;
      at[branch.depth()] = fitting[i];
      if (plays(now, course.event(fitting[i])) && holds(key)) {
        for (int signature : branch.ends()) {
          hit(signature, branch.depth());
        }
        down(now);
      }
      bound = before;
      if (now.open == 0) {
        return;
      }
    }
  }

  private int low(Branch branch) {
    int parent = branch.key().step().parent();
    int before = branch.key().before();
    if (before < 0) {
      return parent < 0 ? 0 : at[parent] + 1;
    }
    return branch.ended() ? course.end(at[before]) : at[before] + 1;
  }

  /** All that what follows depends on: where the open events end, who plays, which amounts. */
  private long situation(Branch branch, int low) {
    long hash = LongSet.mix((long) branch.id() << 32 | low);
    for (int step : branch.open()) {
      hash = LongSet.mix(hash * 31 + at[step]);
    }
    for (int i = 0; i < bound; i++) {
      hash = LongSet.mix(hash * 37 + players[i]);
    }
    for (int step : branch.waiting()) {
      hash = LongSet.mix(hash * 41 + at[step]);
    }
    return hash;
  }

  private boolean plays(Live now, Course.Event event) {
    Branch branch = now.branch;
    int[] roles = branch.players();
    Optional<Hash32> slot = branch.key().step().slot();
    return plays(now, roles[0], event.from())
        && plays(now, roles[1], event.to())
        && plays(now, roles[2], event.asset())
        && (slot.isEmpty() || slot.get().equals(event.place().slot()));
  }

  private boolean plays(Live now, int role, int account) {
    if (role < 0) {
      return true;
    }
    if (role < bound) {
      return players[role] == account;
    }
    Hash32 code = now.branch.key().codes().get(role);
    if (account < Course.ACCOUNTS || (code != null && !runs(now, account, code))) {
      return false;
    }
    players[bound++] = account;
    return true;
  }

  private boolean runs(Live now, int account, Hash32 code) {
    Optional<CodeFingerprint> known = course.code(account);
    if (known.isEmpty()) {
      now.doubtful = true;
    }
    return known.filter(c -> c.ubiquitous().isEmpty() && c.normalised().equals(code)).isPresent();
  }

  private boolean holds(Branch.Key key) {
    for (Relation relation : key.relations()) {
      if (!relation.comparison().holds(value(relation.left()), value(relation.right()))) {
        return false;
      }
    }
    return true;
  }

  private double value(Term term) {
    return switch (term) {
      case Term.Constant(double value) -> value;
      case Term.Amount(int step) -> course.event(at[step]).place().amount();
      case Term.Moved(int role) -> course.moved(players[role]);
      case Term.Gain(Party asset) -> course.gained(asset(asset));
      case Term.Lost(int role, Party asset) -> course.lost(players[role], asset(asset));
      case Term.Combined(Term.Operator operator, Term left, Term right) ->
          operator.of(value(left), value(right));
    };
  }

  private int asset(Party asset) {
    return asset instanceof Party.Player(int role) ? players[role] : Course.NATIVE;
  }

  private void hit(int signature, int depth) {
    if (!asked[signature] || hits[signature] != null) {
      return;
    }
    Signature found = set.signatures().get(signature);
    List<Place> places = new ArrayList<>();
    for (int i = 0; i <= depth; i++) {
      Course.Place place = course.event(at[i]).place();
      places.add(new Place(place.part(), place.frame()));
    }
    Map<String, Address> names = new LinkedHashMap<>();
    List<Integer> order = Branch.roles(found);
    for (int i = 0; i < order.size(); i++) {
      names.put(found.roles().get(order.get(i)).name(), course.address(players[i]));
    }
    hits[signature] = new Hit(found, places, names);
    count(live(set.leaf(signature)), -1);
  }
}
