package io.tocsin.pipeline;

import io.tocsin.audit.Step;
import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.base.Threads;
import io.tocsin.crypto.Verified;
import io.tocsin.identity.Member;
import io.tocsin.identity.Roster;
import io.tocsin.identity.Rosters;
import io.tocsin.quorum.Drill;
import io.tocsin.quorum.DrillAnswer;
import io.tocsin.quorum.Muster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sends the drills that the owner asks for and counts their answers, and answers the drills of
 * others. Nothing here touches a claim, a mandate or a budget. Thread-safe.
 */
public final class DrillDesk {
  /** How long answers are waited for. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** How long an own drill keeps the next one away. */
  static final Duration APART = Duration.ofMinutes(1);

  /** How long an answered drill keeps the same member's next one away. */
  private static final Duration HEARD_APART = Duration.ofSeconds(30);

  /** How long a page about a member's drill keeps the next one away. */
  private static final Duration PAGED_APART = Duration.ofMinutes(10);

  /**
   * A drill that lies further back, or ahead, is not answered: it was late or the clocks differ.
   */
  private static final Duration FRESH = Duration.ofMinutes(1);

  private static final String COUNTER = "tocsin_drills_total";

  private final Town town;
  private final Rosters rosters;
  private final Rehearsal rehearsal;
  private final DrillBook book;
  private final Records records;
  private final Map<Address, Instant> heard = new HashMap<>();
  private final Map<Address, Instant> paged = new HashMap<>();
  private Optional<Running> running = Optional.empty();
  private Instant begun = Instant.EPOCH;

  private record Running(Hash32 id, Instant began, Muster muster) {}

  /** A desk in {@code town}. */
  public DrillDesk(
      Town town, Rosters rosters, Rehearsal rehearsal, DrillBook book, Records records) {
    this.town = town;
    this.rosters = rosters;
    this.rehearsal = rehearsal;
    this.book = book;
    this.records = records;
  }

  /** Begins what was asked for and ends what is over; called a few times a second. */
  public void look() {
    for (Hash32 id : book.asked()) {
      begin(id);
      book.taken(id);
    }
    end();
  }

  private void begin(Hash32 id) {
    Instant now = records.clock().instant();
    Optional<Roster> roster = rosters.current(now);
    Optional<String> refusal =
        roster.isEmpty()
            ? Optional.of("no roster is in force")
            : roster.get().member(town.self()).isEmpty()
                ? Optional.of("this node has no seat in the roster in force")
                : reserve(id, roster.get(), now);
    if (refusal.isPresent()) {
      records.count(COUNTER, "REFUSED");
      record(new Step.Drilled(id, refusal.get(), List.of(), Optional.empty()));
      return;
    }
    records.count(COUNTER, "SENT");
    town.publish(Drill.TOPIC, new Drill(id, now).encode());
  }

  /** Why there may be no drill now; where there may, it is under way. */
  private synchronized Optional<String> reserve(Hash32 id, Roster roster, Instant now) {
    if (Duration.between(begun, now).abs().compareTo(APART) < 0) {
      return Optional.of("the last drill of this node is less than a minute ago");
    }
    begun = now;
    running = Optional.of(new Running(id, now, new Muster(roster, rosters::revoked, now)));
    return Optional.empty();
  }

  /** An answer came through the door, our own included. */
  public synchronized void onAnswer(Verified<DrillAnswer> answer) {
    running
        .filter(drill -> drill.id().equals(answer.value().drill()))
        .ifPresent(drill -> drill.muster().add(answer.author(), records.clock().instant()));
  }

  private void end() {
    Optional<Running> over;
    synchronized (this) {
      Instant now = records.clock().instant();
      over =
          running.filter(
              drill ->
                  drill.muster().complete()
                      || Duration.between(drill.began(), now).abs().compareTo(PATIENCE) >= 0);
      if (over.isPresent()) {
        running = Optional.empty();
      }
    }
    over.ifPresent(drill -> record(result(drill)));
  }

  private static Step.Drilled result(Running drill) {
    List<Step.Answered> answers = new ArrayList<>();
    for (Member member : drill.muster().members()) {
      answers.add(
          new Step.Answered(
              member.account(),
              member.contact().operator(),
              member.weight(),
              drill.muster().answer(member.account())));
    }
    return new Step.Drilled(drill.id(), "", answers, drill.muster().quorum());
  }

  private void record(Step.Drilled step) {
    records.audit().append(step);
    records.audit().flush();
    records.log().drilled(step);
    records.observer().drilled(step);
  }

  /** A drill came through the door, our own included. */
  public void onDrill(Verified<Drill> message) {
    Instant now = records.clock().instant();
    Drill drill = message.value();
    Address author = message.author();
    records.admitted(message.envelope());
    if (Duration.between(drill.sent(), now).abs().compareTo(FRESH) > 0) {
      records.count(COUNTER, "STALE");
    } else if (!apart(heard, author, now, HEARD_APART)) {
      records.count(COUNTER, "TOO_SOON");
    } else {
      records.count(COUNTER, "ANSWERED");
      town.publish(DrillAnswer.TOPIC, new DrillAnswer(drill.id()).encode());
      Threads.start(
          "rehearsal",
          records.log().guarded("rehearsing a drill", () -> rehearse(drill, author, now)));
    }
  }

  private synchronized boolean apart(
      Map<Address, Instant> last, Address author, Instant now, Duration least) {
    Instant before = last.get(author);
    if (before != null && Duration.between(before, now).abs().compareTo(least) < 0) {
      return false;
    }
    last.put(author, now);
    return true;
  }

  private void rehearse(Drill drill, Address author, Instant now) {
    List<Step.Tried> tried = rehearsal.all();
    Step.Rehearsed step = new Step.Rehearsed(drill.id(), author, tried);
    records.audit().append(step);
    records.log().rehearsed(step);
    if (apart(paged, author, now, PAGED_APART)) {
      records.call(Pager.Why.DRILL, PipelineLog.rehearsal(step));
    }
  }
}
