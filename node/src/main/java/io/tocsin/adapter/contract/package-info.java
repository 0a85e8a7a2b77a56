/**
 * The guardian contract as the node speaks to it: its calls, its refusals as reasons, its events,
 * its deployment, and the responder that trips it.
 *
 * <p>The responder simulates before it sends, writes down what it is about to send, sends to every
 * endpoint and relay at the same time, raises its bid while it waits, and stops when one is mined.
 * What it cannot see it calls unknown, and settles by reading the chain: a transaction is never
 * repeated blindly. Every answer comes from endpoints that may lie, so one that says "go" is enough
 * to try, since the contract judges for itself, but "it happened" and "it cannot happen" take the
 * word of more than one, where there is more than one.
 */
@NullMarked
package io.tocsin.adapter.contract;

import org.jspecify.annotations.NullMarked;
