package io.tocsin.adapter.rpc;

import io.tocsin.base.Hash32;
import io.tocsin.base.Wei;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.chain.Receipt;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.TraceDigest;
import io.tocsin.chain.TxTrace;
import io.tocsin.crypto.Keccak;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Lets every endpoint trace the same transactions and counts who says the same. An endpoint has a
 * voice only if it holds the block as canonical, its own receipt matches its own trace, and nobody
 * proves by the block's hash that header, list or receipts are others.
 */
final class Witnesses {
  private static final long RETRY_MILLIS = 40;

  private final Panel panel;

  Witnesses(Panel panel) {
    this.panel = panel;
  }

  /**
   * The transactions of {@code block} and their traces. Which there are is not left to the endpoint
   * that {@code block} comes from: a header says nothing of a list that is cut.
   */
  Hearing.Whole whole(Block block) {
    Map<String, Optional<Block>> shown = new ConcurrentHashMap<>();
    Panel.Answers<Testimony> answers =
        panel.ask(
            endpoint -> wholeBlock(endpoint, block, shown),
            so -> {
              Hearing.Whole whole = new Hearing(panel, block, shown, so).whole();
              return whole.agreed() || whole.instead(block).isPresent();
            },
            so -> new Hearing(panel, block, shown, so).review());
    Hearing hearing = new Hearing(panel, block, shown, answers);
    hearing.learn();
    return hearing.whole();
  }

  /**
   * The first look at a chain: learns whether its headers hash to their blocks.
   *
   * @throws Fault if {@code block}, which {@code from} shows, is another one for the others
   */
  void meet(Endpoint from, Block block) throws Fault {
    Map<String, Optional<Block>> shown = new ConcurrentHashMap<>();
    Panel.Answers<Testimony> answers =
        panel.ask(
            endpoint -> {
              Optional<Block> own = endpoint.block(block.ref().hash());
              shown.put(endpoint.name(), own);
              return Testimony.ofNothing(
                  own.orElseThrow(() -> new Fault(endpoint.name() + ": unknown block", true)));
            },
            so -> new Hearing(panel, block, shown, so).held().agreement().agreed());
    Hearing hearing = new Hearing(panel, block, shown, answers);
    hearing.learn();
    Optional<Proven.Flaw> flaw = hearing.whole().proven().flaw(block);
    if (flaw.isPresent()) {
      panel
          .common()
          .conduct()
          .wrong(from, flaw.get().kind(), "block " + block.ref().number(), flaw.get().what());
      throw new Fault(from.name() + ": " + flaw.get().what(), true);
    }
  }

  /**
   * Asks before a reorganisation whether the others have left {@code last} too.
   *
   * @throws Fault if agreeing endpoints still have it when they had time to leave it
   */
  void contest(Endpoint from, BlockRef last) throws Fault {
    Map<String, Optional<Block>> shown = new ConcurrentHashMap<>();
    Predicate<Panel.Answers<Block>> enough =
        so -> held(last, shown, so).agreement().agreed() && !stays(last, shown, so);
    Panel.Answers<Block> answers = panel.ask(endpoint -> leaving(endpoint, last, shown), enough);
    if (stays(last, shown, answers)) {
      String what =
          "it is no more, and "
              + Hearing.supporters(held(last, shown, answers).agreement())
              + " have it";
      panel
          .common()
          .conduct()
          .wrong(from, TroubleKind.OUTVOTED, "block " + last.number() + " " + last.hash(), what);
      throw new Fault(from.name() + ": block " + last.hash() + ": " + what, true);
    }
  }

  private Ballot.Result<Block> held(
      BlockRef last, Map<String, Optional<Block>> shown, Panel.Answers<Block> answers) {
    Block block = new Block(last, Hash32.ZERO, Wei.ZERO, List.of(), Optional.empty(), false);
    return new Hearing(panel, block, shown, new Panel.Answers<>(Map.of(), answers.faults())).held();
  }

  private boolean stays(
      BlockRef last, Map<String, Optional<Block>> shown, Panel.Answers<Block> answers) {
    Ballot.Result<Block> held = held(last, shown, answers);
    return held.agreement().agreed()
        && held.evidence().filter(b -> b.ref().hash().equals(last.hash())).isPresent();
  }

  private Block leaving(Endpoint endpoint, BlockRef last, Map<String, Optional<Block>> shown)
      throws Fault {
    long deadline = System.nanoTime() + panel.grace().toNanos() / 2;
    while (true) {
      Optional<Block> own = endpoint.block(last.number());
      if (own.filter(b -> b.ref().hash().equals(last.hash())).isEmpty()
          || System.nanoTime() - deadline > 0) {
        shown.put(endpoint.name(), own);
        return own.orElseThrow(
            () -> new Fault(endpoint.name() + ": has no block at " + last.number(), true));
      }
      pause(endpoint);
    }
  }

  /** The trace of one transaction of {@code block}, with its agreement. */
  Ballot.Result<TxTrace> mined(Block block, Hash32 tx) {
    Map<String, Optional<Block>> shown = new ConcurrentHashMap<>();
    return new Hearing(
            panel,
            block,
            shown,
            panel.ask(
                endpoint -> single(endpoint, block, tx, shown),
                so -> new Hearing(panel, block, shown, so).trace(tx).agreement().agreed(),
                so -> new Hearing(panel, block, shown, so).review()))
        .trace(tx);
  }

