/**
 * Hashes, signatures and the first two steps of trust: bytes become an {@link
 * io.tocsin.crypto.Envelope}, and an envelope whose signature holds becomes a {@link
 * io.tocsin.crypto.Verified}. There is one signature scheme, secp256k1 over EIP-712 typed data, so
 * that a node, a contract and a hardware key check the same bytes.
 */
@NullMarked
package io.tocsin.crypto;

import org.jspecify.annotations.NullMarked;
