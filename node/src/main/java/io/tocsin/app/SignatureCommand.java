package io.tocsin.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Derives, tests, looks for and explains exploit signatures. */
@Command(
    name = "signature",
    mixinStandardHelpOptions = true,
    description = "Derive, test, match and explain exploit signatures (docs/signatures.md).",
    synopsisSubcommandLabel = "derive | test | match | explain",
    subcommands = {
      SignatureDeriveCommand.class,
      SignatureTestCommand.class,
      SignatureMatchCommand.class,
      SignatureExplainCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  tocsin signature derive attack.json.gz --out attack.signature",
      "  tocsin signature test attack.signature",
      "  tocsin signature match attack.signature --trace trace.json.gz",
      "  tocsin signature explain attack.signature"
    })
public final class SignatureCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }
}
