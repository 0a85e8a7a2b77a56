package io.tocsin.quorum;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Rlp;
import io.tocsin.crypto.Topic;
import java.time.Instant;
import java.util.List;

/**
 * An alarm test: the payload of topic {@code drill}. It claims nothing, so no attestation can name
 * it, no certificate can hold it and no policy can read it; members answer it with a {@link
 * DrillAnswer} and tell their people, marked as a drill.
 *
 * @param sent by its author's clock, whole seconds
 */
public record Drill(Hash32 id, Instant sent) {
  /** Drills among members. */
  public static final Topic<Drill> TOPIC = new Topic<>("drill", Drill::decode, 64);

  /** The latest time taken, year 9999. */
  private static final long MAX_SECONDS = 253_402_300_799L;

  /** The wire form: RLP {@code [id, sent]}. */
  public Bytes encode() {
    return Rlp.encode(List.of(id, sent.getEpochSecond()));
  }

  /**
   * Reads the wire form.
   *
   * @throws MalformedException if {@code wire} is anything else
   */
  public static Drill decode(Bytes wire) throws MalformedException {
    Rlp.Reader reader = Rlp.read(wire, "drill");
    Hash32 id = reader.hash("id");
    long seconds = reader.number("sent");
    reader.end();
    if (seconds > MAX_SECONDS) {
      throw reader.fault("sent", "after the year 9999");
    }
    return new Drill(id, Instant.ofEpochSecond(seconds));
  }
}
