package io.tocsin.detect;

import io.tocsin.base.Address;
import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.chain.CallFrame;
import io.tocsin.chain.FrameKind;
import io.tocsin.chain.ProxyCode;
import io.tocsin.chain.StateQuery;
import io.tocsin.chain.StateReads;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who was put in power over which contract by the sender's side, and who had that power before. */
public final class Powers {
  /** Of a transaction that takes power over more contracts, the first this many are judged. */
  private static final int MOST = 8;

  /** How power is taken. */
  public enum Kind {
    /** Somebody becomes owner, admin, minter, or gets a role. */
    HANDOVER,
    /** Other code is put behind a proxy or a beacon. */
    UPGRADE,
    /** A contract is set up, which makes somebody its owner. */
    INITIALISATION
  }

  /** The first call that takes power over {@code over}, in the frame with index {@code frame}. */
  public record Taking(int frame, Address over, Kind kind) {}

  private static final Bytes OWNER = Selectors.data("owner()");
  private static final List<Bytes> HOLDERS =
      List.of(
          OWNER,
          Selectors.data("getOwner()"),
          Selectors.data("admin()"),
          Selectors.data("governance()"));
  private static final List<Bytes> MEMBERSHIPS =
      List.of(
          Selectors.data("isOwner(address)"),
          Selectors.data("isMinter(address)"),
          Selectors.data("wards(address)"));
  private static final Bytes HAS_ROLE = Selectors.data("hasRole(bytes32,address)");
  private static final int WORD = 32;

  private final TraceFacts facts;
  private final List<Taking> takings;
  private final Map<Address, Set<Address>> shown = new LinkedHashMap<>();

  private Powers(TraceFacts facts) {
    this.facts = facts;
    this.takings = takings(facts);
    if (!takings.isEmpty()) {
      show();
    }
  }

  /** The powers that are taken in the trace of {@code facts}. */
  public static Powers of(TraceFacts facts) {
    return new Powers(facts);
  }

  /** Each contract that power was taken over, with the first call that did it. */
  public List<Taking> takings() {
    return takings;
  }

  private static List<Taking> takings(TraceFacts facts) {
    Map<Address, Taking> first = new LinkedHashMap<>();
    for (CallFrame frame : facts.trace().frames()) {
      Address over = frame.to();
      boolean own = frame.index() > 0 && facts.controlled().contains(over);
      if (frame.kind() == FrameKind.CALL
          && !frame.failed()
          && facts.controlled().contains(frame.from())
          && !own
          && !frame.from().equals(over)
          && !facts.made(over)
          && first.size() < MOST) {
        Kind kind = kind(facts, frame);
        if (kind != null) {
          first.putIfAbsent(over, new Taking(frame.index(), over, kind));
        }
      }
    }
    return List.copyOf(first.values());
  }

  private static @Nullable Kind kind(TraceFacts facts, CallFrame frame) {
    Bytes in = frame.input();
    int selector = frame.selector();
    if (Selectors.UPGRADE.contains(selector)) {
      return Kind.UPGRADE;
    }
    if (appointed(frame)
        .filter(a -> facts.controlled().contains(a) && !a.equals(frame.to()))
        .isPresent()) {
      return Kind.HANDOVER;
    }
    if (Initialisers.ALL.contains(selector)) {
      boolean named = in.size() == 4;
      for (int at = 0; at < 16 && !named; at++) {
        named = sides(facts, frame, at);
      }
      return named ? Kind.INITIALISATION : null;
    }
    return null;
  }

  /** The account that {@code frame} puts in power over the contract called, if it does. */
  public static Optional<Address> appointed(CallFrame frame) {
    int number =
        Selectors.HANDOVER.contains(frame.selector())
            ? 0
            : frame.selector() == Selectors.GRANT_ROLE ? 1 : -1;
    return number >= 0 && Words.hasArgument(frame.input(), number)
        ? Optional.of(Words.address(frame.input(), number))
        : Optional.empty();
  }

  /** Whether the argument with this number is an account of the sender's side. */
  private static boolean sides(TraceFacts facts, CallFrame frame, int number) {
    if (!Words.hasArgument(frame.input(), number)
        || Words.argument(frame.input(), number).bitLength() > 160) {
      return false;
    }
    Address named = Words.address(frame.input(), number);
    return facts.controlled().contains(named) && !named.equals(frame.to());
  }

  /** What must be read of the state before, to tell who was in power. */
  public Set<StateQuery> queries() {
    Set<StateQuery> all = new LinkedHashSet<>();
    for (Taking taking : takings) {
      Address over = taking.over();
      all.add(new StateQuery.Storage(over, ProxyCode.SLOT_ADMIN));
      all.add(new StateQuery.Storage(over, ProxyCode.SLOT_ADMIN_ZOS));
      HOLDERS.forEach(data -> all.add(new StateQuery.Call(over, data)));
      memberships(taking).forEach(data -> all.add(new StateQuery.Call(over, data)));
      if (taking.kind() == Kind.INITIALISATION) {
        all.add(new StateQuery.Storage(over, Initialisers.SLOT));
        all.add(new StateQuery.Storage(over, Hash32.ZERO));
      }
    }
    return all;
  }

