package io.tocsin.adapter.rpc;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.Receipt;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.chain.TraceSource.Answer;
import io.tocsin.chain.TxTrace;
import io.tocsin.crypto.Keccak;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds and traces one transaction, or one past block, on demand. Thread-safe. */
final class Lookup {
  private final Panel panel;
  private final Witnesses witnesses;
  private final InstantSource clock;

  Lookup(Panel panel, Witnesses witnesses, InstantSource clock) {
    this.panel = panel;
    this.witnesses = witnesses;
    this.clock = clock;
  }

  /** Where an endpoint has a transaction. */
  private sealed interface Place {
    record Included(Block block) implements Place {}

    record Pooled(SignedTransaction body, BlockRef head) implements Place {}

    record Nowhere(String how) implements Place {}
  }

  Answer trace(Hash32 tx) {
    Panel.Answers<Place> answers =
        panel.ask(
            endpoint -> locate(endpoint, tx),
            so -> so.given().values().stream().anyMatch(p -> p instanceof Place.Included));
    Optional<Place.Pooled> pooled = Optional.empty();
    for (Place place : answers.given().values()) {
      if (place instanceof Place.Included(Block block)) {
        return found(witnesses.mined(block, tx));
      }
      if (place instanceof Place.Pooled p) {
        pooled = Optional.of(p);
      }
    }
    if (pooled.isPresent()) {
      return found(witnesses.pending(pooled.get().body(), pooled.get().head(), Optional.empty()));
    }
    List<Ballot.Vote<String>> votes = new ArrayList<>();
    answers
        .given()
        .forEach(
            (name, place) -> {
              if (place instanceof Place.Nowhere(String how)) {
                votes.add(new Ballot.Vote<>(name, Keccak.hash(Bytes.EMPTY), how));
              }
            });
    Ballot.Result<String> result =
        new Ballot<>(panel.electorate(), votes, answers.faults()).count();
    String how = result.evidence().orElse("no endpoint knows it");
    return switch (result.agreement()) {
      case Agreement.Agreed _ -> new Answer.Absent(how);
      case Agreement.Lacking(String reason) -> new Answer.Unavailable(how + ", but " + reason);
    };
  }

  private Answer found(Ballot.Result<TxTrace> result) {
    if (result.evidence().isPresent()) {
      return new Answer.Found(
          new ChainEvent.Traced(result.evidence().get(), result.agreement(), clock.instant()));
    }
    return switch (result.agreement()) {
      case Agreement.Lacking(String reason) -> new Answer.Unavailable(reason);
      case Agreement.Agreed _ -> new Answer.Unavailable("no trace");
    };
  }

  private static Place locate(Endpoint endpoint, Hash32 tx) throws Fault {
    Optional<Receipt> receipt = endpoint.receipt(tx);
    if (receipt.isPresent()) {
      Optional<Block> block = endpoint.block(receipt.get().block());
      if (block.isPresent()) {
        Optional<Block> canonical = endpoint.block(block.get().ref().number());
        if (canonical.isPresent() && canonical.get().ref().equals(block.get().ref())) {
          return new Place.Included(block.get());
        }
      }
      return new Place.Nowhere("the transaction is in no canonical block");
    }
    Optional<SignedTransaction> body = endpoint.pendingBody(tx);
    Optional<Block> head = endpoint.latest();
    return body.isPresent() && head.isPresent()
        ? new Place.Pooled(body.get(), head.get().ref())
        : new Place.Nowhere("the transaction is unknown");
  }

  /** All transactions of the canonical block {@code number}, or why they cannot be had. */
  BlockAnswer block(long number) {
    Panel.Answers<Optional<Block>> answers =
        panel.ask(
            endpoint -> endpoint.block(number),
            so -> so.given().values().stream().anyMatch(Optional::isPresent));
    Optional<Block> block = answers.given().values().stream().flatMap(Optional::stream).findFirst();
    if (block.isEmpty()) {
      return new BlockAnswer.Unavailable(
          answers.given().isEmpty()
              ? String.join("; ", answers.faults().values())
              : "block " + number + " is unknown");
    }
    Hearing.Whole whole = witnesses.whole(block.get());
    Optional<Block> other = whole.instead(block.get());
    Block agreed = other.orElse(block.get());
    if (other.isPresent()) {
      whole = witnesses.whole(agreed);
    }
    List<ChainEvent.Traced> traced = new ArrayList<>();
    for (var entry : whole.traces().entrySet()) {
      switch (found(entry.getValue())) {
        case Answer.Found(ChainEvent.Traced one) -> traced.add(one);
        case Answer.Absent(String reason) -> {
          return new BlockAnswer.Unavailable(entry.getKey() + ": " + reason);
        }
        case Answer.Unavailable(String reason) -> {
          return new BlockAnswer.Unavailable(entry.getKey() + ": " + reason);
        }
      }
    }
    return new BlockAnswer.Found(agreed.ref(), traced);
  }
}
