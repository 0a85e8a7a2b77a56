package io.tocsin.app.report;

import io.tocsin.base.Address;
import io.tocsin.detect.FlashLoan;
import io.tocsin.detect.Role;
import io.tocsin.detect.explain.FoldedTree;
import io.tocsin.detect.explain.Incident;
import io.tocsin.detect.explain.Names;
import io.tocsin.detect.explain.NetTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The tables of a transaction's page that speak of accounts: roles, flash loans, net flows. */
final class AccountTables {
  private static final int MAX_ACCOUNTS = 200;
  private static final int MAX_FLOWS = 250;
  private static final int MAX_LOANS = 40;

  private final Html page;
  private final Incident.View view;
  private final FoldedTree tree;
  private final List<Address> listed;
  private final AccountLinks links;

  AccountTables(Html page, Incident.View view, FoldedTree tree) {
    this.page = page;
    this.view = view;
    this.tree = tree;
    this.listed = listed(view);
    this.links = new AccountLinks(view.names(), listed);
  }

  /** How accounts stand on this page. */
  AccountLinks links() {
    return links;
  }

  /** Puts the number of a frame, linked to its place in the call tree if it is shown there. */
  void frame(int frame) {
    if (tree.shows(frame)) {
      page.element("a", "#" + frame, "href", "#f" + frame);
    } else {
      page.text("#" + frame);
    }
  }

  private static List<Address> listed(Incident.View view) {
    List<Address> all = new ArrayList<>(view.roles().all().keySet());
    all.sort(Comparator.comparingInt(view.names()::rank));
    return all.stream().limit(MAX_ACCOUNTS).toList();
  }

  /** Who plays which role. */
  void accounts() {
    page.element("h2", "Accounts and their roles", "id", "accounts");
    page.element(
        "p",
        "Roles are told by what an account does in this transaction, never by who it is. Names in"
            + " quotation marks are what tokens call themselves, which anybody may do.",
        "class",
        "small");
    page.openTable("name", "roles", "address", "runs the code of");
    for (Address account : listed) {
      page.open("tr", "id", links.id(account)).open("td");
      links.put(page, account);
      page.close()
          .element(
              "td",
              view.roles().of(account).stream().map(Role::title).collect(Collectors.joining(", ")))
          .element("td", account.toString(), "class", "h")
          .open("td", "class", "h");
      String separator = "";
      for (Address code : view.roles().implementations().getOrDefault(account, Set.of())) {
        page.text(separator);
        links.put(page, code);
        separator = ", ";
      }
      page.close().close();
    }
    page.closeTable();
    more(view.roles().all().size() - MAX_ACCOUNTS, "more accounts have a role");
  }

  private void more(int left, String what) {
    if (left > 0) {
      page.element("p", Figures.count(left) + " " + what + ", not shown here.", "class", "small");
    }
  }

  /** What was lent for the length of a call. */
  void loans() {
    List<FlashLoan> loans = view.roles().loans();
    if (loans.isEmpty()) {
      return;
    }
    page.element("h2", "Flash loans", "id", "loans");
    page.openTable("lender", "borrower", "+lent", "+fee", "by", "calls");
    for (FlashLoan loan : loans.stream().limit(MAX_LOANS).toList()) {
      page.open("tr").open("td");
      links.put(page, loan.lender());
      page.close().open("td");
      links.put(page, loan.parties().borrower());
      page.close()
          .element("td", view.names().amount(loan.asset(), loan.amount()), "class", "n")
          .element(
              "td",
              loan.fee()
                  .map(f -> f.signum() == 0 ? "none" : view.names().amount(loan.asset(), f))
                  .orElse("paid back in another asset"),
              "class",
              "n")
          .element("td", loan.kind().title())
          .open("td");
      frame(loan.span().lent());
      page.text(", ");
      frame(loan.span().callback());
      page.text(", ");
      frame(loan.span().repaid());
      page.close().close();
    }
    page.closeTable();
    more(loans.size() - MAX_LOANS, "more flash loans were seen");
  }

  /** What each account got and paid of each asset. */
  void flows() {
    page.element("h2", "Who got and paid what", "id", "flows");
    List<NetTable.Row> rows = NetTable.of(view);
    if (rows.isEmpty()) {
      page.element("p", "No value is seen to move.");
      return;
    }
    page.openTable("account", "asset", "+got", "+paid", "+net");
    for (NetTable.Row row : rows.stream().limit(MAX_FLOWS).toList()) {
      page.open("tr").open("td");
      links.put(page, row.account());
      page.close().element("td", view.names().of(row.asset()));
      Names names = view.names();
      page.element("td", names.number(row.asset(), row.got()), "class", "n")
          .element("td", names.number(row.asset(), row.paid()), "class", "n");
      int sign = row.net().signum();
      page.element(
          "td",
          (sign > 0 ? "+" : sign < 0 ? "−" : "") + names.number(row.asset(), row.net().abs()),
          "class",
          sign < 0 ? "n minus" : sign > 0 ? "n plus" : "n");
      page.close();
    }
    page.closeTable();
    more(rows.size() - MAX_FLOWS, "more rows");
    page.element(
        "p",
        "Amounts are whole units where the decimals of a token are known, else its smallest units."
            + " The sender’s side comes first, then victims.",
        "class",
        "small");
  }
}
