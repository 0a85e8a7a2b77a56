// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Guardian} from "../src/Guardian.sol";
import {Town} from "./Town.sol";
import "../src/TocsinTypes.sol";

contract TripTest is Town {
    function setUp() public {
        found();
    }

    function testTripPausesOnCertificate() public {
        trip(direct, certify(own("tx")));
        require(protocol.paused(), "not paused");
        require(guardian.isPaused(direct), "probe");
        same(guardian.standingOf(direct).usesLeft, 2, "uses left");
        same(guardian.pausedSeconds(address(protocol)), 6 hours, "paused seconds");
        require(guardian.isConsumed(direct, 1, "eip155:1", "tx"), "not consumed");
    }
}
