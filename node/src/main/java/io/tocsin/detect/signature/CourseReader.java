package io.tocsin.detect.signature;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.FrameKind;
import io.tocsin.chain.StateDiff;
import io.tocsin.chain.TxTrace;
import io.tocsin.detect.Asset;
import io.tocsin.detect.Flow;
import io.tocsin.detect.PriceSources;
import io.tocsin.detect.Selectors;
import io.tocsin.detect.TraceFacts;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns call trees into the events of a {@link Course}. Used once. */
final class CourseReader {
  private record Shown(int frame, int source, double price) {}

  private final List<Course.Event> events = new ArrayList<>();
  private final List<Integer> ends = new ArrayList<>();
  private final Map<Address, Integer> ids = new HashMap<>();
  private final List<Address> accounts = new ArrayList<>();
  private final List<Integer> masks = new ArrayList<>();
  private final Set<Address> controlled = new HashSet<>();
  private final Map<Integer, Double> moved = new HashMap<>();
  private final boolean tooLarge;

  CourseReader(List<Course.Part> parts) {
    for (int bit : List.of(Course.NOBODY_BIT, Course.SENDER_BIT, Course.NATIVE_BIT)) {
      accounts.add(Address.ZERO);
      masks.add(bit);
    }
    ids.put(Address.ZERO, Course.NOBODY);
    parts.forEach(p -> controlled.addAll(p.facts().controlled()));
    for (Address own : controlled) {
      ids.put(own, Course.SENDER);
    }
    long size = parts.stream().mapToLong(p -> p.facts().trace().frames().size()).sum();
    this.tooLarge = 2 * size > Course.MAX_EVENTS;
    if (!tooLarge) {
      for (int i = 0; i < parts.size(); i++) {
        read(i, parts.get(i));
      }
    }
  }

  List<Course.Event> events() {
    return events;
  }

  int[] ends() {
    return ends.stream().mapToInt(i -> i).toArray();
  }

  List<Address> accounts() {
    return accounts;
  }

  int[] masks() {
    return masks.stream().mapToInt(i -> i).toArray();
  }

  /** By what factor the price moved that an account shows. */
  Map<Integer, Double> moved() {
    return moved;
  }

  boolean tooLarge() {
    return tooLarge;
  }

  private int id(Address address) {
    Integer known = ids.get(address);
    if (known != null) {
      return known;
    }
    int id = accounts.size();
    ids.put(address, id);
    accounts.add(address);
    masks.add(Trait.ACCOUNT.bit());
    return id;
  }

  private int asset(Asset asset) {
    return switch (asset) {
      case Asset.Native _ -> Course.NATIVE;
      case Asset.Token(Address token) -> id(token);
    };
  }

  private void trait(Address address, Trait trait) {
    int id = id(address);
    if (id >= Course.ACCOUNTS) {
      masks.set(id, masks.get(id) | trait.bit());
    }
  }

  private void read(int part, Course.Part one) {
    TraceFacts facts = one.facts();
    TxTrace trace = facts.trace();
    int whole = add(EventKind.TRANSACTION, part, 0, Course.SENDER, Course.SENDER, null);
    traits(facts);
    List<Shown> shown = shown(facts);
    int nextShown = 0;
    int nextFlow = 0;
    Deque<int[]> open = new ArrayDeque<>();
    for (CallFrame frame : trace.frames()) {
      close(open, frame.depth());
      if (!frame.failed()) {
        int event = frame(part, frame);
        if (event >= 0) {
          open.push(new int[] {event, frame.depth()});
        }
      }
      for (;
          nextFlow < facts.flows().size() && facts.flows().get(nextFlow).frame() <= frame.index();
          nextFlow++) {
        flow(part, facts.flows().get(nextFlow));
      }
      for (;
          nextShown < shown.size() && shown.get(nextShown).frame() <= frame.index();
          nextShown++) {
        Shown s = shown.get(nextShown);
        Course.Place place = new Course.Place(part, s.frame(), s.price(), null);
        add(
            new Course.Event(
                EventKind.PRICE, Course.NOBODY, s.source(), Course.NOBODY, null, place));
      }
    }
    close(open, 0);
    one.writes().ifPresent(diff -> writes(part, diff));
    ends.set(whole, events.size());
  }

  private void close(Deque<int[]> open, int depth) {
    while (!open.isEmpty() && open.peek()[1] >= depth) {
      ends.set(open.pop()[0], events.size());
    }
  }

