package io.tocsin.gossip;

import io.tocsin.base.Bytes;
import io.tocsin.crypto.Topic;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Our own messages on their way: sealed in order, sent in that order, and none before it is on the
 * disk. Thread-safe; who publishes at the same moment shares one write.
 */
final class Outbox {
  private final Admission admission;
  private final EnvelopeStore store;
  private final Consumer<Round> send;
  private final ReentrantLock sealing = new ReentrantLock();
  private final ReentrantLock sending = new ReentrantLock();
  private final Queue<Round> sealed = new ConcurrentLinkedQueue<>();

  Outbox(Admission admission, EnvelopeStore store, Consumer<Round> send) {
    this.admission = admission;
    this.store = store;
    this.send = send;
  }

  /** Returns once it is on its way. */
  void publish(Topic<?> topic, Bytes payload) {
    Round round = seal(topic, payload);
    store.flush();
    sendUpTo(round);
  }

  /** Returns at once. */
  void post(Topic<?> topic, Bytes payload) {
    Round round = seal(topic, payload);
    store.afterwards(() -> sendUpTo(round));
  }

  private Round seal(Topic<?> topic, Bytes payload) {
    sealing.lock();
    try {
      Round round = admission.seal(topic, payload);
      AdmissionResult result = round.admitted().getFirst().result();
      if (!(result instanceof AdmissionResult.Accept)) {
        throw new IllegalStateException(
            "our own " + topic.name() + " was not admitted: " + result.label());
      }
      sealed.add(round);
      return round;
    } finally {
      sealing.unlock();
    }
  }

  /** What was sealed before {@code last} is on the disk as it is. */
  private void sendUpTo(Round last) {
    sending.lock();
    try {
      while (sealed.contains(last)) {
        send.accept(sealed.remove());
      }
    } finally {
      sending.unlock();
    }
  }
}
