/**
 * What a chain shows: transactions as call trees ({@link io.tocsin.chain.TxTrace}), the events of
 * following a chain, code and its fingerprints, and the ports through which state is read. Nothing
 * here talks to an endpoint.
 */
@NullMarked
package io.tocsin.chain;

import org.jspecify.annotations.NullMarked;
