// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Federation} from "../src/Federation.sol";
import {Guardian} from "../src/Guardian.sol";
import {Hashes} from "../src/Hashes.sol";
import "../src/TocsinTypes.sol";
import {print, vm} from "./Cheats.sol";
import {Protocol, Town} from "./Town.sol";

/// What a trip does, and every reason to refuse one but the certificate's own.
contract TripTest is Town {
    function setUp() public {
        found();
    }

    // ---- it works

    function testTripPausesOnCertificate() public {
        trip(direct, certify(own("tx")));
        require(protocol.paused(), "not paused");
        require(guardian.isPaused(direct), "probe");
        same(protocol.calls(), 1, "calls");
        same(guardian.standingOf(direct).usesLeft, 2, "uses left");
        same(guardian.tripOf(direct).until, NOW + 6 hours, "until");
        same(guardian.pausedSeconds(address(protocol)), 6 hours, "paused seconds");
        require(guardian.isConsumed(direct, 1, "eip155:1", "tx"), "not consumed");
    }

    function testDerivedTripPausesOnClaimOfAnotherChain() public {
        trip(derived, certify(sister("tx")));
        require(protocol.paused(), "not paused");
    }

    function testPendingTripPausesForTwentyFiveBlocks() public {
        trip(pending, certify(coming("tx")));
        require(protocol.paused(), "not paused");
        same(guardian.tripOf(pending).lastBlock, 1025, "last block");
    }

    function testLocalTripNeedsNoCertificate() public {
        vm.prank(CALLER);
        guardian.tripLocal(local, address(protocol), "tx", noProof);
        require(protocol.paused(), "not paused");
        require(guardian.isConsumed(local, 0, "eip155:1", "tx"), "not consumed");
    }

    function testTripByOneOfManySubjects() public {
        bytes32 other = leaf("eip155:10", address(7));
        bytes32 mine = leaf("eip155:10", SISTER);
        Mandate memory m = mandate(DERIVED, 1);
        m.limits.duration = 1 hours;
        m.subjectsRoot = mine < other ? keccak256(abi.encode(mine, other)) : keccak256(abi.encode(other, mine));
        vm.prank(OWNER);
        bytes32 id = guardian.propose(m);
        vm.warp(NOW + 1 days);
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = other;
        Certificate memory c = certify(sister("tx"));
        vm.prank(CALLER);
        guardian.trip(id, c, proof);
        require(protocol.paused(), "not paused");
    }

    /// Prints what a trip costs with five members and four signatures; `forge test -vv` shows it.
    function testGasOfATrip() public {
        Certificate memory c = certify(own("tx"));
        uint256 sent = 21_000 + _calldataGas(abi.encodeCall(Guardian.trip, (direct, c, noProof)));
        _cool();
        vm.prank(CALLER);
        uint256 before = gasleft();
        guardian.trip(direct, c, noProof);
        uint256 ran = before - gasleft();
        print("trip, run", ran);
        print("trip, whole transaction", ran + sent);
        require(ran + sent < 500_000, "a trip became dear");

        vm.warp(NOW + 6 hours);
        sent = 21_000 + _calldataGas(abi.encodeCall(Guardian.release, (direct)));
        _cool();
        before = gasleft();
        guardian.release(direct);
        print("release, whole transaction before refunds", before - gasleft() + sent);
    }

    /// Makes every slot cold again, as a transaction of its own finds it.
    function _cool() private {
        vm.cool(address(guardian));
        vm.cool(address(protocol));
    }

    // ---- mandate

    function testRefusesAnUnknownMandate() public {
        refuse("none", certify(own("tx")), abi.encodeWithSelector(Guardian.UnknownMandate.selector, bytes32("none")));
    }

    function testRefusesAnOutsider() public {
        Certificate memory c = certify(own("tx"));
        vm.prank(ANYONE);
        vm.expectRevert(abi.encodeWithSelector(Guardian.NotACaller.selector, ANYONE));
        guardian.trip(direct, c, noProof);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(Guardian.NotACaller.selector, OWNER));
        guardian.tripLocal(local, address(protocol), "tx", noProof);
    }

    function testRefusesAVetoedMandate() public {
        vm.prank(OWNER);
        guardian.veto(direct);
        refuse(direct, certify(own("tx")), Guardian.MandateIsVetoed.selector);
    }

    function testRefusesAnExpiredMandate() public {
        vm.warp(NOW + 365 days);
        refuse(
            direct,
            certify(own("tx")),
            abi.encodeWithSelector(Guardian.MandateExpired.selector, uint64(NOW + 365 days))
        );
    }

    function testRefusesDuringTheCooldown() public {
        trip(direct, certify(own("a")));
        vm.prank(OWNER);
        guardian.lift(direct);
        vm.warp(NOW + 1 hours - 1);
        refuse(
            direct, certify(own("b")), abi.encodeWithSelector(Guardian.CoolingDown.selector, uint64(NOW + 1 hours))
        );
        vm.warp(NOW + 1 hours);
        trip(direct, certify(own("b")));
    }

    function testRefusesWhenNoUsesAreLeft() public {
        for (uint256 i; i < 3; i++) {
            trip(direct, certify(own(bytes32(i + 1))));
            vm.warp(block.timestamp + 1 hours);
            vm.prank(OWNER);
            guardian.lift(direct);
        }
        refuse(direct, certify(own("d")), Guardian.NoUsesLeft.selector);
    }

    function testBudgetsAreSeparate() public {
        for (uint256 i; i < 3; i++) {
            vm.prank(CALLER);
            guardian.tripLocal(local, address(protocol), bytes32(i + 1), noProof);
            vm.warp(block.timestamp + 1 hours);
            guardian.release(local);
        }
        trip(direct, certify(own("tx")));
        require(protocol.paused(), "decoys disarmed the real alarm");
    }

    // ---- claim

    function testRefusesAllClear() public {
        bytes memory claim = abi.encode(AllClear(keccak256("claim"), "eip155:1", keccak256("block")));
        Certificate memory c = certify(ALL_CLEAR, claim, 1, firstKeys(4));
        refuse(direct, c, abi.encodeWithSelector(Guardian.KindNotAllowed.selector, ALL_CLEAR));
        refuse(derived, c, abi.encodeWithSelector(Guardian.KindNotAllowed.selector, ALL_CLEAR));
    }

    function testRefusesAllClearDressedAsExploit() public {
        bytes memory claim = abi.encode(AllClear(keccak256("claim"), "eip155:1", keccak256("block")));
        Certificate memory c = certify(ALL_CLEAR, claim, 1, firstKeys(4));
        c.kind = EXPLOIT_MINED;
        c.claim = abi.encode(own("tx"));
        refuse(direct, c, Federation.NotAMember.selector);
    }

    function testRefusesRosterChangedAndUnknownKinds() public {
        Certificate memory c = certify(own("tx"));
        uint8[4] memory kinds = [0, 4, 9, 255];
        for (uint256 i; i < kinds.length; i++) {
            c.kind = kinds[i];
            refuse(direct, c, abi.encodeWithSelector(Guardian.KindNotAllowed.selector, kinds[i]));
        }
    }

    function testRefusesAPendingClaimForAMinedBudgetAndTheReverse() public {
        refuse(
            direct, certify(coming("tx")), abi.encodeWithSelector(Guardian.KindNotAllowed.selector, EXPLOIT_PENDING)
        );
        refuse(
            pending, certify(own("tx")), abi.encodeWithSelector(Guardian.KindNotAllowed.selector, EXPLOIT_MINED)
        );
    }

    function testRefusesAForeignSubject() public {
        refuse(direct, certify(mined("eip155:1", SISTER, "tx")), Guardian.SubjectNotPermitted.selector);
        refuse(derived, certify(mined("eip155:10", ANYONE, "tx")), Guardian.SubjectNotPermitted.selector);
    }

    function testRefusesTheRightSubjectOnAForeignChain() public {
        refuse(derived, certify(mined("eip155:11155111", SISTER, "tx")), Guardian.SubjectNotPermitted.selector);
        refuse(direct, certify(mined("eip155:10", address(protocol), "tx")), Guardian.ForeignChain.selector);
    }

    function testRefusesAWrongProof() public {
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = keccak256("elsewhere");
        Certificate memory c = certify(own("tx"));
        vm.prank(CALLER);
        vm.expectRevert(Guardian.SubjectNotPermitted.selector);
        guardian.trip(direct, c, proof);
        vm.prank(CALLER);
        vm.expectRevert(Guardian.SubjectNotPermitted.selector);
        guardian.tripLocal(local, SISTER, "tx", noProof);
    }

    function testRefusesAFutureClaim() public {
        ExploitMined memory m = own("tx");
        m.blockTime = NOW + 1;
        refuse(direct, certify(m), abi.encodeWithSelector(Guardian.FutureClaim.selector, uint64(NOW + 1)));
        ExploitPending memory p = coming("tx");
        p.headTime = NOW + 1;
        refuse(pending, certify(p), abi.encodeWithSelector(Guardian.FutureClaim.selector, uint64(NOW + 1)));
    }

    function testRefusesAStaleClaim() public {
        Certificate memory c = certify(own("tx"));
        vm.warp(NOW + 30 minutes + 1);
        refuse(direct, c, abi.encodeWithSelector(Guardian.StaleClaim.selector, NOW));
        vm.warp(NOW + 30 minutes);
        trip(direct, c);
    }

    function testRefusesAReplay() public {
        Certificate memory c = certify(own("tx"));
        trip(direct, c);
        vm.warp(NOW + 6 hours);
        guardian.release(direct);
        vm.warp(NOW + 6 hours);
        ExploitMined memory again = own("tx"); // another block and time, the same transaction
        again.block = keccak256("reorganised");
        refuse(direct, certify(again), Guardian.AlreadyConsumed.selector);
    }

    function testRefusesAReplayOfALocalTrip() public {
        vm.prank(CALLER);
        guardian.tripLocal(local, address(protocol), "tx", noProof);
        vm.warp(NOW + 1 hours);
        guardian.release(local);
        vm.prank(CALLER);
        vm.expectRevert(Guardian.AlreadyConsumed.selector);
        guardian.tripLocal(local, address(protocol), "tx", noProof);
    }

    function testLocalAndCertifiedBudgetsDoNotMix() public {
        refuse(local, certify(own("tx")), Guardian.LocalNeedsNoCertificate.selector);
        vm.prank(CALLER);
        vm.expectRevert(Guardian.NotLocal.selector);
        guardian.tripLocal(direct, address(protocol), "tx", noProof);
    }

    // ---- target

    function testRefusesWhenPausedBeforeAndSpendsNothing() public {
        protocol.setPaused(true);
        refuse(direct, certify(own("tx")), Guardian.AlreadyPaused.selector);
        _nothingSpent();
    }

    function testRevertsWhenTheTargetIsNotPausedAfterwards() public {
        protocol.setMood(Protocol.Mood.DEAF);
        refuse(direct, certify(own("tx")), Guardian.NotPausedAfterwards.selector);
        _nothingSpent();
    }

    function testRevertsWhenTheCallFails() public {
        protocol.setMood(Protocol.Mood.REFUSING);
        refuse(
            direct,
            certify(own("tx")),
            abi.encodeWithSelector(Guardian.CallFailed.selector, abi.encodeWithSignature("Error(string)", "no"))
        );
        _nothingSpent();
    }

    function testRevertsWhenTheProbeFails() public {
        vm.etch(address(protocol), hex"00");
        refuse(direct, certify(own("tx")), Guardian.ProbeFailed.selector);
    }

    function _nothingSpent() private view {
        same(guardian.standingOf(direct).usesLeft, 3, "uses left");
        same(guardian.standingOf(direct).lastTrip, 0, "last trip");
        same(guardian.pausedSeconds(address(protocol)), 0, "paused seconds");
        require(!guardian.isConsumed(direct, 1, "eip155:1", "tx"), "consumed");
        require(guardian.holderOf(direct) == 0, "holder");
    }

    // ---- paused time

    function testRefusesMorePausedTimeThanTheCap() public {
        Mandate memory m = mandate(DIRECT, 1);
        m.limits.duration = 30 hours;
        m.limits.cooldown = 0;
        vm.prank(OWNER);
        bytes32 id = guardian.propose(m);
        vm.warp(NOW + 1 days);
        uint256 start = block.timestamp;
        for (uint256 i; i < 2; i++) {
            trip(id, certify(own(bytes32(i + 1))));
            vm.warp(block.timestamp + 30 hours);
            guardian.release(id);
        }
        refuse(
            id,
            certify(own("c")),
            abi.encodeWithSelector(Guardian.PausedTimeExhausted.selector, 60 hours, 30 hours, 72 hours)
        );
        vm.warp(start + 30 days + 18 hours); // 18 of the 60 hours have left the window
        trip(id, certify(own("c")));
        same(guardian.pausedSeconds(address(protocol)), 72 hours, "paused seconds");
    }

    function testOnlyDirectTripsUseTheSecondHalfOfTheCap() public {
        Mandate memory m = mandate(DERIVED, 1);
        m.limits.duration = 20 hours;
        m.limits.cooldown = 0;
        vm.prank(OWNER);
        bytes32 id = guardian.propose(m);
        vm.warp(NOW + 1 days);
        trip(id, certify(sister("a")));
        vm.warp(block.timestamp + 20 hours);
        guardian.release(id);
        refuse(
            id,
            certify(sister("b")),
            abi.encodeWithSelector(Guardian.PausedTimeExhausted.selector, 20 hours, 20 hours, 36 hours)
        );
        trip(direct, certify(own("c")));
        require(protocol.paused(), "decoys used up the real alarm's time");
    }

    function testCapCountsAllMandatesOfATarget() public {
        trip(derived, certify(sister("a")));
        vm.warp(NOW + 2 hours);
        guardian.release(derived);
        vm.prank(CALLER);
        guardian.tripLocal(local, address(protocol), "b", noProof);
        same(guardian.pausedSeconds(address(protocol)), 3 hours, "paused seconds");
    }

    // ---- going on with a pause

    function testMinedClaimGoesOnWithThePendingPause() public {
        trip(pending, certify(coming("tx")));
        vm.warp(NOW + 2 minutes);
        trip(direct, certify(own("tx")));
        same(protocol.calls(), 1, "no second call");
        require(guardian.holderOf(pending) == direct, "holder");
        same(guardian.tripOf(pending).at, 0, "the pending trip is over");
        same(guardian.pausedSeconds(address(protocol)), 2 minutes + 6 hours, "paused seconds");
        vm.roll(2000);
        vm.expectRevert(Guardian.NotTripped.selector);
        guardian.release(pending);
        vm.expectRevert(
            abi.encodeWithSelector(Guardian.NotDue.selector, uint64(NOW + 2 minutes + 6 hours), uint64(0))
        );
        guardian.release(direct);
    }

    function testDirectTripGoesOnWithADecoysPause() public {
        vm.prank(CALLER);
        guardian.tripLocal(local, address(protocol), "decoy", noProof);
        trip(direct, certify(own("tx")));
        require(guardian.holderOf(local) == direct, "holder");
    }

    function testDerivedTripGoesOnWithAPendingDecoysPause() public {
        trip(pending, certify(coming("decoy")));
        trip(derived, certify(sister("tx")));
        require(guardian.holderOf(pending) == derived, "holder");
        vm.roll(2000);
        vm.expectPartialRevert(Guardian.NotDue.selector);
        guardian.release(derived);
    }

    function testStrongerTripThatEndsSoonerLeavesThePause() public {
        Mandate memory m = mandate(DIRECT, 1);
        m.limits.duration = 1 hours;
        vm.prank(OWNER);
        bytes32 brief = guardian.propose(m);
        vm.warp(NOW + 1 days);
        trip(derived, certify(sister("a")));
        refuse(brief, certify(own("b")), Guardian.AlreadyPaused.selector);
    }

    function testWeakerTripNeverGoesOnWithAStrongerPause() public {
        trip(direct, certify(own("tx")));
        refuse(derived, certify(sister("b")), Guardian.AlreadyPaused.selector);
        refuse(pending, certify(coming("b")), Guardian.AlreadyPaused.selector);
        vm.warp(NOW + 2 hours);
        refuse(direct, certify(own("b")), Guardian.AlreadyPaused.selector);
    }

    function testTripGoesOnWithAPauseThatIsDue() public {
        trip(direct, certify(own("a")));
        vm.warp(NOW + 6 hours);
        trip(derived, certify(sister("b")));
        same(protocol.calls(), 1, "no second call");
        require(guardian.holderOf(direct) == derived, "holder");
    }

    function testNoTripGoesOnWithAHumanPause() public {
        trip(derived, certify(sister("a")));
        vm.prank(OWNER);
        guardian.hold(address(protocol));
        refuse(direct, certify(own("b")), Guardian.AlreadyPaused.selector);
        vm.startPrank(OWNER);
        guardian.letGo(address(protocol));
        guardian.ratify(derived);
        vm.stopPrank();
        refuse(direct, certify(own("b")), Guardian.AlreadyPaused.selector);
    }

    function testTripAfterTheOwnerUnpausedByHand() public {
        trip(direct, certify(own("a")));
        vm.warp(NOW + 1 hours);
        protocol.setPaused(false);
        trip(direct, certify(own("b")));
        require(protocol.paused(), "not paused");
        same(guardian.pausedSeconds(address(protocol)), 7 hours, "paused seconds");
    }

    // ---- any subject, any chain

    function testFuzzOnlyPermittedSubjectsTrip(string memory chain, address subject) public {
        vm.assume(keccak256(bytes(chain)) != keccak256("eip155:10") || subject != SISTER);
        refuse(derived, certify(mined(chain, subject, "tx")), Guardian.SubjectNotPermitted.selector);
    }

    function testFuzzOnlyFreshClaimsTrip(uint64 time) public {
        vm.assume(time > NOW || time < NOW - 30 minutes);
        ExploitMined memory m = own("tx");
        m.blockTime = time;
        bytes4 refusal = time > NOW ? Guardian.FutureClaim.selector : Guardian.StaleClaim.selector;
        refuse(direct, certify(m), abi.encodeWithSelector(refusal, time));
    }

    function testFuzzMerkleTree(uint8 size, uint8 at, bytes32 seed) public {
        uint256 n = uint256(size) % 31 + 2;
        bytes32[] memory nodes = new bytes32[](n);
        for (uint256 i; i < n; i++) {
            nodes[i] = leaf("eip155:10", address(uint160(uint256(keccak256(abi.encode(seed, i))))));
        }
        uint256 mine = at % n;
        nodes[mine] = leaf("eip155:10", SISTER);
        bytes32[] memory proof = new bytes32[](0);
        while (n > 1) {
            if (mine ^ 1 < n) {
                bytes32[] memory longer = new bytes32[](proof.length + 1);
                for (uint256 i; i < proof.length; i++) longer[i] = proof[i];
                longer[proof.length] = nodes[mine ^ 1];
                proof = longer;
            }
            for (uint256 i; i < n; i += 2) {
                (bytes32 a, bytes32 b) = (nodes[i], i + 1 < n ? nodes[i + 1] : bytes32(0));
                nodes[i / 2] = i + 1 == n ? a : a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
            }
            (n, mine) = ((n + 1) / 2, mine / 2);
        }
        Mandate memory m = mandate(DERIVED, 1);
        m.limits.duration = 1 hours;
        m.subjectsRoot = nodes[0];
        vm.prank(OWNER);
        bytes32 id = guardian.propose(m);
        vm.warp(NOW + 1 days);
        Certificate memory c = certify(mined("eip155:10", ANYONE, "tx"));
        vm.prank(CALLER);
        vm.expectRevert(Guardian.SubjectNotPermitted.selector);
        guardian.trip(id, c, proof);
        c = certify(sister("tx"));
        vm.prank(CALLER);
        guardian.trip(id, c, proof);
        require(protocol.paused(), "not paused");
    }

    function _calldataGas(bytes memory data) private pure returns (uint256 gas) {
        for (uint256 i; i < data.length; i++) gas += data[i] == 0 ? 4 : 16;
    }
}
