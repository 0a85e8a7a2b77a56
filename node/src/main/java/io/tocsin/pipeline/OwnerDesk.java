package io.tocsin.pipeline;

import io.tocsin.base.AccountId;
import io.tocsin.base.Hash32;
import io.tocsin.policy.Alarm;
import io.tocsin.policy.Protection;
import io.tocsin.respond.Gate;
import io.tocsin.respond.InterlockState.Slot;
import io.tocsin.respond.Order;
import io.tocsin.respond.OrderBook;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Carries out the owner's orders, and remembers the last {@value #REMEMBERED} alarms that wait for
 * one. Thread-safe.
 */
final class OwnerDesk {
  private static final int REMEMBERED = 1_024;

  private final List<Protection> protections;
  private final OrderBook book;
  private final Gate gate;
  private final Records records;
  private final Set<Alarm> waiting = new LinkedHashSet<>();

  OwnerDesk(List<Protection> protections, OrderBook book, Gate gate, Records records) {
    this.protections = protections;
    this.book = book;
    this.gate = gate;
    this.records = records;
  }

  /** Remembers an alarm that a person can let go on. */
  synchronized void await(Alarm alarm) {
    if (waiting.add(alarm) && waiting.size() > REMEMBERED) {
      waiting.remove(waiting.iterator().next());
    }
  }

  /** Carries out what was ordered; the alarms returned are to be decided again. */
  synchronized List<Alarm> obey() {
    List<OrderBook.Given> orders = book.given();
    if (orders.isEmpty()) {
      return List.of();
    }
    for (OrderBook.Given given : orders) {
      obey(given.order());
      records.audit().flush(); // the order is gone once it is done, so what it changed must last
      book.done(given);
    }
    List<Alarm> again = new ArrayList<>(waiting);
    waiting.clear();
    return again;
  }

  private void obey(Order order) {
    switch (order) {
      case Order.Approve(Hash32 permit) -> {
        gate.approve(permit);
        records.ordered("approve", permit.toString(), "");
      }
      case Order.LetGo(AccountId guardian, Hash32 mandate) ->
          at(guardian, mandate, "let-go", "", gate::letGo);
      case Order.Hold(AccountId guardian, Hash32 mandate, String reason) ->
          at(
              guardian,
              mandate,
              "hold",
              reason,
              slot -> gate.hold(slot, records.clock().instant(), reason));
    }
  }

  private void at(
      AccountId guardian, Hash32 mandate, String order, String note, Consumer<Slot> change) {
    Optional<Slot> slot =
        protections.stream()
            .filter(protection -> protection.guard().account().equals(guardian))
            .flatMap(protection -> protection.mandates().stream())
            .filter(candidate -> candidate.id().equals(mandate))
            .map(found -> new Slot(guardian, mandate, found.budgetClass()))
            .findFirst();
    slot.ifPresent(change);
    records.ordered(
        order,
        guardian + " " + mandate,
        slot.isPresent() ? note : "not carried out: there is no mandate of that name");
  }
}
