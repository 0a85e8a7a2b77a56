/**
 * The wiring of hops: what a chain shows is scanned, claimed and sent; what members say is judged,
 * attested and counted; what is certified is weighed, decided, permitted and carried out. Every hop
 * is on record in {@link io.tocsin.audit.AuditLog} before the next effect.
 *
 * <p>Only this package knows two neighbouring hops. It holds no rules of its own: it switches over
 * their sealed outcomes.
 */
@NullMarked
package io.tocsin.pipeline;

import org.jspecify.annotations.NullMarked;
