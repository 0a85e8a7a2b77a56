package io.tocsin.adapter.rpc;

import io.tocsin.base.Hash32;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.chain.Receipt;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is beyond doubt about the block with one hash, because somebody showed what the hash commits
 * to: whoever says otherwise has no voice.
 */
record Proven(
    Optional<Block> header,
    Optional<List<Hash32>> transactions,
    Optional<Map<Hash32, Receipt>> receipts) {
  /** What an endpoint says against it. */
  record Flaw(TroubleKind kind, String what) {}

  /** What the witnesses of one block prove together. */
  static Proven by(Collection<Testimony> witnesses) {
    return new Proven(
        witnesses.stream().map(Testimony::own).filter(Block::sealed).findFirst(),
        witnesses.stream()
            .map(Testimony::own)
            .filter(Block::whole)
            .map(Block::transactions)
            .findFirst(),
        witnesses.stream().filter(Testimony::receiptsProven).map(Testimony::receipts).findFirst());
  }

  /** What {@code block}, which has the same hash, says otherwise. */
  Optional<Flaw> flaw(Block block) {
    if (header.isPresent()
        && (block.forged()
            || !block.ref().equals(header.get().ref())
            || !block.parent().equals(header.get().parent())
            || !block.baseFee().equals(header.get().baseFee()))) {
      return Optional.of(
          new Flaw(
              TroubleKind.FORGED_HEADER, "the header's fields do not hash to the block's hash"));
    }
    return Optional.empty();
  }

  /** What the witness says otherwise. */
  Optional<Flaw> flaw(Testimony witness) {
    Optional<Flaw> ofHeader = flaw(witness.own());
    if (ofHeader.isPresent()) {
      return ofHeader;
    }
    if (transactions.isPresent() && !transactions.get().equals(witness.own().transactions())) {
      return Optional.of(
          new Flaw(
              TroubleKind.FORGED_TRANSACTIONS,
              "lists "
                  + witness.own().transactions().size()
                  + " transactions; those of the block are another "
                  + transactions.get().size()));
    }
    for (Map.Entry<Hash32, Receipt> each : receipts.orElse(Map.of()).entrySet()) {
      Receipt theirs = witness.receipts().get(each.getKey());
      if (theirs != null && !same(theirs, each.getValue())) {
        return Optional.of(
            new Flaw(
                TroubleKind.FORGED_RECEIPTS,
                "the receipt of "
                    + each.getKey()
                    + " is not the one that the receipts root commits to"));
      }
    }
    return Optional.empty();
  }

  /** Where one left out what its encoding takes, status and events are compared. */
  private static boolean same(Receipt one, Receipt other) {
    boolean whole = one.encoded().isPresent() && other.encoded().isPresent();
    return one.block().equals(other.block())
        && (whole
            ? one.encoded().equals(other.encoded())
            : one.succeeded() == other.succeeded() && one.logs().equals(other.logs()));
  }
}
