package io.tocsin.app;

import io.tocsin.adapter.rpc.RpcChain;
import io.tocsin.adapter.rpc.RpcChainConfig;
import io.tocsin.adapter.sqlite.Database;
import io.tocsin.adapter.sqlite.SqliteCursor;
import io.tocsin.pipeline.ChainPorts;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** Opens chains as a node's configuration describes them. */
final class NodeChains {
  private final RpcChain.Surroundings around;

  NodeChains(InstantSource clock, RandomGenerator random, Database database) {
    this.around = new RpcChain.Surroundings(clock, random, new SqliteCursor(database));
  }

  RpcChain open(NodeConfig.Chain chain) {
    return RpcChain.open(config(chain), around);
  }

  /** A chain as the pipeline reaches it; blocks with {@code depth} others on them stay. */
  static ChainPorts ports(RpcChain chain, int depth) {
    return new ChainPorts(
        chain.follow(),
        chain.state(),
        chain.code(),
        chain.age(),
        chain.trials(),
        chain.canon(depth));
  }

  /** The adapter's view of a configured chain. */
  static RpcChainConfig config(NodeConfig.Chain chain) {
    return new RpcChainConfig(
        chain.id(),
        chain.endpoints().stream()
            .map(e -> new RpcChainConfig.Remote(e.url(), e.operator()))
            .toList(),
        RpcChainConfig.Following.DEFAULT
            .withSlot(chain.slot())
            .withAgreement(chain.patience())
            .withPending(chain.pending()));
  }
}
