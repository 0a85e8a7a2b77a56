package io.tocsin.chain;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import java.util.List;

/**
 * An event that a frame emitted: by which contract, and after how many of the frame's child frames
 * ({@code position}).
 */
public record TraceLog(Address emitter, List<Hash32> topics, Bytes data, int position) {
  public TraceLog {
    topics = List.copyOf(topics);
    if (topics.size() > 4) {
      throw new IllegalArgumentException("a log has at most 4 topics, not " + topics.size());
    }
    if (position < 0) {
      throw new IllegalArgumentException("a log's position is not negative: " + position);
    }
  }
}
