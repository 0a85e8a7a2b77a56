package io.tocsin.app.report;

import io.tocsin.chain.CallFrame;
import io.tocsin.detect.Asset;
import io.tocsin.detect.DetectorResult;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Loss;
import io.tocsin.detect.Metadata;
import io.tocsin.detect.Scan;
import io.tocsin.detect.explain.CallText;
import io.tocsin.detect.explain.Incident;
import io.tocsin.detect.explain.Story;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The part of a transaction's page that says what was found, by whom, and which calls prove it. */
final class EvidenceSection {
  /** Of a finding, so many calls are listed. */
  private static final int MAX_PROOFS = 12;

  private final Html page;
  private final Incident incident;
  private final List<Finding> findings;

  EvidenceSection(Html page, Incident incident, List<Finding> findings) {
    this.page = page;
    this.incident = incident;
    this.findings = findings;
  }

  /** Each finding with its losses and the calls that prove it. */
  void findings(Incident.View view, AccountTables tables) {
    page.element("h2", "Evidence", "id", "evidence");
    if (findings.isEmpty()) {
      page.element("p", "There is no finding to prove.");
    }
    for (int i = 0; i < findings.size(); i++) {
      Finding finding = findings.get(i);
      page.open("h3", "id", "d" + (i + 1)).text("Finding " + (i + 1) + ": ");
      tables.links().put(page, finding.subject());
      page.text(", " + finding.severity().toString().toLowerCase(Locale.ROOT)).close();
      page.element("p", finding.subject().toString(), "class", "hash");
      page.element(
          "p",
          finding.why().summary() + " Found by " + String.join(", ", finding.detectors()) + ".");
      page.open("ul", "class", "text");
      for (Loss loss : finding.losses()) {
        page.element("li", "Lost " + Story.loss(view.names(), loss) + ".");
      }
      finding.why().assumptions().forEach(a -> page.element("li", "Assumed: " + a + "."));
      page.close();
      proof(view, tables, finding.why().frames());
    }
    int more = incident.report().findings().size() - findings.size();
    if (more > 0) {
      page.element("p", Figures.count(more) + " more findings are not shown on this page.");
    }
  }

  private void proof(Incident.View view, AccountTables tables, List<Integer> frames) {
    page.openTable("call", "by", "of", "does");
    for (int index : frames.stream().limit(MAX_PROOFS).toList()) {
      CallFrame frame = incident.trace().frame(index);
      page.open("tr").open("td");
      tables.frame(index);
      page.close().open("td");
      tables.links().put(page, frame.from());
      page.close().open("td");
      tables.links().put(page, frame.to());
      page.close().open("td").element("code", CallText.of(frame, view.names()));
      if (frame.moved().amount().signum() > 0) {
        page.text(" with " + view.names().amount(Asset.NATIVE, frame.moved().amount()));
      }
      page.close().close();
    }
    page.closeTable();
    if (frames.size() > MAX_PROOFS) {
      page.element(
          "p",
          frames.size() - MAX_PROOFS + " more calls prove it; they are marked in the call tree.",
          "class",
          "small");
    }
  }

  /** The answer of each detector, with the reason where it could not judge. */
  void verdicts() {
    page.element("h2", "What each detector says", "id", "verdicts");
    List<List<String>> rows = new ArrayList<>();
    for (DetectorResult result : incident.report().results()) {
      String title =
          Detectors.ALL.stream()
              .map(d -> d.metadata())
              .filter(m -> m.id().equals(result.detector()))
              .map(Metadata::title)
              .findFirst()
              .orElse("");
      rows.add(
          switch (result.scan()) {
            case Scan.Found found ->
                List.of(
                    result.detector(),
                    title,
                    "found",
                    found.findings().stream()
                        .map(f -> f.why().summary())
                        .distinct()
                        .limit(3)
                        .collect(Collectors.joining(" ")));
            case Scan.Clean _ -> List.of(result.detector(), title, "clean", "");
            case Scan.NotAnalysed(String reason) ->
                List.of(result.detector(), title, "not analysed", reason);
          });
    }
    page.table(List.of("detector", "looks for", "verdict", "why"), rows);
  }
}
