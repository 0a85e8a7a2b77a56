package io.tocsin.detect.signature;

import io.tocsin.base.Address;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Many signatures, to be matched at once: what they have in common from their beginning on is
 * looked for once, and a signature is not looked for at all unless there is an event for each of
 * its steps. Immutable and thread-safe.
 */
public final class SignatureSet {
  /**
   * What a search may cost.
   *
   * @param steps events tried for one step of one signature
   * @param total events tried in all
   */
  public record Budget(int steps, int total) {
    /** What ships. */
    public static final Budget DEFAULT = new Budget(20_000, 1_000_000);

    public Budget {
      if (steps <= 0 || total < steps) {
        throw new IllegalArgumentException("0 < steps <= total must hold");
      }
    }
  }

  /** One frame of the call tree of one transaction of a course. */
  public record Place(int transaction, int frame) {}

  /**
   * A signature that matches.
   *
   * @param places where the events of its steps are
   * @param players who plays its roles
   */
  public record Hit(Signature signature, List<Place> places, Map<String, Address> players) {
    public Hit {
      places = List.copyOf(places);
      players = Map.copyOf(players);
    }
  }

  /** A signature that could not be judged, which is never the same as no match. */
  public record Unjudged(Signature signature, String reason) {}

  /** What came of all signatures: those named nowhere do not match. */
  public record Answer(List<Hit> hits, List<Unjudged> unjudged, long tried) {
    public Answer {
      hits = List.copyOf(hits);
      unjudged = List.copyOf(unjudged);
    }
  }

  /**
   * Signatures that are asked for when there is an event of one shape, and the shapes that each of
   * them needs, one after the other.
   */
  static final class Group {
    final int[] signatures;

    /** Where the shapes of each signature end. */
    final int[] ends;

    final int[] shapes;

    Group(int[] signatures, int[] ends, int[] shapes) {
      this.signatures = signatures;
      this.ends = ends;
      this.shapes = shapes;
    }
  }

  private final List<Signature> signatures;
  private final List<Shape> shapes = new ArrayList<>();
  private final List<int[]> needs = new ArrayList<>();
  private final List<Group> groups = new ArrayList<>();
  private final Branch root = new Branch(0, -1, Branch.Key.ROOT, -1, null);
  private final List<Branch> leaves = new ArrayList<>();
  private final Budget budget;
  private int branches = 1;

  /** These signatures, in their order of precedence. */
  public SignatureSet(List<Signature> signatures, Budget budget) {
    this.signatures = List.copyOf(signatures);
    this.budget = budget;
    Map<Shape, Integer> numbers = new HashMap<>();
    List<Integer> counts = new ArrayList<>();
    for (int i = 0; i < signatures.size(); i++) {
      add(i, numbers);
      for (int shape : needs.get(i)) {
        while (counts.size() <= shape) {
          counts.add(0);
        }
        counts.set(shape, counts.get(shape) + 1);
      }
    }
    List<List<Integer>> byRarest = new ArrayList<>();
    shapes.forEach(_ -> byRarest.add(new ArrayList<>()));
    for (int i = 0; i < signatures.size(); i++) {
      int rarest = -1;
      for (int shape : needs.get(i)) {
        if (shapes.get(shape).kind() != EventKind.WRITE
            && (rarest < 0 || counts.get(shape) < counts.get(rarest))) {
          rarest = shape;
        }
      }
      byRarest.get(rarest).add(i);
    }
    byRarest.forEach(members -> groups.add(group(members)));
    root.weigh();
  }

  private Group group(List<Integer> members) {
    int[] ends = new int[members.size()];
    int[] all = new int[members.stream().mapToInt(m -> needs.get(m).length).sum()];
    int next = 0;
    for (int i = 0; i < ends.length; i++) {
      int[] some = needs.get(members.get(i));
      System.arraycopy(some, 0, all, next, some.length);
      next += some.length;
      ends[i] = next;
    }
    return new Group(members.stream().mapToInt(m -> m).toArray(), ends, all);
  }

  private void add(int index, Map<Shape, Integer> numbers) {
    Branch at = root;
    List<Branch.Key> keys = Branch.keys(signatures.get(index));
    int[] used = new int[keys.size()];
    for (int i = 0; i < keys.size(); i++) {
      Branch.Key key = keys.get(i);
      int shape =
          numbers.computeIfAbsent(
              key.shape(),
              s -> {
                shapes.add(s);
                return shapes.size() - 1;
              });
      used[i] = shape;
      int depth = i;
      Branch above = at;
      at = at.child(key, () -> new Branch(branches++, depth, key, shape, above));
    }
    at.ends().add(index);
    leaves.add(at);
    needs.add(Arrays.stream(used).distinct().toArray());
  }

  /** Those signatures. */
  public List<Signature> signatures() {
    return signatures;
  }

  /** Looks for all of them. */
  public Answer match(Course course) {
    return new Search(this, course).answer();
  }

  Budget budget() {
    return budget;
  }

  List<Shape> shapes() {
    return shapes;
  }

  /** The signatures that are first asked for when there is an event of this shape. */
  Group askedFor(int shape) {
    return groups.get(shape);
  }

  Branch root() {
    return root;
  }

  Branch leaf(int signature) {
    return leaves.get(signature);
  }
}
