package io.tocsin.detect.signature;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Says in words what a signature asks for. */
public final class SignatureWords {
  private final Signature signature;

  private SignatureWords(Signature signature) {
    this.signature = signature;
  }

  /** One sentence a line. */
  public static List<String> of(Signature signature) {
    SignatureWords words = new SignatureWords(signature);
    List<String> lines = new ArrayList<>();
    for (Role role : signature.roles()) {
      lines.add(
          role.name()
              + " is an account that is: "
              + role.traits().stream().sorted().map(Trait::word).collect(Collectors.joining(", "))
              + role.code().map(c -> ", and runs the code " + c).orElse("")
              + ".");
    }
    for (int i = 0; i < signature.steps().size(); i++) {
      lines.add(words.line(i));
    }
    if (!signature.relations().isEmpty()) {
      String text = SignatureText.write(signature);
      lines.add("All of this must hold: " + text.substring(text.lastIndexOf("where ") + 6).strip());
    }
    return lines;
  }

  private String line(int index) {
    Step step = signature.steps().get(index);
    String from = party(step.parties().from());
    String to = party(step.parties().to());
    String what =
        switch (step.kind()) {
          case TRANSACTION -> "in one transaction";
          case CALL -> from + " calls " + to;
          case READ -> from + " asks " + to;
          case DELEGATE -> from + " runs the code of " + to + " as its own";
          case CREATE -> from + " makes a contract: " + to;
          case TRANSFER ->
              from + " pays " + asset(step.parties().asset()) + " to " + to + naming(index);
          case PRICE -> to + " shows a price" + naming(index);
          case WRITE -> to + " has another value in its storage";
        };
    String within = step.parent() < 0 ? "" : ", within " + (step.parent() + 1);
    return (index + 1)
        + ". "
        + (step.form().anywhere() ? "at any time, " : "")
        + what
        + step.action().map(a -> ", to " + a.word()).orElse("")
        + step.slot().map(s -> ", in slot " + s).orElse("")
        + within
        + ".";
  }

  private String naming(int index) {
    boolean named = signature.relations().stream().anyMatch(r -> r.steps().contains(index));
    return named ? " (x" + index + ")" : "";
  }

  private String asset(Party party) {
    return party.equals(Party.ANYONE)
        ? "something"
        : party.equals(Party.NATIVE) ? "native currency" : party(party);
  }

  private String party(Party party) {
    return switch (party) {
      case Party.Sender _ -> "the sender's side";
      case Party.Nobody _ -> "nobody";
      case Party.Anyone _ -> "anyone";
      case Party.Native _ -> "native currency";
      case Party.Player(int role) -> signature.roles().get(role).name();
    };
  }
}
