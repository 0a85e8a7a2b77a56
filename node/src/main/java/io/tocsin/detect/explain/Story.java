package io.tocsin.detect.explain;

import io.tocsin.base.Address;
import io.tocsin.detect.Activity;
import io.tocsin.detect.Asset;
import io.tocsin.detect.Finding;
import io.tocsin.detect.FlashLoan;
import io.tocsin.detect.Loss;
import io.tocsin.detect.PriceSources;
import io.tocsin.detect.Role;
import io.tocsin.detect.Scan;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells what happened in an incident, in a few plain sentences made of facts. */
public final class Story {
  private static final int LISTED = 4;

  /** A price that moved less is not worth a sentence. */
  private static final double NOTABLE = 1.2;

  private final Incident incident;
  private final List<String> sentences = new ArrayList<>();

  private Story(Incident incident) {
    this.incident = incident;
  }

  /** The sentences, in the order in which people want to read them. */
  public static List<String> of(Incident incident) {
    Story story = new Story(incident);
    if (incident.view().isPresent()) {
      Incident.View view = incident.view().get();
      story.entered(view);
      story.lent(view);
      story.prices(view);
      story.lost(view);
      story.gained(view);
      story.elsewhere(view);
      story.resembles(view);
    }
    story.verdict();
    return List.copyOf(story.sentences);
  }

