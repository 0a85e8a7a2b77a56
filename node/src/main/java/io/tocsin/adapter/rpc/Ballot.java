package io.tocsin.adapter.rpc;

import io.tocsin.base.Hash32;
import io.tocsin.chain.Agreement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the endpoints of a chain say about one thing. They agree when a majority of all endpoints
 * configured, at least two, of at least two operators, say the same; of three endpoints, two.
 *
 * @param electorate the endpoints configured, by name, with their operators
 */
record Ballot<T>(Map<String, String> electorate, List<Vote<T>> votes, Map<String, String> faults) {
  Ballot {
    electorate = Map.copyOf(electorate);
    votes = List.copyOf(votes);
    faults = Map.copyOf(faults);
  }

  /** What one endpoint says: equal digests say the same. */
  record Vote<T>(String endpoint, Hash32 digest, T evidence) {}

  /** The agreement, and the evidence to show: of the winners, or of whoever answered first. */
  record Result<T>(Agreement agreement, Optional<T> evidence, boolean disputed) {}

  static int needed(int electorate) {
    return Math.max(2, electorate / 2 + 1);
  }

  Result<T> count() {
    Map<Hash32, List<Vote<T>>> groups = new LinkedHashMap<>();
    votes.forEach(v -> groups.computeIfAbsent(v.digest(), _ -> new ArrayList<>()).add(v));
    Optional<List<Vote<T>>> largest =
        groups.values().stream().max(Comparator.comparingInt((List<Vote<T>> g) -> g.size()));
    if (largest.isEmpty()) {
      return new Result<>(
          new Agreement.Lacking("no endpoint answered" + why()), Optional.empty(), false);
    }
    List<Vote<T>> winners = largest.get();
    Optional<T> evidence = Optional.of(winners.getFirst().evidence());
    Set<String> operators = operators(winners);
    boolean disputed = groups.size() > 1;
    if (winners.size() >= needed(electorate.size()) && operators.size() >= 2) {
      return new Result<>(new Agreement.Agreed(winners.size(), operators), evidence, disputed);
    }
    Optional<T> shown =
        disputed && winners.size() == 1 ? Optional.of(votes.getFirst().evidence()) : evidence;
    return new Result<>(new Agreement.Lacking(lacking(groups, winners)), shown, disputed);
  }

  private Set<String> operators(List<Vote<T>> group) {
    return group.stream()
        .map(v -> electorate.getOrDefault(v.endpoint(), v.endpoint()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private String lacking(Map<Hash32, List<Vote<T>>> groups, List<Vote<T>> winners) {
    if (electorate.size() == 1) {
      return "only one endpoint is configured, and nothing may be done on the word of one";
    }
    if (groups.size() > 1) {
      return "the endpoints differ: "
          + groups.entrySet().stream()
              .map(g -> names(g.getValue()) + " say " + g.getKey().toString().substring(0, 10))
              .collect(Collectors.joining(", "))
          + why();
    }
    if (winners.size() >= needed(electorate.size())) {
      return "all agreeing endpoints are of one operator, " + operators(winners);
    }
    return "only "
        + names(winners)
        + " answered, "
        + needed(electorate.size())
        + " of "
        + electorate.size()
        + " must agree"
        + why();
  }

  private String names(List<Vote<T>> group) {
    return group.stream().map(Vote::endpoint).collect(Collectors.joining(" and "));
  }

  private String why() {
    return faults.isEmpty()
        ? ""
        : " (" + new TreeMap<>(faults).values().stream().collect(Collectors.joining("; ")) + ")";
  }
}
