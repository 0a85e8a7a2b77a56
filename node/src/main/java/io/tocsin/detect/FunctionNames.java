package io.tocsin.detect;

import io.tocsin.base.Bytes;
import io.tocsin.crypto.Keccak;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Signatures of functions by selector, to show calls to people. Detectors know {@link Selectors}.
 */
public final class FunctionNames {
  private static final String RESOURCE = "functions.txt";
  private static final Map<Integer, String> LISTED = listed();

  private FunctionNames() {}

  /** The signature that {@code selector} stands for, if it is a known one. */
  public static Optional<String> of(int selector) {
    return Selectors.signature(selector).or(() -> Optional.ofNullable(LISTED.get(selector)));
  }

  private static Map<Integer, String> listed() {
    try (InputStream in =
        Objects.requireNonNull(FunctionNames.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      Map<Integer, String> all = new HashMap<>();
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .forEach(s -> all.put(Selectors.at(Keccak.hash(Bytes.utf8(s)).bytes(), 0), s));
      return Map.copyOf(all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
