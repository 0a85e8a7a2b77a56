package io.tocsin.app.demo;

import io.tocsin.crypto.Keccak;
import io.tocsin.crypto.KeyPair;

/**
 * The keys of the demonstration: derived from their names, so worth nothing and always the same.
 */
final class DemoKeys {
  private DemoKeys() {}

  /** The key of {@code name}. */
  static KeyPair of(String name) {
    return new KeyPair(Keccak.hashUtf8("tocsin demo key: " + name).toArray());
  }
}
