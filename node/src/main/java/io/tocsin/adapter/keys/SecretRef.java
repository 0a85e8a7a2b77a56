package io.tocsin.adapter.keys;

import io.tocsin.base.MalformedException;
import java.io.Console;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Where a secret is, never the secret itself: {@code env:NAME}, {@code file:PATH} (its first line,
 * readable by its owner only) or {@code prompt:} (asked on the terminal).
 */
public sealed interface SecretRef {
  /** An environment variable. */
  record Variable(String name) implements SecretRef {
    @Override
    public String toString() {
      return "env:" + name;
    }
  }

  /** The first line of a file. */
  record FirstLine(Path file) implements SecretRef {
    @Override
    public String toString() {
      return "file:" + file;
    }
  }

  /** The terminal. */
  record Prompt() implements SecretRef {
    @Override
    public String toString() {
      return "prompt:";
    }
  }

  /**
   * Reads a reference.
   *
   * @throws MalformedException if {@code text} is none; the message does not repeat it, as it may
   *     be a secret put in the wrong place
   */
  static SecretRef parse(String text) throws MalformedException {
    if (text.startsWith("env:") && text.length() > 4) {
      return new Variable(text.substring(4));
    }
    if (text.startsWith("file:") && text.length() > 5) {
      try {
        return new FirstLine(Path.of(text.substring(5)));
      } catch (InvalidPathException e) {
        throw new MalformedException("file: of a secret is followed by what is no path", e);
      }
    }
    if (text.equals("prompt:")) {
      return new Prompt();
    }
    throw new MalformedException(
        "expected env:NAME, file:PATH or prompt: as reference to a secret");
  }

  /**
   * Fetches the secret; the caller wipes it.
   *
   * @param what what it opens, for the prompt and the messages
   * @throws IOException if it is not there, and how to mend that
   */
  default char[] resolve(String what) throws IOException {
    return switch (this) {
      case Variable(String name) -> {
        String value = System.getenv(name);
        if (value == null || value.isEmpty()) {
          throw new IOException(
              "the environment variable " + name + " with the secret for " + what + " is not set");
        }
        yield value.toCharArray();
      }
      case FirstLine(Path file) -> firstLine(file, what);
      case Prompt() -> prompt(what);
    };
  }

  private static char[] firstLine(Path file, String what) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException(file + " with the secret for " + what + " is not there");
    }
    byte[] content = PrivateFiles.read(file);
    CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(content));
    Arrays.fill(content, (byte) 0);
    char[] all = new char[text.remaining()];
    text.get(all);
    Arrays.fill(text.array(), '\0');
    int end = 0;
    while (end < all.length && all[end] != '\n' && all[end] != '\r') {
      end++;
    }
    char[] line = Arrays.copyOf(all, end);
    Arrays.fill(all, '\0');
    if (line.length == 0) {
      throw new IOException(file + " with the secret for " + what + " is empty");
    }
    return line;
  }

  @SuppressWarnings("SystemConsoleNull") // without a terminal the JDK may still answer null
  private static char[] prompt(String what) throws IOException {
    Console console = System.console();
    char[] typed =
        console == null || !console.isTerminal()
            ? null
            : console.readPassword("Password of %s: ", what);
    if (typed == null || typed.length == 0) {
      throw new IOException(
          "no password for "
              + what
              + ": run on a terminal, or name one with env:NAME or file:PATH");
    }
    return typed;
  }
}
