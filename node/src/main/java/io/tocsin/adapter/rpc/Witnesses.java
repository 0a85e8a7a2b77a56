package io.tocsin.adapter.rpc;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.Receipt;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.TraceDigest;
import io.tocsin.chain.TxTrace;
import io.tocsin.crypto.Keccak;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/**
 * Lets every endpoint trace the same transactions and counts who says the same. An endpoint has a
 * voice only if it holds the block as canonical and its own receipt matches its own trace.
 */
final class Witnesses {
  private static final long RETRY_MILLIS = 40;

  private final Panel panel;

  Witnesses(Panel panel) {
    this.panel = panel;
  }

  /** One endpoint's testimony: good traces, traces without a voice, and why. */
  private record Testimony(
      Map<Hash32, TxTrace> good, Map<Hash32, TxTrace> bad, Map<Hash32, String> why) {
    static Testimony empty() {
      return new Testimony(new HashMap<>(), new HashMap<>(), new HashMap<>());
    }
  }

  /**
   * What the endpoints say of a whole block.
   *
   * @param listed its transactions, in order; what any endpoint lists while they do not agree
   * @param traces by transaction, in the order of the list
   */
  record Whole(Ballot.Result<List<Hash32>> listed, Map<Hash32, Ballot.Result<TxTrace>> traces) {
    private boolean agreed() {
      return listed.agreement().agreed()
          && traces.values().stream().allMatch(trace -> trace.agreement().agreed());
    }
  }

  /**
   * The transactions of {@code block} and their traces. Which there are is not left to the endpoint
   * that {@code block} comes from: a header says nothing of a list that is cut.
   */
  Whole whole(Block block) {
    Map<String, List<Hash32>> lists = new ConcurrentHashMap<>();
    Panel.Answers<Testimony> answers =
        panel.ask(
            endpoint -> wholeBlock(endpoint, block, lists),
            so -> whole(block, new HashMap<>(lists), so).agreed());
    return whole(block, new HashMap<>(lists), answers);
  }

  private Whole whole(
      Block block, Map<String, List<Hash32>> lists, Panel.Answers<Testimony> answers) {
    Ballot.Result<List<Hash32>> listed = listed(block, lists, answers.faults());
    Map<Hash32, Ballot.Result<TxTrace>> traces = new LinkedHashMap<>();
    for (Hash32 tx : listed.evidence().orElse(block.transactions())) {
      traces.put(tx, count(tx, block, answers));
    }
    return new Whole(listed, traces);
  }

  private Ballot.Result<List<Hash32>> listed(
      Block block, Map<String, List<Hash32>> lists, Map<String, String> faults) {
    List<Ballot.Vote<List<Hash32>>> votes = new ArrayList<>();
    for (String name : panel.electorate().keySet()) {
      List<Hash32> list = lists.get(name);
      if (list != null) {
        votes.add(new Ballot.Vote<>(name, digest(list), list));
      }
    }
    Ballot.Result<List<Hash32>> result = new Ballot<>(panel.electorate(), votes, faults).count();
    if (result.agreement().agreed()) {
      return result;
    }
    Set<Hash32> any = new LinkedHashSet<>();
    lists.values().stream()
        .sorted(Comparator.comparingInt((List<Hash32> list) -> list.size()).reversed())
        .forEach(any::addAll);
    any.addAll(block.transactions());
    return new Ballot.Result<>(
        result.agreement(), Optional.of(List.copyOf(any)), result.disputed());
  }

  private static Hash32 digest(List<Hash32> list) {
    ByteBuffer content = ByteBuffer.allocate(32 * list.size());
    list.forEach(tx -> content.put(tx.bytes().toArray()));
    return Keccak.hash(Bytes.of(content.array()));
  }

  /** The trace of one transaction of {@code block}, with its agreement. */
  Ballot.Result<TxTrace> mined(Block block, Hash32 tx) {
    return count(
        tx,
        block,
        panel.ask(
            endpoint -> single(endpoint, block, tx),
            so -> count(tx, block, so).agreement().agreed()));
  }

