package io.tocsin.app;

import io.tocsin.audit.AuditLog;
import io.tocsin.audit.HeadNotice;
import io.tocsin.audit.Verification.Head;
import io.tocsin.audit.Witness;
import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.Verified;
import io.tocsin.gossip.Exchange;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Tells the members how far this node's audit log is, and witnesses what they say of theirs, so
 * that none can change or cut off its past unseen. Thread-safe.
 *
 * <p>An own head goes out within a second after an action, after {@value #ENTRIES} entries, and
 * otherwise with what is to be witnessed, every {@linkplain #INTERVAL five minutes} if there is
 * anything new. Only durable entries are told of.
 */
final class HeadWatch {
  static final Duration INTERVAL = Duration.ofMinutes(5);
  static final int ENTRIES = 1_024;

  private static final Duration LOOK = Duration.ofSeconds(1);

  private final AuditLog log;
  private final Address self;
  private final Exchange exchange;
  private final InstantSource clock;
  private final HeadLog events;
  private final Witness witness = new Witness();
  private Head told = new Head(0, Hash32.ZERO);
  private Instant last;

  /**
   * A watch over {@code log}, the log of {@code self}.
   *
   * @param clock one that does not jump
   */
  HeadWatch(AuditLog log, Address self, Exchange exchange, InstantSource clock, HeadLog events) {
    this.log = log;
    this.self = self;
    this.exchange = exchange;
    this.clock = clock;
    this.events = events;
    this.last = clock.instant().minus(INTERVAL);
  }

  /**
   * Takes up what was heard before a restart, and listens; before the exchange starts.
   *
   * @param alarm is told of a member whose log is another than it said
   */
  void subscribe(BiConsumer<Address, String> alarm) {
    exchange.archive().lastHanded(HeadNotice.TOPIC).forEach(notice -> hear(notice, (_, _) -> {}));
    exchange.subscribe(HeadNotice.TOPIC, notice -> hear(notice, alarm));
  }

  private void hear(Verified<HeadNotice> notice, BiConsumer<Address, String> alarm) {
    Address author = notice.author();
    Head head = notice.value().heads().get(author);
    if (head == null || author.equals(self)) {
      return;
    }
    switch (witness.hear(author, notice.envelope().sequence(), head)) {
      case Witness.Hearing.Grown _, Witness.Hearing.Known _ -> {}
      case Witness.Hearing.Contradicted contradicted ->
          alarm.accept(author, contradicted.toString());
    }
  }

  /** Looks after everything until it is interrupted. */
  void run() {
    try {
      while (true) {
        look();
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Speaks if it is time to. */
  synchronized void look() {
    Head head = log.head();
    Instant now = clock.instant();
    boolean news = head.sequence() > told.sequence() || witness.due();
    boolean soon =
        log.lastEffect() > told.sequence() || head.sequence() - told.sequence() >= ENTRIES;
    if (soon || (news && !now.isBefore(last.plus(INTERVAL)))) {
      speak();
    }
  }

  /** The last word before a stop, if there is anything to say. */
  synchronized void end() {
    if (log.head().sequence() > told.sequence()) {
      speak();
    }
  }

  /** Says how far the own log is, durably, and witnesses what is to be witnessed. */
  private void speak() {
    try {
      publish();
    } catch (RuntimeException e) {
      events.untold(e);
    }
  }

  private void publish() {
    log.flush();
    Head head = log.head();
    Map<Address, Head> heads = new HashMap<>(witness.take());
    heads.put(self, head);
    exchange.publish(HeadNotice.TOPIC, new HeadNotice(heads).encode());
    told = head;
    last = clock.instant();
  }
}
