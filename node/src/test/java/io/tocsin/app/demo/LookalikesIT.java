package io.tocsin.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.adapter.rpc.RpcChain;
import io.tocsin.adapter.rpc.RpcChainConfig;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.chain.MemoryCursor;
import io.tocsin.chain.Position;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TraceSource.Answer;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.DetectConfig;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.Finding;
import io.tocsin.detect.History;
import io.tocsin.detect.Scan;
import io.tocsin.detect.ScanReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What honest people do, on real protocols, is not taken for an attack. With {@code
 * -Dlookalikes.out=FOLDER} it leaves the traces there as a corpus that {@code tocsin evaluate}
 * reads.
 */
final class LookalikesIT {
  private static final long SEED = Long.getLong("lookalikes.seed", 1);
  private static final int ROUNDS = Integer.getInteger("lookalikes.rounds", 6);

  @TempDir private static Path directory = Path.of("");

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static HonestWorld world;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static RpcChain chain;

  private final Detectors detectors = new Detectors(DetectConfig.DEFAULT);

  /** What was said of one honest transaction. */
  private record Said(String kind, Hash32 tx, Scan withState, Scan alone) {}

  @BeforeAll
  static void build() throws InterruptedException, IOException {
    world = HonestWorld.build(directory);
    String url = "ipc:" + world.chain().builder().chain().socket(0);
    chain =
        RpcChain.open(
            new RpcChainConfig(
                world.chain().id(),
                List.of(new RpcChainConfig.Remote(url, "anvil")),
                RpcChainConfig.Following.DEFAULT),
            new RpcChain.Surroundings(
                InstantSource.system(), new SplittableRandom(1), new MemoryCursor()));
  }

  @AfterAll
  static void stop() {
    chain.close();
    world.close();
  }

  private static Map<String, Supplier<List<Hash32>>> generators(SplittableRandom random) {
    HonestTrade trade = new HonestTrade(world, random);
    HonestCredit credit = new HonestCredit(world, random);
    HonestPay pay = new HonestPay(world, random);
    Map<String, Supplier<List<Hash32>>> all = new LinkedHashMap<>();
    all.put("swap", trade::swap);
    all.put("aggregator route", trade::aggregatorRoute);
    all.put("arbitrage", trade::arbitrage);
    all.put("arbitrage by flash swap", trade::arbitrageByFlashSwap);
    all.put("arbitrage by flash loan", trade::arbitrageByFlashLoan);
    all.put("sandwich", trade::sandwich);
    all.put("liquidity provided", trade::provideLiquidity);
    all.put("liquidity withdrawn", trade::withdrawLiquidity);
    all.put("liquidity migrated", trade::migrateLiquidity);
    all.put("borrowing", credit::borrow);
    all.put("saving withdrawn", credit::withdrawAll);
    all.put("leverage", credit::leverage);
    all.put("leverage undone by flash loan", credit::deleverage);
    all.put("liquidation", credit::liquidation);
    all.put("liquidation by flash loan", credit::liquidationByFlashLoan);
    all.put("vault deposit", pay::depositInVault);
    all.put("vault left by the last holder", pay::leaveVault);
    all.put("vault rebalanced", pay::rebalanceVault);
    all.put("bridge departure", pay::departOverBridge);
    all.put("bridge release", pay::arriveOverBridge);
    all.put("airdrop claim", pay::claimAirdrop);
    all.put("stake and reward", pay::leaveStake);
    all.put("wages", pay::payWages);
    all.put("agreed exchange", pay::settleAgreement);
    all.put("sweep of a deposit", pay::sweepDeposit);
    all.put("vesting", pay::releaseVesting);
    all.put("governance execution", pay::executeGrant);
    all.put("payment from a Safe", pay::payFromSafe);
    all.put("upgrade of a proxy", pay::upgradeProxy);
    all.put("change of owner", pay::handOver);
    return all;
  }

