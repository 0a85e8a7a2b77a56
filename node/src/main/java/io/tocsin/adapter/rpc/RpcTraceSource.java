package io.tocsin.adapter.rpc;

import io.tocsin.base.ChainId;
import io.tocsin.base.Hash32;
import io.tocsin.chain.BlockRef;
import io.tocsin.chain.ChainEvent;
import io.tocsin.chain.ChainEvent.TroubleKind;
import io.tocsin.chain.TraceSource;

/** Follows a chain through its endpoints: a follower for blocks, a desk for what is pending. */
final class RpcTraceSource implements TraceSource {
  private final ChainId chain;
  private final RpcChain.Surroundings around;
  private final EventQueue events;
  private final Lookup lookup;
  private final PendingDesk pending;
  private final BlockDesk blocks;
  private final Follower follower;

  RpcTraceSource(
      RpcChainConfig config, RpcChain.Surroundings around, Panel panel, EventQueue events) {
    this.chain = config.chain();
    this.around = around;
    this.events = events;
    Witnesses witnesses = new Witnesses(panel);
    this.lookup = new Lookup(panel, witnesses, around.clock());
    this.pending = new PendingDesk(panel, witnesses, around.clock(), new Outlet());
    this.blocks = new BlockDesk(chain, panel, witnesses, events);
    this.follower = new Follower(config, around, panel, events, blocks, pending);
  }

  /** What the pending desk needs. */
  private final class Outlet implements PendingDesk.Outlet {
    @Override
    public boolean offer(ChainEvent event) {
      return events.offer(event);
    }

    @Override
    public void trouble(String endpoint, TroubleKind kind, String detail) {
      events.alarm(new ChainEvent.Trouble(chain, endpoint, kind, detail));
    }
  }

  @Override
  public ChainId chain() {
    return chain;
  }

  @Override
  public ChainEvent take() throws InterruptedException {
    return events.take();
  }

  @Override
  public void processed(BlockRef block) {
    blocks.acknowledge(block, done -> around.cursor().advance(chain, done));
  }

  @Override
  public Answer trace(Hash32 tx) {
    return lookup.trace(tx);
  }

  @Override
  public void close() {
    follower.close();
    blocks.close();
    pending.close();
  }
}
