package io.tocsin.app.report;

import io.tocsin.base.Address;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.FrameKind;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.Asset;
import io.tocsin.detect.explain.CallText;
import io.tocsin.detect.explain.FoldedTree;
import io.tocsin.detect.explain.FoldedTree.Item;
import io.tocsin.detect.explain.Incident;
import java.util.List;
import java.util.Map;

/** The call tree of a transaction on a page: nested lists that open and close without a script. */
final class CallTree {
  /** Where nothing is to be proved, frames nearer to the root than this are open at first. */
  private static final int OPEN = 3;

  /** Frames deeper than this stand beside each other, with their depth written. */
  private static final int MAX_NESTED = 40;

  private final Html page;
  private final TxTrace trace;
  private final Incident.View view;
  private final AccountLinks links;
  private final FoldedTree tree;
  private final Map<Integer, Integer> proofs;

  /**
   * @param proofs the number of the finding that each proving frame proves
   */
  CallTree(
      Html page,
      Incident.View view,
      AccountLinks links,
      FoldedTree tree,
      Map<Integer, Integer> proofs) {
    this.page = page;
    this.trace = view.facts().trace();
    this.view = view;
    this.links = links;
    this.tree = tree;
    this.proofs = proofs;
  }

  void draw() {
    page.open("div", "class", "tree").open("ul");
    frame(trace.root());
    page.close().close();
  }

  private void frame(CallFrame frame) {
    List<Item> below = tree.below(frame.index());
    if (below.isEmpty()) {
      page.open("li", "class", frame.failed() ? "leaf undone" : "leaf");
      row(frame);
      page.close();
      return;
    }
    page.open("li", "class", frame.failed() ? "undone" : "call");
    if (frame.depth() > MAX_NESTED) {
      row(frame);
      page.close();
      items(below);
      return;
    }
    boolean leads =
        frame.depth() < (proofs.isEmpty() ? OPEN : 1)
            || below.stream().anyMatch(i -> i instanceof Item.Shown(int f) && leadsToProof(f));
    if (leads) {
      page.open("details", "open", "open");
    } else {
      page.open("details");
    }
    page.open("summary");
    row(frame);
    page.close().open("ul");
    items(below);
    page.close().close().close();
  }

  private boolean leadsToProof(int frame) {
    int end = trace.end(frame);
    return proofs.keySet().stream().anyMatch(p -> p >= frame && p < end);
  }

  private void items(List<Item> items) {
    for (Item item : items) {
      switch (item) {
        case Item.Shown(int index) -> frame(trace.frame(index));
        case Item.Repeated(int times, int period, int from, int to) ->
            fold(
                (period == 1 ? "the call above comes " : "the " + period + " calls above come ")
                    + Figures.count(times)
                    + (times == 1 ? " more time" : " more times")
                    + " with other amounts, if any (#"
                    + from
                    + " to #"
                    + (to - 1)
                    + ")");
        case Item.LeftOut(int from, int to) ->
            fold(
                (to - from == 1 ? "1 call is" : Figures.count(to - from) + " calls are")
                    + " not shown here (#"
                    + from
                    + (to - from == 1 ? ")" : " to #" + (to - 1) + ")"));
      }
    }
  }

  private void fold(String text) {
    page.element("li", text, "class", "fold");
  }

  private void row(CallFrame frame) {
    Integer finding = proofs.get(frame.index());
    page.open(
        "span", "id", "f" + frame.index(), "class", finding == null ? "frame" : "frame proof");
    String depth = frame.depth() > MAX_NESTED ? " at depth " + frame.depth() : "";
    page.element("span", "#" + frame.index() + depth, "class", "no");
    if (frame.kind() != FrameKind.CALL) {
      page.element("span", kind(frame.kind()), "class", "kind");
    }
    Address to = frame.to();
    links.put(page, to);
    page.text(" ").element("code", CallText.of(frame, view.names()));
    if (frame.value().amount().signum() > 0 && frame.kind().movesValue()) {
      page.element(
          "span", view.names().amount(Asset.NATIVE, frame.value().amount()), "class", "value");
    }
    CallText.answer(frame, view.names())
        .ifPresent(a -> page.element("span", "→ " + a, "class", "answer"));
    if (frame.failed() && (frame.error().isPresent() || frame.index() == 0)) {
      page.element("span", "failed: " + CallText.failure(frame), "class", "failed");
    }
    if (finding != null) {
      page.element("a", "proof of finding " + finding, "class", "tag", "href", "#d" + finding);
    }
    page.close();
  }

  private static String kind(FrameKind kind) {
    return switch (kind) {
      case CALL -> "";
      case STATICCALL -> "view";
      case DELEGATECALL -> "code of";
      case CALLCODE -> "code (old) of";
      case CREATE -> "new";
      case CREATE2 -> "new at a chosen address";
      case SELFDESTRUCT -> "destroys itself for";
    };
  }
}
