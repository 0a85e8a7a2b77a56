package io.tocsin.app;

import io.tocsin.adapter.keys.Keyring;
import io.tocsin.adapter.keys.Role;
import io.tocsin.adapter.keys.SecretRef;
import io.tocsin.base.MalformedException;
import io.tocsin.crypto.KeyPair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine.Option;

/** Where a member's keys are, and the password that opens them. */
final class KeyOptions {
  @Option(
      names = {"-k", "--keys"},
      paramLabel = "DIR",
      defaultValue = "keys",
      description = "The member's key directory (default: keys).")
  private Path directory = Path.of("keys");

  @Option(
      names = "--password",
      paramLabel = "REF",
      defaultValue = "prompt:",
      description = "Where the password comes from: env:NAME, file:PATH or prompt: (the default).")
  private String password = "prompt:";

  Keyring keyring() {
    return Keyring.in(directory);
  }

  SecretRef reference() {
    try {
      return SecretRef.parse(password);
    } catch (MalformedException e) {
      throw CommandException.usage("--password: " + e.getMessage());
    }
  }

  /** Work with an open key, which is wiped afterwards. */
  @FunctionalInterface
  interface Use<T> {
    T with(KeyPair attest);
  }

  <T> T attest(Use<T> use) {
    char[] secret = null;
    try {
      secret = reference().resolve(keyring().file(Role.ATTEST).toString());
      try (KeyPair pair = keyring().open(Role.ATTEST, secret)) {
        return use.with(pair);
      }
    } catch (IOException e) {
      throw CommandException.environment(FileText.reason(e));
    } finally {
      if (secret != null) {
        Arrays.fill(secret, '\0');
      }
    }
  }
}
