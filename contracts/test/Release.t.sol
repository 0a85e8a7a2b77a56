// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Guardian} from "../src/Guardian.sol";
import {Owned} from "../src/Owned.sol";
import "../src/TocsinTypes.sol";
import {vm} from "./Cheats.sol";
import {Protocol, Town} from "./Town.sol";

/// A pause ends by itself; a human pause does not.
contract ReleaseTest is Town {
    function setUp() public {
        found();
    }

    function testAnyoneReleasesAfterTheTime() public {
        trip(direct, certify(own("tx")));
        vm.warp(NOW + 6 hours);
        vm.prank(ANYONE);
        guardian.release(direct);
        require(!protocol.paused(), "still paused");
        same(guardian.tripOf(direct).at, 0, "trip over");
        vm.expectRevert(Guardian.NotTripped.selector);
        guardian.release(direct);
    }

    function testNobodyReleasesBeforeTheTime() public {
        trip(direct, certify(own("tx")));
        vm.warp(NOW + 6 hours - 1);
        bytes memory refusal = abi.encodeWithSelector(Guardian.NotDue.selector, uint64(NOW + 6 hours), uint64(0));
        vm.expectRevert(refusal);
        guardian.release(direct);
        vm.prank(CALLER);
        vm.expectRevert(refusal);
        guardian.release(direct);
        vm.prank(OWNER);
        vm.expectRevert(refusal);
        guardian.release(direct);
    }

    function testPendingPauseEndsAfterTwentyFiveBlocks() public {
        trip(pending, certify(coming("tx")));
        vm.roll(1025);
        vm.expectRevert(
            abi.encodeWithSelector(Guardian.NotDue.selector, uint64(NOW + 10 minutes), uint64(1025))
        );
        guardian.release(pending);
        vm.roll(1026);
        guardian.release(pending);
        require(!protocol.paused(), "still paused");
    }

    function testReleaseWithoutATripIsRefused() public {
        protocol.setPaused(true);
        vm.warp(NOW + 30 days);
        vm.expectRevert(Guardian.NotTripped.selector);
        guardian.release(direct);
        vm.prank(OWNER);
        vm.expectRevert(Guardian.NotTripped.selector);
        guardian.lift(direct);
        require(protocol.paused(), "undid a human pause");
    }

    function testReleaseNeverUndoesAPauseOfTheOwnerAfterwards() public {
        trip(direct, certify(own("tx")));
        vm.warp(NOW + 1 hours);
        protocol.setPaused(false); // the owner ends it by hand
        vm.prank(ANYONE);
        guardian.release(direct); // which closes the trip without a call, long before its time
        same(protocol.calls(), 1, "calls");
        same(guardian.pausedSeconds(address(protocol)), 1 hours, "the rest of the time is given back");
        vm.warp(NOW + 3 hours);
        protocol.setPaused(true); // the owner pauses by hand, in a real attack
        vm.warp(NOW + 6 hours);
        vm.prank(ANYONE); // the attacker
        vm.expectRevert(Guardian.NotTripped.selector);
        guardian.release(direct);
        require(protocol.paused(), "undid a human pause");
    }

    function testHoldKeepsThePauseUntilTheOwnerLetsGo() public {
        trip(direct, certify(own("tx")));
        vm.prank(OWNER);
        guardian.hold(address(protocol));
        vm.warp(NOW + 60 days);
        vm.expectRevert(Guardian.TargetHeld.selector);
        guardian.release(direct);
        vm.prank(OWNER);
        guardian.letGo(address(protocol));
        guardian.release(direct);
        require(!protocol.paused(), "still paused");
    }

    function testRatifiedPauseIsTheOwners() public {
        trip(direct, certify(own("tx")));
        vm.prank(OWNER);
        guardian.ratify(direct);
        vm.warp(NOW + 60 days);
        vm.expectRevert(Guardian.TripRatified.selector);
        guardian.release(direct);
        require(protocol.paused(), "undone");
        vm.prank(OWNER);
        guardian.lift(direct);
        require(!protocol.paused(), "still paused");
    }

    function testOwnerLiftsEarlyAndTheRestOfTheTimeIsGivenBack() public {
        trip(direct, certify(own("tx")));
        vm.warp(NOW + 1 hours);
        vm.prank(ANYONE);
        vm.expectRevert(Owned.NotOwner.selector);
        guardian.lift(direct);
        vm.startPrank(OWNER);
        guardian.hold(address(protocol));
        guardian.lift(direct);
        vm.stopPrank();
        require(!protocol.paused(), "still paused");
        same(guardian.pausedSeconds(address(protocol)), 1 hours, "paused seconds");
    }

    function testOnlyTheOwnerHoldsAndRatifies() public {
        trip(direct, certify(own("tx")));
        vm.startPrank(CALLER);
        vm.expectRevert(Owned.NotOwner.selector);
        guardian.hold(address(protocol));
        vm.expectRevert(Owned.NotOwner.selector);
        guardian.letGo(address(protocol));
        vm.expectRevert(Owned.NotOwner.selector);
        guardian.ratify(direct);
        vm.stopPrank();
        vm.startPrank(OWNER);
        vm.expectRevert(Guardian.NotHeld.selector);
        guardian.letGo(address(protocol));
        guardian.hold(address(protocol));
        vm.expectRevert(Guardian.TargetHeld.selector);
        guardian.hold(address(protocol));
        vm.expectRevert(Guardian.NotTripped.selector);
        guardian.ratify(derived);
        guardian.ratify(direct);
        vm.expectRevert(Guardian.TripRatified.selector);
        guardian.ratify(direct);
    }

    function testVetoedAndExpiredMandatesStillRelease() public {
        trip(direct, certify(own("tx")));
        vm.startPrank(OWNER);
        guardian.veto(direct);
        vm.stopPrank();
        vm.warp(NOW + 366 days);
        guardian.release(direct);
        require(!protocol.paused(), "still paused");
    }

    function testReleaseIsWholeOrNothing() public {
        trip(direct, certify(own("tx")));
        vm.warp(NOW + 6 hours);
        protocol.setMood(Protocol.Mood.DEAF);
        vm.expectRevert(Guardian.StillPaused.selector);
        guardian.release(direct);
        protocol.setMood(Protocol.Mood.REFUSING);
        vm.expectPartialRevert(Guardian.CallFailed.selector);
        guardian.release(direct);
        protocol.setMood(Protocol.Mood.SOUND);
        guardian.release(direct);
        require(!protocol.paused(), "still paused");
    }

    function testFuzzReleaseOnlyOncePastItsTime(uint32 later, uint16 blocks) public {
        trip(pending, certify(coming("tx")));
        vm.warp(uint256(NOW) + later);
        vm.roll(1000 + uint256(blocks));
        bool due = later >= 10 minutes || blocks > 25;
        if (!due) vm.expectPartialRevert(Guardian.NotDue.selector);
        guardian.release(pending);
        require(protocol.paused() != due, "wrong end");
    }
}
