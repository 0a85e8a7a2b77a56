package io.tocsin.adapter.rpc;

import io.tocsin.base.Hash32;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.Canon;
import io.tocsin.crypto.Keccak;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Which blocks are there to stay, counted over all endpoints of a chain. */
final class RpcCanon implements Canon {
  private final Panel panel;
  private final int depth;

  /**
   * Blocks of the chain of {@code panel}.
   *
   * @param depth how many blocks must lie on one
   */
  RpcCanon(Panel panel, int depth) {
    this.panel = panel;
    this.depth = depth;
  }

  @Override
  public Answer deep(long number) {
    Ballot.Result<BlockRef> result =
        count(endpoint -> deep(endpoint, number), block -> block.hash() + " " + block.time());
    return switch (result.agreement()) {
      case Agreement.Agreed _ -> new Answer.Deep(result.evidence().orElseThrow());
      case Agreement.Lacking(String reason) -> new Answer.Open(reason);
    };
  }

  private BlockRef deep(Endpoint endpoint, long number) throws Fault {
    if (endpoint.block(number + depth).isEmpty()) {
      throw new Fault(endpoint.name() + ": no " + depth + " blocks lie on " + number, true);
    }
    return endpoint
        .block(number)
        .map(Block::ref)
        .orElseThrow(() -> new Fault(endpoint.name() + ": no block " + number, true));
  }

  @Override
  public OptionalLong number(Hash32 block) {
    Ballot.Result<Long> result =
        count(
            endpoint ->
                endpoint
                    .block(block)
                    .map(found -> found.ref().number())
                    .orElseThrow(() -> new Fault(endpoint.name() + ": no block " + block, true)),
            number -> Long.toString(number));
    Optional<Long> number =
        result.agreement().agreed() ? result.evidence() : Optional.<Long>empty();
    return number.isPresent() ? OptionalLong.of(number.get()) : OptionalLong.empty();
  }

  private <T> Ballot.Result<T> count(Panel.Question<T> question, Function<T, String> form) {
    return count(panel.ask(question, so -> count(so, form).agreement().agreed()), form);
  }

  private <T> Ballot.Result<T> count(Panel.Answers<T> answers, Function<T, String> form) {
    List<Ballot.Vote<T>> votes = new ArrayList<>();
    answers
        .given()
        .forEach(
            (name, said) ->
                votes.add(new Ballot.Vote<>(name, Keccak.hashUtf8(form.apply(said)), said)));
    return new Ballot<>(panel.electorate(), votes, answers.faults()).count();
  }
}
