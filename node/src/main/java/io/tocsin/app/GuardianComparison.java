package io.tocsin.app;

import io.tocsin.adapter.contract.ChainException;
import io.tocsin.adapter.contract.GuardianContract;
import io.tocsin.adapter.contract.GuardianContract.Standing;
import io.tocsin.adapter.contract.Terms;
import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.policy.BudgetClass;
import io.tocsin.policy.Lever;
import io.tocsin.policy.Limits;
import io.tocsin.policy.Mandate;
import io.tocsin.policy.Protection;
import io.tocsin.policy.SubjectTree;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What an owner wrote about a guardian beside what the guardian has on chain. */
final class GuardianComparison {
  private final Protection protection;
  private final Path file;
  private final GuardianContract guardian;
  private final Instant now;
  private final List<String> faults = new ArrayList<>();
  private final List<Mandate> unnamed = new ArrayList<>();

  private GuardianComparison(
      Protection protection, Path file, GuardianContract guardian, Instant now) {
    this.protection = protection;
    this.file = file;
    this.guardian = guardian;
    this.now = now;
  }

  /**
   * What a comparison found.
   *
   * @param faults a difference each
   * @param unnamed mandates in force on chain that the file does not name
   */
  record Result(List<String> faults, List<Mandate> unnamed) {
    Result {
      faults = List.copyOf(faults);
      unnamed = List.copyOf(unnamed);
    }
  }

  /**
   * Compares every mandate of {@code protection}.
   *
   * @param file where the protection is written
   * @throws ChainException if the guardian cannot be read
   */
  static Result of(Protection protection, Path file, GuardianContract guardian, Instant now)
      throws ChainException {
    GuardianComparison comparison = new GuardianComparison(protection, file, guardian, now);
    comparison.run();
    return new Result(comparison.faults, comparison.unnamed);
  }

  private void run() throws ChainException {
    if (!guardian.pausedCap().equals(protection.guard().pausedCap())) {
      faults.add(
          FilePlaces.of(file, "guardian", "pausedCap")
              + ": guardian.pausedCap: "
              + differs(protection.guard().pausedCap(), guardian.pausedCap()));
    }
    Set<Hash32> named = new HashSet<>();
    for (Mandate mandate : protection.mandates()) {
      if (!mandate.id().isZero()) {
        named.add(mandate.id());
        known(mandate);
      }
    }
    for (Hash32 id : guardian.mandates()) {
      if (!named.contains(id)) {
        unnamed(id);
      }
    }
  }

  private static String differs(Object written, Object onChain) {
    return "the file says " + written + ", the guardian " + onChain + "; make them equal";
  }

  private void fault(Mandate mandate, String key, String problem) {
    faults.add(
        FilePlaces.mandate(file, mandate.name(), key)
            + ": mandate "
            + mandate.name()
            + ", "
            + key
            + ": "
            + problem);
  }

  private void same(Mandate mandate, String key, Object written, Object onChain) {
    if (!Objects.equals(written, onChain)) {
      fault(mandate, key, differs(written, onChain));
    }
  }

  private void known(Mandate mandate) throws ChainException {
    Standing standing = guardian.standing(mandate.id());
    if (standing.leverId().isZero()) {
      fault(
          mandate,
          "id",
          guardian.account() + " has no mandate " + mandate.id() + "; see tocsin guardian status");
      return;
    }
    Terms terms = guardian.terms(mandate.id());
    same(mandate, "class", mandate.budgetClass(), terms.mandate().budgetClass());
    lever(mandate, terms.mandate().lever());
    limits(mandate, terms.mandate().limits(), standing);
    same(
        mandate,
        "guardian.callers",
        new TreeSet<>(protection.guard().callers()),
        callers(mandate.id(), terms));
    if (!terms.subjectsRoot().equals(protection.subjects(mandate).root())) {
      fault(
          mandate,
          "permitted subjects",
          "the guardian's root "
              + terms.subjectsRoot()
              + " is not that of "
              + protection.subjects(mandate).subjects()
              + permitted(terms));
    }
    if (standing.vetoed()) {
      fault(mandate, "id", "its owner has vetoed it; remove it, or propose another");
    }
  }

