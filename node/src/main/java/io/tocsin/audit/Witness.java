package io.tocsin.audit;

import io.tocsin.audit.Verification.Head;
import io.tocsin.base.Address;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What this member knows of the others' audit logs by what they said themselves, and what of it
 * this member has not witnessed yet. Thread-safe.
 */
public final class Witness {
  private final Map<Address, Said> said = new HashMap<>();
  private final Map<Address, Head> unwitnessed = new LinkedHashMap<>();

  /** What a member said in its message {@code message}. */
  private record Said(long message, Head head) {}

  /** What becomes of a head. */
  public sealed interface Hearing {
    /** The log has grown. */
    record Grown() implements Hearing {}

    /** Nothing new. */
    record Known() implements Hearing {}

    /**
     * The member's log is another than it said it was, or shorter. Both messages are signed and
     * kept; this head is not witnessed.
     */
    record Contradicted(Head before, Head now) implements Hearing {
      @Override
      public String toString() {
        return now.sequence() < before.sequence()
            ? "its audit log ended at entry " + before.sequence() + " and ends at " + now.sequence()
            : "entry "
                + now.sequence()
                + " of its audit log was "
                + before.hash()
                + " and is "
                + now.hash();
      }
    }
  }

  /**
   * A member said that its log has this head.
   *
   * @param message the place of the message in the member's order; an earlier one says nothing new
   */
  public synchronized Hearing hear(Address member, long message, Head head) {
    Said last = said.get(member);
    if (last != null && message <= last.message) {
      return new Hearing.Known();
    }
    if (last != null && last.head.equals(head)) {
      said.put(member, new Said(message, head));
      return new Hearing.Known();
    }
    if (last != null && head.sequence() <= last.head.sequence()) {
      said.put(member, new Said(message, last.head));
      return new Hearing.Contradicted(last.head, head);
    }
    said.put(member, new Said(message, head));
    unwitnessed.put(member, head);
    return new Hearing.Grown();
  }

  /** The heads that this member is yet to witness; it has, once they are handed out here. */
  public synchronized Map<Address, Head> take() {
    Map<Address, Head> all = Map.copyOf(unwitnessed);
    unwitnessed.clear();
    return all;
  }

  /** Whether there are heads to be witnessed. */
  public synchronized boolean due() {
    return !unwitnessed.isEmpty();
  }
}
