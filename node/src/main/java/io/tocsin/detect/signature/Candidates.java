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
  private final boolean[][] fits;
  private final boolean[] present;
  private final @Nullable int[][] events;

  Candidates(SignatureSet set, Course course) {
    this.set = set;
    this.profiles = new int[course.size()];
    List<Shape.Profile> all = profiles(course);
    int shapes = set.shapes().size();
    this.fits = new boolean[shapes][all.size()];
    this.present = new boolean[shapes];
    this.events = new int[shapes][];
    for (int s = 0; s < shapes; s++) {
      Shape shape = set.shapes().get(s);
      for (int p = 0; p < all.size(); p++) {
        fits[s][p] = shape.fits(all.get(p));
        present[s] |= fits[s][p];
      }
      present[s] |= shape.kind() == EventKind.WRITE && !course.writesKnown();
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
    int count = 0;
    for (int profile : profiles) {
      count += fits[shape][profile] ? 1 : 0;
    }
    int[] found = new int[count];
    int next = 0;
    for (int i = 0; i < profiles.length; i++) {
      if (fits[shape][profiles[i]]) {
        found[next++] = i;
      }
    }
    events[shape] = found;
    return found;
  }
}
