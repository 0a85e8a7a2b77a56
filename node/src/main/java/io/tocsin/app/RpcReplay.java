package io.tocsin.app;

import io.tocsin.adapter.rpc.BlockAnswer;
import io.tocsin.adapter.rpc.JsonRpc;
import io.tocsin.adapter.rpc.RpcChain;
import io.tocsin.adapter.rpc.RpcChainConfig;
import io.tocsin.base.Bytes;
import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent.Traced;
import io.tocsin.chain.Cursor;
import io.tocsin.chain.NodeCalls.Reply;
import io.tocsin.chain.Position;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateReads;
import io.tocsin.chain.TraceSource.Answer;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.Detectors;
import io.tocsin.detect.History;
import io.tocsin.detect.ScanReport;
import io.tocsin.detect.TokenLabels;
import io.tocsin.detect.explain.Incident;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Scans transactions that endpoints hold, with the state before each. */
final class RpcReplay implements AutoCloseable {
  /** One scanned transaction. */
  record Scanned(Hash32 tx, ScanReport report) {}

  /** Nothing is followed, so nothing is remembered. */
  private static final Cursor NO_CURSOR =
      new Cursor() {
        @Override
        public List<BlockRef> recent(ChainId chain) {
          return List.of();
        }

        @Override
        public void advance(ChainId chain, BlockRef block) {}
      };

  private final ChainId id;
  private final RpcChain chain;
  private final Detectors detectors;

  private RpcReplay(ChainId id, RpcChain chain, Detectors detectors) {
    this.id = id;
    this.chain = chain;
    this.detectors = detectors;
  }

  /** Through the endpoints at {@code urls}, which must be of the chain that the first one is of. */
  static RpcReplay open(List<String> urls, Detectors detectors) {
    List<RpcChainConfig.Remote> remotes = new ArrayList<>();
    RpcChainConfig config;
    try {
      for (String url : urls) {
        remotes.add(new RpcChainConfig.Remote(url, "endpoint " + (remotes.size() + 1)));
      }
      config =
          new RpcChainConfig(chainAt(urls.getFirst()), remotes, RpcChainConfig.Following.DEFAULT);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--rpc: " + e.getMessage());
    }
    RpcChain.Surroundings around =
        new RpcChain.Surroundings(InstantSource.system(), new SplittableRandom(), NO_CURSOR);
    return new RpcReplay(config.chain(), RpcChain.open(config, around), detectors);
  }

  private static ChainId chainAt(String url) {
    try (JsonRpc rpc = JsonRpc.open(url)) {
      return switch (rpc.call("eth_chainId")) {
        case Reply.Result result -> ChainId.evm(Long.decode(result.value().asString()));
        case Reply.Failure failure ->
            throw CommandException.environment(
                rpc.name() + " does not tell its chain (error " + failure.code() + ")");
        case Reply.Unreachable gone ->
            throw CommandException.environment(
                rpc.name() + " cannot be reached: " + gone.reason() + "; start it or name another");
      };
    }
  }

  /** Every transaction of block {@code number}. */
  List<Scanned> block(long number) {
    return switch (chain.block(number)) {
      case BlockAnswer.Found found -> found.transactions().stream().map(this::scan).toList();
      case BlockAnswer.Unavailable not ->
          throw CommandException.environment("block " + number + ": " + not.reason());
    };
  }

  /** One transaction, mined or pending. */
  Scanned transaction(Hash32 tx) {
    return scan(traced(tx));
  }

  private Traced traced(Hash32 tx) {
    return switch (chain.trace(tx)) {
      case Answer.Found found -> found.traced();
      case Answer.Absent absent ->
          throw CommandException.usage("transaction " + tx + ": " + absent.reason());
      case Answer.Unavailable not ->
          throw CommandException.environment("transaction " + tx + ": " + not.reason());
    };
  }

  /** One transaction with all that there is to tell of it. */
  Incident explain(Hash32 tx) {
    TxTrace trace = traced(tx).trace();
    StateReads before = before(trace);
    List<StateQuery> names =
        detectors.facts(trace, before, History.NONE).map(TokenLabels::queries).orElse(List.of());
    StateReads named = names.isEmpty() ? StateReads.NONE : read(trace, names);
    Map<StateQuery, Bytes> all = new LinkedHashMap<>(before.values());
    named.values().forEach(all::putIfAbsent);
    return Incident.of(detectors, trace, StateReads.of(all, before.unanswered()), History.NONE);
  }

  private Scanned scan(Traced traced) {
    TxTrace trace = traced.trace();
    return new Scanned(trace.tx(), detectors.scan(trace, before(trace), History.NONE));
  }

  /** The chain that the endpoints are of. */
  ChainId chain() {
    return id;
  }

  /** Block {@code number} with the call trees of its transactions. */
  BlockAnswer read(long number) {
    return chain.block(number);
  }

  /** What the detectors ask of the state before {@code trace}. */
  StateReads before(TxTrace trace) {
    return read(trace, detectors.queries(trace));
  }

  private StateReads read(TxTrace trace, List<StateQuery> queries) {
    return switch (trace.position()) {
      case Position.Mined mined -> chain.state().read(queries, mined.parent());
      case Position.Pending pending -> chain.state().read(queries, pending.head().hash());
      case Position.Unknown _ -> StateReads.NONE;
    };
  }

  @Override
  public void close() {
    chain.close();
  }
}