  private void say(String sentence) {
    sentences.add(sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1));
  }

  /** The name of {@code account} with the beginning and end of its address. */
  private static String full(Incident.View view, Address account) {
    String name = view.names().of(account);
    String brief = Names.brief(account);
    return name.equals(brief) ? name : name + " (" + brief + ")";
  }

  private void entered(Incident.View view) {
    var root = incident.trace().root();
    long made =
        incident.trace().frames().stream().filter(f -> f.kind().creates() && !f.failed()).count();
    String how =
        root.kind().creates()
            ? "made the contract " + view.names().of(root.to())
            : view.roles().of(root.to()).contains(Role.SENDER_SIDE)
                ? "called a contract that acts for it"
                : view.roles().of(root.to()).contains(Role.ENTRY)
                    ? "called " + full(view, root.to())
                    : "paid " + full(view, root.to());
    String value =
        root.moved().amount().signum() > 0
            ? ", with " + view.names().amount(Asset.NATIVE, root.moved().amount())
            : "";
    String more =
        made > (root.kind().creates() ? 1 : 0)
            ? " On the way " + made + (made == 1 ? " contract was" : " contracts were") + " made."
            : "";
    say(
        "The sender "
            + how
            + value
            + "; that came to "
            + count(incident.trace().frames().size(), "call")
            + " in all."
            + more);
  }

  private void lent(Incident.View view) {
    Map<String, List<FlashLoan>> groups =
        view.roles().loans().stream()
            .collect(
                Collectors.groupingBy(
                    l -> view.names().of(l.lender()) + l.asset(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    List<List<FlashLoan>> all = new ArrayList<>(groups.values());
    for (List<FlashLoan> loans : all.stream().limit(LISTED).toList()) {
      FlashLoan first = loans.getFirst();
      String fee =
          first
              .fee()
              .map(f -> f.signum() == 0 ? "for no fee" : "for a fee of " + amount(view, first, f))
              .orElse("and paid back in another asset");
      String again = loans.size() > 1 ? " (the first of " + loans.size() + " such loans)" : "";
      say(
          full(view, first.lender())
              + " lent "
              + amount(view, first, first.amount())
              + " to "
              + view.names().of(first.parties().borrower())
              + " for the length of a call ("
              + first.kind().title()
              + ") "
              + fee
              + again
              + ".");
    }
    if (all.size() > LISTED) {
      say("There are flash loans of " + (all.size() - LISTED) + " more lenders or assets.");
    }
  }

  private static String amount(Incident.View view, FlashLoan loan, BigInteger amount) {
    return view.names().amount(loan.asset(), amount);
  }

  private void prices(Incident.View view) {
    List<PriceSources.Source> moved =
        view.facts().prices().stream()
            .filter(s -> s.highest() / s.lowest() >= NOTABLE)
            .sorted(Comparator.comparingDouble(s -> -s.highest() / s.lowest()))
            .toList();
    for (PriceSources.Source source : moved.stream().limit(LISTED).toList()) {
      double ends = source.readings().getLast().price() / source.readings().getFirst().price();
      say(
          "The price that "
              + full(view, source.address())
              + " shows varied by a factor of "
              + factor(source.highest() / source.lowest())
              + " and ended at "
              + factor(ends)
              + " times its first value.");
    }
    if (moved.size() > LISTED) {
      say((moved.size() - LISTED) + " more prices moved by a fifth or more.");
    }
  }

  private void lost(Incident.View view) {
    List<Finding> findings = incident.report().findings();
    for (Finding finding : findings.stream().limit(LISTED).toList()) {
      String what =
          finding.losses().stream()
              .limit(LISTED)
              .map(l -> loss(view.names(), l))
              .collect(Collectors.joining(" and "));
      String rest =
          finding.losses().size() > LISTED
              ? " and " + (finding.losses().size() - LISTED) + " more assets"
              : "";
      say(
          full(view, finding.subject())
              + (what.isEmpty() ? " was harmed: " : " lost " + what + rest + ": ")
              + lower(finding.why().summary()));
    }
    if (findings.size() > LISTED) {
      say((findings.size() - LISTED) + " more victims are listed below.");
    }
  }

  /** A loss, with its share of what the loser held where that is known. */
  public static String loss(Names names, Loss loss) {
    String share =
        loss.shareOfBalance() > 0
            ? String.format(Locale.ROOT, " (%.1f %% of what it held)", 100 * loss.shareOfBalance())
            : "";
    return names.amount(loss.asset(), loss.amount()) + share;
  }

  private void gained(Incident.View view) {
    String gains = assets(view, view.facts().gains());
    String given = assets(view, view.facts().given());
    if (!gains.isEmpty()) {
      say(
          "On balance the sender's side gained "
              + gains
              + (given.isEmpty() ? " and gave nothing." : " and gave " + given + "."));
    } else if (!given.isEmpty()) {
      say("On balance the sender's side gave " + given + " and gained nothing.");
    } else {
      say("On balance nothing of value stayed with the sender's side.");
    }
  }

  /**
   * Who else ended with what the victims lost, where that is no known part of the sender's side.
   */
  private void elsewhere(Incident.View view) {
    Set<Asset> lost = new LinkedHashSet<>();
    incident.report().findings().forEach(f -> f.losses().forEach(l -> lost.add(l.asset())));
    for (Asset asset : lost) {
      NetTable.of(view).stream()
          .filter(r -> r.asset().equals(asset) && r.net().signum() > 0)
          .max(Comparator.comparing(NetTable.Row::net))
          .filter(r -> !view.facts().controlled().contains(r.account()))
          .filter(r -> !view.roles().of(r.account()).contains(Role.POOL))
          .ifPresent(
              r ->
                  say(
                      full(view, r.account())
                          + ", which is not known to act for the sender, ended with "
                          + view.names().amount(asset, r.net())
                          + " more."));
    }
  }

  private static String assets(Incident.View view, Map<Asset, BigInteger> amounts) {
    String some =
        amounts.entrySet().stream()
            .limit(LISTED)
            .map(e -> view.names().amount(e.getKey(), e.getValue()))
            .collect(Collectors.joining(", "));
    int more = amounts.size() - LISTED;
    return more > 0 ? some + " and " + count(more, "more asset") : some;
  }

  private void resembles(Incident.View view) {
    for (Activity activity : view.activities()) {
      String title = activity.kind().title();
      String article = title.matches("[aeiou].*") ? "an " : "a ";
      say("By its shape it also resembles " + article + title + ": " + activity.why());
    }
  }

  private void verdict() {
    switch (incident.report().scan()) {
      case Scan.Found _ -> {}
      case Scan.NotAnalysed(String reason) ->
          say("It could not be judged, which is not the same as clean: " + reason + ".");
      case Scan.Clean _ ->
          say(
              "No detector found an attack"
                  + Optional.of(incident.remark())
                      .filter(r -> !r.isEmpty())
                      .map(r -> ": " + r)
                      .orElse("")
                  + ".");
    }
  }

  private static String count(int number, String word) {
    return String.format(Locale.ROOT, "%,d %s%s", number, word, number == 1 ? "" : "s");
  }

  /** A factor as people read it: 3.20, 1,250, 4.00e-04. */
  public static String factor(double factor) {
    if (factor >= 1e6 || factor < 1e-3) {
      return String.format(Locale.ROOT, "%.2e", factor);
    }
    return factor >= 100
        ? String.format(Locale.ROOT, "%,.0f", factor)
        : String.format(Locale.ROOT, "%.3g", factor);
  }

  private static String lower(String text) {
    return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }
}
