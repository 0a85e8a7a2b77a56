package io.tocsin.detect.signature;

import io.tocsin.base.Text;
import java.util.ArrayList;
import java.util.List;

/** Cuts the text of signatures into words, numbers, quoted names and signs. */
final class SignatureLexer {
  /** What a piece of text is. */
  enum Sort {
    WORD,
    NUMBER,
    HASH,
    QUOTED,
    SIGN,
    END,
    UNKNOWN
  }

  /** A piece of text and where it stands, both from 1. */
  record Token(Sort sort, String text, int line, int column) {
    boolean is(String word) {
      return (sort == Sort.WORD || sort == Sort.SIGN) && text.equals(word);
    }

    /** How a message shows it. */
    String shown() {
      return sort == Sort.END ? "the end" : Text.excerpt(text);
    }
  }

  private static final List<String> SIGNS =
      List.of("->", "<=", ">=", "{", "}", "(", ")", ":", ",", "<", ">", "+", "-", "*", "/");

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private int start;

  private SignatureLexer(String text) {
    this.text = text;
  }

  /** All tokens; the last is the end. What is no token is an unknown one. */
  static List<Token> cut(String text) {
    SignatureLexer lexer = new SignatureLexer(text);
    while (lexer.at < text.length()) {
      lexer.next();
    }
    lexer.add(Sort.END, lexer.at);
    return List.copyOf(lexer.tokens);
  }

  private void next() {
    char c = text.charAt(at);
    if (c == '\n') {
      line++;
      at++;
      start = at;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      at++;
    } else if (c == '#') {
      while (at < text.length() && text.charAt(at) != '\n') {
        at++;
      }
    } else if (c == '"') {
      quoted();
    } else if (letter(c)) {
      word();
    } else if (digit(c)) {
      number();
    } else {
      sign();
    }
  }

  private void quoted() {
    int end = at + 1;
    while (end < text.length() && text.charAt(end) != '"' && text.charAt(end) != '\n') {
      end++;
    }
    boolean closed = end < text.length() && text.charAt(end) == '"';
    add(closed ? Sort.QUOTED : Sort.UNKNOWN, closed ? end + 1 : end);
  }

  /** Letters and digits; a hyphen within belongs to it where a letter follows. */
  private void word() {
    int end = at;
    while (end < text.length()
        && (letter(text.charAt(end))
            || digit(text.charAt(end))
            || (text.charAt(end) == '-'
                && end + 1 < text.length()
                && letter(text.charAt(end + 1))))) {
      end++;
    }
    add(Sort.WORD, end);
  }

  private void number() {
    if (text.startsWith("0x", at)) {
      int end = at + 2;
      while (end < text.length() && Character.digit(text.charAt(end), 16) >= 0) {
        end++;
      }
      add(end - at == 66 ? Sort.HASH : Sort.UNKNOWN, end);
      return;
    }
    int end = digits(at);
    if (end + 1 < text.length() && text.charAt(end) == '.' && digit(text.charAt(end + 1))) {
      end = digits(end + 1);
    }
    if (end < text.length() && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
      int power = end + 1;
      if (power < text.length() && text.charAt(power) == '-') {
        power++;
      }
      end = power < text.length() && digit(text.charAt(power)) ? digits(power) : end;
    }
    add(Sort.NUMBER, end);
  }

  private int digits(int from) {
    int end = from;
    while (end < text.length() && digit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private void sign() {
    for (String sign : SIGNS) {
      if (text.startsWith(sign, at)) {
        add(Sort.SIGN, at + sign.length());
        return;
      }
    }
    add(Sort.UNKNOWN, at + Character.charCount(text.codePointAt(at)));
  }

  private void add(Sort sort, int end) {
    tokens.add(new Token(sort, text.substring(at, end), line, at - start + 1));
    at = end;
  }

  private static boolean letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }
}
