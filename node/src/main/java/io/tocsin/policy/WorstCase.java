package io.tocsin.policy;

import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.policy.Judgement.Approval;
import io.tocsin.policy.Judgement.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The worst that mandates allow in 30 days if everyone else is malicious: every other member lies,
 * every permitted subject is staged, and every trip is spent.
 */
public record WorstCase(List<Target> targets) {
  private static final Duration WINDOW = Duration.ofDays(30);

  public WorstCase {
    targets = List.copyOf(targets);
  }

  /**
   * The worst for one target.
   *
   * @param granted the longest it may be paused, in 30 days
   * @param calls what may be called, and what else nobody can do meanwhile
   */
  public record Target(
      String protocol,
      AccountId target,
      Granted granted,
      List<Share> shares,
      List<String> calls,
      List<String> warnings) {
    public Target {
      shares = List.copyOf(shares);
      calls = List.copyOf(calls);
      warnings = List.copyOf(warnings);
    }

    /** The longest it may be paused in all, in 30 days. */
    public Duration paused() {
      return granted.total();
    }
  }

  /**
   * How much pause may be granted in 30 days.
   *
   * @param total by all mandates together
   * @param byClass by the mandates of one class, if those of the others grant none
   * @param debtsBlocked by the mandates whose pause blocks repayments or liquidations
   */
  public record Granted(Duration total, Map<BudgetClass, Duration> byClass, Duration debtsBlocked) {
    public Granted {
      byClass = Map.copyOf(byClass);
    }
  }

  /**
   * What one mandate contributes.
   *
   * @param uses how often in its life
   * @param trips the most in 30 days
   * @param paused the most by it alone, in 30 days
   */
  public record Share(
      String mandate, BudgetClass budgetClass, Mode mode, int uses, long trips, Duration paused) {}

  /** The worst case of {@code protections}. */
  public static WorstCase of(List<Protection> protections) {
    List<Target> targets = new ArrayList<>();
    LeverWarnings levers = new LeverWarnings(protections);
    for (Protection protection : protections) {
      Map<Address, List<Mandate>> byTarget = new LinkedHashMap<>();
      for (Mandate mandate : protection.mandates()) {
        byTarget.computeIfAbsent(mandate.lever().target(), _ -> new ArrayList<>()).add(mandate);
      }
      byTarget.forEach(
          (target, mandates) -> targets.add(target(protection, target, mandates, levers)));
    }
    return new WorstCase(targets);
  }

  private static Target target(
      Protection protection, Address target, List<Mandate> mandates, LeverWarnings levers) {
    Duration cap = protection.guard().pausedCap();
    List<Share> shares = new ArrayList<>();
    List<Share> blocking = new ArrayList<>();
    Set<String> calls = new LinkedHashSet<>();
    Set<String> warnings = new LinkedHashSet<>();
    for (Mandate mandate : mandates) {
      Share share = share(mandate, cap);
      shares.add(share);
      if (!harmful(mandate.lever()).isEmpty()) {
        blocking.add(share);
      }
      calls.add(call(mandate.lever()));
      warnings.addAll(warnings(protection, mandate));
      warnings.addAll(levers.of(protection, mandate.lever()));
    }
    Map<BudgetClass, Duration> byClass = byClass(shares, cap);
    return new Target(
        protection.interest().name(),
        new AccountId(protection.guard().account().chain(), target),
        new Granted(total(byClass, cap), byClass, total(byClass(blocking, cap), cap)),
        shares,
        List.copyOf(calls),
        List.copyOf(warnings));
  }

  private static Map<BudgetClass, Duration> byClass(List<Share> shares, Duration cap) {
    Map<BudgetClass, Duration> sums = new EnumMap<>(BudgetClass.class);
    shares.forEach(share -> sums.merge(share.budgetClass(), share.paused(), Duration::plus));
    sums.replaceAll((budgetClass, sum) -> least(sum, room(budgetClass, cap)));
    return sums;
  }

  private static Duration total(Map<BudgetClass, Duration> byClass, Duration cap) {
    Duration direct = byClass.getOrDefault(BudgetClass.DIRECT, Duration.ZERO);
    Duration others = Duration.ZERO;
    for (Map.Entry<BudgetClass, Duration> one : byClass.entrySet()) {
      others = one.getKey() == BudgetClass.DIRECT ? others : others.plus(one.getValue());
    }
    return least(cap, direct.plus(least(others, cap.dividedBy(2))));
  }

  private static Share share(Mandate mandate, Duration cap) {
    Limits limits = mandate.limits();
    Duration apart = limits.cooldown().isZero() ? Duration.ofSeconds(1) : limits.cooldown();
    long trips = Math.min(limits.uses(), WINDOW.dividedBy(apart) + 1);
    return new Share(
        mandate.name(),
        mandate.budgetClass(),
        mandate.judgement().mode(),
        limits.uses(),
        trips,
        least(limits.duration().multipliedBy(trips), room(mandate.budgetClass(), cap)));
  }

