/**
 * The mesh: one TLS 1.3 connection to every other member. Who is at the other end is proved twice:
 * the TLS certificate carries the key that the roster names (its issuer and dates mean nothing),
 * and a {@link io.tocsin.adapter.mesh.Hello} signed with the attest key over keying material
 * exported from this very TLS session names the member, so that a stolen TLS key alone is nobody
 * and a hello cannot be used on another connection.
 *
 * <p>Everything is bounded: handshakes at one time, the time a handshake, a frame and a write may
 * take, the size of a frame, what one peer may send, what waits to be sent to it. What is dropped
 * is counted, and healed by the exchange of logs.
 */
@NullMarked
package io.tocsin.adapter.mesh;

import org.jspecify.annotations.NullMarked;
