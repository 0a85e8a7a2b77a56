package io.tocsin.adapter.mesh;

import io.tocsin.gossip.TokenBucket.Rate;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * The mesh's listener and bounds.
 *
 * @param listen where to listen; port 0 takes any free one
 */
public record MeshConfig(InetSocketAddress listen, Timing timing, Limits limits) {
  /** The shipped bounds, listening at {@code listen}. */
  public static MeshConfig at(InetSocketAddress listen) {
    return new MeshConfig(listen, Timing.DEFAULT, Limits.DEFAULT);
  }

  /**
   * How long things may take.
   *
   * @param handshake TLS and hello together
   * @param frame from the first byte of a frame to its last, and one write
   * @param silence after which a peer is taken for dead
   * @param ping how long a link is quiet before we say something
   * @param firstRetry the first pause before connecting again; doubled each time, with jitter
   * @param lastRetry the longest such pause
   */
  public record Timing(
      Duration handshake,
      Duration frame,
      Duration silence,
      Duration ping,
      Duration firstRetry,
      Duration lastRetry) {
    /** Patient enough for a loaded machine, short enough to lose a dead peer within a block. */
    public static final Timing DEFAULT =
        new Timing(
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(15),
            Duration.ofSeconds(4),
            Duration.ofMillis(200),
            Duration.ofSeconds(30));
  }

  /**
   * How much there may be.
   *
   * @param handshakes incoming connections that have not said hello yet, together
   * @param handshakesPerHost such connections of one address
   * @param outFrames frames waiting for one peer
   * @param outBytes bytes waiting for one peer
   * @param inFrames frames of one peer
   * @param inBytes bytes of one peer
   */
  public record Limits(
      int handshakes,
      int handshakesPerHost,
      int outFrames,
      long outBytes,
      Rate inFrames,
      Rate inBytes) {
    /**
     * Waiting out: half of it, or what is free, for one author; more is dropped and healed. Coming
     * in: an honest peer passes on at most what all authors' quotas let in (64 envelopes a second
     * each, for 30 authors).
     */
    public static final Limits DEFAULT =
        new Limits(
            64, 16, 4_096, 16L << 20, new Rate(8_192, 2_000), new Rate(64L << 20, 16L << 20));
  }
}
