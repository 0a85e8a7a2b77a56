package io.tocsin.gossip;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Envelope;
import io.tocsin.crypto.Topic;
import io.tocsin.crypto.Verified;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * The protocol between the door and the links. Thread-safe.
 *
 * <p>Whoever writes an envelope pushes it to every peer. Who has it from its author tells the
 * others of it a moment later, and they ask for it if they lack it or have another in its place;
 * who has it from anybody else pushes it to every peer that is not known to have it. On connecting,
 * after a dropped message and every interval, two peers tell each other how far they are with each
 * author, and the one that is behind pulls the rest in order, batch after batch, from one peer at a
 * time. A peer that is away, or that a lossy link kept in the dark, so ends with the same log as
 * all.
 *
 * <p>What a member wrote is kept in step after it left, too. Nobody can tell from an envelope when
 * it was signed, so its log then ends where members who cannot all be liars say that it ends: each
 * honest one took in only what came while its author was a member, or what was vouched for so.
 */
public final class Exchange implements Gossip, AutoCloseable {
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration IDLE = Duration.ofSeconds(1);

  /** An honest member says one or two things about a subject; more is a liar's noise. */
  private static final int MOST_ABOUT = 64;

  private final GossipConfig config;
  private final Membership membership;
  private final EnvelopeStore store;
  private final InstantSource clock;
  private final GossipLog log;
  private final Admission admission;
  private final Archive archive;
  private final Manners manners;
  private final Pulls pulls;
  private final Map<Address, LongAdder> heard = new ConcurrentHashMap<>();
  private final Map<Link, Instant> lastCompared = new ConcurrentHashMap<>();
  private final Set<Link> lossy = ConcurrentHashMap.newKeySet();
  private final Outbox outbox;
  private final Tidings tidings;
  private final Chores chores;

  /** An exchange that listens to nothing yet and runs nothing by itself. */
  public Exchange(
      GossipConfig config,
      Membership membership,
      EnvelopeStore store,
      InstantSource clock,
      GossipLog log) {
    this.config = config;
    this.membership = membership;
    this.store = store;
    this.clock = clock;
    this.log = log;
    this.chores = new Chores(log);
    this.archive = new Archive(store, membership, clock, log);
    this.manners = new Manners(new PeerScore(clock, log), clock);
    this.pulls = new Pulls(config.pull(), store, log);
    this.admission = new Admission(config, membership, store, clock, log, this::vouched);
    this.tidings = new Tidings(admission, store, pulls);
    this.outbox = new Outbox(admission, store, round -> forward(round, Optional.empty()));
  }

  /**
   * Registers the one listener of {@code topic}. It is called from one thread, shared by all
   * topics, once for each message in its author's order, and again after a crash if it was not
   * certain that it had finished; so it is quick and idempotent. It may publish.
   *
   * @throws IllegalStateException if the topic has a listener already
   */
  public <T> void subscribe(Topic<T> topic, Consumer<Verified<T>> listener) {
    admission.subscribe(topic, listener);
  }

  /** Registers who is told of members that contradict themselves, on the listeners' thread. */
  public void onEquivocation(Consumer<Equivocation> witness) {
    admission.onEquivocation(witness);
  }

  /**
   * What was admitted on {@code topic} since {@code from} by members, former ones too, in the order
   * of admission; to rebuild state after a start.
   */
  public <T> List<Verified<T>> received(Topic<T> topic, Instant from) {
    return archive.received(topic, from);
  }

  /** What was admitted before. */
  public Archive archive() {
    return archive;
  }

  /**
   * The first messages of {@code author} on {@code topic} about {@code subject}, however long ago
   * they were admitted and whatever became of their author since.
   */
  public <T> List<T> about(Topic<T> topic, Address author, Hash32 subject) {
    List<T> messages = new ArrayList<>();
    for (Bytes wire : store.about(topic.name(), author, subject, MOST_ABOUT)) {
      try {
        messages.add(topic.decoder().decode(Envelope.decode(wire).payload()));
      } catch (MalformedException e) {
        log.onResult(new AdmissionResult.Ignore(IgnoreReason.PAYLOAD_UNREADABLE));
      }
    }
    return List.copyOf(messages);
  }