  /** The questions whether the caller had the power himself, among others. */
  private List<Bytes> memberships(Taking taking) {
    CallFrame frame = facts.trace().frame(taking.frame());
    Bytes caller = frame.from().toWord().bytes();
    List<Bytes> all = new ArrayList<>();
    MEMBERSHIPS.forEach(m -> all.add(m.concat(caller)));
    all.add(HAS_ROLE.concat(Hash32.ZERO.bytes()).concat(caller));
    if (frame.selector() == Selectors.GRANT_ROLE) {
      all.add(HAS_ROLE.concat(frame.input().slice(4, 4 + WORD)).concat(caller));
    }
    return all;
  }

  /** Whether the state before was read at all. */
  public boolean known(Taking taking) {
    return facts
        .reads()
        .value(new StateQuery.Storage(taking.over(), ProxyCode.SLOT_ADMIN))
        .isPresent();
  }

  /** Who had the power before, as far as state or trace tell. */
  public Set<Address> before(Taking taking) {
    Set<Address> all = new LinkedHashSet<>(shown.getOrDefault(taking.over(), Set.of()));
    StateReads reads = facts.reads();
    List<StateQuery> asked = new ArrayList<>();
    asked.add(new StateQuery.Storage(taking.over(), ProxyCode.SLOT_ADMIN));
    asked.add(new StateQuery.Storage(taking.over(), ProxyCode.SLOT_ADMIN_ZOS));
    HOLDERS.forEach(data -> asked.add(new StateQuery.Call(taking.over(), data)));
    for (StateQuery query : asked) {
      reads.value(query).ifPresent(answer -> holder(answer, all));
    }
    return all;
  }

  private static void holder(Bytes answer, Set<Address> all) {
    if (answer.size() == WORD) {
      Address named = new Address(answer.slice(12, WORD));
      if (Words.returned(answer, 0).bitLength() <= 160 && !named.equals(Address.ZERO)) {
        all.add(named);
      }
    }
  }

  /** What contracts answered, before power over them was taken, when asked for their owner. */
  private void show() {
    Map<Address, Integer> until = new LinkedHashMap<>();
    takings.forEach(t -> until.put(t.over(), t.frame()));
    for (CallFrame frame : facts.trace().frames()) {
      if (!frame.failed()
          && frame.input().size() == 4
          && frame.index() < until.getOrDefault(frame.to(), -1)
          && HOLDERS.contains(frame.input())) {
        holder(frame.output(), shown.computeIfAbsent(frame.to(), _ -> new LinkedHashSet<>()));
      }
    }
  }

  /** Whether whoever had the power, or the maker of the contract, called for the change. */
  public boolean agreed(Taking taking, Set<Address> before) {
    if (facts.creator(taking.over()).filter(facts.trace().sender()::equals).isPresent()) {
      return true;
    }
    for (int at = taking.frame(); at >= 0; at = facts.trace().frame(at).parent()) {
      if (before.contains(facts.trace().frame(at).from())) {
        return true;
      }
    }
    for (Bytes question : memberships(taking)) {
      if (facts
          .reads()
          .value(new StateQuery.Call(taking.over(), question))
          .filter(answer -> answer.size() == WORD)
          .map(answer -> Words.returned(answer, 0))
          .filter(BigInteger.ONE::equals)
          .isPresent()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether {@code taking} sets up a contract that its storage says was set up before: by the slot
   * that is kept for that, or, in a proxy, where no constructor wrote, by a count in the first one.
   */
  public boolean again(Taking taking) {
    if (taking.kind() != Kind.INITIALISATION) {
      return false;
    }
    boolean counted = value(taking, Initialisers.SLOT).signum() > 0;
    BigInteger first = value(taking, Hash32.ZERO);
    return counted || (proxied(taking) && first.signum() > 0 && first.bitLength() <= 16);
  }

  private BigInteger value(Taking taking, Hash32 slot) {
    return facts
        .reads()
        .value(new StateQuery.Storage(taking.over(), slot))
        .map(word -> new BigInteger(1, word.toArray()))
        .orElse(BigInteger.ZERO);
  }

  private boolean proxied(Taking taking) {
    CallFrame call = facts.trace().frame(taking.frame());
    return call.children().stream()
        .map(facts.trace()::frame)
        .anyMatch(f -> f.kind() == FrameKind.DELEGATECALL && f.input().equals(call.input()));
  }
}