  private int add(EventKind kind, int part, int frame, int from, int to, @Nullable Action action) {
    Course.Place place = new Course.Place(part, frame, Double.NaN, null);
    return add(new Course.Event(kind, from, to, Course.NOBODY, action, place));
  }

  private int add(Course.Event event) {
    events.add(event);
    ends.add(events.size());
    return events.size() - 1;
  }

  private int frame(int part, CallFrame frame) {
    EventKind kind =
        switch (frame.kind()) {
          case CALL -> EventKind.CALL;
          case STATICCALL -> EventKind.READ;
          case DELEGATECALL, CALLCODE -> EventKind.DELEGATE;
          case CREATE, CREATE2 -> EventKind.CREATE;
          case SELFDESTRUCT -> null;
        };
    int from = id(frame.from());
    int to = id(frame.to());
    boolean within = from == Course.SENDER && to == Course.SENDER && kind != EventKind.CREATE;
    if (kind == null || within) {
      return -1;
    }
    @Nullable Action action = Action.of(frame.selector()).orElse(null);
    return add(kind, part, frame.index(), from, to, action);
  }

  private void flow(int part, Flow flow) {
    int from = id(flow.from());
    int to = id(flow.to());
    if (from == Course.SENDER && to == Course.SENDER) {
      return;
    }
    Course.Place place = new Course.Place(part, flow.frame(), flow.amount().doubleValue(), null);
    add(new Course.Event(EventKind.TRANSFER, from, to, asset(flow.asset()), null, place));
  }

  private void writes(int part, StateDiff diff) {
    for (StateDiff.Change change : diff.changes()) {
      int account = id(change.account());
      for (Hash32 slot : change.slots().keySet().stream().sorted().toList()) {
        Course.Place place = new Course.Place(part, 0, Double.NaN, slot);
        add(new Course.Event(EventKind.WRITE, Course.NOBODY, account, Course.NOBODY, null, place));
      }
    }
  }

  /** What the call tree itself shows; what was read of the state before is no event. */
  private List<Shown> shown(TraceFacts facts) {
    List<Shown> all = new ArrayList<>();
    for (PriceSources.Source source : facts.prices()) {
      double factor = source.readings().stream().mapToDouble(source::moved).max().orElse(1);
      moved.merge(id(source.address()), factor, Math::max);
      for (PriceSources.Reading reading : source.readings()) {
        if (reading.frame() >= 0) {
          all.add(new Shown(reading.frame(), id(source.address()), reading.price()));
        }
      }
    }
    all.sort(Comparator.comparingInt(Shown::frame));
    return all;
  }

  private void traits(TraceFacts facts) {
    Set<Address> called = new LinkedHashSet<>();
    for (CallFrame frame : facts.trace().frames()) {
      called.add(frame.from());
      called.add(frame.to());
      if (Selectors.TOKEN_CALLS.contains(frame.selector())) {
        trait(frame.to(), Trait.TOKEN);
      }
      if (frame.kind() == FrameKind.CALL
          && Action.of(frame.selector()).filter(Action.SWAP::equals).isPresent()) {
        trait(frame.to(), Trait.POOL);
      }
    }
    for (Address loser : facts.losers()) {
      trait(loser, Trait.LOSER);
      if (!called.contains(loser) && facts.gains(loser).isEmpty()) {
        trait(loser, Trait.BYSTANDER);
      }
      boolean robbed =
          facts.gains(loser).isEmpty()
              && facts.losses(loser).keySet().stream()
                  .anyMatch(a -> facts.taken(loser, a) && !facts.consented(loser, a));
      if (robbed) {
        trait(loser, Trait.VICTIM);
      }
    }
    facts.prices().forEach(s -> trait(s.address(), s.pool() ? Trait.POOL : Trait.ORACLE));
    lenders(facts);
  }

  private void lenders(TraceFacts facts) {
    record Loan(Address lender, Asset asset) {}
    Map<Loan, BigInteger> lent = new HashMap<>();
    for (Flow flow : facts.flows()) {
      if (flow.asset() instanceof Asset.Token(Address token)) {
        trait(token, Trait.TOKEN);
      }
      boolean in = controlled.contains(flow.to());
      boolean out = controlled.contains(flow.from());
      if (in && !out && !flow.from().equals(Address.ZERO)) {
        lent.merge(new Loan(flow.from(), flow.asset()), flow.amount(), BigInteger::add);
      } else if (out && !in) {
        BigInteger due = lent.get(new Loan(flow.to(), flow.asset()));
        if (due != null && flow.amount().compareTo(due) >= 0) {
          trait(flow.to(), Trait.LENDER);
        }
      }
    }
  }
}
