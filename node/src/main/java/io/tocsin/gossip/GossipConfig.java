package io.tocsin.gossip;

import java.time.Duration;

/**
 * The bounds of gossip.
 *
 * @param waiting envelopes whose predecessor is missing
 * @param quota what one author may add to the log
 * @param seen recently seen envelope ids
 * @param pull fetching what is missing
 */
public record GossipConfig(WaitLimits waiting, Quota quota, SeenLimits seen, PullLimits pull) {
  /**
   * The shipped bounds. Quota: 1,024 envelopes at once and 64 a second are far above what an honest
   * node sends (a report and an attestation per incident), and bound what a lying member can make
   * others check and write. Seen: a minute of 20 members at their sustained quota. Waiting: more
   * than one pull batch, for half a minute, in which several pulls are tried.
   */
  public static final GossipConfig DEFAULT =
      new GossipConfig(
          new WaitLimits(256, 16L << 20, Duration.ofSeconds(30)),
          new Quota(new TokenBucket.Rate(1_024, 64), new TokenBucket.Rate(32L << 20, 256L << 10)),
          new SeenLimits(80_000, Duration.ofMinutes(10)),
          new PullLimits(128, 256 << 10, Duration.ofSeconds(5), Duration.ofSeconds(10)));

  /**
   * Bounds of waiting for a predecessor.
   *
   * @param perAuthor envelopes of one author
   * @param bytes envelopes of all authors together, in bytes
   * @param patience how long one waits
   */
  public record WaitLimits(int perAuthor, long bytes, Duration patience) {}

  /** What one author may add to the log, in envelopes and in bytes. */
  public record Quota(TokenBucket.Rate envelopes, TokenBucket.Rate bytes) {}

  /** Bounds of the memory of seen ids. */
  public record SeenLimits(int size, Duration age) {}

  /**
   * How what is missing is fetched.
   *
   * @param count envelopes in one batch
   * @param bytes size of one batch, unless its first envelope alone is larger
   * @param patience how long a peer has to answer
   * @param interval how often peers compare how far they are
   */
  public record PullLimits(int count, int bytes, Duration patience, Duration interval) {}
}
