package io.tocsin.detect.explain;

import io.tocsin.base.Address;
import io.tocsin.detect.Asset;
import io.tocsin.detect.Flow;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What each account got and paid of each asset, those that matter most first. */
public final class NetTable {
  /** One account and asset. */
  public record Row(Address account, Asset asset, BigInteger got, BigInteger paid) {
    /** What is left of it on balance. */
    public BigInteger net() {
      return got.subtract(paid);
    }
  }

  private record Key(Address account, Asset asset) {}

  private NetTable() {}

  /** All rows; nobody's (mint and burn) are left out. */
  public static List<Row> of(Incident.View view) {
    Map<Key, Row> rows = new LinkedHashMap<>();
    for (Flow flow : view.facts().flows()) {
      book(rows, new Row(flow.from(), flow.asset(), BigInteger.ZERO, flow.amount()));
      book(rows, new Row(flow.to(), flow.asset(), flow.amount(), BigInteger.ZERO));
    }
    List<Row> all = new ArrayList<>(rows.values());
    all.removeIf(r -> r.account().equals(Address.ZERO));
    all.sort(
        Comparator.comparingInt((Row r) -> rank(view, r.account()))
            .thenComparing(r -> r.net().signum() == 0));
    return all;
  }

  private static void book(Map<Key, Row> rows, Row row) {
    rows.merge(
        new Key(row.account(), row.asset()),
        row,
        (a, b) -> new Row(a.account(), a.asset(), a.got().add(b.got()), a.paid().add(b.paid())));
  }

  private static int rank(Incident.View view, Address account) {
    return view.facts().controlled().contains(account) ? -1 : view.names().rank(account);
  }
}
