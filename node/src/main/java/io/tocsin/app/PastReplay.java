package io.tocsin.app;

import io.tocsin.adapter.rpc.BlockAnswer;
import io.tocsin.app.report.RetrospectPage;
import io.tocsin.base.Address;
import io.tocsin.base.Text;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.ChainEvent.Traced;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.History;
import io.tocsin.detect.evaluate.PastBlock;
import io.tocsin.detect.evaluate.Retrospect;
import io.tocsin.detect.evaluate.RetrospectJson;
import java.io.PrintStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** Replays the past of a user's own contracts block by block, and goes on where it was stopped. */
final class PastReplay {
  private static final int LISTED = 20;

  private final RpcReplay rpc;
  private final Detectors detectors;
  private final Retrospect.Rules rules;
  private final Output output;
  private final LongSupplier nanos;
  private final Map<Address, Address> creators = new HashMap<>();

  /**
   * @param nanos the time that passes, from anywhere
   */
  PastReplay(
      RpcReplay rpc,
      Detectors detectors,
      Retrospect.Rules rules,
      Output output,
      LongSupplier nanos) {
    this.rpc = rpc;
    this.detectors = detectors;
    this.rules = rules;
    this.output = output;
    this.nanos = nanos;
  }

  /** Replays what {@code options} ask for, and says what came of it. */
  int run(PastOptions options) {
    long from = options.from();
    long to = options.to();
    Path file = options.progress();
    ReplayLog.Question question = new ReplayLog.Question(rpc.chain(), rules.watched(), from, to);
    List<PastBlock> blocks;
    try (ReplayLog log = ReplayLog.open(file, question)) {
      log.done().forEach(b -> creators.putAll(b.made()));
      int before = log.done().size();
      if (before > 0) {
        output.text().println("going on behind block " + (from + before - 1) + ", from " + file);
      }
      long start = nanos.getAsLong();
      int found = 0;
      for (long number = from + before; number <= to; number++) {
        PastBlock block = block(number, file);
        log.add(block);
        found += (int) block.transactions().stream().filter(t -> !t.fires().isEmpty()).count();
        long done = number - from - before + 1;
        progress(
            new Step(number - from + 1, to - from + 1, found),
            (nanos.getAsLong() - start) / done * (to - number));
      }
      blocks = List.copyOf(log.done());
    }
    Retrospect retrospect = Retrospect.of(blocks, rules);
    print(output.text(), retrospect);
    Path html = options.html();
    if (html != null) {
      Output.write(html, RetrospectPage.write(retrospect, question.chain(), from, to));
    }
    output.json(RetrospectJson.write(retrospect));
    return retrospect.pauses().isEmpty() && retrospect.missed().isEmpty()
        ? ExitCode.DONE
        : ExitCode.NEGATIVE;
  }

  private PastBlock block(long number, Path file) {
    return switch (rpc.read(number)) {
      case BlockAnswer.Found found -> past(found);
      case BlockAnswer.Unavailable not ->
          throw CommandException.environment(
              "block "
                  + number
                  + ": "
                  + not.reason()
                  + "; what is done is in "
                  + file
                  + ", and the same command goes on from there");
    };
  }

  private PastBlock past(BlockAnswer.Found found) {
    List<PastBlock.PastTx> touching = new ArrayList<>();
    Map<Address, Address> made = new LinkedHashMap<>();
    for (Traced traced : found.transactions()) {
      TxTrace trace = traced.trace();
      Set<Address> touched = Detectors.touched(trace);
      if (!Collections.disjoint(touched, rules.watched())) {
        History history = history(touched);
        StateReads reads = rpc.before(trace);
        touching.add(
            PastBlock.of(
                trace,
                detectors.scan(trace, reads, history),
                detectors.facts(trace, reads, history),
                rules.watched()));
      }
      for (CallFrame frame : trace.frames()) {
        if (frame.kind().creates() && !frame.failed()) {
          made.put(frame.to(), trace.sender());
        }
      }
      creators.putAll(made);
    }
    return new PastBlock(found.block().number(), found.block().time(), touching, made);
  }

  private History history(Set<Address> accounts) {
    Map<Address, Address> known = new HashMap<>();
    for (Address account : accounts) {
      Address creator = creators.get(account);
      if (creator != null) {
        known.put(account, creator);
      }
    }
    return new History(known);
  }

  private record Step(long done, long all, int found) {}

  /** One line that is written over on a terminal, else ten lines in all. */
  private void progress(Step step, long nanosLeft) {
    String line =
        String.format(
            Locale.ROOT,
            "block %,d of %,d (%d %%), %d with findings, about %s left",
            step.done(),
            step.all(),
            100 * step.done() / step.all(),
            step.found(),
            left(nanosLeft));
    if (output.decorated()) {
      System.err.print("\r" + line + "\u001b[K" + (step.done() == step.all() ? "\n" : ""));
      System.err.flush();
    } else if (10 * step.done() / step.all() > 10 * (step.done() - 1) / step.all()) {
      System.err.println(line);
    }
  }

  private static String left(long nanos) {
    long seconds = nanos / 1_000_000_000L;
    if (seconds < 90) {
      return seconds + " s";
    }
    return seconds < 5_400 ? seconds / 60 + " min" : seconds / 3_600 + " h";
  }

  private static void print(PrintStream out, Retrospect retrospect) {
    out.printf(
        Locale.ROOT,
        "%,d blocks, %,d transactions touched what is watched; %d could not be judged%n",
        retrospect.blocks(),
        retrospect.transactions(),
        retrospect.unjudged());
    for (Retrospect.Pause pause : retrospect.pauses().stream().limit(LISTED).toList()) {
      out.printf(
          Locale.ROOT,
          "block %d, %s: pause until %s (%s; probability %.1f %%)%n",
          pause.by().block(),
          pause.by().tx(),
          pause.until(),
          pause.right().title(),
          100 * pause.by().probability());
      pause.by().fires().forEach(f -> fire(out, f));
      for (Retrospect.Averted later : pause.averted().stream().limit(LISTED).toList()) {
        out.printf(
            "  would have kept out %s, %d blocks and %d s later%n",
            later.fired().tx(), later.blocks(), later.lead().toSeconds());
        later.fired().fires().forEach(f -> fire(out, f));
      }
      out.printf(
          "  kept out besides: %d transactions of %d senders, which moved %s%n",
          pause.others().transactions(), pause.others().senders(), amounts(pause.others().moved()));
    }
    if (retrospect.pauses().size() > LISTED) {
      out.println(retrospect.pauses().size() - LISTED + " more pauses; see --html or --json");
    }
    long wrong =
        retrospect.pauses().stream().filter(p -> p.right() == Retrospect.Right.FALSE_ALARM).count();
    out.printf("%d pauses, %d of them false%n", retrospect.pauses().size(), wrong);
    retrospect.missed().forEach(m -> out.println("missed " + m.tx() + ": " + m.why()));
  }

  private static void fire(PrintStream out, PastBlock.Fire fire) {
    out.println(
        "  "
            + fire.subject()
            + " lost "
            + amounts(fire.losses())
            + ": "
            + Text.printable(fire.summary()));
  }

  private static String amounts(Map<String, BigInteger> amounts) {
    List<String> all = new ArrayList<>();
    amounts.forEach((asset, amount) -> all.add(amount + " of " + asset));
    return all.isEmpty() ? "nothing" : String.join(", ", all);
  }
}
