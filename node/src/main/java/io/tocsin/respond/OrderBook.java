package io.tocsin.respond;

import java.util.List;

/** Where the owner's orders lie until the node has carried them out. Thread-safe. */
public interface OrderBook {
  /** No owner gives any. */
  OrderBook NONE =
      new OrderBook() {
        @Override
        public List<Given> given() {
          return List.of();
        }

        @Override
        public void done(Given given) {}
      };

  /**
   * One order.
   *
   * @param id its name in this book
   */
  record Given(String id, Order order) {}

  /** The orders not carried out yet, in the order they were given. */
  List<Given> given();

  /** Strikes one out that was carried out. */
  void done(Given given);
}
