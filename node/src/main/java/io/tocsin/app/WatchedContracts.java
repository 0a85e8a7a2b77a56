package io.tocsin.app;

import io.tocsin.base.AccountId;
import io.tocsin.base.ChainId;
import io.tocsin.base.EventLog;
import io.tocsin.base.Hash32;
import io.tocsin.base.Metrics;
import io.tocsin.base.Text;
import io.tocsin.base.Threads;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.CodeFingerprint;
import io.tocsin.chain.CodeView;
import io.tocsin.claim.Claim;
import io.tocsin.detect.Finding;
import io.tocsin.pipeline.Observer;
import io.tocsin.pipeline.Pager;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;

/**
 * Calls people when something happens to a contract that the owner wants watched, or to one with
 * the same code, mandate or not. Thread-safe.
 */
final class WatchedContracts implements Observer, AutoCloseable {
  private static final int REMEMBERED = 8_192;

  private final Map<AccountId, String> watched;
  private final Surroundings around;
  private final Map<ChainId, CodeView> codes = new ConcurrentHashMap<>();
  private final Map<AccountId, CodeFingerprint> own = new ConcurrentHashMap<>();
  private final Set<ChainId> reading = ConcurrentHashMap.newKeySet();
  private final Set<Told> told = ConcurrentHashMap.newKeySet();
  private final ExecutorService workers = Threads.virtual("watched");
  private final Log log;

  /** Whom to call, as which node, and what counts the calls. */
  record Surroundings(String name, Pager pager, Metrics metrics, InstantSource clock) {}

  /** What people were called about. */
  private record Told(AccountId watched, AccountId subject, Hash32 tx) {}

  WatchedContracts(Map<AccountId, String> watched, Surroundings around) {
    this.watched = Map.copyOf(watched);
    this.around = around;
    this.log = new Log(around.name(), around.metrics());
  }

  private static final class Log extends EventLog {
    Log(String name, Metrics metrics) {
      super(name, metrics);
    }

    void harmed(String sentence) {
      alarm("watched_contract", sentence);
    }
  }

  /** Where the code of watched contracts on a chain is read. */
  void reads(ChainId chain, CodeView view) {
    codes.put(chain, view);
  }

  @Override
  public void found(ChainEvent.Traced traced, Finding finding) {
    AccountId subject = new AccountId(traced.trace().chain(), finding.subject());
    String what = "this node sees an exploit: " + Text.printable(finding.why().summary());
    tell(subject, Optional.empty(), traced.trace().tx(), what);
  }

  @Override
  public void claimed(Claim claim) {
    switch (claim) {
      case Claim.ExploitMined mined ->
          tell(
              new AccountId(mined.chain(), mined.subject().address()),
              Optional.of(mined.subject().code()),
              mined.tx(),
              "an exploit is claimed");
      case Claim.ExploitPending pending ->
          tell(
              new AccountId(pending.chain(), pending.subject().address()),
              Optional.of(pending.subject().code()),
              pending.tx(),
              "a coming exploit is claimed");
      case Claim.AllClear _, Claim.RosterChanged _ -> {}
    }
  }

  private void tell(AccountId subject, Optional<Hash32> code, Hash32 tx, String what) {
    watched.forEach(
        (account, name) -> {
          if (account.equals(subject)) {
            call(new Told(account, subject, tx), Text.printable(name) + ": " + what);
          } else if (code.isPresent() && shares(account, code.get())) {
            call(
                new Told(account, subject, tx),
                Text.printable(name) + " has the same code as " + subject + ": " + what);
          }
        });
  }

  /** Code that everyone uses says nothing. */
  private boolean shares(AccountId account, Hash32 code) {
    CodeFingerprint mine = own.get(account);
    return mine != null && mine.ubiquitous().isEmpty() && mine.normalised().equals(code);
  }

  private void call(Told about, String text) {
    if (told.size() >= REMEMBERED) {
      told.clear();
    }
    if (told.add(about)) {
      String sentence =
          text + "; transaction " + about.tx() + ", watched contract " + about.watched();
      log.harmed(sentence);
      around
          .pager()
          .page(new Pager.Page(around.name(), Pager.Why.FOUND, sentence, around.clock().instant()));
    }
  }

  /** Reads the code of what is watched anew; returns at once. */
  @Override
  public void advanced(ChainEvent.HeadAdvanced advanced) {
    ChainId chain = advanced.chain();
    CodeView view = codes.get(chain);
    if (view != null
        && watched.keySet().stream().anyMatch(account -> account.chain().equals(chain))
        && reading.add(chain)) {
      workers.execute(
          () -> {
            try {
              read(chain, view, advanced.head().hash());
            } finally {
              reading.remove(chain);
            }
          });
    }
  }

  private void read(ChainId chain, CodeView view, Hash32 block) {
    for (AccountId account : watched.keySet()) {
      if (account.chain().equals(chain)) {
        view.codeBehind(account.address(), block)
            .ifPresent(code -> own.put(account, code.fingerprint()));
      }
    }
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}
