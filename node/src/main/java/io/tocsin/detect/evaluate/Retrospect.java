package io.tocsin.detect.evaluate;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.detect.evaluate.PastBlock.Fire;
import io.tocsin.detect.evaluate.PastBlock.PastTx;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What would have come of watching some contracts as one protocol: a finding about any of them
 * pauses all, a few blocks later and for a time; what comes meanwhile is kept out.
 *
 * @param unjudged transactions that touched a watched contract and could not be judged
 * @param missed known attacks that no finding was about, each with the reason
 */
public record Retrospect(
    Rules rules,
    long blocks,
    int transactions,
    int unjudged,
    List<Pause> pauses,
    List<Missed> missed) {
  /**
   * How it is supposed to go.
   *
   * @param delay a pause holds from this many blocks behind the one that shows the attack
   * @param pause how long it holds
   * @param attacks the transactions that the owner knows to be attacks; none: he does not say
   */
  public record Rules(Set<Address> watched, int delay, Duration pause, Set<Hash32> attacks) {
    public Rules {
      watched = Set.copyOf(watched);
      attacks = Set.copyOf(attacks);
      if (watched.isEmpty() || delay < 1 || pause.isNegative() || pause.isZero()) {
        throw new IllegalArgumentException(
            "something is watched, a delay is at least one block, a pause not nothing");
      }
    }
  }

  /** Whether the owner says that what fired was an attack. */
  public enum Right {
    ATTACK("a known attack"),
    FALSE_ALARM("false"),
    NOT_SAID("not said");

    private final String title;

    Right(String title) {
      this.title = title;
    }

    /** For people. */
    public String title() {
      return title;
    }
  }

  /** A transaction with findings about watched contracts, in its block. */
  public record Fired(Hash32 tx, long block, Instant time, double probability, List<Fire> fires) {
    public Fired {
      fires = List.copyOf(fires);
    }
  }

  /** A later finding that the pause would have kept out, and how much earlier it held. */
  public record Averted(Fired fired, long blocks, Duration lead) {}

  /**
   * One pause.
   *
   * @param others what else would have been kept out
   */
  public record Pause(Fired by, Right right, Instant until, List<Averted> averted, Cost others) {
    public Pause {
      averted = List.copyOf(averted);
    }
  }

  /** Transactions kept out, of how many senders, and what they moved, by asset. */
  public record Cost(int transactions, int senders, Map<String, BigInteger> moved) {}

  /** A known attack that was not found. */
  public record Missed(Hash32 tx, String why) {}

  public Retrospect {
    pauses = List.copyOf(pauses);
    missed = List.copyOf(missed);
  }

  /** Over {@code blocks} in ascending order. */
  public static Retrospect of(List<PastBlock> blocks, Rules rules) {
    List<Pause> pauses = new ArrayList<>();
    Set<Hash32> fired = new HashSet<>();
    Map<Hash32, String> quiet = new LinkedHashMap<>();
    Open open = null;
    int transactions = 0;
    int unjudged = 0;
    for (PastBlock block : blocks) {
      if (open != null && block.time().isAfter(open.until)) {
        pauses.add(open.close());
        open = null;
      }
      for (PastTx tx : block.transactions()) {
        transactions++;
        unjudged += tx.unjudged().isPresent() ? 1 : 0;
        List<Fire> own =
            tx.fires().stream().filter(f -> rules.watched().contains(f.subject())).toList();
        if (own.isEmpty()) {
          quiet.put(tx.who().tx(), tx.unjudged().map(r -> "not analysed: " + r).orElse("clean"));
        } else {
          fired.add(tx.who().tx());
        }
        if (open == null) {
          open = own.isEmpty() ? null : new Open(fired(tx, own, block), rules);
        } else if (block.number() >= open.by.block() + rules.delay()) {
          open.kept(tx, own, block);
        } else if (!own.isEmpty()) {
          open.early.add(fired(tx, own, block));
        }
      }
    }
    if (open != null) {
      pauses.add(open.close());
    }
    List<Missed> missed = new ArrayList<>();
    for (Hash32 attack : rules.attacks()) {
      if (!fired.contains(attack)) {
        missed.add(
            new Missed(
                attack, quiet.getOrDefault(attack, "touches no watched contract in these blocks")));
      }
    }
    return new Retrospect(rules, blocks.size(), transactions, unjudged, pauses, missed);
  }

  private static Fired fired(PastTx tx, List<Fire> own, PastBlock block) {
    return new Fired(tx.who().tx(), block.number(), block.time(), tx.probability(), own);
  }

  /** A pause that is not over yet. */
  private static final class Open {
    private final Fired by;
    private final Rules rules;
    private final Instant until;
    private final List<Averted> averted = new ArrayList<>();
    private final List<Fired> early = new ArrayList<>();
    private final Set<Address> senders = new LinkedHashSet<>();
    private final Map<String, BigInteger> moved = new LinkedHashMap<>();
    private int others;

    Open(Fired by, Rules rules) {
      this.by = by;
      this.rules = rules;
      this.until = by.time().plus(rules.pause());
    }

    void kept(PastTx tx, List<Fire> own, PastBlock block) {
      if (!own.isEmpty()) {
        averted.add(
            new Averted(
                fired(tx, own, block),
                block.number() - by.block(),
                Duration.between(by.time(), block.time())));
      } else if (tx.calls()) {
        others++;
        senders.add(tx.who().sender());
        tx.moved().forEach((asset, amount) -> moved.merge(asset, amount, BigInteger::add));
      }
    }

    Pause close() {
      Right right =
          rules.attacks().isEmpty() ? Right.NOT_SAID : attack() ? Right.ATTACK : Right.FALSE_ALARM;
      return new Pause(
          by, right, until, averted, new Cost(others, senders.size(), Map.copyOf(moved)));
    }

    private boolean attack() {
      return rules.attacks().contains(by.tx())
          || early.stream().anyMatch(f -> rules.attacks().contains(f.tx()))
          || averted.stream().anyMatch(a -> rules.attacks().contains(a.fired().tx()));
    }
  }
}
