package io.tocsin.detect.explain;

import io.tocsin.chain.CallFrame;
import io.tocsin.chain.TxTrace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A call tree cut down to a size that can be read: calls that repeat are folded, and of the rest
 * the shallow ones are shown, with all that prove something and what leads to them.
 */
public final class FoldedTree {
  /** So many frames are shown because they are near the root, at most. */
  static final int MAX_SHOWN = 1_000;

  /** So many are shown because they prove something or lead there, at most. */
  static final int MAX_PROOF = 800;

  /** Nothing deeper is shown, unless it proves something. */
  static final int MAX_DEPTH = 40;

  /** A pattern of at most so many calls in turn is seen to repeat. */
  private static final int MAX_PERIOD = 8;

  private static final int MIN_REPEATS = 3;

  /** What stands under a frame: a frame, or a place where frames were left out. */
  public sealed interface Item {
    /** The frame with this index is shown. */
    record Shown(int frame) implements Item {}

    /**
     * The calls before, {@code period} in turn, come {@code times} more, in the frames from {@code
     * from} to before {@code to}.
     */
    record Repeated(int times, int period, int from, int to) implements Item {}

    /** The frames from {@code from} to before {@code to} are left out. */
    record LeftOut(int from, int to) implements Item {}
  }

  private final TxTrace trace;
  private final boolean[] kept;
  private final Map<Integer, List<Item>> below = new HashMap<>();
  private final int[] ends;
  private int shown;

  private FoldedTree(TxTrace trace) {
    this.trace = trace;
    this.kept = new boolean[trace.frames().size()];
    this.ends = ends(trace);
  }

  /** {@code trace} folded, with the frames in {@code proof} shown as far as there is room. */
  public static FoldedTree of(TxTrace trace, Set<Integer> proof) {
    FoldedTree tree = new FoldedTree(trace);
    tree.keep(proof);
    tree.unfold(shapes(trace));
    return tree;
  }

  /** What stands under the frame with this index, in order; nothing for one that is not shown. */
  public List<Item> below(int frame) {
    return below.getOrDefault(frame, List.of());
  }

  /** How many frames are shown. */
  public int shown() {
    return shown;
  }

  /** Whether the frame with this index is shown. */
  public boolean shows(int frame) {
    return below.containsKey(frame);
  }

  /** The index behind the last frame under each. */
  private static int[] ends(TxTrace trace) {
    int[] ends = new int[trace.frames().size()];
    for (int i = ends.length - 1; i >= 0; i--) {
      List<Integer> children = trace.frame(i).children();
      ends[i] = children.isEmpty() ? i + 1 : ends[children.getLast()];
    }
    return ends;
  }

  private void keep(Set<Integer> proof) {
    int left = MAX_PROOF;
    for (int frame : new TreeSet<>(proof)) {
      List<Integer> way = new ArrayList<>();
      for (int at = frame; at >= 0 && !kept[at]; at = trace.frame(at).parent()) {
        way.add(at);
      }
      if (way.size() <= left) {
        way.forEach(at -> kept[at] = true);
        left -= way.size();
      }
    }
  }

  /** A number for each frame that is the same for calls that do the same with other amounts. */
  private static long[] shapes(TxTrace trace) {
    long[] shapes = new long[trace.frames().size()];
    for (int i = shapes.length - 1; i >= 0; i--) {
      CallFrame frame = trace.frame(i);
      long shape = frame.kind().name().hashCode() * 31L + (frame.failed() ? 1 : 0);
      shape = mix(shape, frame.from().hashCode());
      shape = mix(shape, frame.kind().creates() ? 0 : frame.to().hashCode());
      shape = mix(shape, frame.selector());
      for (int child : frame.children()) {
        shape = mix(shape, shapes[child]);
      }
      shapes[i] = shape;
    }
    return shapes;
  }

  private static long mix(long a, long b) {
    long x = (a ^ (b * 0x9E3779B97F4A7C15L)) * 0xBF58476D1CE4E5B9L;
    return x ^ (x >>> 29);
  }

  private void unfold(long[] shapes) {
    Deque<Integer> todo = new ArrayDeque<>();
    todo.add(0);
    shown = 1;
    int near = 0;
    while (!todo.isEmpty()) {
      int at = todo.remove();
      List<Item> items = new ArrayList<>();
      for (Item item : folded(trace.frame(at).children(), shapes)) {
        if (!(item instanceof Item.Shown(int frame)) || kept[frame]) {
          items.add(item);
        } else if (near < MAX_SHOWN && trace.frame(frame).depth() <= MAX_DEPTH) {
          items.add(item);
          near++;
        } else {
          leaveOut(items, frame);
        }
      }
      below.put(at, List.copyOf(items));
      for (Item item : items) {
        if (item instanceof Item.Shown(int frame)) {
          todo.add(frame);
          shown++;
        }
      }
    }
  }

  private void leaveOut(List<Item> items, int frame) {
    if (!items.isEmpty() && items.getLast() instanceof Item.LeftOut(int from, int _)) {
      items.set(items.size() - 1, new Item.LeftOut(from, ends[frame]));
    } else {
      items.add(new Item.LeftOut(frame, ends[frame]));
    }
  }

  private List<Item> folded(List<Integer> children, long[] shapes) {
    List<Item> items = new ArrayList<>();
    int at = 0;
    while (at < children.size()) {
      int period = 1;
      int times = 1;
      for (int p = 1; p <= MAX_PERIOD && at + p * MIN_REPEATS <= children.size(); p++) {
        int t = times(children, shapes, at, p);
        if (t >= MIN_REPEATS && (t - 1) * p > (times - 1) * period) {
          period = p;
          times = t;
        }
      }
      for (int i = 0; i < period; i++) {
        items.add(new Item.Shown(children.get(at + i)));
      }
      if (times > 1) {
        int from = at + period;
        int to = at + period * times;
        items.add(
            new Item.Repeated(times - 1, period, children.get(from), ends[children.get(to - 1)]));
        for (int i = from; i < to; i++) {
          if (kept[children.get(i)]) {
            items.add(new Item.Shown(children.get(i)));
          }
        }
      }
      at += period * times;
    }
    return items;
  }

  private static int times(List<Integer> children, long[] shapes, int at, int period) {
    int next = at + period;
    while (next < children.size()
        && shapes[children.get(next)] == shapes[children.get(next - period)]) {
      next++;
    }
    return (next - at) / period;
  }
}
