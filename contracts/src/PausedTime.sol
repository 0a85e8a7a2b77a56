// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// Ledger of the pauses granted on one target, to bound their sum over any rolling 30 days.
/// A pause counts from its trip to its granted end, or to its earlier release.
library PausedTime {
    uint256 internal constant WINDOW = 30 days;

    struct Span {
        uint64 from;
        uint64 to;
    }

    /// `first` is the oldest span that may still reach into the window.
    struct Ledger {
        uint64 first;
        Span[] spans;
    }

    /// Seconds granted in the last 30 days, the rest of a pause in force included.
    function used(Ledger storage ledger) internal view returns (uint256 sum) {
        uint256 since = block.timestamp > WINDOW ? block.timestamp - WINDOW : 0;
        for (uint256 i = ledger.first; i < ledger.spans.length; i++) {
            Span memory s = ledger.spans[i];
            if (s.to > since) sum += s.to - (s.from > since ? s.from : since);
        }
    }

    /// Enters a pause from now until `to`; returns its place.
    function enter(Ledger storage ledger, uint64 to) internal returns (uint64 entry) {
        uint64 first = ledger.first;
        while (first < ledger.spans.length && ledger.spans[first].to + WINDOW <= block.timestamp) first++;
        ledger.first = first;
        entry = uint64(ledger.spans.length);
        ledger.spans.push(Span(uint64(block.timestamp), to));
    }

    /// Gives back what is left of a pause that ends now.
    function settle(Ledger storage ledger, uint64 entry) internal {
        Span storage s = ledger.spans[entry];
        if (s.to > block.timestamp) s.to = uint64(block.timestamp);
    }
}
