/**
 * Keys on disk: secp256k1 and X25519 secrets in Ethereum key files (version 3), the TLS key in
 * PKCS#12, all of a member's in one directory that only its owner can read.
 */
@NullMarked
package io.tocsin.adapter.keys;

import org.jspecify.annotations.NullMarked;
