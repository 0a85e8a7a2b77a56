package io.tocsin.detect.signature;

import io.tocsin.base.Hash32;
import io.tocsin.detect.signature.SignatureLexer.Sort;
import io.tocsin.detect.signature.SignatureLexer.Token;
import io.tocsin.detect.signature.SignatureTokens.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/** Reads the language of signatures. Every fault has its place, and what was expected there. */
public final class SignatureParser {
  /** What reading came to. */
  public sealed interface Parsed {
    /** All signatures of the text. */
    record Ready(List<Signature> signatures) implements Parsed {
      public Ready {
        signatures = List.copyOf(signatures);
      }
    }

    /** The first fault; line and column count from 1. */
    record Faulty(int line, int column, String expected, String found) implements Parsed {
      /** One sentence. */
      public String sentence() {
        return "line "
            + line
            + ", column "
            + column
            + ": expected "
            + expected
            + ", found "
            + found;
      }
    }
  }

  private static final int MAX_FILE = 64 << 20;
  private static final int MAX_TIMES = 16;
  private static final Pattern NAME = Pattern.compile("\"[a-z0-9][a-z0-9-]{0,63}\"");
  private static final Pattern ROLE = Pattern.compile("[A-Z][A-Za-z0-9]{0,31}");
  private static final Pattern AMOUNT = Pattern.compile("[a-z][a-z0-9]{0,31}");
  private static final Set<String> KEYWORDS =
      Set.of(
          "sender",
          "nobody",
          "anyone",
          "native",
          "and",
          "moved",
          "gain",
          "lost",
          "as",
          "where",
          "anywhere");

  private static final String SOMEONE = "sender, anyone or a role";
  private static final Collector<CharSequence, ?, String> LIST = Collectors.joining(", ");

  private final SignatureTokens in;

  private List<Role> roles = new ArrayList<>();
  private List<Step> steps = new ArrayList<>();
  private Map<String, Integer> amounts = new HashMap<>();
  private int depth;
  private boolean repeated;
  private boolean anywhere;

  private SignatureParser(SignatureTokens in) {
    this.in = in;
  }

  /** Reads one signature after the other. */
  public static Parsed parse(String text) {
    if (text.length() > MAX_FILE) {
      return new Parsed.Faulty(1, 1, "at most 64 MiB of text", text.length() + " characters");
    }
    SignatureParser parser = new SignatureParser(new SignatureTokens(text));
    List<Signature> all = new ArrayList<>();
    try {
      do {
        all.add(parser.signature());
      } while (!parser.in.ended());
      return new Parsed.Ready(all);
    } catch (Fault e) {
      return e.what();
    }
  }

  private Signature signature() throws Fault {
    roles = new ArrayList<>();
    steps = new ArrayList<>();
    amounts = new HashMap<>();
    int start = in.place();
    Token first = in.require("signature");
    if (in.peek().sort() != Sort.QUOTED || !NAME.matcher(in.peek().text()).matches()) {
      throw in.fault("a name in quotes, of small letters, digits and hyphens");
    }
    Token name = in.take();
    while (in.peek().is("role")) {
      role();
    }
    if (in.peek().is("transaction")) {
      while (in.peek().is("transaction")) {
        if (steps.stream().filter(s -> s.kind() == EventKind.TRANSACTION).count()
            == Signature.MAX_TRANSACTIONS) {
          throw in.fault("at most " + Signature.MAX_TRANSACTIONS + " transactions");
        }
        in.take();
        int step = step(Step.transaction());
        block(step);
      }
    } else {
      int step = step(Step.transaction());
      do {
        event(step);
      } while (!in.peek().is("where") && !in.peek().is("signature") && !in.ended());
    }
    List<Relation> relations =
        in.peek().is("where") ? new SignatureTerms(in, roles, amounts).relations() : List.of();
    unusedRole(first);
    if (in.length(start) > Signature.MAX_TEXT) {
      throw new Fault(first, "at most 8 KiB of text", "more");
    }
    return new Signature(
        name.text().substring(1, name.text().length() - 1), roles, steps, relations);
  }

  private static Optional<Action> none() {
    return Optional.empty();
  }

  private static Optional<Hash32> slot() {
    return Optional.empty();
  }

  private void unusedRole(Token first) throws Fault {
    Set<Party> used = new HashSet<>();
    for (Step step : steps) {
      used.addAll(List.of(step.parties().from()));
      used.add(step.parties().to());
      used.add(step.parties().asset());
    }
    for (int i = 0; i < roles.size(); i++) {
      if (!used.contains(new Party.Player(i))) {
        throw new Fault(
            first,
            "an event with role " + roles.get(i).name(),
            "none: every role takes part in an event");
      }
    }
  }

  private void role() throws Fault {
    in.take();
    if (!in.word(ROLE)) {
      throw in.fault("the name of a role, beginning with a capital");
    }
    if (roles.size() == Signature.MAX_ROLES) {
      throw in.fault("at most " + Signature.MAX_ROLES + " roles");
    }
    if (roles.stream().anyMatch(r -> in.peek().is(r.name()))) {
      throw in.fault("a name that no other role has");
    }
    String name = in.take().text();
    in.require(":");
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    for (Optional<Trait> next = trait(); next.isPresent(); next = trait()) {
      traits.add(next.get());
      in.take();
    }
    if (traits.isEmpty()) {
      throw in.fault("one of " + Arrays.stream(Trait.values()).map(Trait::word).collect(LIST));
    }
    Optional<Hash32> code = Optional.empty();
    if (in.peek().is("code")) {
      in.take();
      code = Optional.of(hash("the normalised fingerprint of code, 0x and 64 hex digits"));
    }
    roles.add(new Role(name, traits, code));
  }

