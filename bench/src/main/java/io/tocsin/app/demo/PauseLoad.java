package io.tocsin.app.demo;

import io.tocsin.adapter.sqlite.Database;
import io.tocsin.adapter.sqlite.SqliteSentBook;
import io.tocsin.app.demo.PauseClock.Step;
import io.tocsin.app.demo.PauseTown.Defence;
import io.tocsin.base.AccountId;
import io.tocsin.base.Address;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.crypto.Keccak;
import io.tocsin.respond.SentBook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * How long it takes from the first sight of a pending attack, at any member, to the pause that the
 * endpoints have accepted, with the certificate of five members and then by the victim alone; and
 * when the defender has come to which step on the way. Arguments: rounds, and {@code --json FILE}.
 *
 * <p>All members are in this process, on loopback with mutual TLS and with databases on disk; the
 * two anvils of the chain are reached over Unix sockets, through the demonstration's {@link
 * EndpointFront}, which is in this process too and gives a transaction to both. A pause counts only
 * if it was mined ahead of the attack afterwards and the lender was paused and lost nothing; then
 * its owner lifts it.
 *
 * <p>A mandate trips a hundred times in its life, so that a town is founded anew for every {@value
 * #ROUNDS} rounds that count. {@value #COLD} rounds before the first of each kind do not count,
 * while the code gets compiled, nor do {@value #WARM_UP} in each town that follows. The blocks come
 * when the round wants them, faster than one a second, so that the chain's time is some minutes
 * behind the nodes' clock at first.
 */
public final class PauseLoad {
  private static final int ROUNDS = 60;
  private static final int WARM_UP = 5;
  private static final int COLD = 40;

  private final Path folder;
  private int towns;

  private PauseLoad(Path folder) {
    this.folder = folder;
  }

  /** What the rounds of one kind came to, in milliseconds. */
  private record Result(Map<Step, List<Double>> steps, List<Double> commits) {
    static Result empty() {
      return new Result(new EnumMap<>(Step.class), new ArrayList<>());
    }

    void add(Map<Step, Double> round) {
      round.forEach((step, time) -> steps.computeIfAbsent(step, _ -> new ArrayList<>()).add(time));
    }
  }

  private Result play(Defence defence, int rounds) throws IOException, InterruptedException {
    Result result = Result.empty();
    int left = rounds;
    int warm = COLD;
    while (left > 0) {
      Path home = folder.resolve("t" + ++towns);
      try (PauseTown town = PauseTown.build(defence, home);
          Database database = Database.open(home.resolve("commits.db"))) {
        SqliteSentBook book = new SqliteSentBook(database);
        for (int i = 0; i < warm; i++) {
          var _ = town.play();
        }
        for (int i = 0; i < Math.min(left, ROUNDS); i++) {
          result.add(town.play());
          result.commits.add(commit(book, i));
        }
      }
      left -= ROUNDS;
      warm = WARM_UP;
    }
    return result;
  }

  /** How long one durable commit of a small row takes, while nothing else happens. */
  private static double commit(SqliteSentBook book, int number) {
    Hash32 name = Keccak.hashUtf8("commit " + number);
    long start = System.nanoTime();
    book.record(new SentBook.Sent(name, new AccountId(ChainId.evm(1), Address.ZERO), 1, name));
    return (System.nanoTime() - start) / 1e6;
  }

  private static void row(String name, List<Double> times, ObjectNode out) {
    List<Double> ascending = times.stream().sorted().toList();
    double median = DemoReport.percentile(ascending, 50);
    double late = DemoReport.percentile(ascending, 99);
    double worst = ascending.getLast();
    System.out.printf(
        Locale.ROOT,
        "| %-10s | %7.1f | %7.1f | %7.1f | %7d |%n",
        name,
        median,
        late,
        worst,
        times.size());
    out.putObject(name)
        .put("p50_ms", median)
        .put("p99_ms", late)
        .put("max_ms", worst)
        .put("samples", times.size());
  }

  private static void print(Defence defence, Result result, ObjectNode out) {
    System.out.println(defence.sentence());
    System.out.printf("| %-10s | %7s | %7s | %7s | %7s |%n", "ms", "p50", "p99", "max", "rounds");
    result.steps.forEach((step, times) -> row(step.name().toLowerCase(Locale.ROOT), times, out));
    row("one commit", result.commits, out);
    System.out.println();
  }

  /** Plays both kinds of rounds. */
  public static void main(String[] args) throws Exception {
    List<String> given = new ArrayList<>(List.of(args));
    Optional<Path> json = LoadOptions.file(given, "--json");
    int rounds = given.isEmpty() ? 200 : Integer.parseInt(given.getFirst());
    Path folder = LoadOptions.folder();
    PauseLoad load = new PauseLoad(folder);
    ObjectNode out = Json.object().put("rounds", rounds);
    for (Defence defence : Defence.values()) {
      print(
          defence,
          load.play(defence, rounds),
          out.putObject(defence.name().toLowerCase(Locale.ROOT)));
    }
    if (json.isPresent()) {
      Files.writeString(json.get(), Json.pretty(out));
    }
    LoadOptions.discard(folder);
  }
}
