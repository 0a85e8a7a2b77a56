package io.tocsin.adapter.rpc;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.ChainEvent.TroubleKind;
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

/**
 * What was said of one block, so far: who has a voice, what they agree upon, and who said what is
 * not so. Immutable.
 */
final class Hearing {
  private final Panel panel;
  private final Block block;
  private final Map<String, Optional<Block>> shown;
  private final Panel.Answers<Testimony> answers;
  private final Map<String, Testimony> witnesses = new LinkedHashMap<>();
  private final Map<String, Proven.Flaw> flaws = new HashMap<>();
  private final Proven proven;

  /**
   * Of {@code block}.
   *
   * @param shown by endpoint: what it has at the block's number, empty if nothing
   */
  Hearing(
      Panel panel,
      Block block,
      Map<String, Optional<Block>> shown,
      Panel.Answers<Testimony> answers) {
    this.panel = panel;
    this.block = block;
    this.shown = Map.copyOf(shown);
    this.answers = answers;
    for (String name : panel.electorate().keySet()) {
      Optional<Block> own = this.shown.getOrDefault(name, Optional.empty());
      if (own.isPresent() && is(own.get())) {
        Testimony given = answers.given().get(name);
        witnesses.put(name, given == null ? Testimony.ofNothing(own.get()) : given);
      }
    }
    this.proven = Proven.by(witnesses.values());
    witnesses.forEach(
        (name, witness) -> proven.flaw(witness).ifPresent(flaw -> flaws.put(name, flaw)));
  }

  private boolean is(Block other) {
    return other.ref().hash().equals(block.ref().hash());
  }

  /**
   * What comes of it for a whole block.
   *
   * @param held the block at this number
   * @param listed its transactions, in order; what any endpoint lists while they do not agree
   * @param traces by transaction, in the order of the list
   */
  record Whole(
      Proven proven,
      Ballot.Result<Block> held,
      Ballot.Result<List<Hash32>> listed,
      Map<Hash32, Ballot.Result<TxTrace>> traces) {
    boolean agreed() {
      return listed.agreement().agreed()
          && traces.values().stream().allMatch(trace -> trace.agreement().agreed());
    }

    /** What speaks against {@code block}, of which this is. */
    Optional<Proven.Flaw> objection(Block block) {
      Optional<Block> other = instead(block);
      return other.isPresent()
          ? Optional.of(
              new Proven.Flaw(
                  TroubleKind.OUTVOTED,
                  "has block "
                      + block.ref().hash()
                      + " where "
                      + supporters(held.agreement())
                      + " have "
                      + other.get().ref().hash()))
          : proven.flaw(block);
    }

    /** The block that agreeing endpoints have instead of {@code block}. */
    Optional<Block> instead(Block block) {
      return held.agreement().agreed()
          ? held.evidence().filter(other -> !other.ref().hash().equals(block.ref().hash()))
          : Optional.empty();
    }
  }

  Whole whole() {
    Ballot.Result<List<Hash32>> listed = listed();
    Map<Hash32, Ballot.Result<TxTrace>> traces = new LinkedHashMap<>();
    for (Hash32 tx : listed.evidence().orElse(block.transactions())) {
      traces.put(tx, trace(tx));
    }
    return new Whole(proven, held(), listed, traces);
  }

  /** The block at this number. */
  Ballot.Result<Block> held() {
    List<Ballot.Vote<Block>> votes = new ArrayList<>();
    for (String name : panel.electorate().keySet()) {
      shown
          .getOrDefault(name, Optional.empty())
          .ifPresent(own -> votes.add(new Ballot.Vote<>(name, own.ref().hash(), own)));
    }
    return new Ballot<>(panel.electorate(), votes, answers.faults()).count();
  }