  private Optional<Trait> trait() {
    return in.peek().sort() == Sort.WORD ? Trait.of(in.peek().text()) : Optional.empty();
  }

  private Hash32 hash(String expected) throws Fault {
    if (in.peek().sort() != Sort.HASH) {
      throw in.fault(expected);
    }
    return Hash32.hex(in.take().text());
  }

  private void block(int parent) throws Fault {
    in.require("{");
    depth++;
    if (depth > Signature.MAX_DEPTH) {
      throw in.fault("at most " + Signature.MAX_DEPTH + " blocks in each other");
    }
    do {
      event(parent);
    } while (!in.peek().is("}"));
    in.take();
    depth--;
  }

  private void event(int parent) throws Fault {
    anywhere = in.peek().is("anywhere");
    if (anywhere) {
      in.take();
    }
    if (in.peek().sort() != Sort.NUMBER) {
      single(parent);
      return;
    }
    Token number = in.peek();
    int times = number.text().matches("[0-9]{1,2}") ? Integer.parseInt(number.text()) : 0;
    if (times < 2 || times > MAX_TIMES) {
      throw in.fault("an event, or from 2 to " + MAX_TIMES + " times");
    }
    in.take();
    in.require("times");
    boolean loose = anywhere;
    boolean before = repeated;
    repeated = true;
    int from = in.place();
    for (int i = 0; i < times; i++) {
      in.back(from);
      anywhere = loose;
      single(parent);
    }
    repeated = before;
  }

  private void single(int parent) throws Fault {
    Token word = in.peek();
    Optional<EventKind> kind =
        Arrays.stream(EventKind.values())
            .filter(k -> k != EventKind.TRANSACTION && word.is(k.word()))
            .findFirst();
    if (kind.isEmpty()) {
      throw in.fault("call, read, delegate, create, transfer, price or write");
    }
    in.take();
    switch (kind.get()) {
      case CALL, READ, DELEGATE, CREATE -> frame(kind.get(), parent);
      case TRANSFER -> {
        Party asset = party("native, anyone or a role, as the asset", false, true);
        in.require(":");
        Party from = party(SOMEONE + " or nobody", true, false);
        in.require("->");
        Party to = party(SOMEONE + " or nobody", true, false);
        amount(leaf(EventKind.TRANSFER, parent, new Step.Parties(from, to, asset), slot()));
      }
      case PRICE ->
          amount(leaf(EventKind.PRICE, parent, Step.Parties.of(Party.ANYONE, player()), slot()));
      case WRITE -> {
        Step.Parties parties = Step.Parties.of(Party.ANYONE, player());
        Optional<Hash32> slot = Optional.empty();
        if (in.peek().is("slot")) {
          in.take();
          slot = Optional.of(hash("a storage slot, 0x and 64 hex digits"));
        }
        leaf(EventKind.WRITE, parent, parties, slot);
      }
      case TRANSACTION -> throw new IllegalStateException("a transaction is no event within one");
    }
  }

  private void frame(EventKind kind, int parent) throws Fault {
    Party from = party(SOMEONE, false, false);
    in.require("->");
    Party to = party(SOMEONE, false, false);
    Optional<Action> action = Optional.empty();
    if (in.peek().is("via")) {
      in.take();
      action = in.peek().sort() == Sort.WORD ? Action.of(in.peek().text()) : Optional.empty();
      if (action.isEmpty()) {
        throw in.fault("one of " + Arrays.stream(Action.values()).map(Action::word).collect(LIST));
      }
      in.take();
    }
    boolean block = in.peek().is("{");
    int step = step(new Step(kind, parent, Step.Parties.of(from, to), action, slot(), form(block)));
    if (block) {
      block(step);
    }
  }

  private int leaf(EventKind kind, int parent, Step.Parties parties, Optional<Hash32> slot)
      throws Fault {
    return step(new Step(kind, parent, parties, none(), slot, form(false)));
  }

  private Step.Form form(boolean block) {
    return new Step.Form(block, anywhere);
  }

  private int step(Step step) throws Fault {
    if (steps.size() == Signature.MAX_STEPS) {
      throw in.fault("at most " + Signature.MAX_STEPS + " events, repetitions counted");
    }
    steps.add(step);
    return steps.size() - 1;
  }

  private void amount(int step) throws Fault {
    if (!in.peek().is("as")) {
      return;
    }
    if (repeated) {
      throw in.fault("no name for an amount that comes several times");
    }
    in.take();
    Token name = in.peek();
    if (name.sort() != Sort.WORD
        || !AMOUNT.matcher(name.text()).matches()
        || KEYWORDS.contains(name.text())) {
      throw in.fault("a name for the amount, of small letters and digits");
    }
    if (amounts.putIfAbsent(name.text(), step) != null) {
      throw in.fault("a name that no other amount has");
    }
    in.take();
  }

  private Party player() throws Fault {
    for (int i = 0; i < roles.size(); i++) {
      if (in.peek().is(roles.get(i).name())) {
        in.take();
        return new Party.Player(i);
      }
    }
    throw in.fault("a role that is declared above");
  }

  private Party party(String expected, boolean nobody, boolean asset) throws Fault {
    Token token = in.peek();
    if (token.is("anyone")) {
      in.take();
      return Party.ANYONE;
    }
    if (token.is("nobody") && nobody) {
      in.take();
      return Party.NOBODY;
    }
    if (token.is(asset ? "native" : "sender")) {
      in.take();
      return asset ? Party.NATIVE : Party.SENDER;
    }
    if (token.sort() == Sort.WORD && ROLE.matcher(token.text()).matches()) {
      return player();
    }
    throw in.fault(expected);
  }
}