  private Said judge(String kind, Hash32 tx) {
    if (!(chain.trace(tx) instanceof Answer.Found(var traced))) {
      throw new IllegalStateException("no trace of " + tx);
    }
    TxTrace trace = traced.trace();
    if (!(trace.position() instanceof Position.Mined mined)) {
      throw new IllegalStateException(tx + " is not mined");
    }
    StateReads before = chain.state().read(detectors.queries(trace), mined.parent());
    ScanReport known = detectors.scan(trace, before, History.NONE);
    ScanReport alone = detectors.scan(trace, StateReads.NONE, History.NONE);
    return new Said(kind, tx, known.scan(), alone.scan());
  }

  private static String brief(Scan scan) {
    return switch (scan) {
      case Scan.Clean _ -> "clean";
      case Scan.NotAnalysed(String reason) -> "not judged: " + reason;
      case Scan.Found(List<Finding> findings) ->
          String.join(
              "; ", findings.stream().map(f -> f.detectors() + " " + f.why().summary()).toList());
    };
  }

  /** One file a kind, and a table that says what each resembles. */
  private static void export(Path folder, List<Said> all) throws IOException {
    Path benign = Files.createDirectories(folder.resolve("benign"));
    StringBuilder table = new StringBuilder("block,chain,lookalike\n");
    for (String kind : all.stream().map(Said::kind).distinct().toList()) {
      String file = kind.replace(' ', '-');
      table.append(file).append(",ethereum,").append(kind).append('\n');
      ArrayNode traces = Json.object().putArray("traces");
      for (Said said : all) {
        if (said.kind().equals(kind)) {
          ObjectNode tracer = Json.object().put("tracer", "callTracer");
          tracer.putObject("tracerConfig").put("withLog", true);
          JsonNode trace =
              world
                  .chain()
                  .builder()
                  .chain()
                  .ask("debug_traceTransaction", said.tx().toString(), tracer);
          traces.addObject().put("tx", said.tx().toString()).set("trace", trace);
        }
      }
      try (var out =
          new GZIPOutputStream(Files.newOutputStream(benign.resolve(file + ".json.gz")))) {
        out.write(traces.toString().getBytes(StandardCharsets.UTF_8));
      }
    }
    Files.writeString(folder.resolve("benign.csv"), table);
  }

  @Test
  void hardlyAnyHonestTransactionIsReported() throws IOException {
    List<Said> all = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(SEED);
    Map<String, Supplier<List<Hash32>>> generators = generators(random);
    for (int round = 0; round < ROUNDS; round++) {
      generators.forEach((kind, play) -> play.get().forEach(tx -> all.add(judge(kind, tx))));
    }
    Map<String, int[]> table = new LinkedHashMap<>();
    for (Said said : all) {
      int[] row = table.computeIfAbsent(said.kind(), _ -> new int[5]);
      row[0]++;
      row[1] += said.withState() instanceof Scan.Found ? 1 : 0;
      row[2] += said.withState() instanceof Scan.NotAnalysed ? 1 : 0;
      row[3] += said.alone() instanceof Scan.Found ? 1 : 0;
      row[4] += said.alone() instanceof Scan.NotAnalysed ? 1 : 0;
    }
    System.out.println("| kind | transactions | found | not judged | found alone | not judged |");
    table.forEach(
        (kind, row) ->
            System.out.printf(
                "| %s | %d | %d | %d | %d | %d |%n", kind, row[0], row[1], row[2], row[3], row[4]));
    for (Said said : all) {
      if (said.withState() instanceof Scan.Found || said.alone() instanceof Scan.Found) {
        System.out.printf(
            "%s %s%n  %s%n  alone: %s%n",
            said.kind(), said.tx(), brief(said.withState()), brief(said.alone()));
      }
    }
    String out = System.getProperty("lookalikes.out");
    if (out != null) {
      export(Path.of(out), all);
    }
    assertThat(table).hasSizeGreaterThanOrEqualTo(20);
    assertThat(all).hasSizeGreaterThanOrEqualTo(200);
    assertThat(all.stream().filter(s -> s.withState() instanceof Scan.Found).count())
        .as("found, of %d; at most three in a hundred", all.size())
        .isLessThanOrEqualTo(all.size() * 3L / 100);
  }
}
