package io.tocsin.gossip;

import io.tocsin.base.Address;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * What this node heard from its author itself, and tells its peers of instead of sending it on:
 * their own links to the author are quicker. A peer that lacks it, or has another envelope in its
 * place, asks for it. Thread-safe.
 */
final class Tidings {
  /** How long what was heard is gathered before it is told of together. */
  private static final Duration GATHERED = Duration.ofMillis(25);

  private static final int MOST = 4_096;

  private final Admission admission;
  private final EnvelopeStore store;
  private final Pulls pulls;
  private final ArrayBlockingQueue<Message.Place> untold = new ArrayBlockingQueue<>(MOST);

  Tidings(Admission admission, EnvelopeStore store, Pulls pulls) {
    this.admission = admission;
    this.store = store;
    this.pulls = pulls;
  }

  /** Takes what is to be told; false if there is no room, and it has to be sent on. */
  boolean add(Candidate heard) {
    return untold.offer(
        new Message.Place(heard.envelope().author(), heard.envelope().sequence(), heard.id()));
  }

  /** Waits up to {@code idle} for something to tell, and tells of it. */
  void tell(Duration idle, Chores chores, Collection<Link> links, BiConsumer<Link, Message> send)
      throws InterruptedException {
    Message.Place first = untold.poll(idle.toMillis(), TimeUnit.MILLISECONDS);
    if (first != null) {
      chores.rest(GATHERED);
      List<Message.Place> places = new ArrayList<>(List.of(first));
      untold.drainTo(places);
      tell(places, links, send);
    }
  }

  /** Tells of everything now. */
  void tell(Collection<Link> links, BiConsumer<Link, Message> send) {
    List<Message.Place> places = new ArrayList<>();
    untold.drainTo(places);
    tell(places, links, send);
  }

  /** Others rely on what we say we have, so it is on the disk when we say it. */
  private void tell(
      List<Message.Place> places, Collection<Link> links, BiConsumer<Link, Message> send) {
    if (!places.isEmpty()) {
      store.afterwards(() -> links.forEach(link -> tell(link, places, send)));
    }
  }

  private static void tell(Link link, List<Message.Place> places, BiConsumer<Link, Message> send) {
    List<Message.Place> others =
        places.stream().filter(place -> !place.author().equals(link.peer())).toList();
    for (int from = 0; from < others.size(); from += Message.MAX_PLACES) {
      int to = Math.min(others.size(), from + Message.MAX_PLACES);
      send.accept(link, new Message.Told(others.subList(from, to)));
    }
  }

  /**
   * A peer told of these, all by known authors; the authors of whom it has more than we do are
   * answered. An honest peer tells of what came just now, so one contradiction a message is looked
   * into.
   */
  List<Address> told(Link link, List<Message.Place> places, Instant now) {
    List<Address> behind = new ArrayList<>();
    boolean asked = false;
    for (Message.Place place : places) {
      Address author = place.author();
      boolean beyond = place.sequence() > store.height(author);
      if (beyond || admission.lately(place.id())) {
        pulls.claim(link, author, place.sequence());
      }
      if (beyond) {
        behind.add(author);
      } else if (!asked && place.sequence() > 0 && !admission.lately(place.id())) {
        asked = true;
        if (!admission.kept(place)) {
          pulls.ask(link, author, place.sequence() - 1, now);
        }
      }
    }
    return behind;
  }
}