  /** How the peers behave. */
  public PeerScore scores() {
    return manners.scores();
  }

  /**
   * How many messages came from {@code peer} itself, over its own link. A member whose exchange is
   * alive says how far it is at least every interval of {@link GossipConfig#pull}.
   */
  public long heard(Address peer) {
    LongAdder count = heard.get(peer);
    return count == null ? 0 : count.sum();
  }

  /** Starts handing messages on, those that were not handed on before the last stop first. */
  public void start() {
    chores.start("gossip-delivery", "handing messages on", () -> deliveries().step(IDLE));
    chores.start(
        "gossip-tick",
        "comparing logs",
        () -> {
          chores.rest(TICK);
          tick();
        });
    chores.start(
        "gossip-telling",
        "telling what was heard",
        () -> tidings.tell(IDLE, chores, lastCompared.keySet(), this::send));
  }

  void tell() {
    tidings.tell(lastCompared.keySet(), this::send);
  }

  private Deliveries deliveries() {
    return admission.deliveries();
  }

  Admission admission() {
    return admission;
  }

  @Override
  public void publish(Topic<?> topic, Bytes payload) {
    outbox.publish(topic, payload);
  }

  @Override
  public void post(Topic<?> topic, Bytes payload) {
    outbox.post(topic, payload);
  }

  /** A link was opened; its peer is told how far we are. */
  public void connected(Link link) {
    pulls.add(link);
    compare(link, clock.instant());
  }

  /** A link was closed. */
  public void disconnected(Link link) {
    pulls.remove(link);
    lastCompared.remove(link);
    lossy.remove(link);
    manners.forget(link);
  }

  private void compare(Link link, Instant now) {
    lossy.remove(link);
    lastCompared.put(link, now);
    send(link, new Message.Heights(knownHeights()));
  }

  /** Others rely on what we say we have, so it is on the disk when we say it. */
  private Map<Address, Long> knownHeights() {
    Map<Address, Long> heights = new ConcurrentHashMap<>(store.heights());
    store.flush();
    heights.keySet().removeIf(author -> !membership.known(author));
    return heights;
  }

  private long vouched(Address author) {
    return pulls.vouched(author, membership.keys()::trustworthy);
  }

  private void pull(Address author, Instant now) {
    boolean wanted = membership.present(author) || vouched(author) > store.height(author);
    if (wanted && admission.room(author) > 0) {
      pulls.pull(author, now);
    }
  }

  private void send(Link link, Message message) {
    noticeLoss(link, link.send(message.encode()));
  }

  private void push(Link link, Candidate one) {
    Bytes message = new Message.Push(one.frame().wire()).encode();
    noticeLoss(link, link.send(one.envelope().author(), message));
  }

  private void noticeLoss(Link link, boolean sent) {
    if (!sent && lastCompared.containsKey(link)) {
      lossy.add(link);
    }
  }

  /** A message came over {@code link}. */
  public void received(Link link, Bytes bytes) {
    Message message;
    try {
      message = Message.decode(bytes);
    } catch (MalformedException e) {
      penalise(link, Misbehaviour.GARBAGE);
      return;
    }
    heard.computeIfAbsent(link.peer(), _ -> new LongAdder()).increment();
    switch (message) {
      case Message.Push(Bytes wire) ->
          admit(link, List.of(wire)).admitted().forEach(pushed -> manners.pushed(link, pushed));
      case Message.Heights(Map<Address, Long> heights) -> heights(link, heights);
      case Message.Want(Address author, long after) -> serve(link, author, after);
      case Message.Batch batch -> batch(link, batch);
      case Message.Told(List<Message.Place> places) -> told(link, places);
    }
  }

  /** Charges {@code fault} to the peer, and ends the link when that shuts it out. */
  public void penalise(Link link, Misbehaviour fault) {
    manners.penalise(link, fault);
  }

