package io.tocsin.detect.signature;

import io.tocsin.detect.signature.SignatureLexer.Sort;
import io.tocsin.detect.signature.SignatureLexer.Token;
import java.util.List;
import java.util.regex.Pattern;

/** Where the parser stands in a text. Owned by one parser. */
final class SignatureTokens {
  /** What was expected at the place where reading stopped. */
  static final class Fault extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient SignatureParser.Parsed.Faulty what;

    Fault(Token found, String expected, String shown) {
      super(expected, null, false, false);
      this.what = new SignatureParser.Parsed.Faulty(found.line(), found.column(), expected, shown);
    }

    SignatureParser.Parsed.Faulty what() {
      return what;
    }
  }

  private final List<Token> tokens;
  private int at;

  SignatureTokens(String text) {
    this.tokens = SignatureLexer.cut(text);
  }

  Token peek() {
    return tokens.get(at);
  }

  Token take() {
    return tokens.get(at++);
  }

  /** Where the next token stands among all. */
  int place() {
    return at;
  }

  /** How many characters the tokens from {@code place} up to here have. */
  int length(int place) {
    return tokens.subList(place, at).stream().mapToInt(t -> t.text().length() + 1).sum();
  }

  void back(int place) {
    at = place;
  }

  boolean ended() {
    return peek().sort() == Sort.END;
  }

  boolean word(Pattern form) {
    return peek().sort() == Sort.WORD && form.matcher(peek().text()).matches();
  }

  Token require(String word) throws Fault {
    if (!peek().is(word)) {
      throw fault(word);
    }
    return take();
  }

  Fault fault(String expected) {
    return new Fault(peek(), expected, peek().shown());
  }
}
