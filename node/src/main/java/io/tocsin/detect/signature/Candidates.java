package io.tocsin.detect.signature;

import java.util.ArrayList;
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
  private final @Nullable int[][] events;

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
    List<Integer> all = new ArrayList<>();
    for (int shape = 0; shape < present.length; shape++) {
      if (present[shape]) {
        for (int signature : set.askedFor(shape)) {
          if (complete(signature)) {
            all.add(signature);
          }
        }
      }
    }
    return all.stream().mapToInt(i -> i).sorted().toArray();
  }

  private boolean complete(int signature) {
    for (int shape : set.needs(signature)) {
      if (!present[shape]) {
        return false;
      }
    }
    return true;
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
