package io.tocsin.app;

import io.tocsin.adapter.keys.KeyFile;
import io.tocsin.adapter.keys.Keyring;
import io.tocsin.adapter.keys.PublicParts;
import io.tocsin.adapter.keys.Role;
import io.tocsin.adapter.keys.SecretRef;
import io.tocsin.base.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes, lists and exports a member's keys. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    description = "Create, list and export a member's keys.",
    synopsisSubcommandLabel = "create | list | export",
    subcommands = {KeysCommand.Create.class, KeysCommand.ListKeys.class, KeysCommand.Export.class},
    footer = {
      "",
      "A member has four keys: attest (its identity), responder (sends transactions), tls and"
          + " x25519. All lie in one directory that only you can read.",
      "",
      "Examples:",
      "  tocsin keys create --name alder",
      "  tocsin keys list",
      "  tocsin keys export --json alder-public.json",
    })
public final class KeysCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }

  /** Makes keys. */
  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Make keys; never overwrites one.",
      footer = {
        "",
        "Examples:",
        "  tocsin keys create --name alder",
        "  TOCSIN_PASSWORD=… tocsin keys create --name alder --password env:TOCSIN_PASSWORD",
        "  tocsin keys create --name alder --role responder --keys /etc/tocsin/keys",
      })
  static final class Create implements Callable<Integer> {
    @Option(names = "--name", required = true, paramLabel = "NAME", description = "Whose they are.")
    private String name = "";

    @Option(
        names = "--role",
        paramLabel = "ROLE",
        split = ",",
        description = "attest, responder, tls or x25519; repeat it (default: all four).")
    private List<String> roles = new ArrayList<>();

    @Option(
        names = "--light",
        description = "Cheap password hashing (4 MiB): only for tests and demonstrations.")
    private boolean light;

    @Mixin private KeyOptions keys = new KeyOptions();
    @Mixin private Output output = new Output();

    @Override
    public Integer call() {
      List<Role> wanted = wanted();
      Keyring keyring = keys.keyring();
      for (Role role : wanted) {
        if (keyring.has(role)) {
          throw CommandException.usage(
              keyring.file(role) + " exists; keys are never overwritten: choose another --keys");
        }
      }
      KeyFile.Cost cost = light ? KeyFile.Cost.LIGHT : KeyFile.Cost.STANDARD;
      char[] password = password();
      try {
        PublicParts parts = PublicParts.none(name);
        for (Role role : wanted) {
          parts =
              keyring.create(
                  role,
                  name,
                  password,
                  new Keyring.Making(cost, new SecureRandom(), Instant.now()));
          output.text().println("Made " + keyring.file(role));
        }
        output.text().println("Public parts are in " + keyring.directory().resolve("public.json"));
        describe(output, parts);
        output.json(parts.write());
        return ExitCode.DONE;
      } catch (IOException e) {
        throw CommandException.environment(FileText.reason(e));
      } finally {
        Arrays.fill(password, '\0');
      }
    }

    private List<Role> wanted() {
      if (roles.isEmpty()) {
        return List.of(Role.values());
      }
      return roles.stream()
          .map(
              word ->
                  Role.ofWord(word)
                      .orElseThrow(
                          () ->
                              CommandException.usage(
                                  "--role: expected attest, responder, tls or x25519")))
          .distinct()
          .toList();
    }

    private char[] password() {
      char @Nullable [] again = null;
      try {
        char[] first = keys.reference().resolve("the new keys of " + name);
        if (keys.reference() instanceof SecretRef.Prompt prompt) {
          again = prompt.resolve("the new keys of " + name + ", again");
          if (!Arrays.equals(first, again)) {
            throw CommandException.usage("the two passwords differ; nothing was made");
          }
        }
        return first;
      } catch (IOException e) {
        throw CommandException.environment(FileText.reason(e));
      } finally {
        if (again != null) {
          Arrays.fill(again, '\0');
        }
      }
    }
  }

  /** Lists keys. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List the keys in a directory; asks for no password.",
      footer = {"", "Example:", "  tocsin keys list --keys /etc/tocsin/keys"})
  static final class ListKeys implements Callable<Integer> {
    @Option(
        names = {"-k", "--keys"},
        paramLabel = "DIR",
        defaultValue = "keys",
        description = "The key directory (default: keys).")
    private Path directory = Path.of("keys");

    @Mixin private Output output = new Output();

    @Override
    public Integer call() {
      Keyring keyring = Keyring.in(directory);
      PublicParts parts = read(keyring);
      output.text().println("Keys of " + parts.name() + " in " + directory + ":");
      describe(output, parts);
      ObjectNode document = parts.write();
      ArrayNode files = document.putArray("files");
      for (Role role : Role.values()) {
        if (keyring.has(role)) {
          files.add(keyring.file(role).toString());
        }
      }
      output.json(document);
      return ExitCode.DONE;
    }
  }

  /** Exports public parts. */
  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = "Print the public parts as JSON; asks for no password.",
      footer = {"", "Example:", "  tocsin keys export --json alder-public.json"})
  static final class Export implements Callable<Integer> {
    @Option(
        names = {"-k", "--keys"},
        paramLabel = "DIR",
        defaultValue = "keys",
        description = "The key directory (default: keys).")
    private Path directory = Path.of("keys");

    @Mixin private Output output = new Output();

    @Override
    public Integer call() {
      PublicParts parts = read(Keyring.in(directory));
      if (!output.wantsJson()) {
        output.text().println(Json.pretty(parts.write()));
      }
      output.json(parts.write());
      return ExitCode.DONE;
    }
  }

  private static PublicParts read(Keyring keyring) {
    try {
      return keyring.publicParts();
    } catch (IOException e) {
      throw CommandException.environment(
          "cannot list the keys: " + FileText.reason(e) + "; tocsin keys create makes them");
    }
  }

  private static void describe(Output output, PublicParts parts) {
    parts
        .attest()
        .ifPresent(key -> output.text().println("  attest     " + key.address() + " (member id)"));
    parts.responder().ifPresent(key -> output.text().println("  responder  " + key.address()));
    parts.tls().ifPresent(hash -> output.text().println("  tls        " + hash));
    parts.x25519().ifPresent(key -> output.text().println("  x25519     " + key));
  }
}
