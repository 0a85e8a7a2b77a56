/** Tests of attestations and certificates. */
@NullMarked
package io.tocsin.quorum;

import org.jspecify.annotations.NullMarked;
