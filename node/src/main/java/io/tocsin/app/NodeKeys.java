package io.tocsin.app;

import io.tocsin.adapter.keys.KeyFile;
import io.tocsin.adapter.keys.Keyring;
import io.tocsin.adapter.keys.PrivateFiles;
import io.tocsin.adapter.keys.Role;
import io.tocsin.adapter.keys.SecretRef;
import io.tocsin.adapter.keys.TlsKey;
import io.tocsin.base.MalformedException;
import io.tocsin.base.Threads;
import io.tocsin.crypto.KeyPair;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;

/**
 * The keys of a node, opened one after the other on a thread of their own, while the rest of the
 * node is opened: each takes about a second, and a quarter of a gigabyte meanwhile.
 */
final class NodeKeys implements AutoCloseable {
  private final ExecutorService opening = Threads.cpu("keys", 1, 2);
  private final Optional<CompletableFuture<Member>> member;
  private final Optional<CompletableFuture<KeyPair>> responder;

  /** What a member signs and speaks with. */
  record Member(KeyPair attest, TlsKey tls) {}

  private NodeKeys(NodeConfig config) {
    member = config.membership().map(settings -> begin(() -> member(settings)));
    responder =
        config
            .defence()
            .responder()
            .filter(_ -> config.defence().mandates().isPresent())
            .map(settings -> begin(() -> responder(settings)));
  }

  /** Begins to open the keys that {@code config} names. */
  static NodeKeys open(NodeConfig config) {
    return new NodeKeys(config);
  }

  private <T> CompletableFuture<T> begin(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    opening.execute(
        () -> {
          try {
            result.complete(work.call());
          } catch (Exception e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  /** The keys of a member; waits for them. */
  Member member() throws IOException, MalformedException {
    return get(member.orElseThrow(() -> new IllegalStateException("this node is no member")));
  }

  /** The key that trips guardians; waits for it. */
  KeyPair responder() throws IOException, MalformedException {
    return get(responder.orElseThrow(() -> new IllegalStateException("this node only watches")));
  }

  private static <T> T get(CompletableFuture<T> key) throws IOException, MalformedException {
    try {
      return key.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case MalformedException malformed -> throw malformed;
        case RuntimeException known -> throw known;
        case null, default -> throw e;
      }
    }
  }

  private static Member member(NodeConfig.Membership config)
      throws IOException, MalformedException {
    Keyring keyring = Keyring.in(config.keys());
    char[] password = SecretRef.parse(config.password()).resolve("the keys in " + config.keys());
    try {
      TlsKey tls = keyring.openTls(password);
      return new Member(keyring.open(Role.ATTEST, password), tls);
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private static KeyPair responder(NodeConfig.Responder responder)
      throws IOException, MalformedException {
    char[] password = SecretRef.parse(responder.password()).resolve(responder.key().toString());
    byte[] secret = new byte[0];
    try {
      secret =
          KeyFile.unlock(PrivateFiles.read(responder.key()), password)
              .orElseThrow(
                  () -> new IOException(responder.key() + ": the password does not open it"));
      return new KeyPair(secret);
    } finally {
      Arrays.fill(password, '\0');
      Arrays.fill(secret, (byte) 0);
    }
  }

  /** Wipes every key that was opened, or is being opened. */
  @Override
  public void close() {
    opening.shutdown();
    member.ifPresent(
        keys -> {
          var _ = keys.thenAccept(opened -> opened.attest().close());
        });
    responder.ifPresent(
        key -> {
          var _ = key.thenAccept(KeyPair::close);
        });
  }
}
