package io.tocsin.adapter.rpc;

import io.tocsin.adapter.rpc.RpcStateView.Answer;
import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Threads;
import io.tocsin.chain.AccountProof;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.chain.StateQuery;
import io.tocsin.crypto.Keccak;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;

/**
 * One endpoint's answers about the state of one block: plain ones, or, where there is a root to
 * prove them by, proven ones.
 */
final class Reading {
  /** Calls under way at one endpoint for one read; more wait. */
  private static final int AT_ONCE = 16;

  private final Endpoint endpoint;
  private final JsonNode block;
  private final Optional<Hash32> root;
  private final Map<StateQuery, Answer> out = new ConcurrentHashMap<>();
  private final AtomicReference<Optional<Fault>> lost = new AtomicReference<>(Optional.empty());
  private final Semaphore room = new Semaphore(AT_ONCE);
  private final List<Thread> threads = new ArrayList<>();

  /**
   * Of {@code block}, as calls name it.
   *
   * @param root what the block's accounts hash to, if proofs are asked for
   */
  Reading(Endpoint endpoint, JsonNode block, Optional<Hash32> root) {
    this.endpoint = endpoint;
    this.block = block;
    this.root = root;
  }

  /** The answers; what cannot be read is missing. */
  Map<StateQuery, Answer> of(List<StateQuery> queries) throws Fault {
    Map<Address, List<StateQuery>> provable = new LinkedHashMap<>();
    try {
      for (StateQuery query : queries) {
        Optional<Address> account = root.isPresent() ? account(query) : Optional.empty();
        if (account.isPresent()) {
          provable.computeIfAbsent(account.get(), _ -> new ArrayList<>()).add(query);
        } else {
          start(() -> plain(query));
        }
      }
      for (Map.Entry<Address, List<StateQuery>> each : provable.entrySet()) {
        start(() -> proven(each.getKey(), each.getValue()));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault(endpoint.name() + ": interrupted", true);
    }
    if (lost.get().isPresent()) {
      throw lost.get().get();
    }
    return out;
  }

  /** Whether a state root says what the answer is. */
  static boolean provable(StateQuery query) {
    return account(query).isPresent();
  }

  private static Optional<Address> account(StateQuery query) {
    return switch (query) {
      case StateQuery.NativeBalance(Address account) -> Optional.of(account);
      case StateQuery.Code(Address account) -> Optional.of(account);
      case StateQuery.Storage(Address account, _) -> Optional.of(account);
      case StateQuery.Call _ -> Optional.empty();
    };
  }

  private interface Work {
    void run() throws Fault;
  }

  private void start(Work work) throws InterruptedException {
    if (lost.get().isPresent()) {
      return;
    }
    room.acquire();
    threads.add(
        Threads.start(
            "read",
            () -> {
              try {
                work.run();
              } catch (Fault e) {
                if (!e.reachable()) {
                  lost.set(Optional.of(e));
                }
              } finally {
                room.release();
              }
            }));
  }

  private void plain(StateQuery query) throws Fault {
    try {
      out.put(query, new Answer(Optional.of(endpoint.read(query, block)), false));
    } catch (Fault e) {
      if (!e.undone()) {
        throw e;
      }
      out.put(query, new Answer(Optional.empty(), false));
    }
  }

  private void proven(Address account, List<StateQuery> queries) throws Fault {
    if (!endpoint.can(Capability.PROOFS)) {
      return;
    }
    List<Hash32> slots = new ArrayList<>();
    for (StateQuery query : queries) {
      if (query instanceof StateQuery.Storage(_, Hash32 slot)) {
        slots.add(slot);
      }
    }
    try {
      JsonNode answer = endpoint.proof(account, slots, block);
      AccountProof proof = AccountProof.verify(answer, root.orElseThrow(), account, slots);
      for (StateQuery query : queries) {
        answer(query, proof);
      }
    } catch (MalformedException e) {
      lied("account " + account + ": its proof does not hold: " + e.getMessage());
    }
  }

  private void answer(StateQuery query, AccountProof proof) throws Fault {
    switch (query) {
      case StateQuery.NativeBalance _ ->
          out.put(query, proven(Endpoint.word(proof.balance().amount())));
      case StateQuery.Storage(_, Hash32 slot) ->
          out.put(query, proven(proof.words().getOrDefault(slot, Hash32.ZERO).bytes()));
      case StateQuery.Code(Address account) -> {
        Bytes code =
            proof.codeHash().equals(AccountProof.NO_CODE)
                ? Bytes.EMPTY
                : endpoint.read(query, block);
        if (Keccak.hash(code).equals(proof.codeHash())) {
          out.put(query, proven(code));
        } else {
          lied("the code of " + account + " is not the one it proves");
        }
      }
      case StateQuery.Call _ -> plain(query);
    }
  }

  private static Answer proven(Bytes value) {
    return new Answer(Optional.of(value), true);
  }

  private void lied(String what) {
    endpoint
        .common()
        .conduct()
        .wrong(endpoint, TroubleKind.FORGED_STATE, "state of " + block, what);
  }
}
