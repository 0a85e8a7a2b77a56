/**
 * How many eyes become one fact. An {@link io.tocsin.quorum.Attestor} judges a claim by what its
 * own node saw and signs a confirmation or an objective refutation, nothing else; an {@link
 * io.tocsin.quorum.AttestationPool} counts them; more than two thirds of a roster's weight make a
 * {@link io.tocsin.quorum.QuorumCertificate}, which only this package can build.
 */
@NullMarked
package io.tocsin.quorum;

import org.jspecify.annotations.NullMarked;
