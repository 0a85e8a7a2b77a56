// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Federation} from "../src/Federation.sol";
import {Guardian} from "../src/Guardian.sol";
import {Hashes} from "../src/Hashes.sol";
import {Owned} from "../src/Owned.sol";
import "../src/TocsinTypes.sol";
import {vm} from "./Cheats.sol";
import {Town} from "./Town.sol";

/// Rosters: their rules, their rotation, the owner's refusal.
contract RostersTest is Town {
    uint256[] private next;

    function setUp() public {
        found();
        next = sortedKeys(4, 100);
    }

    function second() private returns (Roster memory) {
        return Roster(2, guardian.epochOf(1).hash, NOW, NOW + 800 days, seats(next), keccak256("more details"));
    }

    function endorse(Roster memory r, uint64 epoch, uint256[] memory signers) private returns (bytes memory) {
        bytes32 claim = Hashes.rosterChanged(r.epoch, Hashes.roster(r));
        return signAll(guardian.attestationDigest(claim, epoch, CONFIRM), signers);
    }

    function rotate(Roster memory r) private {
        bytes memory s = endorse(r, r.epoch - 1, r.epoch == 2 ? firstKeys(4) : next);
        vm.prank(ANYONE);
        guardian.rotate(r, s);
    }

    function refuseRotation(Roster memory r, bytes memory s, bytes memory refusal) private {
        vm.expectRevert(refusal);
        guardian.rotate(r, s);
    }

    function byNext(bytes32 transaction, uint64 epoch) private returns (Certificate memory) {
        return certify(EXPLOIT_MINED, abi.encode(own(transaction)), epoch, next);
    }

    function testNewRosterTakesEffectAfterTheDelay() public {
        rotate(second());
        same(guardian.currentEpoch(), 1, "too early");
        refuse(
            direct,
            byNext("tx", 2),
            abi.encodeWithSelector(Federation.EpochNotAccepted.selector, uint64(2), uint64(1))
        );
        vm.warp(NOW + 2 days);
        same(guardian.currentEpoch(), 2, "epoch");
        trip(direct, byNext("tx", 2));
    }

    function testNewRosterWaitsForItsOwnTime() public {
        Roster memory r = second();
        r.validFrom = NOW + 5 days;
        rotate(r);
        vm.warp(NOW + 5 days - 1);
        same(guardian.currentEpoch(), 1, "too early");
        vm.warp(NOW + 5 days);
        same(guardian.currentEpoch(), 2, "epoch");
    }

    function testPreviousEpochIsTakenForAnHourOnly() public {
        rotate(second());
        vm.warp(NOW + 2 days + 1 hours);
        trip(direct, certify(own("tx")));
        vm.prank(OWNER);
        guardian.lift(direct);
        vm.warp(NOW + 2 days + 1 hours + 1);
        refuse(
            derived,
            certify(sister("old")),
            abi.encodeWithSelector(Federation.EpochNotAccepted.selector, uint64(1), uint64(2))
        );
    }

    function testRefusesEpochsNeverSeen() public {
        uint64[3] memory epochs = [uint64(0), 2, type(uint64).max];
        for (uint256 i; i < 3; i++) {
            refuse(
                direct,
                certify(EXPLOIT_MINED, abi.encode(own("tx")), epochs[i], firstKeys(5)),
                abi.encodeWithSelector(Federation.EpochNotAccepted.selector, epochs[i], uint64(1))
            );
        }
    }

    function testOwnerRefusesARosterForEver() public {
        Roster memory r = second();
        rotate(r);
        vm.prank(ANYONE);
        vm.expectRevert(Owned.NotOwner.selector);
        guardian.vetoRoster();
        vm.prank(OWNER);
        guardian.vetoRoster();
        require(guardian.epochOf(2).hash == 0, "still on record");
        vm.warp(NOW + 3 days);
        same(guardian.currentEpoch(), 1, "epoch");
        refuseRotation(r, endorse(r, 1, firstKeys(4)), abi.encodeWithSelector(Federation.RosterIsRefused.selector));
        next = sortedKeys(5, 200);
        rotate(second());
        vm.warp(NOW + 5 days);
        same(guardian.currentEpoch(), 2, "another roster of the same epoch");
        vm.prank(OWNER);
        vm.expectRevert(Federation.NoRosterWaiting.selector);
        guardian.vetoRoster();
    }

    function testRotationAdvancesByExactlyOne() public {
        Roster memory r = second();
        r.epoch = 3;
        refuseRotation(
            r,
            endorse(r, 1, firstKeys(4)),
            abi.encodeWithSelector(Federation.WrongEpoch.selector, uint64(3), uint64(2))
        );
        r.epoch = 1;
        refuseRotation(
            r,
            endorse(r, 1, firstKeys(4)),
            abi.encodeWithSelector(Federation.WrongEpoch.selector, uint64(1), uint64(2))
        );
    }

    function testRotationCarriesTheParentsHash() public {
        Roster memory r = second();
        r.parent = keccak256("another");
        refuseRotation(r, endorse(r, 1, firstKeys(4)), abi.encodeWithSelector(Federation.WrongParent.selector));
    }

    function testRotationNeedsTheQuorumOfTheEpochBefore() public {
        Roster memory r = second();
        refuseRotation(
            r,
            endorse(r, 1, firstKeys(3)),
            abi.encodeWithSelector(Federation.QuorumNotReached.selector, 3, 5)
        );
        refuseRotation(
            r, endorse(r, 1, next), abi.encodeWithSelector(Federation.NotAMember.selector, vm.addr(next[0]))
        );
        bytes memory s = endorse(r, 1, firstKeys(4));
        r.seats[0].weight = 2; // not what was signed
        vm.expectPartialRevert(Federation.NotAMember.selector);
        guardian.rotate(r, s);
    }

    function testOneRosterWaitsAtATime() public {
        Roster memory r = second();
        rotate(r);
        bytes memory s = endorse(r, 1, firstKeys(4));
        refuseRotation(r, s, abi.encodeWithSelector(Federation.RosterWaiting.selector, uint64(2)));
    }

    function testThirdEpochIsSignedByTheSecond() public {
        rotate(second());
        vm.warp(NOW + 2 days);
        Roster memory r = Roster(3, guardian.epochOf(2).hash, NOW, NOW + 800 days, seats(keys), 0);
        bytes memory s = endorse(r, 2, firstKeys(4));
        vm.expectPartialRevert(Federation.NotAMember.selector);
        guardian.rotate(r, s);
        rotate(r);
        vm.warp(NOW + 4 days);
        same(guardian.currentEpoch(), 3, "epoch");
    }

    function testRotationWithAnExpiredRosterIsRefused() public {
        Roster memory r = second();
        vm.warp(NOW + 400 days + 1);
        refuseRotation(
            r,
            endorse(r, 1, firstKeys(5)),
            abi.encodeWithSelector(Federation.RosterNotInForce.selector, uint64(1))
        );
    }

    // ---- rules of a roster

    function refuseFounding(Roster memory r, Federation.RosterFault fault) private {
        vm.expectRevert(abi.encodeWithSelector(Federation.InvalidRoster.selector, fault));
        new Guardian(charter(), r, new Mandate[](0));
    }

    function testRefusesFewerThanFourMembers() public {
        keys = sortedKeys(3, 1);
        refuseFounding(roster(), Federation.RosterFault.MEMBERS);
    }

    function testRefusesMoreThanAHundredMembers() public {
        keys = sortedKeys(101, 1);
        refuseFounding(roster(), Federation.RosterFault.MEMBERS);
        keys = sortedKeys(100, 1);
        new Guardian(charter(), roster(), new Mandate[](0));
    }

    function testRefusesUnorderedRepeatedAndZeroAccounts() public {
        Roster memory r = roster();
        (r.seats[0], r.seats[1]) = (r.seats[1], r.seats[0]);
        refuseFounding(r, Federation.RosterFault.ORDER);
        r = roster();
        r.seats[1] = r.seats[0];
        refuseFounding(r, Federation.RosterFault.ORDER);
        r = roster();
        r.seats[0].account = address(0);
        refuseFounding(r, Federation.RosterFault.ORDER);
    }

    function testRefusesAMemberWithAThirdOfTheWeightOrWithNone() public {
        Roster memory r = roster();
        r.seats[2].weight = 2; // 2 of 6
        refuseFounding(r, Federation.RosterFault.WEIGHT);
        r.seats[2].weight = 0;
        refuseFounding(r, Federation.RosterFault.WEIGHT);
    }

    function testRefusesAnOperatorBehindAThird() public {
        keys = sortedKeys(6, 1);
        Roster memory r = roster();
        r.seats[4].operator = r.seats[1].operator; // 2 of 6
        refuseFounding(r, Federation.RosterFault.OPERATOR);
        keys = sortedKeys(7, 1);
        r = roster();
        r.seats[4].operator = r.seats[1].operator; // 2 of 7
        new Guardian(charter(), r, new Mandate[](0));
    }

    function testRefusesARosterWithoutTime() public {
        Roster memory r = roster();
        r.validUntil = r.validFrom;
        refuseFounding(r, Federation.RosterFault.VALIDITY);
        r = second();
        r.validUntil = NOW + 2 days; // over before the delay is
        refuseRotation(
            r,
            endorse(r, 1, firstKeys(4)),
            abi.encodeWithSelector(Federation.InvalidRoster.selector, Federation.RosterFault.VALIDITY)
        );
    }

    function testRefusesAFoundingRosterWithAParentAndALaterOneWithout() public {
        Roster memory r = roster();
        r.parent = keccak256("parent");
        refuseFounding(r, Federation.RosterFault.PARENT);
        r.epoch = 5;
        new Guardian(charter(), r, new Mandate[](0));
        r.parent = 0;
        refuseFounding(r, Federation.RosterFault.PARENT);
        r.epoch = 0;
        vm.expectRevert(abi.encodeWithSelector(Federation.WrongEpoch.selector, uint64(0), uint64(1)));
        new Guardian(charter(), r, new Mandate[](0));
    }

    function testRefusesDelaysUnderAnHour() public {
        Charter memory c = charter();
        c.rosterDelay = 1 hours - 1;
        Roster memory r = roster();
        vm.expectRevert(abi.encodeWithSelector(Federation.DelayTooShort.selector, 1 hours - 1));
        new Guardian(c, r, new Mandate[](0));
        c = charter();
        c.widenDelay = 0;
        vm.expectRevert(abi.encodeWithSelector(Federation.DelayTooShort.selector, 0));
        new Guardian(c, r, new Mandate[](0));
    }

    // ---- hashes

    /// The same values by other means: typed data written out by hand.
    function testHashesFollowTheTypes() public view {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,bytes32 salt)"),
                keccak256("Tocsin"),
                keccak256("1"),
                FEDERATION
            )
        );
        require(guardian.domainSeparator() == domain, "domain");
        bytes32 attestation = keccak256(
            abi.encode(keccak256("Attestation(bytes32 claimId,uint64 epoch,uint8 verdict)"), bytes32("c"), 7, 2)
        );
        require(
            guardian.attestationDigest("c", 7, 2) == keccak256(abi.encodePacked(hex"1901", domain, attestation)),
            "attestation"
        );
        require(
            guardian.claimId(4, abi.encode(RosterChanged(2, "h")))
                == keccak256(abi.encode(keccak256("RosterChanged(uint64 epoch,bytes32 rosterHash)"), 2, bytes32("h"))),
            "roster changed"
        );
        require(
            guardian.claimId(3, abi.encode(AllClear("c", "eip155:1", "b")))
                == keccak256(
                    abi.encode(
                        keccak256("AllClear(bytes32 claimId,string chain,bytes32 block)"),
                        bytes32("c"),
                        keccak256("eip155:1"),
                        bytes32("b")
                    )
                ),
            "all clear"
        );
    }

    function testClaimsRostersAndLeavesFollowTheirTypes() public {
        ExploitMined memory m = own("tx");
        bytes32 typeHash = keccak256(
            "ExploitMined(string chain,bytes32 tx,bytes32 block,uint64 blockTime,address subject,bytes32 subjectCode)"
        );
        bytes32 chain = keccak256("eip155:1");
        require(
            guardian.claimId(1, abi.encode(m))
                == keccak256(abi.encode(typeHash, chain, m.tx, m.block, m.blockTime, m.subject, m.subjectCode)),
            "mined"
        );
        ExploitPending memory p = coming("tx");
        typeHash = keccak256(
            "ExploitPending(string chain,bytes32 tx,address sender,uint64 nonce,bytes32 head,uint64 headTime,address subject,bytes32 subjectCode)"
        );
        require(
            guardian.claimId(2, abi.encode(p))
                == keccak256(
                    abi.encode(
                        typeHash, chain, p.tx, p.sender, p.nonce, p.head, p.headTime, p.subject, p.subjectCode
                    )
                ),
            "pending"
        );
        Roster memory r = roster();
        bytes memory all;
        for (uint256 i; i < r.seats.length; i++) {
            Seat memory s = r.seats[i];
            typeHash = keccak256("Seat(address account,uint64 weight,bytes32 operator)");
            all = bytes.concat(all, keccak256(abi.encode(typeHash, s.account, s.weight, s.operator)));
        }
        typeHash = keccak256(
            "Roster(uint64 epoch,bytes32 parent,uint64 validFrom,uint64 validUntil,Seat[] seats,bytes32 details)Seat(address account,uint64 weight,bytes32 operator)"
        );
        require(
            guardian.rosterHash(r)
                == keccak256(
                    abi.encode(typeHash, r.epoch, r.parent, r.validFrom, r.validUntil, keccak256(all), r.details)
                ),
            "roster"
        );
        require(
            guardian.subjectLeaf("eip155:10", SISTER)
                == keccak256(bytes.concat(keccak256(abi.encode(keccak256("eip155:10"), SISTER)))),
            "leaf"
        );
    }

    function testUnknownKindHasNoClaimId() public {
        vm.expectRevert(abi.encodeWithSelector(Hashes.UnknownKind.selector, uint8(5)));
        guardian.claimId(5, "");
    }

    function testFuzzOwnChainIsItsCaip2Name(uint64 id) public {
        vm.assume(id != 0);
        vm.chainId(id);
        require(Hashes.ownChain() == keccak256(bytes(string.concat("eip155:", vm.toString(id)))), "chain name");
    }
}
