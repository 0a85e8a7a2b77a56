package io.tocsin.chain;

import io.tocsin.base.ChainId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What following a chain brings. */
public sealed interface ChainEvent {
  /** The chain it happened on. */
  ChainId chain();

  /**
   * A transaction's call tree, mined or simulated while pending.
   *
   * @param seen when this node first heard of the transaction or of its block
   * @param changes what a pending one would change, where the endpoint tells
   */
  record Traced(TxTrace trace, Agreement agreement, Instant seen, Optional<StateDiff> changes)
      implements ChainEvent {
    /** Without a state diff. */
    public Traced(TxTrace trace, Agreement agreement, Instant seen) {
      this(trace, agreement, seen, Optional.empty());
    }

    @Override
    public ChainId chain() {
      return trace.chain();
    }
  }

  /** A new canonical block; comes after the traces of all its transactions. */
  record HeadAdvanced(ChainId chain, BlockRef head) implements ChainEvent {}

  /**
   * Blocks that were reported are canonical no more.
   *
   * @param removed in ascending order of number
   * @param head the last block both branches share; blocks of the new branch follow
   */
  record Reorged(ChainId chain, List<BlockRef> removed, BlockRef head) implements ChainEvent {
    public Reorged {
      removed = List.copyOf(removed);
    }
  }

  /** Something that an operator must know; {@code endpoint} is its shown name. */
  record Trouble(ChainId chain, String endpoint, TroubleKind kind, String detail)
      implements ChainEvent {}

  /** The kinds of trouble, which are metric labels too. */
  enum TroubleKind {
    /** No head for three slots; another endpoint takes over where there is one. */
    SILENT,
    /** No pending transaction was announced for five slots, while at least 32 were mined. */
    PENDING_SILENT,
    /** Pending transactions are announced again. */
    PENDING_BACK,
    /** The connection was lost or never made. */
    UNREACHABLE,
    /** It answers with errors or contradicts itself; another endpoint takes over. */
    FAILING,
    /** Connected again, heads come again, or answers are good again; what was missed is read. */
    RECOVERED,
    /** A method is missing; what follows is in the detail. */
    DEGRADED,
    /** The endpoint is of another chain than it was configured for; it is not used. */
    WRONG_CHAIN,
    /** Endpoints say different things about one block or trace. */
    DISAGREEMENT,
    /** A header whose fields do not hash to the block's hash, where others' do. */
    FORGED_HEADER,
    /** A list of transactions that is not the one the header commits to. */
    FORGED_TRANSACTIONS,
    /** A receipt that is not the one the header commits to. */
    FORGED_RECEIPTS,
    /** A trace that contradicts receipts the header commits to. */
    FORGED_TRACE,
    /** An account, word of storage or code other than the state root commits to. */
    FORGED_STATE,
    /** An endpoint says otherwise than agreeing endpoints, where nothing proves who is right. */
    OUTVOTED,
    /** An endpoint's head stays behind the one that agreeing endpoints have. */
    STALE,
    /** Nobody shows what a block commits to; only agreement counts, until somebody does. */
    UNPROVEN,
    /** An answer that is malformed, or a pending transaction whose sender did not sign it. */
    MALFORMED,
    /** Transactions of a block could not be traced by any endpoint. */
    UNTRACED,
    /** The chain changed further back than the 256 blocks remembered. */
    DEEP_REORG,
    /** Pending transactions came faster than they could be simulated; some were not. */
    OVERLOADED,
    /** The node's own clock and the newest block are far apart. */
    CLOCK,
    /** The node itself fails in dealing with what it saw; the chain waits, and it tries again. */
    STUCK;

    /** Whether the chain cannot be followed rightly until it recovers. */
    public boolean blinds() {
      return switch (this) {
        case SILENT, UNREACHABLE, FAILING, WRONG_CHAIN, STUCK, CLOCK -> true;
        case RECOVERED,
            PENDING_SILENT,
            PENDING_BACK,
            DEGRADED,
            DISAGREEMENT,
            MALFORMED,
            UNTRACED,
            DEEP_REORG,
            OVERLOADED,
            FORGED_HEADER,
            FORGED_TRANSACTIONS,
            FORGED_RECEIPTS,
            FORGED_TRACE,
            FORGED_STATE,
            OUTVOTED,
            STALE,
            UNPROVEN ->
            false;
      };
    }
  }
}
