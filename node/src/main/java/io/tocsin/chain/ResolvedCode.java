package io.tocsin.chain;

import io.tocsin.base.Address;
import java.util.Optional;

/**
 * The code that runs when {@code account} is called: its own, or that of {@code implementation}
 * when it is a proxy (EIP-1167, EIP-1967, beacon, Safe, EIP-7702).
 */
public record ResolvedCode(
    Address account, Optional<Address> implementation, CodeFingerprint fingerprint) {}
