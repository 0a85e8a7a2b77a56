// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Guardian} from "../src/Guardian.sol";
import {Owned} from "../src/Owned.sol";
import "../src/TocsinTypes.sol";
import {vm} from "./Cheats.sol";
import {Town} from "./Town.sol";

/// Widening waits, narrowing and veto are immediate; what a mandate may say.
contract MandatesTest is Town {
    function setUp() public {
        found();
    }

    function propose(Mandate memory m) private returns (bytes32) {
        vm.prank(OWNER);
        return guardian.propose(m);
    }

    function refuseMandate(Mandate memory m, Guardian.MandateFault fault) private {
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(Guardian.InvalidMandate.selector, fault));
        guardian.propose(m);
    }

    function testNewMandateWaits() public {
        bytes32 id = propose(mandate(DIRECT, 1));
        vm.warp(NOW + 1 days - 1);
        refuse(
            id, certify(own("tx")), abi.encodeWithSelector(Guardian.MandateNotActive.selector, uint64(NOW + 1 days))
        );
        vm.warp(NOW + 1 days);
        trip(id, certify(own("tx")));
    }

    function testVetoDuringTheWaitIsForEver() public {
        bytes32 id = propose(mandate(DIRECT, 1));
        vm.prank(ANYONE);
        vm.expectRevert(Owned.NotOwner.selector);
        guardian.veto(id);
        vm.startPrank(OWNER);
        guardian.veto(id);
        vm.expectRevert(Guardian.MandateIsVetoed.selector);
        guardian.veto(id);
        vm.expectRevert(abi.encodeWithSelector(Guardian.UnknownMandate.selector, bytes32("none")));
        guardian.veto("none");
        vm.stopPrank();
        vm.warp(NOW + 2 days);
        refuse(id, certify(own("tx")), Guardian.MandateIsVetoed.selector);
    }

    function testEqualMandatesHaveTheirOwnIds() public {
        bytes32 a = propose(mandate(DIRECT, 1));
        bytes32 b = propose(mandate(DIRECT, 1));
        require(a != b && a != direct, "equal ids");
        require(a == keccak256(abi.encode(mandate(DIRECT, 1), uint256(4))), "id");
        same(guardian.mandateIds().length, 6, "ids");
        require(keccak256(abi.encode(guardian.mandateOf(a))) == keccak256(abi.encode(mandate(DIRECT, 1))), "kept");
    }

    function testOnlyTheOwnerProposes() public {
        Mandate memory m = mandate(DIRECT, 1);
        vm.prank(CALLER);
        vm.expectRevert(Owned.NotOwner.selector);
        guardian.propose(m);
    }

    function testNarrowingIsImmediate() public {
        vm.startPrank(OWNER);
        guardian.narrow(direct, 0, NOW + 1 days);
        guardian.narrow(derived, 3, NOW);
        guardian.removeCaller(pending, CALLER);
        vm.stopPrank();
        refuse(direct, certify(own("tx")), Guardian.NoUsesLeft.selector);
        refuse(derived, certify(sister("tx")), abi.encodeWithSelector(Guardian.MandateExpired.selector, NOW));
        refuse(pending, certify(coming("tx")), abi.encodeWithSelector(Guardian.NotACaller.selector, CALLER));
        require(!guardian.isCaller(pending, CALLER), "caller");
    }

    function testNothingWidensAtOnce() public {
        vm.startPrank(OWNER);
        vm.expectRevert(Guardian.NotNarrower.selector);
        guardian.narrow(direct, 4, NOW);
        vm.expectRevert(Guardian.NotNarrower.selector);
        guardian.narrow(direct, 3, NOW + 365 days + 1);
        vm.expectRevert(abi.encodeWithSelector(Guardian.NotACaller.selector, ANYONE));
        guardian.removeCaller(direct, ANYONE);
        vm.stopPrank();
        vm.expectRevert(Owned.NotOwner.selector);
        guardian.narrow(direct, 0, NOW);
        vm.expectRevert(Owned.NotOwner.selector);
        guardian.removeCaller(direct, CALLER);
    }

    function testRefusesABadLever() public {
        Mandate memory m = mandate(DIRECT, 1);
        m.lever.target = ANYONE; // no code there
        refuseMandate(m, Guardian.MandateFault.LEVER);
        m.lever.target = address(guardian);
        refuseMandate(m, Guardian.MandateFault.LEVER);
        m = mandate(DIRECT, 1);
        m.lever.safe = ANYONE;
        refuseMandate(m, Guardian.MandateFault.LEVER);
        m.lever.safe = m.lever.target; // a Safe's own settings are no target
        refuseMandate(m, Guardian.MandateFault.LEVER);
        m.lever.safe = address(guardian);
        refuseMandate(m, Guardian.MandateFault.LEVER);
        m = mandate(DIRECT, 1);
        m.lever.call = "";
        refuseMandate(m, Guardian.MandateFault.LEVER);
        m = mandate(DIRECT, 1);
        m.lever.releaseCall = hex"010203";
        refuseMandate(m, Guardian.MandateFault.LEVER);
    }

    function testRefusesABadProbe() public {
        Mandate memory m = mandate(DIRECT, 1);
        m.lever.probe.mask = 0;
        m.lever.probe.expected = 0;
        refuseMandate(m, Guardian.MandateFault.PROBE);
        m.lever.probe.mask = bytes32(uint256(2));
        m.lever.probe.expected = bytes32(uint256(1)); // can never be read through the mask
        refuseMandate(m, Guardian.MandateFault.PROBE);
        m = mandate(DIRECT, 1);
        m.lever.probe.account = ANYONE;
        refuseMandate(m, Guardian.MandateFault.PROBE);
        m = mandate(DIRECT, 1);
        m.lever.probe.call = "none";
        vm.prank(OWNER);
        vm.expectRevert(Guardian.ProbeFailed.selector);
        guardian.propose(m);
    }

    function testRefusesKindsThatDoNotFitTheBudget() public {
        for (uint8 budget; budget < 4; budget++) {
            uint8 fits = budget == LOCAL ? 0 : budget == PENDING ? 2 : 1;
            for (uint256 kinds; kinds < 256; kinds++) {
                if (kinds != fits) refuseMandate(mandate(budget, uint8(kinds)), Guardian.MandateFault.KINDS);
            }
        }
        refuseMandate(mandate(4, 1), Guardian.MandateFault.BUDGET_CLASS);
    }

    function testRefusesLimitsOutOfBounds() public {
        Mandate memory m = mandate(DIRECT, 1);
        m.callers = new address[](0);
        refuseMandate(m, Guardian.MandateFault.CALLERS);
        m.callers = new address[](21);
        refuseMandate(m, Guardian.MandateFault.CALLERS);
        m = mandate(DIRECT, 1);
        m.subjectsRoot = 0;
        refuseMandate(m, Guardian.MandateFault.SUBJECTS);
        m = mandate(DIRECT, 1);
        m.limits.maxAge = 0;
        refuseMandate(m, Guardian.MandateFault.MAX_AGE);
        m.limits.maxAge = 1 hours + 1;
        refuseMandate(m, Guardian.MandateFault.MAX_AGE);
        m = mandate(DIRECT, 1);
        m.limits.uses = 0;
        refuseMandate(m, Guardian.MandateFault.USES);
        m.limits.uses = 101;
        refuseMandate(m, Guardian.MandateFault.USES);
        m = mandate(DIRECT, 1);
        m.limits.expiry = NOW;
        refuseMandate(m, Guardian.MandateFault.EXPIRY);
        m = mandate(LOCAL, 0);
        refuseMandate(m, Guardian.MandateFault.MAX_AGE); // a local trip has no claim to be old
    }

    function testRefusesDurationsOutOfBounds() public {
        uint32[4] memory longest = [uint32(3 days), 36 hours, 10 minutes, 1 hours];
        for (uint8 budget; budget < 4; budget++) {
            Mandate memory m = mandate(budget, budget == LOCAL ? 0 : budget == PENDING ? 2 : 1);
            if (budget == LOCAL) m.limits.maxAge = 0;
            m.limits.duration = longest[budget] + 1;
            refuseMandate(m, Guardian.MandateFault.DURATION);
            m.limits.duration = 0;
            refuseMandate(m, Guardian.MandateFault.DURATION);
            m.limits.duration = longest[budget];
            propose(m);
        }
    }

    function testRefusesABadCap() public {
        Charter memory c = charter();
        Roster memory r = roster();
        c.pausedCap = 0;
        vm.expectRevert(Guardian.InvalidPausedCap.selector);
        new Guardian(c, r, new Mandate[](0));
        c.pausedCap = 15 days + 1;
        vm.expectRevert(Guardian.InvalidPausedCap.selector);
        new Guardian(c, r, new Mandate[](0));
    }

    // ---- ownership

    function testOwnershipGoesOverInTwoSteps() public {
        vm.prank(ANYONE);
        vm.expectRevert(Owned.NotOwner.selector);
        guardian.offerOwnership(ANYONE);
        vm.prank(OWNER);
        guardian.offerOwnership(CALLER);
        require(guardian.owner() == OWNER, "one step");
        vm.prank(ANYONE);
        vm.expectRevert(Owned.NotPendingOwner.selector);
        guardian.takeOwnership();
        vm.prank(CALLER);
        guardian.takeOwnership();
        require(guardian.owner() == CALLER && guardian.pendingOwner() == address(0), "owner");
        vm.prank(CALLER);
        vm.expectRevert(Owned.NotPendingOwner.selector);
        guardian.takeOwnership();
    }

    function testRefusesNoOwner() public {
        Charter memory c = charter();
        Roster memory r = roster();
        c.owner = address(0);
        vm.expectRevert(Owned.ZeroOwner.selector);
        new Guardian(c, r, new Mandate[](0));
    }
}
