/**
 * Exploit signatures: patterns over what happens in a transaction, in a small language of their
 * own. {@link io.tocsin.detect.signature.SignatureParser} reads them, {@link
 * io.tocsin.detect.signature.SignatureSet} matches many at once against a {@link
 * io.tocsin.detect.signature.Course}, {@link io.tocsin.detect.signature.Derivation} makes them from
 * attacks, and {@link io.tocsin.detect.signature.SignatureShelf} keeps those of others in shadow
 * until their owner promotes them. All of it is pure; the language is documented in
 * docs/signatures.md.
 */
@NullMarked
package io.tocsin.detect.signature;

import org.jspecify.annotations.NullMarked;
