package io.tocsin.detect.signature;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which events of a course fit which step of the signatures of a set. Owned by one search. */
final class Candidates {
  private final SignatureSet set;
  private final int[] profiles;
  private final List<Shape.Profile> kinds;
  private final boolean[] present;
  private final int[] @Nullable [] events;

  Candidates(SignatureSet set, Course course) {
    this.set = set;
    this.profiles = new int[course.size()];
    this.kinds = profiles(course);
    int shapes = set.shapes().size();
    this.present = new boolean[shapes];
    this.events = new int[shapes][];
    for (int s = 0; s < shapes; s++) {
      Shape shape = set.shapes().get(s);
      present[s] = shape.kind() == EventKind.WRITE && !course.writesKnown();
      for (int p = 0; p < kinds.size() && !present[s]; p++) {
        present[s] = shape.fits(kinds.get(p));
      }
    }
  }

  private List<Shape.Profile> profiles(Course course) {
    Map<Shape.Profile, Integer> numbers = new HashMap<>();
    List<Shape.Profile> all = new ArrayList<>();
    for (int i = 0; i < profiles.length; i++) {
      Shape.Profile profile = Shape.Profile.of(course, course.event(i));
      Integer known = numbers.get(profile);
      if (known == null) {
        known = all.size();
        numbers.put(profile, known);
        all.add(profile);
      }
      profiles[i] = known;
    }
    return all;
  }

  /** The signatures for each step of which there is an event, in their order. */
  int[] possible() {
    int[] found = new int[set.signatures().size()];
    int count = 0;
    for (int shape = 0; shape < present.length; shape++) {
      if (present[shape]) {
        count = complete(set.askedFor(shape), found, count);
      }
    }
    int[] all = Arrays.copyOf(found, count);
    Arrays.sort(all);
    return all;
  }

  private int complete(SignatureSet.Group group, int[] found, int before) {
    int count = before;
    int from = 0;
    for (int i = 0; i < group.ends.length; i++) {
      int at = from;
      while (at < group.ends[i] && present[group.shapes[at]]) {
        at++;
      }
      if (at == group.ends[i]) {
        found[count++] = group.signatures[i];
      }
      from = group.ends[i];
    }
    return count;
  }

  /** The events that fit, in their order. */
  int[] of(int shape) {
    int[] known = events[shape];
    if (known != null) {
      return known;
    }
    boolean[] fits = new boolean[kinds.size()];
    for (int p = 0; p < fits.length; p++) {
      fits[p] = set.shapes().get(shape).fits(kinds.get(p));
    }
    int count = 0;
    for (int profile : profiles) {
      count += fits[profile] ? 1 : 0;
    }
    int[] found = new int[count];
    int next = 0;
    for (int i = 0; i < profiles.length; i++) {
      if (fits[profiles[i]]) {
        found[next++] = i;
      }
    }
    events[shape] = found;
    return found;
  }
}
