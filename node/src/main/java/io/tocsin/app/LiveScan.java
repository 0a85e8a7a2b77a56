package io.tocsin.app;

import io.tocsin.adapter.rpc.JsonRpc;
import io.tocsin.adapter.rpc.RpcChain;
import io.tocsin.adapter.rpc.RpcChainConfig;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.base.Json;
import io.tocsin.base.ShownUrl;
import io.tocsin.chain.Agreement;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent.Traced;
import io.tocsin.chain.MemoryCursor;
import io.tocsin.chain.NodeCalls.Reply;
import io.tocsin.chain.Position;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.DetectConfig;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.FindingJson;
import io.tocsin.detect.Scan;
import io.tocsin.detect.ScanReport;
import io.tocsin.detect.Sightings;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A chain reached by {@code --rpc} addresses, and detectors that look at its transactions. */
final class LiveScan implements AutoCloseable {
  private static final int REMEMBERED = 4_096;

  private final ChainId chain;
  private final RpcChain rpc;
  private final Detectors detectors = new Detectors(DetectConfig.DEFAULT);
  private final Sightings sightings = new Sightings(REMEMBERED);

  private LiveScan(ChainId chain, RpcChain rpc) {
    this.chain = chain;
    this.rpc = rpc;
  }

  /** Connects; each address counts as an operator of its own. */
  static LiveScan open(List<String> urls, RpcChainConfig.Following following) {
    List<RpcChainConfig.Remote> remotes = new ArrayList<>();
    try {
      for (String url : urls) {
        remotes.add(new RpcChainConfig.Remote(url, operator(url)));
      }
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
    ChainId chain = chainOf(urls);
    RpcChainConfig config;
    try {
      config = new RpcChainConfig(chain, remotes, following);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
    return new LiveScan(
        chain,
        RpcChain.open(
            config,
            new RpcChain.Surroundings(
                InstantSource.system(), new SecureRandom(), new MemoryCursor())));
  }

  /** Its host; of what is no URL the whole, which {@link RpcChainConfig.Remote} then refuses. */
  private static String operator(String url) {
    String host = "";
    if (url.contains("://")) {
      try {
        host = new URI(url).getHost();
      } catch (URISyntaxException _) {
        host = "";
      }
    }
    return host == null || host.isBlank() ? ShownUrl.of(url).toString() : host;
  }

  private static ChainId chainOf(List<String> urls) {
    List<String> faults = new ArrayList<>();
    for (String url : urls) {
      try (JsonRpc endpoint = JsonRpc.open(url)) {
        switch (endpoint.call("eth_chainId")) {
          case Reply.Result(var id) -> {
            return ChainId.evm(
                new BigInteger(id.asString("0x0").replaceFirst("^0x", ""), 16).longValueExact());
          }
          case Reply.Failure(int code, String message, _) ->
              faults.add(endpoint.name() + " answers " + code + " " + message);
          case Reply.Unreachable(String reason) -> faults.add(reason);
        }
      } catch (ArithmeticException | IllegalArgumentException e) {
        faults.add(ShownUrl.of(url) + ": eth_chainId: no such chain");
      }
    }
    throw CommandException.environment(
        "no endpoint of --rpc can be used: "
            + String.join("; ", faults)
            + "; check the address and that the node runs");
  }

  ChainId chain() {
    return chain;
  }

  RpcChain rpc() {
    return rpc;
  }

  /** What the detectors say, on the state before the transaction. */
  ScanReport scan(Traced traced) {
    TxTrace trace = traced.trace();
    List<StateQuery> queries = detectors.queries(trace);
    StateReads reads =
        base(trace).map(block -> rpc.state().read(queries, block)).orElse(StateReads.NONE);
    ScanReport report = detectors.scan(trace, reads, sightings.history(trace));
    sightings.record(trace, report);
    return report;
  }

  private static Optional<Hash32> base(TxTrace trace) {
    return switch (trace.position()) {
      case Position.Mined(_, Hash32 parent) -> Optional.of(parent);
      case Position.Pending(BlockRef head, _) -> Optional.of(head.hash());
      case Position.Unknown _ -> Optional.empty();
    };
  }

  /** Where it stands, in words. */
  static String place(TxTrace trace) {
    return switch (trace.position()) {
      case Position.Mined(BlockRef block, _) -> "mined in block " + block.number();
      case Position.Pending(BlockRef head, _) -> "pending on block " + head.number();
      case Position.Unknown _ -> "of unknown position";
    };
  }

  /** How far the endpoints agree, in words. */
  static String agreement(Agreement agreement) {
    return switch (agreement) {
      case Agreement.Agreed(int endpoints, var operators) ->
          endpoints + " endpoints of " + String.join(", ", operators) + " agree";
      case Agreement.Lacking(String reason) -> "not agreed: " + reason;
    };
  }

  /** One transaction and its scan, for machines. */
  static ObjectNode json(Traced traced, ScanReport report) {
    TxTrace trace = traced.trace();
    ObjectNode out =
        Json.object()
            .put("event", "transaction")
            .put("chain", trace.chain().toString())
            .put("tx", trace.tx().toString())
            .put("sender", trace.sender().toString());
    switch (trace.position()) {
      case Position.Mined(BlockRef block, _) ->
          out.put("position", "mined").put("block", block.number());
      case Position.Pending(BlockRef head, _) ->
          out.put("position", "pending").put("head", head.number());
      case Position.Unknown _ -> out.put("position", "unknown");
    }
    out.put("agreed", traced.agreement().agreed());
    out.put("agreement", agreement(traced.agreement()));
    switch (report.scan()) {
      case Scan.Clean _ -> out.put("scan", "clean");
      case Scan.Found _ -> out.put("scan", "found");
      case Scan.NotAnalysed(String reason) -> out.put("scan", "not_analysed").put("reason", reason);
    }
    ArrayNode findings = out.putArray("findings");
    report.findings().forEach(finding -> findings.add(FindingJson.write(finding)));
    return out;
  }

  @Override
  public void close() {
    rpc.close();
  }
}
