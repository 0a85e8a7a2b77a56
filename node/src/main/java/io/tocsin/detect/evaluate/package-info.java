/**
 * Measures detectors: it examines labelled transactions one by one, and counts what was found, what
 * fired on harmless ones and what could not be judged; it turns strength of evidence into
 * probability, and says how well that is calibrated. Pure: reading a corpus and showing the result
 * is the business of others.
 */
@NullMarked
package io.tocsin.detect.evaluate;

import org.jspecify.annotations.NullMarked;
