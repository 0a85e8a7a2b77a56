/**
 * Detectors: they read a transaction's call tree and say which contract lost what to whom, that
 * nothing is wrong, or that they could not judge. {@link io.tocsin.detect.TraceFacts} works out
 * once what all detectors share: movements of value, who the sender controls, balances. A scan is a
 * pure function of trace, recorded state, history and thresholds, so that it can be recomputed.
 */
@NullMarked
package io.tocsin.detect;

import org.jspecify.annotations.NullMarked;
