package io.tocsin.adapter.rpc;

import io.tocsin.base.ChainId;
import io.tocsin.base.ShownUrl;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A chain and the endpoints through which it is seen; the order of endpoints is the order in which
 * they lead.
 */
public record RpcChainConfig(ChainId chain, List<Remote> endpoints, Following following) {
  public RpcChainConfig {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("chain " + chain + " has no endpoint");
    }
    Set<String> urls = new HashSet<>();
    for (Remote remote : endpoints) {
      if (!urls.add(remote.url())) {
        throw new IllegalArgumentException(
            "chain " + chain + " names the endpoint " + ShownUrl.of(remote.url()) + " twice");
      }
    }
  }

  /**
   * One endpoint.
   *
   * @param url {@code ipc:/path}, a path, {@code ws://}, {@code wss://}, {@code http://} or {@code
   *     https://}
   * @param operator who runs it; agreement takes two operators
   */
  public record Remote(String url, String operator) {
    public Remote {
      Transport.check(url);
      if (operator.isBlank()) {
        throw new IllegalArgumentException(
            "endpoint " + ShownUrl.of(url) + " needs the name of its operator");
      }
    }

    @Override
    public String toString() {
      return ShownUrl.of(url) + " of " + operator;
    }
  }

  /**
   * How the chain is followed.
   *
   * @param slot the time between blocks; no head for three of them is an alarm
   * @param poll how often an endpoint without subscriptions is asked for its head
   * @param agreement how long the other endpoints have to agree after the first answered
   * @param timeout of one call
   * @param pending whether pending transactions are simulated
   * @param from the first block to process when none is remembered; the present head if empty
   */
  public record Following(
      Duration slot,
      Duration poll,
      Duration agreement,
      Duration timeout,
      boolean pending,
      OptionalLong from) {
    /** For Ethereum: 12 s slots, polled each second, 2 s to agree, 10 s a call. */
    public static final Following DEFAULT =
        new Following(
            Duration.ofSeconds(12),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            true,
            OptionalLong.empty());

    public Following {
      for (Duration each : List.of(slot, poll, agreement, timeout)) {
        if (!each.isPositive()) {
          throw new IllegalArgumentException("a duration must be positive, not " + each);
        }
      }
    }

    /** The same with another slot. */
    public Following withSlot(Duration changed) {
      return new Following(changed, poll, agreement, timeout, pending, from);
    }

    /** The same with another interval of polling. */
    public Following withPoll(Duration changed) {
      return new Following(slot, changed, agreement, timeout, pending, from);
    }

    /** The same with another time to agree. */
    public Following withAgreement(Duration changed) {
      return new Following(slot, poll, changed, timeout, pending, from);
    }

    /** The same with or without pending transactions. */
    public Following withPending(boolean changed) {
      return new Following(slot, poll, agreement, timeout, changed, from);
    }

    /** The same from another first block. */
    public Following withFrom(long block) {
      return new Following(slot, poll, agreement, timeout, pending, OptionalLong.of(block));
    }
  }
}
