package io.tocsin.app.demo;

import io.tocsin.app.demo.BlockBuilder.Mined;
import io.tocsin.app.demo.BlockBuilder.Taken;
import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.chain.SignedTransaction;
import io.tocsin.pipeline.Stage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/**
 * Notes when a call of a guardian was accepted by the endpoints and when it was mined, as the block
 * builder saw it. Thread-safe.
 */
final class GuardianWatch {
  private final DemoChain chain;
  private final Map<Address, String> owners;
  private final Map<Hash32, Call> calls = new ConcurrentHashMap<>();

  /**
   * A call of a guardian.
   *
   * @param owner the member whose guardian it is
   * @param accepted when the builder took it, by {@link System#nanoTime}
   * @param place where and when it was mined, if it was
   */
  record Call(
      String owner, DemoChain chain, SignedTransaction body, long accepted, Optional<Place> place) {
    /** Whether it is about the attack {@code cause}, which its certificate names. */
    boolean about(Hash32 cause) {
      return body.call().input().toHex().contains(cause.toString().substring(2));
    }

    /** Its moments on the timeline of the attack {@code cause}. */
    List<Moment> moments(Hash32 cause) {
      Moment sent = new Moment(Stage.SENT, owner, chain.id(), cause, accepted);
      return place
          .filter(Place::succeeded)
          .map(p -> List.of(sent, new Moment(Stage.INCLUDED, owner, chain.id(), cause, p.nanos)))
          .orElse(List.of(sent));
    }
  }

  /** Where and when a call was mined, and whether it succeeded. */
  record Place(long number, long nanos, boolean succeeded) {}

  private GuardianWatch(DemoChain chain, Map<Address, String> owners) {
    this.chain = chain;
    this.owners = Map.copyOf(owners);
  }

  /** Watches the guardians on {@code chain}, each with its owner's name. */
  static GuardianWatch over(DemoChain chain, Map<Address, String> owners) {
    GuardianWatch watch = new GuardianWatch(chain, owners);
    chain.builder().onTaken(watch::taken);
    chain.builder().onBlock(watch::mined);
    return watch;
  }

  private void taken(Taken taken) {
    taken
        .body()
        .call()
        .to()
        .map(owners::get)
        .ifPresent(
            owner ->
                calls.put(
                    taken.tx(),
                    new Call(owner, chain, taken.body(), taken.nanos(), Optional.empty())));
  }

  private void mined(Mined mined) {
    for (Hash32 tx : mined.transactions()) {
      Call _ = calls.computeIfPresent(tx, (_, call) -> placed(call, mined));
    }
  }

  private Call placed(Call call, Mined mined) {
    JsonNode receipt =
        chain.builder().chain().ask("eth_getTransactionReceipt", call.body.hash().toString());
    boolean succeeded = receipt.path("status").asString("").equals("0x1");
    Place place = new Place(mined.head().number(), mined.nanos(), succeeded);
    return new Call(call.owner, chain, call.body, call.accepted, Optional.of(place));
  }

  /** The calls about the attack {@code cause} so far. */
  List<Call> calls(Hash32 cause) {
    return calls.values().stream().filter(call -> call.about(cause)).toList();
  }
}
