package io.tocsin.pipeline;

import io.tocsin.audit.Step;
import io.tocsin.base.Address;
import io.tocsin.base.Text;
import io.tocsin.identity.Member;
import io.tocsin.identity.Roster;
import io.tocsin.identity.Rosters;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Notices members from whom nothing is heard: says so once, and once when they are back. A link
 * that is up says nothing; every member sends its peers how far its log is, every few seconds, and
 * that is what is listened for. Time is counted between looks, so that a jump of the clock silences
 * nobody. Owned by one thread.
 */
public final class MemberWatch {
  /** What passes between two looks counts for at most so long. */
  private static final Duration STEP = Duration.ofSeconds(5);

  private static final String GAUGE = "tocsin_members_silent";

  private final Means means;
  private final Records records;
  private final Map<Address, Ear> ears = new HashMap<>();
  private final Set<Address> silent = new HashSet<>();
  private Duration elapsed = Duration.ZERO;
  private Instant last;

  /**
   * Whom to listen to, and how.
   *
   * @param self who never counts as silent
   * @param rosters who is a member; revoked ones are not listened for
   * @param heard how many messages came from a member over its own link, ever
   * @param limit how long a member may be silent
   */
  public record Means(
      Address self, Rosters rosters, ToLongFunction<Address> heard, Duration limit) {}

  private record Ear(long count, Duration at) {}

  /** A watch that has heard of nobody yet. */
  public MemberWatch(Means means, Records records) {
    this.means = means;
    this.records = records;
    this.last = records.clock().instant();
  }

  /** Listens; called every second or so. */
  public void look() {
    Instant now = records.clock().instant();
    Duration since = Duration.between(last, now);
    last = now;
    elapsed = elapsed.plus(since.isNegative() ? Duration.ZERO : least(since));
    means.rosters().current(now).ifPresent(this::listen);
  }

  private static Duration least(Duration since) {
    return since.compareTo(STEP) > 0 ? STEP : since;
  }

  private void listen(Roster roster) {
    List<Member> quiet = new ArrayList<>();
    List<Member> back = new ArrayList<>();
    Set<Address> present = new HashSet<>();
    for (Member member : roster.members()) {
      Address account = member.account();
      if (account.equals(means.self()) || means.rosters().revoked(account)) {
        continue;
      }
      present.add(account);
      long count = means.heard().applyAsLong(account);
      Ear ear = ears.get(account);
      if (ear == null || ear.count() != count) {
        ears.put(account, new Ear(count, elapsed));
        if (silent.remove(account)) {
          back.add(member);
        }
      } else if (elapsed.minus(ear.at()).compareTo(means.limit()) >= 0 && silent.add(account)) {
        quiet.add(member);
      }
    }
    ears.keySet().retainAll(present);
    silent.retainAll(present);
    if (!quiet.isEmpty()) {
      tell(quiet, true, roster);
    }
    if (!back.isEmpty()) {
      tell(back, false, roster);
    }
  }

  private void tell(List<Member> members, boolean quiet, Roster roster) {
    String kind = quiet ? "SILENT" : "RECOVERED";
    String what = quiet ? "nothing was heard for " + means.limit() : "heard again";
    records.gauge(GAUGE, silent.size());
    List<String> names = new ArrayList<>();
    for (Member member : members) {
      String name = Text.printable(member.contact().operator()) + " (" + member.account() + ")";
      names.add(name);
      records.audit().append(new Step.Trouble("member " + name, kind, what));
      records.observer().member(member.account(), quiet);
    }
    String text = "members " + String.join(", ", names) + ": " + what + "; " + rest(roster);
    records.log().members(quiet, text);
    records.call(Pager.Why.QUIET, text);
  }

  private String rest(Roster roster) {
    long weight =
        roster.members().stream()
            .filter(member -> ears.containsKey(member.account()) || own(member))
            .filter(member -> !silent.contains(member.account()))
            .mapToLong(Member::weight)
            .sum();
    String share = "those heard have " + weight + " of " + roster.totalWeight() + " votes, ";
    return silent.size() == ears.size()
        ? share + "this node alone: it is cut off, or all others are"
        : share + (roster.quorum(weight) ? "enough to certify" : "too few to certify anything");
  }

  private boolean own(Member member) {
    return member.account().equals(means.self());
  }
}
