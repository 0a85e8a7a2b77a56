package io.tocsin.adapter.keys;

import java.util.Locale;
import java.util.Optional;

/** What a member's key is for; no key serves two roles. */
public enum Role {
  /** Signs claims and verdicts: the member's identity. */
  ATTEST("attest.json"),
  /** Signs the transactions that act. */
  RESPONDER("responder.json"),
  /** Authenticates the member's links (P-256). */
  TLS("tls.p12"),
  /** Decrypts what is sent to the member (RFC 7748). */
  X25519("x25519.json");

  private final String file;

  Role(String file) {
    this.file = file;
  }

  /** The name of its file in a key directory. */
  public String file() {
    return file;
  }

  /** The word for it on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role with this word. */
  public static Optional<Role> ofWord(String word) {
    for (Role role : values()) {
      if (role.word().equals(word)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }
}
