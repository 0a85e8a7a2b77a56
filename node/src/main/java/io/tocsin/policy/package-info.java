/**
 * What an owner allows beforehand, and whether a certified claim falls under it. A quorum proves
 * that something happened, not that it harmed anyone: only mandates bound the harm. A decision is a
 * pure function of the mandate, the claim and certificate, the own evidence, the exposure and the
 * estimate, so that it can be recomputed from the log.
 */
@NullMarked
package io.tocsin.policy;

import org.jspecify.annotations.NullMarked;
