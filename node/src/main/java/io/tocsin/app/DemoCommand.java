package io.tocsin.app;

import io.tocsin.app.demo.Demo;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Plays the five acts of the demonstration in a world of its own. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "See it happen: five members, two chains, a real incident, a robbed protocol whose sisters"
          + " pause in time, a lie, a staged look-alike, and a race in the public pool. About a"
          + " minute, nothing to configure.",
    },
    footer = {
      "",
      "Everything runs on this machine: real EVM nodes (anvil), real Aave v3 and Uniswap v2",
      "bytecode, the real mesh on loopback. Exit status 1 if an act does not end as described.",
      "",
      "Examples:",
      "  tocsin demo",
      "  tocsin demo --json demo.json --no-color",
      "  tocsin demo --attacker-delay 1 --keep"
    })
public final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--attacker-delay",
      paramLabel = "BLOCKS",
      defaultValue = "2",
      description =
          "Blocks from the first robbery to the first block that may hold the next ones (default:"
              + " ${DEFAULT-VALUE}).")
  private int delay = 2;

  @Option(names = "--keep", description = "Leave chains and nodes running until interrupted.")
  private boolean keep;

  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    if (delay < 1 || delay > 60) {
      throw CommandException.usage("--attacker-delay: expected 1 to 60 blocks, found " + delay);
    }
    return new Demo(output, delay, keep).run() ? ExitCode.DONE : ExitCode.NEGATIVE;
  }
}
