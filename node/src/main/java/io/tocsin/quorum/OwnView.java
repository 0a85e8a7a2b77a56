package io.tocsin.quorum;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.Position;
import io.tocsin.chain.TxTrace;
import io.tocsin.claim.Claim.BlockStamp;
import io.tocsin.claim.Claim.Turn;
import io.tocsin.claim.Reporter;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.Finding;
import io.tocsin.detect.Scan;
import io.tocsin.detect.ScanReport;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What this node itself knows about the subject of a claim: its own sighting, or its own
 * re-execution of the claimed transaction. Nothing of a peer's evidence enters.
 */
public sealed interface OwnView {
  /** The node does not watch that chain. */
  record Unwatched() implements OwnView {}

  /** The node's chain has not come as far as the claim yet; asking again makes sense at a time. */
  record Behind(Instant again) implements OwnView {}

  /** The endpoints do not answer. */
  record Unavailable(String detail) implements OwnView {}

  /**
   * The transaction is unknown or not canonical.
   *
   * @param agreed whether enough independent endpoints say so
   * @param headTime the timestamp of the node's newest block
   */
  record Absent(boolean agreed, Instant headTime) implements OwnView {}

  /**
   * The transaction ran in a block.
   *
   * @param agreed whether enough independent endpoints agree on block and trace
   */
  record Mined(BlockStamp block, boolean agreed, boolean failed, Harm harm) implements OwnView {}

  /** The transaction waits, and was simulated on the claimed head. */
  record Pending(Turn turn, BlockStamp head, Simulation simulation, Harm harm) implements OwnView {}

  /**
   * How the simulation of a pending transaction went.
   *
   * @param includable whether it can be in the next block: nonce, funds and fee suffice
   * @param robust whether it still harms under changed coinbase, number, time and base fee
   */
  record Simulation(boolean agreed, boolean includable, boolean robust, boolean failed) {}

  /**
   * The own scan of the transaction.
   *
   * @param victims the victims and the normalised hash of their code at the parent block
   * @param touched every account that a frame of the transaction ran at, or that a transfer paid or
   *     charged
   * @param notAnalysed why the scan could not judge
   */
  record Harm(Map<Address, Hash32> victims, Set<Address> touched, Optional<String> notAnalysed) {
    public Harm {
      victims = Map.copyOf(victims);
      touched = Set.copyOf(touched);
    }

    /**
     * The harm that a scan of {@code trace} found.
     *
     * @param codes the normalised code hash of each victim at the parent block; a victim without
     *     one is left out, and makes the rest of the scan one that could not judge
     */
    public static Harm of(TxTrace trace, ScanReport scan, Map<Address, Hash32> codes) {
      Map<Address, Hash32> victims = new HashMap<>();
      Optional<String> fault =
          switch (scan.scan()) {
            case Scan.Clean _, Scan.Found _ -> Optional.empty();
            case Scan.NotAnalysed(String reason) -> Optional.of(reason);
          };
      for (Finding finding : scan.findings()) {
        Hash32 code = codes.get(finding.subject());
        if (code == null) {
          fault = Optional.of("the code of " + finding.subject() + " is not known");
        } else {
          victims.put(finding.subject(), code);
        }
      }
      return new Harm(victims, Detectors.touched(trace), fault);
    }
  }

  /** The view of a transaction that this node traced in a block. */
  static OwnView mined(TxTrace trace, Agreement agreement, Harm harm) {
    return switch (trace.position()) {
      case Position.Mined(BlockRef block, Hash32 _) ->
          new Mined(Reporter.stamp(block), agreement.agreed(), trace.failed(), harm);
      case Position.Pending _, Position.Unknown _ ->
          new Unavailable("the trace of " + trace.tx() + " is not of a block");
    };
  }

  /**
   * The canonical chain, where the block stands or stood of the claim that an all-clear would void.
   *
   * @param claimed the block that the claim names
   * @param block the canonical one of its number; empty unless it lies deep and enough independent
   *     endpoints agree on it
   */
  record Canonical(Hash32 claimed, Optional<Hash32> block) implements OwnView {}
}