  /** Puts the endpoint's block into {@code shown} even if it can trace nothing. */
  private Testimony wholeBlock(Endpoint endpoint, Block block, Map<String, Optional<Block>> shown)
      throws Fault {
    Block own = awaitCanonical(endpoint, block, shown);
    if (own.transactions().isEmpty()) {
      return Testimony.ofNothing(own);
    }
    requireTracing(endpoint);
    Map<Hash32, TxTrace> traces = endpoint.traces(own);
    return Testimony.of(own, own.transactions(), traces, endpoint.receipts(own));
  }

  private Testimony single(
      Endpoint endpoint, Block block, Hash32 tx, Map<String, Optional<Block>> shown) throws Fault {
    requireTracing(endpoint);
    Block own = awaitCanonical(endpoint, block, shown);
    Map<Hash32, TxTrace> traces = Map.of(tx, endpoint.trace(tx, own));
    if (endpoint.can(Capability.BLOCK_RECEIPTS)) {
      return Testimony.of(own, List.of(tx), traces, endpoint.receipts(own));
    }
    Map<Hash32, Receipt> receipts = new HashMap<>();
    endpoint.receipt(tx).ifPresent(receipt -> receipts.put(tx, receipt));
    return Testimony.of(own, List.of(tx), traces, receipts);
  }

  private static void requireTracing(Endpoint endpoint) throws Fault {
    if (!endpoint.can(Capability.TRACE_TRANSACTION) && !endpoint.can(Capability.TRACE_BLOCK)) {
      throw new Fault(endpoint.name() + ": " + Capability.TRACE_TRANSACTION.without(), true);
    }
  }

  /** Waits until {@code endpoint} has {@code block} as canonical, as far as its grace allows. */
  private Block awaitCanonical(Endpoint endpoint, Block block, Map<String, Optional<Block>> shown)
      throws Fault {
    long deadline = System.nanoTime() + panel.grace().toNanos();
    while (true) {
      Optional<Block> own = endpoint.whole(block.ref().number());
      shown.put(endpoint.name(), own);
      if (own.isPresent() && own.get().ref().hash().equals(block.ref().hash())) {
        return own.get();
      }
      if (System.nanoTime() - deadline > 0) {
        throw new Fault(
            endpoint.name()
                + own.map(b -> ": has block " + b.ref().hash() + " at ")
                    .orElse(": has no block at ")
                + block.ref().number(),
            true);
      }
      pause(endpoint);
    }
  }

  private static void pause(Endpoint endpoint) throws Fault {
    try {
      Thread.sleep(RETRY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault(endpoint.name() + ": interrupted", true);
    }
  }

  /** How {@code transaction} would run on {@code head}, with its agreement. */
  Ballot.Result<TxTrace> pending(
      SignedTransaction transaction, BlockRef head, Optional<JsonNode> surroundings) {
    Panel.Answers<TxTrace> answers =
        panel.ask(
            endpoint -> simulated(endpoint, transaction, head, surroundings),
            so -> count(head, so).agreement().agreed(),
            so -> review(head, so));
    return count(head, answers);
  }

  private Ballot.Result<TxTrace> count(BlockRef head, Panel.Answers<TxTrace> answers) {
    List<Ballot.Vote<TxTrace>> votes = new ArrayList<>();
    answers
        .given()
        .forEach((name, trace) -> votes.add(new Ballot.Vote<>(name, digest(head, trace), trace)));
    return new Ballot<>(panel.electorate(), votes, answers.faults()).count();
  }

  private static Hash32 digest(BlockRef head, TxTrace trace) {
    return Keccak.hash(head.hash().bytes(), TraceDigest.of(trace).bytes());
  }

  private void review(BlockRef head, Panel.Answers<TxTrace> answers) {
    Ballot.Result<TxTrace> result = count(head, answers);
    if (!result.agreement().agreed() || result.evidence().isEmpty()) {
      return;
    }
    TxTrace best = result.evidence().get();
    for (Endpoint endpoint : panel.endpoints()) {
      TxTrace theirs = answers.given().get(endpoint.name());
      if (theirs != null && !digest(head, theirs).equals(digest(head, best))) {
        panel
            .common()
            .conduct()
            .wrong(
                endpoint,
                TroubleKind.OUTVOTED,
                "block " + head.number(),
                "its simulation of "
                    + best.tx()
                    + " on it is not that of "
                    + Hearing.supporters(result.agreement()));
      }
    }
  }

  private TxTrace simulated(
      Endpoint endpoint,
      SignedTransaction transaction,
      BlockRef head,
      Optional<JsonNode> surroundings)
      throws Fault {
    if (!endpoint.can(Capability.TRACE_CALL)) {
      throw new Fault(endpoint.name() + ": " + Capability.TRACE_CALL.without(), true);
    }
    long deadline = System.nanoTime() + panel.grace().toNanos();
    while (true) {
      try {
        return endpoint.simulate(transaction, head, surroundings);
      } catch (Fault e) {
        if (!e.reachable() || System.nanoTime() - deadline > 0) {
          throw e;
        }
        if (endpoint.block(head.hash()).isPresent()) {
          throw e;
        }
        pause(endpoint);
      }
    }
  }

  /** Whether nobody could trace it. */
  static boolean absent(Ballot.Result<TxTrace> result) {
    return result.evidence().isEmpty() && !result.agreement().agreed();
  }

  /** Whether agreement may still come of a lack that nobody contradicts. */
  boolean open(Ballot.Result<?> result) {
    return !result.agreement().agreed() && !result.disputed() && panel.canAgree();
  }
}
