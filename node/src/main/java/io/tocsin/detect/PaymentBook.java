package io.tocsin.detect;

import io.tocsin.base.Address;
import io.tocsin.detect.History.Habit;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What contracts paid, hour by hour: the running hour, the most in any hour before, and how many
 * there were. Bounded: the account that was not met for longest is forgotten first, and of an
 * account's assets the first few are kept. Not thread-safe; owned by {@link Sightings}.
 */
final class PaymentBook {
  private static final int MAX_ASSETS = 8;
  private static final long HOUR = 3600;

  /** Sums of one account and asset; the running hour counts from 1970. */
  private record Line(long hour, Habit sums) {
    static final Line EMPTY = new Line(0, new Habit(BigInteger.ZERO, BigInteger.ZERO, 0));

    /** The line as it stands in {@code at}; an hour that is over goes to the earlier ones. */
    Line at(long at) {
      if (at <= hour || sums.now().signum() == 0) {
        return at > hour ? new Line(at, sums) : this;
      }
      return new Line(
          at, new Habit(BigInteger.ZERO, sums.most().max(sums.now()), sums.hours() + 1));
    }

    Line plus(BigInteger paid) {
      return new Line(hour, new Habit(sums.now().add(paid), sums.most(), sums.hours()));
    }
  }

  private final Map<Address, Map<Asset, Line>> lines;

  /** An empty book of at most {@code capacity} accounts. */
  PaymentBook(int capacity) {
    lines =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Address, Map<Asset, Line>> eldest) {
            return size() > capacity;
          }
        };
  }

  /** Books what every account but {@code sender} paid on balance in one transaction. */
  void book(NetFlows net, Address sender, long seconds) {
    for (Address account : net.accounts()) {
      if (account.equals(sender) || account.equals(Address.ZERO)) {
        continue;
      }
      net.of(account)
          .forEach(
              (asset, amount) -> {
                if (amount.signum() < 0) {
                  add(account, asset, amount.negate(), seconds / HOUR);
                }
              });
    }
  }

  private void add(Address account, Asset asset, BigInteger paid, long hour) {
    Map<Asset, Line> assets = lines.computeIfAbsent(account, _ -> new HashMap<>());
    if (assets.size() < MAX_ASSETS || assets.containsKey(asset)) {
      assets.merge(asset, Line.EMPTY.at(hour).plus(paid), (line, _) -> line.at(hour).plus(paid));
    }
  }

  /** What {@code account} paid until {@code seconds}; nothing if it was not seen to pay. */
  Map<Asset, Habit> of(Address account, long seconds) {
    Map<Asset, Habit> all = new HashMap<>();
    lines
        .getOrDefault(account, Map.of())
        .forEach((asset, line) -> all.put(asset, line.at(seconds / HOUR).sums()));
    return all;
  }
}