  /** Only direct trips may use the second half of the cap. */
  private static Duration room(BudgetClass budgetClass, Duration cap) {
    return budgetClass == BudgetClass.DIRECT ? cap : cap.dividedBy(2);
  }

  private static Duration least(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static String call(Lever lever) {
    String through = lever.safe().equals(Address.ZERO) ? "" : " through the Safe " + lever.safe();
    return lever.name()
        + ": "
        + lever.calls().call()
        + through
        + ", undone by "
        + lever.calls().release();
  }

  private static List<String> warnings(Protection protection, Mandate mandate) {
    List<String> warnings = new ArrayList<>();
    Lever lever = mandate.lever();
    if (KnownCalls.blocks(lever.calls().call()).isEmpty() && lever.blocks().isEmpty()) {
      warnings.add(
          "it is not known what "
              + lever.name()
              + " blocks; list it under blocks: of the lever, above all repay and liquidate");
    }
    List<String> harmful = harmful(lever);
    if (!harmful.isEmpty()) {
      warnings.add(
          lever.name()
              + " blocks "
              + String.join(" and ", harmful)
              + ": while it is pulled, debts grow and collateral may fall, and what borrowers lose"
              + " by that cannot be undone");
    }
    if (mandate.budgetClass() == BudgetClass.DERIVED
        && protection.interest().terms().minimumAge().isZero()) {
      warnings.add(mandate.name() + " takes subjects of any age: a sibling deployed today counts");
    }
    if (mandate.budgetClass() == BudgetClass.LOCAL
        && protection.mandates().stream()
            .filter(m -> m.budgetClass() == BudgetClass.LOCAL)
            .noneMatch(m -> protection.servesPending(m))) {
      warnings.add(
          mandate.name()
              + " serves no pending attack: those pause for at most "
              + text(protection.longestPending())
              + "; add a local mandate of that length for them");
    }
    if (mandate.judgement().mode() == Mode.ACT
        && mandate.judgement().approval() == Approval.NONE
        && mandate.limits().cooldown().compareTo(mandate.limits().duration()) < 0) {
      warnings.add(
          mandate.name() + " cools down before its pause ends: trips may follow without a gap");
    }
    return warnings;
  }

  /** Of what {@code lever} blocks, that without which debts go bad. */
  private static List<String> harmful(Lever lever) {
    Set<String> blocked = new LinkedHashSet<>(lever.blocks());
    KnownCalls.blocks(lever.calls().call()).ifPresent(blocked::addAll);
    return blocked.stream().filter(WorstCase::hurtsBorrowers).toList();
  }

  private static boolean hurtsBorrowers(String blocked) {
    String word = blocked.toLowerCase(Locale.ROOT);
    return word.contains("repay") || word.contains("liquidat");
  }

  /** The worst case in lines for people. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Target target : targets) {
      lines.add(
          "If everyone else is malicious, "
              + target.protocol()
              + " ("
              + target.target()
              + ") can be paused for "
              + text(target.paused())
              + " in 30 days:");
      for (Share share : target.shares()) {
        lines.add(
            "  "
                + share.mandate()
                + " ("
                + share.budgetClass().name().toLowerCase(Locale.ROOT)
                + (share.mode() == Mode.SHADOW ? ", shadow" : "")
                + "): at most "
                + share.trips()
                + (share.trips() == 1 ? " trip" : " trips")
                + ", "
                + text(share.paused()));
      }
      if (!target.granted().debtsBlocked().isZero()) {
        lines.add(
            "  repayments or liquidations can be blocked for "
                + text(target.granted().debtsBlocked())
                + " of it; who may be liquidated gains that much");
      }
      lines.add(
          "  not counted: after its time a pause stays until somebody calls release at the"
              + " guardian; any account may, no node does");
      target.calls().forEach(call -> lines.add("  calls " + call));
      target.warnings().forEach(warning -> lines.add("  warning: " + warning));
    }
    return List.copyOf(lines);
  }

  private static String text(Duration duration) {
    StringBuilder out = new StringBuilder();
    append(out, duration.toDaysPart(), "d");
    append(out, duration.toHoursPart(), "h");
    append(out, duration.toMinutesPart(), "m");
    append(out, duration.toSecondsPart(), "s");
    return out.isEmpty() ? "0s" : out.toString();
  }

  private static void append(StringBuilder out, long count, String unit) {
    if (count > 0) {
      out.append(out.isEmpty() ? "" : " ").append(count).append(unit);
    }
  }
}
