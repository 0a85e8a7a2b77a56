package io.tocsin.adapter.rpc;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateView;
import io.tocsin.crypto.Keccak;
import io.tocsin.exposure.CodeAge;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The age of code, from a block of that age which agreeing endpoints name alike. A block found once
 * serves for a day, so that a subject may have to be up to a day older than asked; what an account
 * was found to be is kept, because code does not grow younger.
 */
final class RpcCodeAge implements CodeAge {
  private static final Duration NEAR = Duration.ofDays(1);
  private static final int STEPS = 64;
  private static final int KEPT = 10_000;

  private final Panel panel;
  private final StateView state;
  private final Map<Address, Instant> known = new ConcurrentHashMap<>();
  private volatile Optional<BlockRef> last = Optional.empty();

  RpcCodeAge(Panel panel, StateView state) {
    this.panel = panel;
    this.state = state;
  }

  @Override
  public Optional<Instant> knownSince(Address account, Instant before) {
    Instant kept = known.get(account);
    if (kept != null && !kept.isAfter(before)) {
      return Optional.of(kept);
    }
    Optional<BlockRef> block = last.filter(b -> serves(b, before)).or(() -> find(before));
    last = block.or(() -> last);
    StateQuery query = new StateQuery.Code(account);
    Optional<Instant> since =
        block
            .filter(
                b ->
                    state
                        .read(List.of(query), b.hash())
                        .value(query)
                        .map(code -> !code.isEmpty())
                        .orElse(false))
            .map(BlockRef::time);
    if (known.size() < KEPT) {
      since.ifPresent(time -> known.merge(account, time, (a, b) -> a.isBefore(b) ? a : b));
    }
    return since;
  }

  private static boolean serves(BlockRef block, Instant before) {
    return !block.time().isAfter(before) && block.time().plus(NEAR).isAfter(before);
  }

  private Optional<BlockRef> find(Instant before) {
    for (Endpoint endpoint : panel.endpoints()) {
      try {
        endpoint.prepare();
        Optional<Long> number = search(endpoint, before);
        if (number.isPresent()) {
          return agreed(number.get()).filter(block -> !block.time().isAfter(before));
        }
      } catch (Fault | Endpoint.WrongChain _) {
        // Another endpoint may answer.
      }
    }
    return Optional.empty();
  }

  /** The number of a block that {@link #serves}, or of the last one not after {@code before}. */
  private static Optional<Long> search(Endpoint endpoint, Instant before) throws Fault {
    Optional<Block> genesis = endpoint.block(0);
    Optional<Block> latest = endpoint.latest();
    if (genesis.isEmpty() || latest.isEmpty() || genesis.get().ref().time().isAfter(before)) {
      return Optional.empty();
    }
    BlockRef low = genesis.get().ref();
    BlockRef high = latest.get().ref();
    if (!high.time().isAfter(before)) {
      return Optional.of(high.number());
    }
    for (int step = 0; step < STEPS; step++) {
      if (serves(low, before) || high.number() - low.number() <= 1) {
        break;
      }
      long number = step % 2 == 0 ? proportional(low, high, before) : middle(low, high);
      Optional<Block> probe = endpoint.block(number);
      if (probe.isEmpty()) {
        return Optional.empty();
      }
      if (probe.get().ref().time().isAfter(before)) {
        high = probe.get().ref();
      } else {
        low = probe.get().ref();
      }
    }
    return Optional.of(low.number());
  }

  private static long middle(BlockRef low, BlockRef high) {
    return low.number() + (high.number() - low.number()) / 2;
  }

  private static long proportional(BlockRef low, BlockRef high, Instant before) {
    double whole = Math.max(1, Duration.between(low.time(), high.time()).toSeconds());
    double part = Duration.between(low.time(), before).toSeconds() / whole;
    long guess = low.number() + (long) ((high.number() - low.number()) * part);
    return Math.clamp(guess, low.number() + 1, high.number() - 1);
  }

  /** The block with this number if enough endpoints give it the same hash and time. */
  private Optional<BlockRef> agreed(long number) {
    Panel.Answers<Optional<Block>> answers = panel.ask(e -> e.block(number), _ -> false);
    List<Ballot.Vote<BlockRef>> votes =
        answers.given().entrySet().stream()
            .flatMap(e -> e.getValue().map(block -> vote(e.getKey(), block.ref())).stream())
            .toList();
    Ballot.Result<BlockRef> result =
        new Ballot<>(panel.electorate(), votes, answers.faults()).count();
    return result.agreement().agreed() ? result.evidence() : Optional.empty();
  }

  private static Ballot.Vote<BlockRef> vote(String endpoint, BlockRef block) {
    Hash32 digest = Keccak.hashUtf8(block.hash() + " " + block.time());
    return new Ballot.Vote<>(endpoint, digest, block);
  }
}
