/**
 * Who takes part. A {@link io.tocsin.identity.Member} describes itself and signs it; a {@link
 * io.tocsin.identity.Roster} seats members with weights for one epoch; {@link
 * io.tocsin.identity.Rosters} follows the epochs, each signed by more than two thirds of the weight
 * of the one before, and answers whose key may sign now.
 */
@NullMarked
package io.tocsin.identity;

import org.jspecify.annotations.NullMarked;