  private Set<Address> callers(Hash32 mandate, Terms terms) throws ChainException {
    Set<Address> callers = new TreeSet<>();
    for (Address caller : terms.callers()) {
      if (guardian.isCaller(mandate, caller)) {
        callers.add(caller);
      }
    }
    return callers;
  }

  private void lever(Mandate mandate, Lever onChain) {
    Lever written = mandate.lever();
    same(mandate, "lever.target", written.target(), onChain.target());
    same(mandate, "lever.safe", written.safe(), onChain.safe());
    same(mandate, "lever.call", written.calls().call(), onChain.calls().call());
    same(mandate, "lever.release", written.calls().release(), onChain.calls().release());
    same(mandate, "lever.probe", written.calls().probe(), onChain.calls().probe());
  }

  /** Uses count down and the owner may have narrowed: less on chain than at first is no fault. */
  private void limits(Mandate mandate, Limits onChain, Standing standing) {
    Limits written = mandate.limits();
    same(mandate, "maxAge", written.maxAge(), onChain.maxAge());
    same(mandate, "cooldown", written.cooldown(), onChain.cooldown());
    same(mandate, "duration", written.duration(), onChain.duration());
    same(mandate, "expiry", written.expiry(), standing.expiry());
    if (written.uses() > onChain.uses() || written.uses() < standing.usesLeft()) {
      fault(
          mandate,
          "uses",
          "the file says "
              + written.uses()
              + ", the guardian began with "
              + onChain.uses()
              + " and has "
              + standing.usesLeft()
              + " left; make them equal");
    }
  }

  /** What the guardian's root permits, if it is made of accounts that the file names. */
  private String permitted(Terms terms) {
    AccountId self = protection.interest().account();
    List<AccountId> siblings = protection.interest().terms().subjects();
    List<Set<AccountId>> guesses = new ArrayList<>();
    guesses.add(new TreeSet<>(siblings));
    guesses.add(
        new TreeSet<>(siblings.stream().filter(s -> s.chain().equals(self.chain())).toList()));
    siblings.forEach(sibling -> guesses.add(new TreeSet<>(List.of(sibling))));
    for (Set<AccountId> guess : List.copyOf(guesses)) {
      Set<AccountId> withSelf = new TreeSet<>(guess);
      withSelf.add(self);
      guesses.add(withSelf);
    }
    Optional<Set<AccountId>> found =
        guesses.stream()
            .filter(guess -> SubjectTree.of(guess).root().equals(terms.subjectsRoot()))
            .findFirst();
    if (found.isEmpty()) {
      return "; it permits subjects that the file does not name";
    }
    boolean own = terms.mandate().budgetClass() != BudgetClass.DERIVED;
    List<AccountId> others = found.get().stream().filter(s -> !s.equals(self)).toList();
    return own && !others.isEmpty()
        ? "; it permits its siblings "
            + others
            + " as if they were the contract itself, without the rules of a derived exposure"
        : "; it permits " + found.get();
  }

  private void unnamed(Hash32 id) throws ChainException {
    Standing standing = guardian.standing(id);
    if (standing.vetoed() || standing.usesLeft() == 0 || !now.isBefore(standing.expiry())) {
      return;
    }
    Terms terms = guardian.terms(id);
    Mandate mandate = terms.mandate();
    Limits limits = mandate.limits();
    unnamed.add(
        new Mandate(
            mandate.name(),
            id,
            mandate.budgetClass(),
            mandate.lever(),
            new Limits(
                limits.maxAge(),
                (int) standing.usesLeft(),
                limits.cooldown(),
                limits.duration(),
                standing.expiry()),
            mandate.judgement()));
    faults.add(
        FilePlaces.of(file, "mandates")
            + ": mandates: the guardian has a mandate "
            + id
            + " ("
            + mandate.budgetClass()
            + ", target "
            + mandate.lever().target()
            + ", callers "
            + callers(id, terms)
            + ") that this file does not name; write its id to its mandate, or end it with tocsin"
            + " guardian veto");
  }
}
