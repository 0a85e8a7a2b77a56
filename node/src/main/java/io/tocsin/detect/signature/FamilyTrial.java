package io.tocsin.detect.signature;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Shows what signatures are worth: for each family of attacks with the same bug, they are derived
 * from the first incident alone and looked for in the later ones, in all other attacks, and in
 * harmless transactions.
 */
public final class FamilyTrial {
  /**
   * One transaction.
   *
   * @param subjects whom the detectors say was robbed
   */
  public record Case(Hash32 tx, Course course, Set<Address> subjects) {
    public Case {
      subjects = Set.copyOf(subjects);
    }
  }

  /**
   * What came of one family.
   *
   * @param signatures none where none could be derived; then {@code reason} says why
   * @param missing incidents of which there is no trace
   */
  public record Row(
      String family,
      List<Signature> signatures,
      String reason,
      Caught caught,
      Fires fires,
      List<Hash32> missing) {
    public Row {
      signatures = List.copyOf(signatures);
      missing = List.copyOf(missing);
    }
  }

  /** Which of the later incidents match, do not match, and could not be judged. */
  public record Caught(List<Hash32> matched, List<Hash32> missed, List<Hash32> unjudged) {
    public Caught {
      matched = List.copyOf(matched);
      missed = List.copyOf(missed);
      unjudged = List.copyOf(unjudged);
    }

    /** How many later incidents there are. */
    public int total() {
      return matched.size() + missed.size() + unjudged.size();
    }
  }

  /** In how many attacks of other families, and in which harmless transactions, it is found too. */
  public record Fires(int others, List<Hash32> benign, int benignUnjudged) {
    public Fires {
      benign = List.copyOf(benign);
    }
  }

  private final Derivation derivation;
  private final List<Case> benign;
  private final SignatureSet.Budget budget;

  /**
   * @param derivation derives; what it takes for harmless need not be what is measured on
   * @param benign what is measured on
   */
  public FamilyTrial(Derivation derivation, List<Case> benign, SignatureSet.Budget budget) {
    this.derivation = derivation;
    this.benign = List.copyOf(benign);
    this.budget = budget;
  }

  /** One row a family that has at least two incidents, in order. */
  public List<Row> run(Map<String, List<Hash32>> families, List<Case> attacks) {
    Map<Hash32, Case> byTx = new LinkedHashMap<>();
    attacks.forEach(a -> byTx.put(a.tx(), a));
    List<Row> rows = new ArrayList<>();
    families.forEach(
        (family, all) -> {
          List<Hash32> missing = all.stream().filter(tx -> !byTx.containsKey(tx)).toList();
          List<Case> known = all.stream().filter(byTx::containsKey).map(byTx::get).toList();
          if (known.size() >= 2) {
            List<Case> others = attacks.stream().filter(a -> !all.contains(a.tx())).toList();
            rows.add(row(family, known, others, missing));
          }
        });
    return rows;
  }

  private Row row(String family, List<Case> known, List<Case> others, List<Hash32> missing) {
    Case first = known.getFirst();
    List<Case> later = known.subList(1, known.size());
    Derivation.Derived derived = derivation.derive(List.of(first.course()), first.subjects());
    return switch (derived) {
      case Derivation.Derived.Refused(String reason) ->
          new Row(
              family,
              List.of(),
              reason,
              new Caught(List.of(), later.stream().map(Case::tx).toList(), List.of()),
              new Fires(0, List.of(), 0),
              missing);
      case Derivation.Derived.Ready(List<Signature> signatures) -> {
        SignatureSet one = new SignatureSet(signatures, budget);
        Caught caught = caught(one, later);
        Caught quiet = caught(one, benign);
        int elsewhere = caught(one, others).matched().size();
        yield new Row(
            family,
            signatures,
            "",
            caught,
            new Fires(elsewhere, quiet.matched(), quiet.unjudged().size()),
            missing);
      }
    };
  }

  private static Caught caught(SignatureSet one, List<Case> cases) {
    List<Hash32> matched = new ArrayList<>();
    List<Hash32> missed = new ArrayList<>();
    List<Hash32> unjudged = new ArrayList<>();
    for (Case each : cases) {
      SignatureSet.Answer answer = one.match(each.course());
      if (!answer.hits().isEmpty()) {
        matched.add(each.tx());
      } else {
        (answer.unjudged().isEmpty() ? missed : unjudged).add(each.tx());
      }
    }
    return new Caught(matched, missed, unjudged);
  }
}
