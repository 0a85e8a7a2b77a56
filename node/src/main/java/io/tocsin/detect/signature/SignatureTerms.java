package io.tocsin.detect.signature;

import io.tocsin.detect.signature.SignatureLexer.Sort;
import io.tocsin.detect.signature.SignatureLexer.Token;
import io.tocsin.detect.signature.SignatureTokens.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the relations behind {@code where}. */
final class SignatureTerms {
  private static final int MAX_PARTS = 64;

  private final SignatureTokens in;
  private final List<Role> roles;
  private final Map<String, Integer> amounts;
  private int parts;

  /**
   * @param amounts the steps whose amounts have a name
   */
  SignatureTerms(SignatureTokens in, List<Role> roles, Map<String, Integer> amounts) {
    this.in = in;
    this.roles = List.copyOf(roles);
    this.amounts = Map.copyOf(amounts);
  }

  List<Relation> relations() throws Fault {
    List<Relation> all = new ArrayList<>();
    do {
      if (all.size() == Signature.MAX_RELATIONS) {
        throw in.fault("at most " + Signature.MAX_RELATIONS + " conditions");
      }
      in.take();
      Term left = sum();
      all.add(new Relation(left, comparison(), sum()));
    } while (in.peek().is("and"));
    return all;
  }

  private Relation.Comparison comparison() throws Fault {
    for (Relation.Comparison comparison : Relation.Comparison.values()) {
      if (in.peek().is(comparison.sign())) {
        in.take();
        return comparison;
      }
    }
    throw in.fault("<, <=, >, >= or one of + - * /");
  }

  private Term sum() throws Fault {
    Term term = product();
    while (in.peek().is("+") || in.peek().is("-")) {
      Term.Operator operator = in.take().is("+") ? Term.Operator.ADD : Term.Operator.SUBTRACT;
      term = new Term.Combined(operator, term, product());
    }
    return term;
  }

  private Term product() throws Fault {
    Term term = factor();
    while (in.peek().is("*") || in.peek().is("/")) {
      Term.Operator operator = in.take().is("*") ? Term.Operator.MULTIPLY : Term.Operator.DIVIDE;
      term = new Term.Combined(operator, term, factor());
    }
    return term;
  }

  private Term factor() throws Fault {
    if (++parts > MAX_PARTS) {
      throw in.fault("at most " + MAX_PARTS + " numbers and names in all conditions");
    }
    Token token = in.peek();
    if (token.sort() == Sort.NUMBER) {
      double value = Double.parseDouble(token.text());
      if (!Double.isFinite(value)) {
        throw in.fault("a number that is not beyond every limit");
      }
      in.take();
      return new Term.Constant(value);
    }
    if (token.is("(")) {
      in.take();
      Term inner = sum();
      in.require(")");
      return inner;
    }
    if (token.is("moved") || token.is("gain") || token.is("lost")) {
      return function(in.take().text());
    }
    Integer step = token.sort() == Sort.WORD ? amounts.get(token.text()) : null;
    if (step == null) {
      throw in.fault("a number, the name of an amount, moved, gain, lost or (");
    }
    in.take();
    return new Term.Amount(step);
  }

  private Term function(String name) throws Fault {
    in.require("(");
    Term term;
    if (name.equals("gain")) {
      term = new Term.Gain(asset());
    } else {
      int role = role();
      if (name.equals("lost")) {
        in.require(",");
        term = new Term.Lost(role, asset());
      } else {
        term = new Term.Moved(role);
      }
    }
    in.require(")");
    return term;
  }

  private Party asset() throws Fault {
    if (in.peek().is("native")) {
      in.take();
      return Party.NATIVE;
    }
    return new Party.Player(role());
  }

  private int role() throws Fault {
    for (int i = 0; i < roles.size(); i++) {
      if (in.peek().is(roles.get(i).name())) {
        in.take();
        return i;
      }
    }
    throw in.fault("a role that is declared above");
  }
}
