/**
 * How members' messages travel and are let in. {@link io.tocsin.gossip.Admission} is the one door:
 * what peers send and what this node publishes passes it alike, is checked cheaply first and costly
 * after, is kept durably in its author's order, and only then forwarded and handed to the one
 * listener of its topic. {@link io.tocsin.gossip.Exchange} runs the protocol between the door and
 * the links: fresh envelopes are pushed, and what is missing is pulled in order by comparing how
 * far each side has come with each author.
 *
 * <p>The bytes received are the bytes kept and passed on. A fault of ours never counts against a
 * peer and never looks like acceptance.
 */
@NullMarked
package io.tocsin.gossip;

import org.jspecify.annotations.NullMarked;
