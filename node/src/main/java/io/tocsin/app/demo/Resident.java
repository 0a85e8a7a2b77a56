package io.tocsin.app.demo;

import io.tocsin.adapter.keys.KeyFile;
import io.tocsin.adapter.keys.Keyring;
import io.tocsin.adapter.keys.PublicParts;
import io.tocsin.adapter.keys.Role;
import io.tocsin.base.Address;
import io.tocsin.crypto.KeyPair;
import io.tocsin.identity.Contact;
import io.tocsin.identity.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;

/**
 * A member of the town with a home of its own: keys made for this run, and a port of the loopback
 * interface.
 */
record Resident(Cast cast, Path home, Keyring keys, PublicParts parts, int port) {
  /** The password of all keys of the demonstration: there is nothing to protect. */
  private static final String PASSWORD = "demo";

  /** Makes the home of {@code cast} under {@code folder}. */
  static Resident settle(Cast cast, Path folder, Instant now) throws IOException {
    return settle(cast, folder, now, KeyFile.Cost.LIGHT);
  }

  /** The same, with key files that cost so much to open. */
  static Resident settle(Cast cast, Path folder, Instant now, KeyFile.Cost cost)
      throws IOException {
    Path home = Files.createDirectories(folder.resolve(cast.file()));
    Path password =
        Files.createFile(
            home.resolve("password"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(password, PASSWORD + "\n");
    Keyring keys = Keyring.in(home.resolve("keys"));
    var making = new Keyring.Making(cost, new SecureRandom(), now);
    PublicParts parts = PublicParts.none(cast.name());
    for (Role role : Role.values()) {
      parts = keys.create(role, cast.name(), PASSWORD.toCharArray(), making);
    }
    return new Resident(cast, home, keys, parts, FreePort.next());
  }

  /** Where the password is, as a configuration says it. */
  String password() {
    return "file:" + home.resolve("password");
  }

  /** Opens the attest key; the caller closes it. */
  KeyPair attest() throws IOException {
    return keys.open(Role.ATTEST, PASSWORD.toCharArray());
  }

  /** The account of the responder key. */
  Address responder() {
    return parts.responder().orElseThrow().address();
  }

  /** The member's record of itself, signed. */
  Member member() throws IOException {
    try (KeyPair attest = attest()) {
      return Member.sign(
          attest,
          new Member.Keys(parts.tls().orElseThrow(), parts.x25519().orElseThrow()),
          new Contact("127.0.0.1:" + port, cast.operator()),
          cast.weight());
    }
  }
}