  private Ballot.Result<List<Hash32>> listed() {
    List<Ballot.Vote<List<Hash32>>> votes = new ArrayList<>();
    Map<String, String> faults = new HashMap<>(answers.faults());
    witnesses.forEach(
        (name, witness) -> {
          List<Hash32> list = witness.own().transactions();
          if (flaws.containsKey(name)) {
            faults.put(name, name + ": " + flaws.get(name).what());
          } else {
            votes.add(new Ballot.Vote<>(name, digest(list), list));
          }
        });
    Ballot.Result<List<Hash32>> result = new Ballot<>(panel.electorate(), votes, faults).count();
    if (result.agreement().agreed() || proven.transactions().isPresent()) {
      return new Ballot.Result<>(
          result.agreement(),
          proven.transactions().or(result::evidence),
          result.disputed() || !flaws.isEmpty());
    }
    Set<Hash32> any = new LinkedHashSet<>();
    witnesses.values().stream()
        .map(witness -> witness.own().transactions())
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

  /** The trace of one transaction. */
  Ballot.Result<TxTrace> trace(Hash32 tx) {
    List<Ballot.Vote<TxTrace>> votes = new ArrayList<>();
    Map<String, String> faults = new HashMap<>(answers.faults());
    Optional<TxTrace> mute = Optional.empty();
    for (var answer : answers.given().entrySet()) {
      String name = answer.getKey();
      Testimony witness = answer.getValue();
      TxTrace good = witness.good().get(tx);
      if (good != null && !flaws.containsKey(name)) {
        votes.add(new Ballot.Vote<>(name, digest(good), good));
        continue;
      }
      String why = witness.why().getOrDefault(tx, "does not list the transaction");
      faults.put(name, name + ": " + (flaws.containsKey(name) ? flaws.get(name).what() : why));
      mute =
          mute.or(() -> Optional.ofNullable(good))
              .or(() -> Optional.ofNullable(witness.bad().get(tx)));
    }
    Ballot.Result<TxTrace> result = new Ballot<>(panel.electorate(), votes, faults).count();
    return new Ballot.Result<>(
        result.agreement(),
        result.evidence().isPresent() ? result.evidence() : mute,
        result.disputed() || !flaws.isEmpty() || (result.evidence().isEmpty() && mute.isPresent()));
  }

  private Hash32 digest(TxTrace trace) {
    return Keccak.hash(block.ref().hash().bytes(), TraceDigest.of(trace).bytes());
  }

  /**
   * Whether agreeing endpoints have this very block; then its header, if proven, is no accident.
   */
  boolean learn() {
    Ballot.Result<Block> held = held();
    boolean agreed = held.agreement().agreed() && held.evidence().filter(this::is).isPresent();
    if (agreed || !panel.canAgree()) {
      panel.common().headers().agreed(block.ref().hash());
    }
    return agreed;
  }

  /** Tells who said what is not so; everyone was heard who could be. */
  void review() {
    Ballot.Result<Block> held = held();
    boolean agreed = learn();
    for (Endpoint endpoint : panel.endpoints()) {
      Testimony witness = witnesses.get(endpoint.name());
      if (witness != null) {
        panel.common().conduct().head(endpoint, true, block.ref().number(), "");
        review(endpoint, witness);
      } else if (agreed && shown.containsKey(endpoint.name())) {
        reviewHead(endpoint, shown.get(endpoint.name()), held.agreement());
      }
    }
    reviewProofs();
  }

  private void reviewHead(Endpoint endpoint, Optional<Block> other, Agreement held) {
    String have = supporters(held);
    panel
        .common()
        .conduct()
        .head(
            endpoint,
            other.isPresent(),
            block.ref().number(),
            "it has none, and " + have + " have " + block.ref().hash());
    if (other.isPresent()) {
      wrong(
          endpoint,
          TroubleKind.OUTVOTED,
          "it has " + other.get().ref().hash() + ", and " + have + " have " + block.ref().hash());
    }
  }

  private void review(Endpoint endpoint, Testimony witness) {
    Proven.Flaw flaw = flaws.get(endpoint.name());
    if (flaw != null) {
      wrong(endpoint, flaw.kind(), flaw.what());
      return;
    }
    Ballot.Result<List<Hash32>> listed = listed();
    if (listed.agreement().agreed()
        && !listed.evidence().equals(Optional.of(witness.own().transactions()))) {
      wrong(
          endpoint,
          TroubleKind.OUTVOTED,
          "it lists other transactions than " + supporters(listed.agreement()));
    }
    if (proven.receipts().isPresent()) {
      for (Hash32 tx : witness.bad().keySet()) {
        wrong(
            endpoint,
            TroubleKind.FORGED_TRACE,
            "the trace of " + tx + ": " + witness.why().get(tx));
      }
    }
    witness.good().forEach((tx, trace) -> review(endpoint, tx, trace));
  }

  private void review(Endpoint endpoint, Hash32 tx, TxTrace trace) {
    Ballot.Result<TxTrace> result = trace(tx);
    if (result.agreement().agreed()
        && result.evidence().filter(best -> digest(best).equals(digest(trace))).isEmpty()) {
      wrong(
          endpoint,
          TroubleKind.OUTVOTED,
          "its trace of " + tx + " is not that of " + supporters(result.agreement()));
    }
  }

  private void wrong(Endpoint endpoint, TroubleKind kind, String what) {
    panel.common().conduct().wrong(endpoint, kind, "block " + block.ref().number(), what);
  }

  private void reviewProofs() {
    Optional<Endpoint> first =
        panel.endpoints().stream().filter(e -> witnesses.containsKey(e.name())).findFirst();
    if (first.isEmpty()) {
      return;
    }
    Conduct conduct = panel.common().conduct();
    String where = "block " + block.ref().number() + ": no endpoint shows ";
    String so = ", so that only their agreement counts";
    boolean header = proven.header().isPresent();
    conduct.proven(first.get(), header, "headers", where + "a header that hashes to its hash" + so);
    if (header && !block.transactions().isEmpty()) {
      conduct.proven(
          first.get(),
          proven.transactions().isPresent(),
          "transactions",
          where + "transactions that hash to its root" + so);
      if (!answers.given().isEmpty()) {
        conduct.proven(
            first.get(),
            proven.receipts().isPresent(),
            "receipts",
            where + "receipts that hash to its root" + so);
      }
    }
  }

  /** Who agrees, for people. */
  static String supporters(Agreement agreement) {
    return switch (agreement) {
      case Agreement.Agreed(int count, Set<String> operators) ->
          count + " endpoints of " + operators;
      case Agreement.Lacking _ -> "nobody";
    };
  }
}
