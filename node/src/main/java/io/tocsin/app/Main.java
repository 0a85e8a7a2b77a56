package io.tocsin.app;

import io.tocsin.base.Text;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code tocsin} command. */
@Command(
    name = "tocsin",
    mixinStandardHelpOptions = true,
    version = "tocsin 0.1.0",
    description =
        "An alarm that DeFi protocols share: see an exploit, certify it, protect yourself.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit status: 0 done, 1 negative finding, 2 usage or input, 3 environment.",
      "",
      "Examples:",
      "  tocsin demo",
      "  tocsin watch --rpc http://127.0.0.1:8545",
      "  tocsin COMMAND --help"
    },
    subcommands = {
      AuditCommand.class,
      CheckCommand.class,
      ClaimsCommand.class,
      DemoCommand.class,
      DrillCommand.class,
      EvaluateCommand.class,
      ExplainCommand.class,
      FingerprintCommand.class,
      GuardianCommand.class,
      InitCommand.class,
      KeysCommand.class,
      OrdersCommand.class,
      ReplayCommand.class,
      RosterCommand.class,
      RunCommand.class,
      SignatureCommand.class,
      VerifyCommand.class,
      WatchCommand.class
    })
public final class Main implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** Runs one command and exits with its status. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command line, ready to run; a {@link CommandException} becomes a sentence and a status. */
  public static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    line.setExecutionExceptionHandler(
        (e, command, _) -> {
          if (e instanceof CommandException known) {
            command.getErr().println("tocsin: " + known.getMessage());
            return known.status();
          }
          throw e;
        });
    line.setParameterExceptionHandler(
        (e, arguments) -> {
          PrintWriter errors = e.getCommandLine().getErr();
          errors.println(
              e instanceof UnmatchedArgumentException unknown
                  ? unknown(unknown.getUnmatched().getFirst(), List.of(arguments))
                  : e.getMessage());
          if (!UnmatchedArgumentException.printSuggestions(e, errors)) {
            e.getCommandLine().usage(errors);
          }
          return ExitCode.USAGE;
        });
    line.setExitCodeExceptionMapper(
        e -> e instanceof ParameterException ? ExitCode.USAGE : ExitCode.ENVIRONMENT);
    return line;
  }

  /** Names an option or a command; what stands behind an option may be a secret. */
  private static String unknown(String argument, List<String> all) {
    int place = all.indexOf(argument);
    boolean command = all.subList(0, Math.max(place, 0)).stream().noneMatch(a -> a.startsWith("-"));
    return argument.startsWith("-")
        ? "unknown option " + Text.excerpt(argument.replaceFirst("=.*", ""))
        : command
            ? "unknown command or argument " + Text.excerpt(argument)
            : "argument " + (place + 1) + " is not understood";
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }
}
