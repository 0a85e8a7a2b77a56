package io.tocsin.app;

import io.tocsin.adapter.contract.ChainAccess;
import io.tocsin.adapter.contract.ChainException;
import io.tocsin.adapter.contract.GuardianContract;
import io.tocsin.adapter.rpc.RpcChain;
import io.tocsin.base.AccountId;
import io.tocsin.base.ChainId;
import io.tocsin.base.EventLog;
import io.tocsin.base.Metrics;
import io.tocsin.base.Scope;
import io.tocsin.base.Threads;
import io.tocsin.identity.Rosters;
import io.tocsin.policy.Protection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** What guardians lack of the federation's rosters when a node starts. Immutable. */
final class GuardianWarnings {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final CompletableFuture<List<String>> lines;

  private GuardianWarnings(CompletableFuture<List<String>> lines) {
    this.lines = lines;
  }

  /**
   * What to look at, and where.
   *
   * @param rosters absent for a node without federation: there is nothing to lack
   */
  record Means(
      List<Protection> protections, Map<ChainId, RpcChain> chains, Optional<Rosters> rosters) {}

  private static final class Log extends EventLog {
    Log(String name, Metrics metrics) {
      super(name, metrics);
    }

    void behind(String sentence) {
      alarm("guardian_behind", sentence);
    }

    void unread(String sentence) {
      warn("guardian_unread", sentence);
    }
  }

  /** Looks at every guardian, beside everything else that starts. */
  static GuardianWarnings start(String name, Means means, Metrics metrics, Scope scope) {
    if (means.rosters().isEmpty() || means.protections().isEmpty()) {
      return new GuardianWarnings(CompletableFuture.completedFuture(List.of()));
    }
    ExecutorService worker = Threads.virtual("guardian-epochs");
    scope.add(worker::shutdownNow);
    Log log = new Log(name, metrics);
    Rosters rosters = means.rosters().get();
    return new GuardianWarnings(
        CompletableFuture.supplyAsync(() -> look(means, rosters, log), worker)
            .exceptionally(e -> List.of("the guardians' epochs could not be read: " + e))
            .completeOnTimeout(
                List.of(
                    "the guardians' epochs could not be read in " + PATIENCE.toSeconds() + " s"),
                PATIENCE.toMillis(),
                TimeUnit.MILLISECONDS));
  }

  private static List<String> look(Means means, Rosters rosters, Log log) {
    List<String> all = new ArrayList<>();
    for (Protection protection : means.protections()) {
      AccountId account = protection.guard().account();
      RpcChain chain = means.chains().get(account.chain());
      if (chain == null) {
        continue;
      }
      try (ChainAccess access = new ChainAccess(account.chain(), chain.endpoints())) {
        GuardianContract guardian = new GuardianContract(account.address(), access);
        List<String> lags =
            GuardianLag.of(guardian, rosters, access.block(Optional.empty()).time());
        lags.forEach(log::behind);
        all.addAll(lags);
      } catch (ChainException e) {
        String sentence = "the epoch of " + account + " could not be read: " + e.getMessage();
        log.unread(sentence);
        all.add(sentence);
      }
    }
    return List.copyOf(all);
  }

  /** What people must know, a sentence each; waits for the look, but not for long. */
  List<String> lines() {
    return lines.join();
  }
}
