package io.tocsin.gossip;

import io.tocsin.base.Bytes;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Envelope;
import io.tocsin.crypto.Topic;
import io.tocsin.crypto.Verified;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** What was admitted before, read back from the log. Thread-safe. */
public final class Archive {
  private final EnvelopeStore store;
  private final Membership membership;
  private final InstantSource clock;
  private final GossipLog log;

  Archive(EnvelopeStore store, Membership membership, InstantSource clock, GossipLog log) {
    this.store = store;
    this.membership = membership;
    this.clock = clock;
    this.log = log;
  }

  /**
   * What was admitted on {@code topic} since {@code from} by members, former ones too, in the order
   * of admission.
   */
  <T> List<Verified<T>> received(Topic<T> topic, Instant from) {
    return opened(topic, store.received(topic.name(), from));
  }

  /** The last message of each author on {@code topic} that was surely handed on. */
  public <T> List<Verified<T>> lastHanded(Topic<T> topic) {
    return opened(
        topic,
        store.delivered().entrySet().stream()
            .flatMap(e -> store.latest(topic.name(), e.getKey(), e.getValue()).stream())
            .toList());
  }

  /**
   * So long before the last message, or before now if that is earlier: the messages of that time
   * are there again for a node that was away, also when its clock was set meanwhile.
   */
  public Instant lately(Duration length) {
    Instant now = clock.instant();
    return store.lastReceived().filter(now::isAfter).orElse(now).minus(length);
  }

  private <T> List<Verified<T>> opened(Topic<T> topic, List<Bytes> wires) {
    List<Verified<T>> messages = new ArrayList<>();
    for (Bytes wire : wires) {
      try {
        Verified.open(
                Envelope.decode(wire), membership.domain(), membership.everyone(), topic.decoder())
            .ifPresent(messages::add);
      } catch (MalformedException e) {
        log.onResult(new AdmissionResult.Ignore(IgnoreReason.PAYLOAD_UNREADABLE));
      }
    }
    return List.copyOf(messages);
  }
}
