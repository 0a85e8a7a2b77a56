package io.tocsin.app;

import io.tocsin.adapter.contract.ChainAccess;
import io.tocsin.adapter.contract.ChainException;
import io.tocsin.adapter.contract.DirectSender;
import io.tocsin.adapter.contract.FeePolicy;
import io.tocsin.adapter.contract.MinedTransaction;
import io.tocsin.adapter.contract.TransactionLane;
import io.tocsin.adapter.keys.KeyFile;
import io.tocsin.adapter.keys.PrivateFiles;
import io.tocsin.adapter.keys.SecretRef;
import io.tocsin.base.MalformedException;
import io.tocsin.chain.TxCall;
import io.tocsin.crypto.KeyPair;
import io.tocsin.respond.GasBudget;
import io.tocsin.respond.SentBook;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Option;

/** The account that carries out what a person asked for. */
final class OwnerOptions {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "The key file (Ethereum keystore v3) of the account that pays and signs.")
  private Path file = Path.of("owner.json");

  @Option(
      names = "--password",
      paramLabel = "REF",
      defaultValue = "prompt:",
      description = "Where the password comes from: env:NAME, file:PATH or prompt: (the default).")
  private String password = "prompt:";

  /** Work with the open key, which is wiped afterwards. */
  @FunctionalInterface
  interface Use<T> {
    T with(KeyPair key) throws ChainException;
  }

  <T> T key(Use<T> use) throws ChainException {
    char[] secret = new char[0];
    byte[] bytes = new byte[0];
    try {
      secret = SecretRef.parse(password).resolve(file.toString());
      bytes =
          KeyFile.unlock(PrivateFiles.read(file), secret)
              .orElseThrow(() -> CommandException.usage(file + ": the password does not open it"));
      try (KeyPair key = new KeyPair(bytes)) {
        return use.with(key);
      }
    } catch (IOException e) {
      throw CommandException.environment(FileText.reason(e));
    } catch (MalformedException e) {
      throw CommandException.usage(file + ": " + e.getMessage());
    } finally {
      Arrays.fill(secret, '\0');
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /**
   * Carries out {@code call} and waits until it is mined.
   *
   * @throws CommandException with the guardian's reason if it refuses
   */
  static MinedTransaction perform(KeyPair key, ChainAccess access, TxCall call)
      throws ChainException {
    TransactionLane lane =
        new TransactionLane(
            key, access, FeePolicy.DEFAULT, SentBook.memory(), GasBudget.unlimited(), List.of());
    return switch (new DirectSender(lane, PATIENCE).perform(call)) {
      case DirectSender.Result.Mined(MinedTransaction transaction) -> transaction;
      case DirectSender.Result.Refused(var refusal) ->
          throw CommandException.negative("the guardian refuses: " + refusal);
      case DirectSender.Result.Failed(String detail) -> throw CommandException.environment(detail);
    };
  }
}
