package io.tocsin.app;

/** What a command's exit status says. */
public final class ExitCode {
  /** It did what was asked, and the answer is good. */
  public static final int DONE = 0;

  /** It did what was asked, and the answer is a negative finding. */
  public static final int NEGATIVE = 1;

  /** The arguments or an input are wrong; nothing was changed. */
  public static final int USAGE = 2;

  /** Something around the program is missing or failed: an endpoint, a file system, a tool. */
  public static final int ENVIRONMENT = 3;

  private ExitCode() {}
}