  @Override
  public void blame(Address author) {
    manners.penalise(author, Misbehaviour.FORGERY, lastCompared.keySet());
  }

  @Override
  public double room() {
    return (double) admission.room(membership.self()) / config.quota().envelopes().burst();
  }

  private Round admit(Link link, List<Bytes> wires) {
    Round round =
        admission.admit(wires.stream().map(wire -> new Frame(link.peer(), wire)).toList());
    Set<Address> behind = new HashSet<>();
    for (Round.Admitted admitted : round.admitted()) {
      admitted
          .envelope()
          .filter(envelope -> membership.known(envelope.author()))
          .ifPresent(
              envelope -> {
                switch (admitted.result()) {
                  case AdmissionResult.Accept _, AdmissionResult.Ignore _ ->
                      pulls.claim(link, envelope.author(), envelope.sequence());
                  case AdmissionResult.Defer _ -> {
                    pulls.claim(link, envelope.author(), envelope.sequence());
                    behind.add(envelope.author());
                  }
                  case AdmissionResult.Reject _ -> {}
                }
              });
    }
    manners.brought(link, round);
    forward(round, Optional.of(link));
    Instant now = clock.instant();
    behind.forEach(author -> pull(author, now));
    return round;
  }

  private void forward(Round round, Optional<Link> origin) {
    List<Candidate> passedOn = new ArrayList<>();
    for (Candidate one : round.kept()) {
      Envelope envelope = one.envelope();
      if (origin.filter(link -> link.peer().equals(envelope.author())).isEmpty()
          || !tidings.add(one)) {
        passedOn.add(one);
      }
    }
    for (Link link : lastCompared.keySet()) {
      if (origin.filter(link::equals).isEmpty()) {
        for (Candidate one : passedOn) {
          if (!pulls.has(link, one.envelope().author(), one.envelope().sequence())) {
            push(link, one);
          }
        }
        round.evidence().forEach(one -> push(link, one));
      }
    }
  }

  private void told(Link link, List<Message.Place> places) {
    Instant now = clock.instant();
    List<Message.Place> known =
        places.stream().filter(place -> membership.known(place.author())).toList();
    tidings.told(link, known, now).forEach(author -> pull(author, now));
  }

  private void heights(Link link, Map<Address, Long> heights) {
    Instant now = clock.instant();
    heights.forEach(
        (author, height) -> {
          if (membership.known(author)) {
            pulls.claim(link, author, height);
            if (height > store.height(author)) {
              pull(author, now);
            }
          }
        });
  }

  private void serve(Link link, Address author, long after) {
    GossipConfig.PullLimits limits = config.pull();
    if (manners.mayAsk(link)) {
      send(
          link,
          new Message.Batch(author, store.after(author, after, limits.count(), limits.bytes())));
    }
  }

  private void batch(Link link, Message.Batch batch) {
    if (!pulls.answered(link, batch)) {
      penalise(link, Misbehaviour.UNSOLICITED);
      return;
    }
    long before = store.height(batch.author());
    if (!batch.wires().isEmpty()) {
      Round _ = admit(link, batch.wires());
    }
    if (store.height(batch.author()) == before) {
      pulls.disbelieve(link, batch.author());
    }
    pull(batch.author(), clock.instant());
  }

  /** Does what is due: tells, forgets, asks again, compares logs. Called every second. */
  public void tick() {
    tell();
    Instant now = clock.instant();
    admission.expire();
    pulls.expire(now);
    pulls.behind().forEach(author -> pull(author, now));
    lastCompared.forEach(
        (link, last) -> {
          if (lossy.contains(link) || !now.isBefore(last.plus(config.pull().interval()))) {
            compare(link, now);
          }
        });
  }

  /** Stops handing messages on; what is left is handed on after the next start. */
  @Override
  public void close() {
    chores.stop();
    deliveries().notice(() -> {});
    chores.close();
    deliveries().writeCursors();
  }
}
