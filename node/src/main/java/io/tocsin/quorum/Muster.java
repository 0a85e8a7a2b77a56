package io.tocsin.quorum;

import io.tocsin.base.Address;
import io.tocsin.identity.Member;
import io.tocsin.identity.Roster;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Who answered a drill, and how long after it was sent. Owned by one thread. */
public final class Muster {
  private final Roster roster;
  private final List<Member> members;
  private final Instant sent;
  private final Map<Address, Duration> answers = new LinkedHashMap<>();
  private Optional<Duration> quorum = Optional.empty();

  /**
   * Nobody has answered yet.
   *
   * @param roster the one in force
   * @param revoked members of it that nobody hears any more; they are not called, and their weight
   *     stays in the whole
   */
  public Muster(Roster roster, Predicate<Address> revoked, Instant sent) {
    this.roster = roster;
    this.members =
        roster.members().stream().filter(member -> !revoked.test(member.account())).toList();
    this.sent = sent;
  }

  /** Counts an answer; the first of each member called, nothing else. */
  public void add(Address member, Instant at) {
    if (members.stream().noneMatch(called -> called.account().equals(member))) {
      return;
    }
    Duration after = Duration.between(sent, at);
    if (answers.putIfAbsent(member, after) == null && quorum.isEmpty() && roster.quorum(weight())) {
      quorum = Optional.of(after);
    }
  }

  private long weight() {
    return answers.keySet().stream()
        .mapToLong(member -> roster.member(member).map(Member::weight).orElse(0L))
        .sum();
  }

  /** The members called. */
  public List<Member> members() {
    return members;
  }

  /** How long after the drill {@code member} answered; empty if it did not. */
  public Optional<Duration> answer(Address member) {
    return Optional.ofNullable(answers.get(member));
  }

  /** How long it took until more than two thirds of the weight had answered; empty until then. */
  public Optional<Duration> quorum() {
    return quorum;
  }

  /** Whether every member has answered. */
  public boolean complete() {
    return answers.size() == members.size();
  }
}
