package io.tocsin.app.report;

import io.tocsin.base.Address;
import io.tocsin.detect.Role;
import io.tocsin.detect.explain.Names;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Accounts as they stand on a page: by name, coloured by role, linked to their row. */
final class AccountLinks {
  private final Names names;
  private final Map<Address, Integer> rows = new HashMap<>();

  /**
   * @param listed the accounts that have a row, in order
   */
  AccountLinks(Names names, List<Address> listed) {
    this.names = names;
    listed.forEach(account -> rows.put(account, rows.size() + 1));
  }

  /** The id of the row of {@code account}, which is listed. */
  String id(Address account) {
    return "a" + rows.get(account);
  }

  /** Puts the name of {@code account} into the element opened last. */
  void put(Html page, Address account) {
    String kind = "r " + colour(names.role(account));
    Integer row = rows.get(account);
    if (row == null) {
      page.element("span", names.of(account), "class", kind, "title", account.toString());
    } else {
      page.element(
          "a", names.of(account), "class", kind, "href", "#a" + row, "title", account.toString());
    }
  }

  private static String colour(Optional<Role> role) {
    return role.map(
            r ->
                switch (r) {
                  case SENDER, ENTRY, SENDER_SIDE -> "r-sender";
                  case VICTIM, WAY_IN -> "r-victim";
                  case LENDER -> "r-lender";
                  case POOL, ROUTER -> "r-pool";
                  case ORACLE -> "r-oracle";
                  case TOKEN, WRAPPER -> "r-token";
                  case PROXY, IMPLEMENTATION -> "r-code";
                })
        .orElse("r-none");
  }
}
