/**
 * What members say to each other. A {@link io.tocsin.claim.Claim} holds only what every observer
 * derives from the chain alike, and its EIP-712 struct hash is its id; a {@link
 * io.tocsin.claim.Report} carries a claim with evidence and prose, which nobody signs for but its
 * author. A report travels as a STIX 2.1 bundle.
 */
@NullMarked
package io.tocsin.claim;

import org.jspecify.annotations.NullMarked;
