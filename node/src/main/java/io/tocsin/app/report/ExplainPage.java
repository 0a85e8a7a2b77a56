package io.tocsin.app.report;

import io.tocsin.chain.Position;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Loss;
import io.tocsin.detect.Metadata;
import io.tocsin.detect.Scan;
import io.tocsin.detect.explain.FoldedTree;
import io.tocsin.detect.explain.Incident;
import io.tocsin.detect.explain.Names;
import io.tocsin.detect.explain.Story;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One transaction as a page: what happened, to whom, how it is known, and what is not. */
public final class ExplainPage {
  private static final int MAX_FINDINGS = 50;

  private final Incident incident;
  private final Html page;
  private final Map<Integer, Integer> proofs = new TreeMap<>();

  private ExplainPage(Incident incident) {
    this.incident = incident;
    this.page = new Html("Transaction " + incident.trace().tx(), ExplainStyle.CSS);
    List<Finding> findings = findings();
    for (int i = 0; i < findings.size(); i++) {
      int number = i + 1;
      findings.get(i).why().frames().forEach(f -> proofs.putIfAbsent(f, number));
    }
  }

  /** The page as HTML. */
  public static String write(Incident incident) {
    return new ExplainPage(incident).page();
  }

  private List<Finding> findings() {
    return incident.report().findings().stream().limit(MAX_FINDINGS).toList();
  }

  private String page() {
    page.open("main");
    head();
    page.element("h2", "What happened", "id", "story").open("ul", "class", "text");
    Story.of(incident).forEach(s -> page.element("li", s));
    page.close();
    EvidenceSection evidence = new EvidenceSection(page, incident, findings());
    if (incident.view().isEmpty()) {
      evidence.verdicts();
    } else {
      Incident.View view = incident.view().get();
      FoldedTree tree = FoldedTree.of(incident.trace(), proofs.keySet());
      AccountTables tables = new AccountTables(page, view, tree);
      evidence.findings(view, tables);
      evidence.verdicts();
      tables.accounts();
      tables.loans();
      tables.flows();
      page.element("h2", "Prices", "id", "prices");
      PriceChart.draw(page, view, proofs.keySet());
      tree(view, tables.links(), tree);
    }
    doubts();
    return page.finish();
  }

  private void head() {
    page.element("h1", title());
    page.element("p", incident.trace().tx().toString(), "class", "hash");
    page.element("p", incident.trace().chain() + ", " + place(), "class", "hash");
    String kind =
        switch (incident.report().scan()) {
          case Scan.Found _ -> "found";
          case Scan.Clean _ -> "clean";
          case Scan.NotAnalysed _ -> "unsure";
        };
    page.element("p", incident.verdict(), "class", "verdict " + kind);
    page.open("div", "class", "cards");
    card(
        String.format(Locale.ROOT, "%.1f %%", 100 * incident.probability()),
        "probability that it is an attack, in a mixture of recorded attacks and blocks");
    int findings = incident.report().findings().size();
    card(Figures.count(findings), findings == 1 ? "victim" : "victims");
    incident.view().ifPresent(view -> losses(view.names()));
    card(
        Figures.count(incident.trace().frames().size()),
        "calls, the deepest at "
            + incident.trace().frames().stream().mapToInt(f -> f.depth()).max().orElse(0));
    page.close();
    page.open("nav", "aria-label", "Sections");
    link("#story", "What happened");
    if (incident.view().isPresent()) {
      link("#evidence", "Evidence");
    }
    link("#verdicts", "Detectors");
    if (incident.view().isPresent()) {
      link("#accounts", "Accounts");
      link("#flows", "Flows");
      link("#prices", "Prices");
      link("#calls", "Calls");
    }
    link("#doubts", "What may be wrong");
    page.close();
  }

  private String title() {
    if (incident.report().findings().isEmpty()) {
      return incident.verdict() + " in a transaction";
    }
    Set<String> ids = new HashSet<>();
    incident.report().findings().forEach(f -> ids.addAll(f.detectors()));
    return Detectors.ALL.stream()
        .map(d -> d.metadata())
        .filter(m -> ids.contains(m.id()))
        .map(Metadata::title)
        .collect(Collectors.joining("; "));
  }

  private String place() {
    return switch (incident.trace().position()) {
      case Position.Mined(var block, _) -> "block " + block.number() + " of " + block.time();
      case Position.Pending(var head, _) -> "pending on block " + head.number();
      case Position.Unknown _ -> "from a recorded trace, block not recorded";
    };
  }

  private void losses(Names names) {
    findings().stream()
        .flatMap(f -> f.losses().stream())
        .sorted(
            Comparator.comparingDouble((Loss l) -> -l.shareOfBalance())
                .thenComparing(Loss::amount, Comparator.reverseOrder()))
        .limit(3)
        .forEach(
            l ->
                card(
                    names.amount(l.asset(), l.amount()),
                    l.shareOfBalance() > 0
                        ? String.format(
                            Locale.ROOT,
                            "lost, %.1f %% of what the loser held",
                            100 * l.shareOfBalance())
                        : "lost; what the loser held before is not known"));
  }

  private void card(String big, String small) {
    page.open("div", "class", "card").element("p", big, "class", "big").element("p", small).close();
  }

  private void link(String to, String text) {
    page.element("a", text, "href", to);
  }

  private void tree(Incident.View view, AccountLinks links, FoldedTree tree) {
    page.element("h2", "Calls", "id", "calls");
    int all = incident.trace().frames().size();
    page.element(
        "p",
        (tree.shown() < all
                ? Figures.count(tree.shown())
                    + " of "
                    + Figures.count(all)
                    + " calls are shown: what repeats is folded, and of the rest those near the"
                    + " root and those that prove something. "
                : "")
            + "A call can be opened and closed; those that lead to a proof are open, proofs have a"
            + " background. What failed is struck through.",
        "class",
        "small");
    new CallTree(page, view, links, tree, proofs).draw();
  }

  private void doubts() {
    page.element("h2", "What was assumed, and what may make this wrong", "id", "doubts");
    page.open("ul", "class", "text");
    incident.assumptions().forEach(a -> page.element("li", "Assumed: " + a + "."));
    incident.gaps().forEach(g -> page.element("li", g));
    page.close();
    for (Metadata metadata : incident.doubtful()) {
      page.element("h3", metadata.title()).element("p", metadata.story().explanation());
      page.open("ul", "class", "text");
      metadata.limits().forEach(l -> page.element("li", l));
      page.close();
    }
    page.element(
        "p",
        "Written by tocsin explain from the call tree alone"
            + (incident.reads().values().isEmpty() ? "" : " and the state at the parent block")
            + ". The page loads nothing and runs nothing.",
        "class",
        "small");
  }
}
