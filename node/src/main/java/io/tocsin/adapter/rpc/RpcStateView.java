package io.tocsin.adapter.rpc;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.chain.Header;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.StateView;
import io.tocsin.chain.Trie;
import io.tocsin.crypto.Keccak;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * State as agreeing endpoints read it; where they do not agree, as one of them proves it by the
 * hash of a block that they agree upon. What calls answer cannot be proven. What was agreed is
 * proven afterwards, by the {@link ProofDesk}. With one endpoint configured its word is taken, for
 * what is only shown; its traces never lead to an action.
 */
final class RpcStateView implements StateView {
  private final Panel panel;
  private final ProofDesk proofs;

  RpcStateView(Panel panel, ProofDesk proofs) {
    this.panel = panel;
    this.proofs = proofs;
  }

  @Override
  public StateReads read(List<StateQuery> queries, Hash32 blockHash) {
    if (queries.isEmpty()) {
      return StateReads.NONE;
    }
    List<StateQuery> distinct = queries.stream().distinct().toList();
    Map<StateQuery, Answer> settled = new HashMap<>();
    ask(distinct, blockHash, settled, Optional.empty());
    if (settled.size() < distinct.size() && panel.canAgree()) {
      List<StateQuery> open =
          distinct.stream().filter(query -> !settled.containsKey(query)).toList();
      Optional<Hash32> root = root(blockHash);
      List<StateQuery> provable = open.stream().filter(Reading::provable).toList();
      if (root.isPresent() && !provable.isEmpty()) {
        ask(provable, blockHash, settled, root);
      }
    }
    Map<StateQuery, Bytes> out = new LinkedHashMap<>();
    Set<StateQuery> unanswered = new HashSet<>();
    for (StateQuery query : distinct) {
      Answer answer = settled.get(query);
      if (answer == null) {
        unanswered.add(query);
      } else {
        answer.value().ifPresent(value -> out.put(query, value));
      }
    }
    return StateReads.of(out, unanswered);
  }

  /** Puts what can be settled into {@code settled}; with {@code root}, by proofs. */
  private void ask(
      List<StateQuery> queries,
      Hash32 blockHash,
      Map<StateQuery, Answer> settled,
      Optional<Hash32> root) {
    Panel.Answers<Map<StateQuery, Answer>> answers =
        panel.ask(
            endpoint -> new Reading(endpoint, endpoint.blockParameter(blockHash), root).of(queries),
            so -> queries.stream().allMatch(query -> settled(query, blockHash, so).isPresent()),
            so -> review(queries, blockHash, so));
    for (StateQuery query : queries) {
      settled(query, blockHash, answers).ifPresent(answer -> settled.put(query, answer));
    }
  }

  /** What an endpoint said; without a value, that the contract refuses. */
  record Answer(Optional<Bytes> value, boolean proven) {
    boolean contradicts(Answer other) {
      return !value.equals(other.value);
    }

    Hash32 digest() {
      return Keccak.hash(value.map(Bytes.utf8("value ")::concat).orElse(Bytes.utf8("refused")));
    }
  }

  /**
   * The answer that enough endpoints give, or that one proves by a block they agree upon; what
   * contradicts a proof is not counted.
   */
  private Optional<Answer> settled(
      StateQuery query, Hash32 block, Panel.Answers<Map<StateQuery, Answer>> answers) {
    Optional<Answer> proven = proven(query, answers);
    if (proven.isPresent() && panel.common().headers().isAgreed(block)) {
      return proven;
    }
    List<Ballot.Vote<Answer>> votes = new ArrayList<>();
    answers
        .given()
        .forEach(
            (name, values) -> {
              Answer answer = values.get(query);
              if (answer != null && proven.filter(answer::contradicts).isEmpty()) {
                votes.add(new Ballot.Vote<>(name, answer.digest(), answer));
              }
            });
    Map<String, String> electorate = panel.electorate();
    if (electorate.size() == 1) {
      return votes.stream().findFirst().map(Ballot.Vote::evidence);
    }
    Ballot.Result<Answer> result = new Ballot<>(electorate, votes, new HashMap<>()).count();
    return result.agreement().agreed() ? result.evidence() : Optional.empty();
  }

  private static Optional<Answer> proven(
      StateQuery query, Panel.Answers<Map<StateQuery, Answer>> answers) {
    return answers.given().values().stream()
        .map(values -> values.get(query))
        .filter(answer -> answer != null && answer.proven())
        .findFirst();
  }

  /** Tells who says otherwise than others, and has what was said proven in the background. */
  private void review(
      List<StateQuery> queries, Hash32 block, Panel.Answers<Map<StateQuery, Answer>> answers) {
    for (StateQuery query : queries) {
      Optional<Answer> best = settled(query, block, answers);
      for (Endpoint endpoint : panel.endpoints()) {
        Map<StateQuery, Answer> values = answers.given().getOrDefault(endpoint.name(), Map.of());
        Answer answer = values.get(query);
        if (answer != null && best.filter(answer::contradicts).isPresent()) {
          panel
              .common()
              .conduct()
              .wrong(
                  endpoint,
                  best.get().proven() ? TroubleKind.FORGED_STATE : TroubleKind.OUTVOTED,
                  "state of block " + block,
                  query + " is not what others " + (best.get().proven() ? "prove" : "agree upon"));
        }
      }
    }
    root(block).ifPresent(root -> proofs.check(block, root, answers.given()));
  }

  /**
   * What the block's accounts hash to, where its header is known. A root of nothing is none: anvil
   * writes it in its first block, whatever accounts there are.
   */
  private Optional<Hash32> root(Hash32 blockHash) {
    Headers headers = panel.common().headers();
    for (Endpoint endpoint : panel.endpoints()) {
      try {
        if (headers.of(blockHash).isEmpty() && endpoint.can(Capability.PROOFS)) {
          endpoint.block(blockHash);
        }
      } catch (Fault _) {
        // Another one may show it.
      }
    }
    return headers.of(blockHash).map(Header::state).filter(state -> !state.equals(Trie.EMPTY));
  }
}
