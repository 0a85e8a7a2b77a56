/**
 * What there is to tell people about one transaction: who took part in which role, what moved, what
 * was lent, how prices went, what detectors say and why it may be wrong. Pure; how it is shown is
 * the business of others.
 */
@NullMarked
package io.tocsin.detect.explain;

import org.jspecify.annotations.NullMarked;
