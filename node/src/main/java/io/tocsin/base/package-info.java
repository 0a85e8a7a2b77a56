/**
 * The values everything else speaks in: bytes and hashes, addresses, chains and accounts, amounts,
 * strict JSON, bounded queues, threads. Nothing here knows what an exploit or a member is.
 */
@NullMarked
package io.tocsin.base;

import org.jspecify.annotations.NullMarked;
