package io.tocsin.gossip;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.Envelope;
import io.tocsin.crypto.Topic;
import io.tocsin.crypto.Verified;
import io.tocsin.gossip.AdmissionResult.Defer;
import io.tocsin.gossip.AdmissionResult.Ignore;
import io.tocsin.gossip.AdmissionResult.Reject;
import io.tocsin.gossip.Candidate.Heard;
import io.tocsin.gossip.Candidate.Reading;
import io.tocsin.gossip.Candidate.Unheard;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The one door for envelopes, our own included. Thread-safe.
 *
 * <p>Cheap checks come first (size, form, author, seen before, allowance), then the signature over
 * the bytes received, then, under the author's lock, the place in the author's order, which also
 * decides between two threads that bring the same envelope. An envelope with a gap before it waits;
 * one that contradicts another under the same sequence is kept as evidence. Of one who is no member
 * any more, only what members vouch for is let in. What is accepted counts at once, and is durable
 * before anything that this member says of it or because of it. A rightly signed envelope that
 * nobody here can read keeps its place in the order, since otherwise its author could never be
 * heard again.
 */
public final class Admission {
  private final Membership membership;
  private final EnvelopeStore store;
  private final InstantSource clock;
  private final GossipLog log;
  private final SeenIds seen;
  private final Map<String, Subscription<?>> subscriptions = new ConcurrentHashMap<>();
  private final AuthorDesks desks;
  private final List<Consumer<Equivocation>> witnesses = new ArrayList<>();
  private final Deliveries deliveries;
  private final ToLongFunction<Address> vouched;

  /** A door to {@code store} that lets in members only. */
  public Admission(
      GossipConfig config,
      Membership membership,
      EnvelopeStore store,
      InstantSource clock,
      GossipLog log) {
    this(config, membership, store, clock, log, _ -> 0);
  }

  /**
   * A door to {@code store}.
   *
   * @param vouched up to which sequence the envelopes of a former member are vouched for
   */
  Admission(
      GossipConfig config,
      Membership membership,
      EnvelopeStore store,
      InstantSource clock,
      GossipLog log,
      ToLongFunction<Address> vouched) {
    this.vouched = vouched;
    this.membership = membership;
    this.store = store;
    this.clock = clock;
    this.log = log;
    this.desks = new AuthorDesks(config, clock);
    this.seen = new SeenIds(config.seen());
    this.deliveries = new Deliveries(store, this::readBack, log);
  }

  private record Subscription<T>(Topic<T> topic, Consumer<Verified<T>> listener) {
    Reading open(Envelope envelope, Membership membership) throws MalformedException {
      return Verified.open(envelope, membership.domain(), membership.everyone(), topic.decoder())
          .<Reading>map(
              message -> new Heard<>(message, listener, topic.subject().apply(message.value())))
          .orElse(new Unheard(new Reject(RejectReason.BAD_SIGNATURE)));
    }
  }

  private sealed interface Screened {}

  private record Passed(Candidate candidate) implements Screened {}

  private record Stopped(Round.Admitted admitted) implements Screened {}

  /**
   * Registers the one listener of {@code topic}, called from the delivery thread.
   *
   * @throws IllegalStateException if there is one already
   */
  public <T> void subscribe(Topic<T> topic, Consumer<Verified<T>> listener) {
    if (subscriptions.putIfAbsent(topic.name(), new Subscription<>(topic, listener)) != null) {
      throw new IllegalStateException("topic " + topic.name() + " has a listener already");
    }
  }

  /**
   * Registers who is told of each new contradiction, on the delivery thread; before the first frame
   * only.
   */
  public void onEquivocation(Consumer<Equivocation> witness) {
    witnesses.add(witness);
  }

  Deliveries deliveries() {
    return deliveries;
  }

  /** Lets one frame in, or says why not. */
  public AdmissionResult admit(Frame frame) {
    return admit(List.of(frame)).admitted().getFirst().result();
  }

  /** Lets frames in with one write an author. */
  Round admit(List<Frame> frames) {
    Round round = new Round();
    Map<Address, List<Integer>> byAuthor = new LinkedHashMap<>();
    List<Screened> screened = new ArrayList<>();
    for (Frame frame : frames) {
      Screened one = screenSafely(frame);
      screened.add(one);
      switch (one) {
        case Stopped(Round.Admitted admitted) -> round.admitted().add(admitted);
        case Passed(Candidate candidate) -> {
          Address author = candidate.envelope().author();
          byAuthor.computeIfAbsent(author, _ -> new ArrayList<>()).add(screened.size() - 1);
          round.admitted().add(ourFailure(candidate));
        }
      }
    }
    byAuthor.forEach(
        (author, places) -> {
          List<Candidate> candidates = new ArrayList<>();
          for (int place : places) {
            if (screened.get(place) instanceof Passed(Candidate candidate)) {
              candidates.add(candidate);
            }
          }
          List<AdmissionResult> results = settleSafely(author, candidates, round);
          for (int i = 0; i < results.size(); i++) {
            Round.Admitted admitted =
                new Round.Admitted(results.get(i), Optional.of(candidates.get(i).envelope()));
            round.admitted().set(places.get(i), admitted);
          }
        });
    round.admitted().forEach(admitted -> log.onResult(admitted.result()));
    return round;
  }