  private Ballot.Result<TxTrace> count(Hash32 tx, Block block, Panel.Answers<Testimony> answers) {
    List<Ballot.Vote<TxTrace>> votes = new ArrayList<>();
    Map<String, String> faults = new HashMap<>(answers.faults());
    Optional<TxTrace> mute = Optional.empty();
    for (var answer : answers.given().entrySet()) {
      Testimony testimony = answer.getValue();
      TxTrace trace = testimony.good().get(tx);
      if (trace != null) {
        Hash32 digest = Keccak.hash(block.ref().hash().bytes(), TraceDigest.of(trace).bytes());
        votes.add(new Ballot.Vote<>(answer.getKey(), digest, trace));
        continue;
      }
      String why = testimony.why().getOrDefault(tx, "does not list the transaction");
      faults.put(answer.getKey(), answer.getKey() + ": " + why);
      mute = mute.or(() -> Optional.ofNullable(testimony.bad().get(tx)));
    }
    Ballot.Result<TxTrace> result = new Ballot<>(panel.electorate(), votes, faults).count();
    if (result.evidence().isPresent() || mute.isEmpty()) {
      return result;
    }
    return new Ballot.Result<>(result.agreement(), mute, true);
  }

  /** Puts the endpoint's list into {@code lists} even if it can trace nothing. */
  private Testimony wholeBlock(Endpoint endpoint, Block block, Map<String, List<Hash32>> lists)
      throws Fault {
    Block own = awaitCanonical(endpoint, block);
    lists.put(endpoint.name(), own.transactions());
    if (own.transactions().isEmpty()) {
      return Testimony.empty();
    }
    requireTracing(endpoint);
    Map<Hash32, TxTrace> traces = endpoint.traces(own);
    return judge(block, own.transactions(), traces, endpoint.receipts(own));
  }

  private Testimony single(Endpoint endpoint, Block block, Hash32 tx) throws Fault {
    requireTracing(endpoint);
    awaitCanonical(endpoint, block);
    Map<Hash32, TxTrace> traces = Map.of(tx, endpoint.trace(tx, block));
    Map<Hash32, Receipt> receipts = new HashMap<>();
    endpoint.receipt(tx).ifPresent(receipt -> receipts.put(tx, receipt));
    return judge(block, List.of(tx), traces, receipts);
  }

  private static void requireTracing(Endpoint endpoint) throws Fault {
    if (!endpoint.can(Capability.TRACE_TRANSACTION) && !endpoint.can(Capability.TRACE_BLOCK)) {
      throw new Fault(endpoint.name() + ": " + Capability.TRACE_TRANSACTION.without(), true);
    }
  }

  private static Testimony judge(
      Block block,
      List<Hash32> transactions,
      Map<Hash32, TxTrace> traces,
      Map<Hash32, Receipt> receipts) {
    Testimony out = Testimony.empty();
    for (Hash32 tx : transactions) {
      TxTrace trace = traces.get(tx);
      Receipt receipt = receipts.get(tx);
      if (trace == null) {
        out.why().put(tx, "no trace");
        continue;
      }
      Optional<String> fault =
          receipt == null
              ? Optional.of("no receipt")
              : receipt.block().equals(block.ref().hash())
                  ? receipt.mismatch(trace)
                  : Optional.of("the receipt is of another block");
      if (fault.isEmpty()) {
        out.good().put(tx, trace);
      } else {
        out.bad().put(tx, trace);
        out.why().put(tx, fault.get());
      }
    }
    return out;
  }

  /** Waits until {@code endpoint} has {@code block} as canonical, as far as its grace allows. */
  private Block awaitCanonical(Endpoint endpoint, Block block) throws Fault {
    long deadline = System.nanoTime() + panel.grace().toNanos();
    while (true) {
      Optional<Block> own = endpoint.block(block.ref().number());
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
            so -> count(head, so).agreement().agreed());
    return count(head, answers);
  }

  private Ballot.Result<TxTrace> count(BlockRef head, Panel.Answers<TxTrace> answers) {
    List<Ballot.Vote<TxTrace>> votes = new ArrayList<>();
    answers
        .given()
        .forEach(
            (name, trace) ->
                votes.add(
                    new Ballot.Vote<>(
                        name,
                        Keccak.hash(head.hash().bytes(), TraceDigest.of(trace).bytes()),
                        trace)));
    return new Ballot<>(panel.electorate(), votes, answers.faults()).count();
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
