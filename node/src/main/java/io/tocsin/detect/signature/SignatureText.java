package io.tocsin.detect.signature;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes signatures as their parser reads them; equal signatures give equal text. */
public final class SignatureText {
  private final Signature signature;
  private final Set<Integer> named = new HashSet<>();
  private final StringBuilder out = new StringBuilder();

  private SignatureText(Signature signature) {
    this.signature = signature;
    signature.relations().forEach(r -> named.addAll(r.steps()));
  }

  /** The whole text. */
  public static String write(Signature signature) {
    return "signature \"" + signature.name() + "\"\n" + body(signature);
  }

  /** The text behind the name. */
  static String body(Signature signature) {
    SignatureText text = new SignatureText(signature);
    text.roles();
    text.events();
    text.relations();
    return text.out.toString();
  }

  private void roles() {
    for (Role role : signature.roles()) {
      out.append("role ").append(role.name()).append(":");
      role.traits().stream().sorted().forEach(t -> out.append(' ').append(t.word()));
      role.code().ifPresent(code -> out.append(" code ").append(code));
      out.append('\n');
    }
  }

  private void events() {
    boolean one = signature.transactions() == 1;
    List<Step> steps = signature.steps();
    int open = 0;
    for (int i = one ? 1 : 0; i < steps.size(); i++) {
      int depth = depth(i) - (one ? 1 : 0);
      for (; open > depth; open--) {
        out.append("  ".repeat(open - 1)).append("}\n");
      }
      out.append("  ".repeat(depth)).append(line(i));
      if (steps.get(i).form().block()) {
        out.append(" {");
        open++;
      }
      out.append('\n');
    }
    for (; open > 0; open--) {
      out.append("  ".repeat(open - 1)).append("}\n");
    }
  }

  private int depth(int step) {
    int depth = 0;
    for (int at = signature.steps().get(step).parent(); at >= 0; depth++) {
      at = signature.steps().get(at).parent();
    }
    return depth;
  }

  private String line(int index) {
    Step step = signature.steps().get(index);
    String from = party(step.parties().from());
    String to = party(step.parties().to());
    String way = from + " -> " + to;
    String line =
        switch (step.kind()) {
          case TRANSACTION -> "transaction";
          case CALL, READ, DELEGATE, CREATE -> step.kind().word() + " " + way;
          case TRANSFER -> "transfer " + party(step.parties().asset()) + ": " + way;
          case PRICE, WRITE -> step.kind().word() + " " + to;
        };
    return (step.form().anywhere() ? "anywhere " : "")
        + line
        + step.action().map(a -> " via " + a.word()).orElse("")
        + step.slot().map(s -> " slot " + s).orElse("")
        + (named.contains(index) ? " as " + amount(index) : "");
  }

  private String party(Party party) {
    return switch (party) {
      case Party.Sender _ -> "sender";
      case Party.Nobody _ -> "nobody";
      case Party.Anyone _ -> "anyone";
      case Party.Native _ -> "native";
      case Party.Player(int role) -> signature.roles().get(role).name();
    };
  }

  private static String amount(int step) {
    return "x" + step;
  }

  private void relations() {
    if (!signature.relations().isEmpty()) {
      out.append(
          signature.relations().stream()
              .map(r -> term(r.left(), 0) + " " + r.comparison().sign() + " " + term(r.right(), 0))
              .collect(Collectors.joining(" and ", "where ", "\n")));
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) && value < 1e15
        ? String.valueOf((long) value)
        : BigDecimal.valueOf(value).toString().replace("E+", "E");
  }

  private String term(Term term, int strength) {
    return switch (term) {
      case Term.Constant(double value) -> number(value);
      case Term.Amount(int step) -> amount(step);
      case Term.Moved(int role) -> "moved(" + signature.roles().get(role).name() + ")";
      case Term.Gain(Party asset) -> "gain(" + party(asset) + ")";
      case Term.Lost(int role, Party asset) ->
          "lost(" + signature.roles().get(role).name() + ", " + party(asset) + ")";
      case Term.Combined(Term.Operator operator, Term left, Term right) -> {
        int own = operator.sign() == '*' || operator.sign() == '/' ? 2 : 1;
        String text = term(left, own) + " " + operator.sign() + " " + term(right, own + 1);
        yield own < strength ? "(" + text + ")" : text;
      }
    };
  }
}
