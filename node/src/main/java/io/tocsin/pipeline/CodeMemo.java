package io.tocsin.pipeline;

import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Threads;
import io.tocsin.chain.CodeFingerprint;
import io.tocsin.chain.ResolvedCode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Code fingerprints as they were read: an account's code at one block never changes, so it is asked
 * for once, however many hops want it at the same moment. What could not be read is asked for
 * again. Thread-safe; keeps the last {@value #KEPT} answers.
 */
final class CodeMemo {
  private static final int KEPT = 4_096;

  private final Map<ChainId, ChainPorts> chains;
  private final Map<Key, CompletableFuture<Optional<CodeFingerprint>>> answers =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(
            Map.Entry<Key, CompletableFuture<Optional<CodeFingerprint>>> eldest) {
          return size() > KEPT;
        }
      };

  private record Key(ChainId chain, Address account, Hash32 block) {}

  CodeMemo(Map<ChainId, ChainPorts> chains) {
    this.chains = chains;
  }

  /** The code behind {@code account} after {@code block}, waiting for whoever asks already. */
  Optional<CodeFingerprint> of(ChainId chain, Address account, Hash32 block) {
    Key key = new Key(chain, account, block);
    CompletableFuture<Optional<CodeFingerprint>> mine = new CompletableFuture<>();
    CompletableFuture<Optional<CodeFingerprint>> answer;
    synchronized (answers) {
      answer = answers.computeIfAbsent(key, _ -> mine);
    }
    if (answer == mine) {
      ask(key, mine);
    }
    return answer.join();
  }

  private void ask(Key key, CompletableFuture<Optional<CodeFingerprint>> answer) {
    Optional<CodeFingerprint> code = Optional.empty();
    try {
      code =
          Optional.ofNullable(chains.get(key.chain()))
              .flatMap(ports -> ports.code().codeBehind(key.account(), key.block()))
              .map(ResolvedCode::fingerprint);
    } finally {
      if (code.isEmpty()) {
        synchronized (answers) {
          answers.remove(key, answer);
        }
      }
      answer.complete(code);
    }
  }

  /** Asks for the code of {@code accounts} now, so that it is there when it is wanted. */
  void ahead(ChainId chain, Collection<Address> accounts, Hash32 block) {
    for (Address account : accounts) {
      Thread _ = Threads.start("code-ahead", () -> of(chain, account, block));
    }
  }
}
