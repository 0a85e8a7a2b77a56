/**
 * What the node did and why, on record: one {@link io.tocsin.audit.Step} a hop, chained by hash, so
 * that nothing can be changed unseen and every decision can be computed again.
 *
 * <p>The chain is over salted digests: {@code hash = keccak(previous ‖ sequence ‖ keccak(salt ‖
 * body))}. A body and its salt can therefore be erased later and the chain still holds, while
 * nobody can guess an erased body from its digest. Entries that precede an effect are durable
 * before {@link io.tocsin.audit.AuditLog#append} returns.
 *
 * <p>A chain shows changes within it, not that its end was cut off: whoever must know that notes
 * the sequence and hash of a head elsewhere, and has them compared.
 */
@NullMarked
package io.tocsin.audit;

import org.jspecify.annotations.NullMarked;