  private static Round.Admitted ourFailure(Candidate candidate) {
    return new Round.Admitted(
        new Ignore(IgnoreReason.OUR_FAILURE), Optional.of(candidate.envelope()));
  }

  private Screened screenSafely(Frame frame) {
    try {
      return screen(frame);
    } catch (RuntimeException e) {
      log.onOurFailure("checking an envelope", e);
      return new Stopped(
          new Round.Admitted(new Ignore(IgnoreReason.OUR_FAILURE), Optional.empty()));
    }
  }

  private Screened screen(Frame frame) {
    if (frame.wire().size() > Frame.MAX_BYTES) {
      return new Stopped(new Round.Admitted(new Reject(RejectReason.OVERSIZE), Optional.empty()));
    }
    Envelope envelope;
    try {
      envelope = Envelope.decode(frame.wire());
    } catch (MalformedException e) {
      return new Stopped(new Round.Admitted(new Reject(RejectReason.MALFORMED), Optional.empty()));
    }
    Subscription<?> subscription = subscriptions.get(envelope.topic());
    if (subscription != null && envelope.payload().size() > subscription.topic().maxBytes()) {
      return stop(new Reject(RejectReason.OVERSIZE), envelope);
    }
    if (!heard(envelope)) {
      return stop(new Ignore(IgnoreReason.AUTHOR_UNKNOWN), envelope);
    }
    Hash32 id = envelope.id();
    if (seen.contains(id) || kept(new Message.Place(envelope.author(), envelope.sequence(), id))) {
      return stop(new Ignore(IgnoreReason.DUPLICATE), envelope);
    }
    if (!membership.self().equals(frame.from()) && tooFarAhead(envelope)) {
      return stop(new Ignore(IgnoreReason.AUTHOR_OVER_QUOTA), envelope);
    }
    Reading reading = open(frame, envelope, subscription);
    if (reading instanceof Unheard(Reject(RejectReason reason))
        && reason == RejectReason.BAD_SIGNATURE) {
      return stop(new Reject(reason), envelope);
    }
    return new Passed(new Candidate(frame, envelope, id, reading));
  }

  private boolean heard(Envelope envelope) {
    Address author = envelope.author();
    return membership.present(author)
        || (membership.known(author) && envelope.sequence() <= vouched.applyAsLong(author));
  }

  /**
   * What its author's allowance cannot reach costs no signature check. Looking takes nothing from
   * the allowance, so that who forges an author's name uses up nothing of it.
   */
  private boolean tooFarAhead(Envelope envelope) {
    Address author = envelope.author();
    return envelope.sequence() - store.height(author) > desks.room(author);
  }

  /** How many more envelopes {@code author} may add now. */
  long room(Address author) {
    return desks.room(author);
  }

  private static Screened stop(AdmissionResult result, Envelope envelope) {
    return new Stopped(new Round.Admitted(result, Optional.of(envelope)));
  }

  /** Whether this very envelope was let in lately. */
  boolean lately(Hash32 id) {
    return seen.contains(id);
  }

  /** Whether this very envelope lies in the log. */
  boolean kept(Message.Place place) {
    return place.sequence() > 0
        && place.sequence() <= store.height(place.author())
        && keptEnvelope(place.author(), place.sequence()).id().equals(place.id());
  }

  private Envelope keptEnvelope(Address author, long sequence) {
    try {
      return Envelope.decode(store.wire(author, sequence).orElseThrow());
    } catch (MalformedException e) {
      throw new IllegalStateException("the log of " + author + " is damaged at " + sequence, e);
    }
  }

  private Reading open(Frame frame, Envelope envelope, @Nullable Subscription<?> wanted) {
    try {
      if (wanted != null) {
        return wanted.open(envelope, membership);
      }
      return Verified.open(envelope, membership.domain(), membership.everyone(), payload -> payload)
          .map(_ -> new Unheard(new Ignore(IgnoreReason.TOPIC_UNKNOWN)))
          .orElse(new Unheard(new Reject(RejectReason.BAD_SIGNATURE)));
    } catch (MalformedException e) {
      boolean fromAuthor = frame.from().equals(envelope.author());
      return new Unheard(
          fromAuthor
              ? new Reject(RejectReason.AUTHOR_SENT_UNREADABLE)
              : new Ignore(IgnoreReason.PAYLOAD_UNREADABLE));
    }
  }

