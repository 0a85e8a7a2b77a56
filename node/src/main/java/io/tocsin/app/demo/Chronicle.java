package io.tocsin.app.demo;

import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.chain.ChainEvent;
import io.tocsin.claim.Claim;
import io.tocsin.pipeline.Observer;
import io.tocsin.pipeline.Stage;
import io.tocsin.policy.Case;
import io.tocsin.policy.Decision;
import io.tocsin.quorum.Equivocation;
import io.tocsin.quorum.QuorumCertificate;
import io.tocsin.respond.Ruling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** What all nodes did and when, as their observers and the block builders told. Thread-safe. */
final class Chronicle {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final Map<Key, Moment> moments = new HashMap<>();
  private final Map<String, Set<ChainId>> watching = new HashMap<>();
  private final List<Held> certificates = new ArrayList<>();
  private final List<Decided> decisions = new ArrayList<>();
  private final List<Ruled> rulings = new ArrayList<>();
  private final List<Caught> contradictions = new ArrayList<>();

  private record Key(Stage stage, String node, ChainId chain, Hash32 tx) {}

  /** A certificate that {@code node} holds. */
  record Held(String node, QuorumCertificate certificate) {}

  /** What {@code node} decided for one of its mandates. */
  record Decided(String node, Case asked, Decision decision) {}

  /** How the interlock of {@code node} ruled on what one of its mandates asked. */
  record Ruled(String node, Case asked, Ruling ruling) {}

  /** A contradiction that {@code node} keeps on record. */
  record Caught(String node, Equivocation evidence) {}

  /** The observer of the member {@code node}. */
  Observer observer(String node) {
    return new Observer() {
      @Override
      public void stage(Stage stage, ChainId chain, Hash32 tx, Duration sinceSeen) {
        long now = System.nanoTime();
        // acceptance and mining of pauses are timed at the block builder; the first sight is
        // reported late, with its age
        switch (stage) {
          case SEEN -> note(new Moment(Stage.SEEN, node, chain, tx, now));
          case SENT, INCLUDED, WITHDRAWN -> {}
          case SIMULATED -> {
            note(new Moment(Stage.SEEN, node, chain, tx, now - sinceSeen.toNanos()));
            note(new Moment(stage, node, chain, tx, now));
          }
          case DETECTED, SIGNED, ADMITTED, ATTESTED, CERTIFIED, DECIDED ->
              note(new Moment(stage, node, chain, tx, now));
        }
      }

      @Override
      public void certified(QuorumCertificate certificate) {
        add(certificates, new Held(node, certificate));
      }

      @Override
      public void decided(Case asked, Decision decision) {
        add(decisions, new Decided(node, asked, decision));
      }

      @Override
      public void ruled(Case asked, Ruling ruling) {
        add(rulings, new Ruled(node, asked, ruling));
      }

      @Override
      public void advanced(ChainEvent.HeadAdvanced advanced) {
        watch(node, advanced.chain());
      }

      @Override
      public void equivocated(Equivocation evidence) {
        add(contradictions, new Caught(node, evidence));
      }
    };
  }

  private void watch(String node, ChainId chain) {
    lock.lock();
    try {
      if (watching.computeIfAbsent(node, _ -> new HashSet<>()).add(chain)) {
        more.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many pairs of a node and a chain there are of which the node has seen a block. */
  int watching() {
    lock.lock();
    try {
      return watching.values().stream().mapToInt(Set::size).sum();
    } finally {
      lock.unlock();
    }
  }

  /** Notes a moment; of two at one node for one transaction the earlier counts. */
  void note(Moment moment) {
    lock.lock();
    try {
      Moment _ =
          moments.merge(
              new Key(moment.stage(), moment.node(), moment.chain(), moment.tx()),
              moment,
              (a, b) -> a.nanos() <= b.nanos() ? a : b);
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private <T> void add(List<T> list, T item) {
    lock.lock();
    try {
      list.add(item);
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private <T> List<T> copy(List<T> list, Predicate<T> test) {
    lock.lock();
    try {
      return list.stream().filter(test).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Every stage that any node reached about the transaction {@code tx}, in order of time. */
  List<Moment> about(Hash32 tx) {
    lock.lock();
    try {
      return moments.values().stream()
          .filter(m -> m.tx().equals(tx))
          .sorted(Comparator.comparingLong(Moment::nanos))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** The certificates held on claims about {@code tx}. */
  List<Held> certificates(Hash32 tx) {
    return copy(certificates, held -> about(held.certificate().claim(), tx));
  }

  /** The decisions on claims about {@code tx}. */
  List<Decided> decisions(Hash32 tx) {
    return copy(decisions, decided -> about(decided.asked().occasion().alarm().claim(), tx));
  }

  /** The interlocks' rulings on claims about {@code tx}. */
  List<Ruled> rulings(Hash32 tx) {
    return copy(rulings, ruled -> about(ruled.asked().occasion().alarm().claim(), tx));
  }

  /** The contradictions kept on the claim {@code claim}. */
  List<Caught> contradictions(Hash32 claim) {
    return copy(contradictions, caught -> caught.evidence().claimId().equals(claim));
  }

  private static boolean about(Claim claim, Hash32 tx) {
    return switch (claim) {
      case Claim.ExploitMined mined -> mined.tx().equals(tx);
      case Claim.ExploitPending pending -> pending.tx().equals(tx);
      case Claim.AllClear _, Claim.RosterChanged _ -> false;
    };
  }

  /** Waits until {@code condition} holds of what was told; false when {@code patience} ran out. */
  boolean await(Predicate<Chronicle> condition, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    lock.lock();
    try {
      while (!condition.test(this)) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        boolean _ =
            more.await(Math.min(left, TimeUnit.MILLISECONDS.toNanos(50)), TimeUnit.NANOSECONDS);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** How many nodes hold a certificate on a claim about {@code tx}. */
  long holders(Hash32 tx) {
    return certificates(tx).stream().map(Held::node).distinct().count();
  }

  /** The first certificate on a claim about {@code tx}. */
  Optional<QuorumCertificate> certificate(Hash32 tx) {
    return certificates(tx).stream().map(Held::certificate).findFirst();
  }
}
