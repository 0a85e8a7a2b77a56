package io.tocsin.app;

/** Ends a command with one sentence for the user and an exit status. */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  private CommandException(int status, String sentence) {
    super(sentence);
    this.status = status;
  }

  /** An argument or an input is wrong: says what was read, where, why it is wrong, what to do. */
  public static CommandException usage(String sentence) {
    return new CommandException(ExitCode.USAGE, sentence);
  }

  /** It was asked for properly, and the answer is no: says why. */
  public static CommandException negative(String sentence) {
    return new CommandException(ExitCode.NEGATIVE, sentence);
  }

  /** Something around the program is missing or failed: says what, and how to mend it. */
  public static CommandException environment(String sentence) {
    return new CommandException(ExitCode.ENVIRONMENT, sentence);
  }

  /** The exit status. */
  public int status() {
    return status;
  }
}
