package io.tocsin.app;

import io.tocsin.adapter.rpc.RpcChainConfig.Following;
import io.tocsin.base.Address;
import io.tocsin.base.Json;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Text;
import io.tocsin.base.Threads;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.TraceSource;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.Scan;
import io.tocsin.detect.ScanReport;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** Watches a chain read-only: findings on the terminal, no configuration, keys or peers. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    description = {
      "Watches a chain read-only: live findings, no configuration, no keys, no peers.",
      "Ends with Ctrl-C, --blocks or --seconds, and then prints a summary."
    },
    footer = {
      "",
      "Exit status: 0 done, 1 something was found, 2 usage or input, 3 environment.",
      "",
      "Examples:",
      "  tocsin watch --rpc http://127.0.0.1:8545",
      "  tocsin watch --rpc /var/lib/geth/geth.ipc --contract"
          + " 0x87870bca3f3fd6335c3f4ce8392d69350b4fa4e2",
      "  tocsin watch --rpc ws://127.0.0.1:8546 --blocks 100 --json findings.jsonl"
    })
public final class WatchCommand implements Callable<Integer> {
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  @Option(
      names = "--rpc",
      paramLabel = "URL",
      required = true,
      description =
          "An endpoint: http(s)://, ws(s)://, ipc:/path or the path of a socket. Repeat it to"
              + " compare endpoints.")
  private List<String> rpc = List.of();

  @Option(
      names = "--contract",
      paramLabel = "ADDR",
      arity = "1..*",
      description = "Only transactions that touch one of these contracts.")
  private List<String> contracts = List.of();

  @Option(
      names = "--chain-poll",
      paramLabel = "MILLIS",
      description = "How often HTTP endpoints are asked for a new head (${DEFAULT-VALUE}).")
  private long poll = 1_000;

  @Option(
      names = "--slot",
      paramLabel = "SECONDS",
      description = "The time between blocks; three without a head are told (${DEFAULT-VALUE}).")
  private long slot = 12;

  @Option(
      names = "--from",
      paramLabel = "BLOCK",
      description = "Begin with this block instead of the next one.")
  private @Nullable Long from;

  @Option(names = "--no-pending", description = "Do not look at pending transactions.")
  private boolean minedOnly;

  @Option(names = "--blocks", paramLabel = "N", description = "End after N blocks.")
  private @Nullable Long blocks;

  @Option(names = "--seconds", paramLabel = "N", description = "End after N seconds.")
  private @Nullable Long seconds;

  @Mixin private Output output = new Output();

  private final Tally tally = new Tally();

  /** What was seen so far; owned by the watching thread. */
  private static final class Tally {
    private long blocks;
    private long mined;
    private long pending;
    private long touching;
    private long found;
    private long unjudged;
    private long troubles;
    private long reorganisations;

    ObjectNode json() {
      return Json.object()
          .put("event", "summary")
          .put("blocks", blocks)
          .put("mined", mined)
          .put("pending", pending)
          .put("looked_at", touching)
          .put("found", found)
          .put("not_analysed", unjudged)
          .put("reorganisations", reorganisations)
          .put("troubles", troubles);
    }
  }

  @Override
  public Integer call() {
    Set<Address> watched = addresses();
    if (poll <= 0 || slot <= 0 || (from != null && from < 0)) {
      throw CommandException.usage("--chain-poll, --slot and --from take positive numbers");
    }
    Following following =
        new Following(
            Duration.ofSeconds(slot),
            Duration.ofMillis(poll),
            Following.DEFAULT.agreement(),
            Following.DEFAULT.timeout(),
            !minedOnly,
            from == null ? OptionalLong.empty() : OptionalLong.of(from));
    try (LiveScan live = LiveScan.open(rpc, following);
        TraceSource source = live.rpc().follow();
        Output.Lines lines = output.lines()) {
      greet(live, watched);
      CountDownLatch done = new CountDownLatch(1);
      Thread watching = Thread.currentThread();
      Runnable noLonger = Threads.onStop("watch", () -> leave(watching, done));
      try {
        follow(live, source, watched, lines);
      } finally {
        summarise(lines);
        done.countDown();
        noLonger.run();
      }
    }
    return status();
  }

  private int status() {
    return tally.found > 0 ? ExitCode.NEGATIVE : ExitCode.DONE;
  }

  /** Ctrl-C: an ordinary end, with the summary. */
  private int leave(Thread watching, CountDownLatch done) {
    watching.interrupt();
    try {
      return done.await(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)
          ? status()
          : ExitCode.ENVIRONMENT;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.ENVIRONMENT;
    }
  }

