package io.tocsin.adapter.rpc;

import io.tocsin.base.Hash32;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.Receipt;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.TraceDigest;
import io.tocsin.chain.TxTrace;
import io.tocsin.crypto.Keccak;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** The traces of {@code transactions} of {@code block}, each with its agreement. */
  Map<Hash32, Ballot.Result<TxTrace>> mined(Block block, List<Hash32> transactions) {
    boolean whole = transactions.size() == block.transactions().size();
    Panel.Answers<Testimony> answers =
        panel.ask(
            endpoint -> whole ? wholeBlock(endpoint, block) : single(endpoint, block, transactions),
            so -> transactions.stream().allMatch(tx -> count(tx, block, so).agreement().agreed()));
    Map<Hash32, Ballot.Result<TxTrace>> out = new LinkedHashMap<>();
    for (Hash32 tx : transactions) {
      out.put(tx, count(tx, block, answers));
    }
    return out;
  }

  /** The trace of one transaction of {@code block}, with its agreement. */
  Ballot.Result<TxTrace> mined(Block block, Hash32 tx) {
    return mined(block, List.of(tx)).values().iterator().next();
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
      String why = testimony.why().getOrDefault(tx, "no trace");
      faults.put(answer.getKey(), answer.getKey() + ": " + why);
      mute = mute.or(() -> Optional.ofNullable(testimony.bad().get(tx)));
    }
    Ballot.Result<TxTrace> result = new Ballot<>(panel.electorate(), votes, faults).count();
    if (result.evidence().isPresent() || mute.isEmpty()) {
      return result;
    }
    return new Ballot.Result<>(result.agreement(), mute, true);
  }

  private Testimony wholeBlock(Endpoint endpoint, Block block) throws Fault {
    requireTracing(endpoint);
    awaitCanonical(endpoint, block);
    Map<Hash32, TxTrace> traces = endpoint.traces(block);
    return judge(block, block.transactions(), traces, endpoint.receipts(block));
  }

  private Testimony single(Endpoint endpoint, Block block, List<Hash32> transactions) throws Fault {
    requireTracing(endpoint);
    awaitCanonical(endpoint, block);
    Map<Hash32, TxTrace> traces = new HashMap<>();
    Map<Hash32, Receipt> receipts = new HashMap<>();
    for (Hash32 tx : transactions) {
      traces.put(tx, endpoint.trace(tx, block));
      endpoint.receipt(tx).ifPresent(receipt -> receipts.put(tx, receipt));
    }
    return judge(block, transactions, traces, receipts);
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
  private void awaitCanonical(Endpoint endpoint, Block block) throws Fault {
    long deadline = System.nanoTime() + panel.grace().toNanos();
    while (true) {
      Optional<Block> own = endpoint.block(block.ref().number());
      if (own.isPresent() && own.get().ref().hash().equals(block.ref().hash())) {
        return;
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

  /** Whether {@code agreement} lacks because of a fault that may pass. */
  static boolean absent(Ballot.Result<TxTrace> result) {
    return result.evidence().isEmpty() && result.agreement() instanceof Agreement.Lacking;
  }
}
