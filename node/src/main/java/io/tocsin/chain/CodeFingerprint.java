package io.tocsin.chain;

import io.tocsin.base.Bytes;
import io.tocsin.base.Hash32;
import io.tocsin.crypto.Keccak;
import java.util.Optional;

/**
 * What identifies runtime code: its exact hash, and a normalised hash that deployments of the same
 * source share whatever their metadata and immutables.
 *
 * @param exact Keccak-256 of the runtime code, as EXTCODEHASH gives it
 * @param normalised Keccak-256 of the version's tag and the masked code; see {@link CodeMask}
 * @param version of the masking rules; hashes of different versions are never compared
 * @param ubiquitous what common code this is, such as a proxy shell; such code never counts as a
 *     match
 */
public record CodeFingerprint(
    Hash32 exact, Hash32 normalised, int version, Optional<String> ubiquitous) {
  /** The version of the masking rules that {@link #of} applies. */
  public static final int VERSION = 1;

  /** The fingerprint of {@code runtimeCode}. */
  public static CodeFingerprint of(Bytes runtimeCode) {
    Hash32 normalised = Keccak.hash(CodeMask.TAG, CodeMask.mask(runtimeCode));
    return new CodeFingerprint(
        Keccak.hash(runtimeCode),
        normalised,
        VERSION,
        UbiquitousCode.name(runtimeCode, normalised));
  }

  /**
   * Whether {@code other} is the same code for the purpose of an alarm: equal normalised hashes of
   * the same version, and not ubiquitous.
   */
  public boolean matches(CodeFingerprint other) {
    return version == other.version
        && normalised.equals(other.normalised)
        && ubiquitous.isEmpty()
        && other.ubiquitous.isEmpty();
  }
}
