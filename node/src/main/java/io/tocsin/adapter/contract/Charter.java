package io.tocsin.adapter.contract;

import io.tocsin.base.Address;
import io.tocsin.base.Hash32;
import java.time.Duration;

/**
 * What a guardian is founded with, in whole seconds on chain.
 *
 * @param owner the only account that proposes, narrows, vetoes, holds, ratifies and lifts
 * @param rosterDelay how long a new roster waits, so that the owner can refuse it
 * @param widenDelay how long a mandate proposed later waits
 * @param pausedCap the most pause of one target in 30 days; only direct trips may use the second
 *     half
 */
public record Charter(
    Address owner,
    Hash32 federation,
    Duration rosterDelay,
    Duration widenDelay,
    Duration pausedCap) {}
