// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Guardian} from "../src/Guardian.sol";
import "../src/TocsinTypes.sol";
import {vm} from "./Cheats.sol";
import {Town} from "./Town.sol";

/// Two reserves that are paused one by one or together, like those of Aave v3, by anyone here.
contract Reserves {
    mapping(uint256 reserve => bool) public paused;
    /// Refuses what changes nothing, like OpenZeppelin's Pausable.
    bool public strict;
    bool public stuck;

    function setStrict(bool on) external {
        strict = on;
    }

    function setStuck(bool on) external {
        stuck = on;
    }

    function setReservePause(uint256 reserve, bool on) external {
        require(!strict || paused[reserve] != on, "no change");
        require(!stuck || on, "stuck");
        paused[reserve] = on;
    }

    function setPoolPause(bool on) external {
        require(!strict || paused[1] != on, "no change");
        (paused[1], paused[2]) = (on, on);
    }
}

/// Passes calls on, as an administrator's contract in between would.
contract Relay {
    Reserves private immutable _to;

    constructor(Reserves to) {
        _to = to;
    }

    function pauseAll(bool on) external {
        _to.setPoolPause(on);
    }
}

/// Two levers whose probes read the same: a decoy that pulls one never keeps the real alarm from the other.
contract TakeoverTest is Town {
    Reserves private reserves;
    Relay private relay;

    function setUp() public {
        found();
        reserves = new Reserves();
        relay = new Relay(reserves);
        bytes memory one = abi.encodeCall(Reserves.setReservePause, (1, true));
        bytes memory noOne = abi.encodeCall(Reserves.setReservePause, (1, false));
        bytes memory all = abi.encodeCall(Reserves.setPoolPause, (true));
        bytes memory none = abi.encodeCall(Reserves.setPoolPause, (false));
        Mandate[] memory m = new Mandate[](4);
        m[0] = _lever(mandate(DIRECT, 1), address(reserves), all, none);
        m[0].limits.duration = 1 hours;
        m[1] = _lever(mandate(DERIVED, 1), address(reserves), one, noOne);
        m[1].limits.duration = 2 hours;
        m[2] = _lever(
            mandate(DIRECT, 1),
            address(relay),
            abi.encodeCall(Relay.pauseAll, (true)),
            abi.encodeCall(Relay.pauseAll, (false))
        );
        m[3] = _lever(mandate(DIRECT, 1), address(reserves), one, noOne);
        guardian = new Guardian(charter(), roster(), m);
        bytes32[] memory ids = guardian.mandateIds();
        (direct, derived, pending, local) = (ids[0], ids[1], ids[2], ids[3]);
    }

    /// `pending` is here a direct mandate that works through the relay, `local` a direct one on the first reserve.
    function _lever(Mandate memory m, address target, bytes memory call, bytes memory undo)
        private
        view
        returns (Mandate memory)
    {
        m.lever.target = target;
        m.lever.call = call;
        m.lever.releaseCall = undo;
        m.lever.probe.account = address(reserves);
        m.lever.probe.call = abi.encodeWithSignature("paused(uint256)", 1);
        return m;
    }

    function testDirectTripTakesOverADecoysPauseOfAnotherLever() public {
        trip(derived, certify(sister("decoy")));
        require(reserves.paused(1) && !reserves.paused(2), "the decoy pauses one reserve");
        vm.warp(NOW + 10 minutes);
        trip(direct, certify(own("tx")));
        require(reserves.paused(1) && reserves.paused(2), "the real alarm pauses all");
        require(guardian.holderOf(derived) == direct, "holder");
        same(guardian.tripOf(derived).at, 0, "the decoy's trip is over");
        same(guardian.pausedSeconds(address(reserves)), 70 minutes, "paused seconds");

        vm.warp(NOW + 10 minutes + 1 hours - 1);
        vm.expectRevert(Guardian.NotTripped.selector);
        guardian.release(derived);
        vm.expectPartialRevert(Guardian.NotDue.selector);
        guardian.release(direct);
        vm.warp(NOW + 10 minutes + 1 hours);
        guardian.release(direct);
        require(!reserves.paused(1) && !reserves.paused(2), "it ends by itself, whole");
    }

    function testNothingOfAnOtherLeverOutlivesTheTripThatTookItOver() public {
        trip(direct, certify(own("a")));
        vm.warp(NOW + 1 hours); // due, and nobody released it
        trip(derived, certify(sister("b")));
        require(reserves.paused(1) && !reserves.paused(2), "only what this trip pauses");
        vm.warp(NOW + 3 hours);
        guardian.release(derived);
        require(!reserves.paused(1) && !reserves.paused(2), "open");
    }

    function testTakesOverATargetThatRefusesToBePausedTwice() public {
        reserves.setStrict(true);
        trip(derived, certify(sister("decoy")));
        trip(direct, certify(own("tx")));
        require(reserves.paused(1) && reserves.paused(2), "not paused");
    }

    function testARefusedReleaseCallKeepsNoAlarmOut() public {
        trip(derived, certify(sister("decoy")));
        reserves.setStuck(true);
        trip(direct, certify(own("tx")));
        require(reserves.paused(1) && reserves.paused(2), "not paused");
        require(guardian.holderOf(derived) == direct, "holder");
    }

    function testTakesOverAtAnotherTargetAndChargesEach() public {
        trip(derived, certify(sister("decoy")));
        vm.warp(NOW + 10 minutes);
        trip(pending, certify(own("tx")));
        require(reserves.paused(1) && reserves.paused(2), "not paused");
        same(guardian.pausedSeconds(address(reserves)), 10 minutes, "charged to the decoy's target");
        same(guardian.pausedSeconds(address(relay)), 6 hours, "charged to the alarm's target");
    }

    function testEqualOrWeakerTripNeverTakesOverAnotherLever() public {
        trip(direct, certify(own("a")));
        refuse(derived, certify(sister("b")), Guardian.AlreadyPaused.selector);
        refuse(local, certify(own("b")), Guardian.AlreadyPaused.selector);
        refuse(pending, certify(own("b")), Guardian.AlreadyPaused.selector);
        require(reserves.paused(2), "undone");
    }

    function testNoTripTakesOverAHumanPause() public {
        trip(derived, certify(sister("a")));
        vm.prank(OWNER);
        guardian.hold(address(reserves));
        refuse(direct, certify(own("b")), Guardian.AlreadyPaused.selector);
        refuse(pending, certify(own("b")), Guardian.AlreadyPaused.selector);
        vm.startPrank(OWNER);
        guardian.letGo(address(reserves));
        guardian.ratify(derived);
        vm.stopPrank();
        refuse(direct, certify(own("b")), Guardian.AlreadyPaused.selector);
        require(reserves.paused(1) && !reserves.paused(2), "changed");
    }

    function testTakesOverWholeOrNotAtAll() public {
        trip(derived, certify(sister("a")));
        Mandate memory m = mandate(DIRECT, 1);
        m = _lever(m, address(reserves), abi.encodeWithSignature("gone()"), abi.encodeWithSignature("gone()"));
        vm.prank(OWNER);
        bytes32 broken = guardian.propose(m);
        vm.warp(NOW + 1 days);
        refuse(broken, certify(own("b")), Guardian.CallFailed.selector);
        require(reserves.paused(1), "a refused trip undid the earlier one");
        require(guardian.holderOf(direct) == derived, "holder");
    }
}