  private List<AdmissionResult> settleSafely(
      Address author, List<Candidate> candidates, Round round) {
    AuthorDesk desk = desks.of(author);
    desk.lock();
    try {
      return settle(desk, candidates, round);
    } catch (RuntimeException e) {
      log.onOurFailure("keeping envelopes of " + author, e);
      return List.of();
    } finally {
      desk.unlock();
    }
  }

  private List<AdmissionResult> settle(AuthorDesk desk, List<Candidate> candidates, Round round) {
    Address author = candidates.getFirst().envelope().author();
    Instant now = clock.instant();
    long height = store.height(author);
    List<Candidate> run = new ArrayList<>();
    List<AdmissionResult> results = new ArrayList<>();
    for (Candidate candidate : candidates) {
      long sequence = candidate.envelope().sequence();
      long next = height + run.size() + 1;
      if (sequence < next) {
        Envelope first =
            sequence <= height
                ? keptEnvelope(author, sequence)
                : run.get((int) (sequence - height - 1)).envelope();
        results.add(repeat(first, candidate, round));
      } else if (desk.deferred(sequence, candidate.id()).isPresent() && sequence > next) {
        results.add(new Defer(desk.deferred(sequence, candidate.id()).orElseThrow()));
      } else if (desk.waitingAt(sequence).filter(w -> !w.id().equals(candidate.id())).isPresent()) {
        results.add(repeat(desk.waitingAt(sequence).orElseThrow().envelope(), candidate, round));
      } else if (!desk.withinQuota(candidate, now) && !own(candidate)) {
        results.add(new Ignore(IgnoreReason.AUTHOR_OVER_QUOTA));
      } else if (sequence > next) {
        Optional<Instant> until = desk.defer(candidate, now);
        results.add(
            until
                .<AdmissionResult>map(Defer::new)
                .orElse(new Ignore(IgnoreReason.NO_ROOM_TO_WAIT)));
      } else {
        run.add(candidate);
        results.add(candidate.result());
        addFollowers(desk, next + 1, run);
      }
    }
    keep(run, now);
    round.kept().addAll(run);
    return results;
  }

  private boolean own(Candidate candidate) {
    return candidate.frame().from().equals(membership.self());
  }

  private static void addFollowers(AuthorDesk desk, long from, List<Candidate> run) {
    long next = from;
    Optional<Candidate> follower = desk.remove(next);
    while (follower.isPresent()) {
      run.add(follower.get());
      next++;
      follower = desk.remove(next);
    }
  }

  private void keep(List<Candidate> run, Instant now) {
    if (run.isEmpty()) {
      return;
    }
    store.append(run.stream().map(c -> c.entry(now)).toList());
    for (Candidate candidate : run) {
      seen.add(candidate.id(), now);
      deliveries.add(candidate.delivery());
    }
  }

  private AdmissionResult repeat(Envelope first, Candidate second, Round round) {
    if (first.id().equals(second.id())) {
      return new Ignore(IgnoreReason.DUPLICATE);
    }
    Equivocation proof = new Equivocation(first, second.envelope());
    if (store.keep(proof, clock.instant())) {
      log.onEquivocation(proof);
      witnesses.forEach(witness -> deliveries.notice(() -> witness.accept(proof)));
      round.evidence().add(second);
    }
    return new Ignore(IgnoreReason.EQUIVOCATION);
  }

  /** Signs a message of ours under the next sequence and lets it in. */
  Round seal(Topic<?> topic, Bytes payload) {
    if (payload.size() > topic.maxBytes()) {
      throw new IllegalArgumentException(
          topic.name() + " has " + payload.size() + " bytes of at most " + topic.maxBytes());
    }
    if (!subscriptions.containsKey(topic.name())) {
      throw new IllegalArgumentException("nobody listens to topic " + topic.name());
    }
    Address self = membership.self();
    AuthorDesk desk = desks.of(self);
    desk.lock();
    try {
      long sequence = store.height(self) + 1;
      Envelope envelope =
          Envelope.seal(membership.signer(), membership.domain(), topic.name(), sequence, payload);
      return admit(List.of(new Frame(self, envelope.encode())));
    } finally {
      desk.unlock();
    }
  }

  /** Forgets what waited too long. */
  void expire() {
    desks.expire();
  }

  private Optional<Delivery> readBack(Bytes wire) {
    try {
      Envelope envelope = Envelope.decode(wire);
      Reading reading =
          open(new Frame(membership.self(), wire), envelope, subscriptions.get(envelope.topic()));
      return membership.known(envelope.author())
          ? Optional.of(new Delivery(envelope.author(), envelope.sequence(), reading))
          : Optional.empty();
    } catch (MalformedException e) {
      throw new IllegalStateException("the log is damaged", e);
    }
  }
}