  private Set<Address> addresses() {
    Set<Address> out = new HashSet<>();
    for (String text : contracts) {
      try {
        out.add(Address.parse(text));
      } catch (MalformedException e) {
        throw CommandException.usage("--contract: " + e.getMessage());
      }
    }
    return out;
  }

  private void greet(LiveScan live, Set<Address> watched) {
    PrintStream out = output.text();
    out.println(
        "Watching "
            + live.chain()
            + (watched.isEmpty() ? ", all contracts." : ", " + watched.size() + " contracts."));
    if (rpc.size() == 1) {
      out.println(
          "This trusts one endpoint, "
              + live.rpc().endpoints().getFirst().name()
              + ": what it says is shown as it is. A node acts only where two operators agree.");
    }
    out.println("Read-only: nothing is signed, sent or shared.");
  }

  private void follow(LiveScan live, TraceSource source, Set<Address> watched, Output.Lines lines) {
    Thread watching = Thread.currentThread();
    Optional<Thread> timer =
        Optional.ofNullable(seconds)
            .map(limit -> Threads.start("time is up", () -> interruptAfter(limit, watching)));
    try {
      while (blocks == null || tally.blocks < blocks) {
        handle(source.take(), live, source, watched, lines);
      }
    } catch (InterruptedException e) {
      // Ctrl-C or --seconds: an ordinary end.
      timer.ifPresent(Thread::interrupt);
      return;
    }
    timer.ifPresent(Thread::interrupt);
  }

  private static void interruptAfter(long seconds, Thread watching) {
    try {
      Thread.sleep(Duration.ofSeconds(seconds));
      watching.interrupt();
    } catch (InterruptedException e) {
      // Ended before.
      Thread.currentThread().interrupt();
    }
  }

  private void handle(
      ChainEvent event,
      LiveScan live,
      TraceSource source,
      Set<Address> watched,
      Output.Lines lines) {
    switch (event) {
      case ChainEvent.Traced traced -> look(traced, live, watched, lines);
      case ChainEvent.HeadAdvanced(_, BlockRef head) -> {
        source.processed(head);
        tally.blocks++;
        if (output.decorated()) {
          output.text().print("\rblock " + head.number() + "  ");
          output.text().flush();
        }
      }
      case ChainEvent.Reorged(_, List<BlockRef> removed, BlockRef head) -> {
        tally.reorganisations++;
        say(
            "Reorganisation: "
                + removed.size()
                + " blocks behind "
                + head.number()
                + " are canonical no more.");
        lines.write(
            Json.object()
                .put("event", "reorganisation")
                .put("removed", removed.size())
                .put("head", head.number()));
      }
      case ChainEvent.Trouble(_, String endpoint, var kind, String detail) -> {
        tally.troubles++;
        say(kind + "  " + endpoint + "  " + Text.printable(detail));
        lines.write(
            Json.object()
                .put("event", "trouble")
                .put("kind", kind.name())
                .put("endpoint", endpoint)
                .put("detail", detail));
      }
    }
  }

  private void say(String sentence) {
    output.text().println((output.decorated() ? "\r" : "") + sentence);
  }

  private void look(
      ChainEvent.Traced traced, LiveScan live, Set<Address> watched, Output.Lines lines) {
    if (traced.trace().position() instanceof io.tocsin.chain.Position.Pending) {
      tally.pending++;
    } else {
      tally.mined++;
    }
    if (!watched.isEmpty()
        && Detectors.touched(traced.trace()).stream().noneMatch(watched::contains)) {
      return;
    }
    tally.touching++;
    ScanReport report = live.scan(traced);
    switch (report.scan()) {
      case Scan.Clean _ -> {
        return;
      }
      case Scan.Found _ -> tally.found++;
      case Scan.NotAnalysed _ -> tally.unjudged++;
    }
    say(
        traced.trace().tx()
            + "  "
            + LiveScan.place(traced.trace())
            + "  ("
            + LiveScan.agreement(traced.agreement())
            + ")");
    ReplayCommand.print(output.text(), report);
    lines.write(LiveScan.json(traced, report));
  }

  private void summarise(Output.Lines lines) {
    say(
        "Ended: "
            + tally.blocks
            + " blocks, "
            + tally.mined
            + " mined and "
            + tally.pending
            + " pending transactions, "
            + tally.touching
            + " looked at, "
            + tally.found
            + " with findings, "
            + tally.unjudged
            + " not analysed, "
            + tally.troubles
            + " troubles.");
    lines.write(tally.json());
  }
}
