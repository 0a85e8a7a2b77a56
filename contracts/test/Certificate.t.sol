// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Federation} from "../src/Federation.sol";
import {Guardian} from "../src/Guardian.sol";
import {Hashes} from "../src/Hashes.sol";
import "../src/TocsinTypes.sol";
import {vm} from "./Cheats.sol";
import {Town} from "./Town.sol";

/// Every reason to refuse a certificate.
contract CertificateTest is Town {
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    function setUp() public {
        found();
    }

    function claim() private view returns (bytes memory) {
        return abi.encode(own("tx"));
    }

    function signed(uint256[] memory signers) private returns (Certificate memory) {
        return certify(EXPLOIT_MINED, claim(), 1, signers);
    }

    function testRefusesExactlyTwoThirdsOrLess() public {
        refuse(direct, signed(firstKeys(3)), abi.encodeWithSelector(Federation.QuorumNotReached.selector, 3, 5));
        keys = sortedKeys(6, 1);
        guardian = new Guardian(charter(), roster(), _one());
        bytes32 id = guardian.mandateIds()[0];
        refuse(id, signed(firstKeys(4)), abi.encodeWithSelector(Federation.QuorumNotReached.selector, 4, 6));
        protocol.setPauser(address(guardian));
        trip(id, signed(firstKeys(5)));
    }

    function testRefusesARefuteCertificate() public {
        bytes32 digest = guardian.attestationDigest(Hashes.claim(EXPLOIT_MINED, claim()), 1, 2);
        Certificate memory c = Certificate(EXPLOIT_MINED, claim(), 1, signAll(digest, firstKeys(5)));
        refuse(direct, c, Federation.NotAMember.selector);
    }

    function testRefusesACertificateOfAnotherFederation() public {
        Charter memory other = charter();
        other.federationId = keccak256("other");
        Guardian foreign = new Guardian(other, roster(), _one());
        bytes32 digest = foreign.attestationDigest(Hashes.claim(EXPLOIT_MINED, claim()), 1, CONFIRM);
        Certificate memory c = Certificate(EXPLOIT_MINED, claim(), 1, signAll(digest, firstKeys(5)));
        refuse(direct, c, Federation.NotAMember.selector);
    }

    function testRefusesACertificateOfAnotherClaim() public {
        Certificate memory c = signed(firstKeys(5));
        ExploitMined memory changed = own("tx");
        changed.subjectCode = keccak256("other code");
        c.claim = abi.encode(changed);
        refuse(direct, c, Federation.NotAMember.selector);
    }

    function testRefusesTooManySignatures() public {
        uint256[] memory six = new uint256[](6);
        for (uint256 i; i < 6; i++) six[i] = keys[i % 5];
        refuse(direct, signed(six), abi.encodeWithSelector(Federation.TooManySignatures.selector, 6, 5));
    }

    function testRefusesARepeatedSigner() public {
        uint256[] memory k = firstKeys(4);
        k[3] = k[2];
        refuse(direct, signed(k), Federation.SignersNotAscending.selector);
    }

    function testRefusesUnorderedSigners() public {
        uint256[] memory k = firstKeys(4);
        (k[0], k[1]) = (k[1], k[0]);
        refuse(direct, signed(k), Federation.SignersNotAscending.selector);
    }

    function testRefusesAnOutsidersSignature() public {
        uint256[] memory k = firstKeys(5);
        k[4] = 77;
        refuse(direct, signed(k), abi.encodeWithSelector(Federation.NotAMember.selector, vm.addr(77)));
    }

    function testRefusesTheMalleableTwinOfASignature() public {
        Certificate memory c = signed(firstKeys(4));
        bytes memory all = c.signatures;
        assembly ("memory-safe") {
            let s := add(all, 64)
            mstore(s, sub(ORDER, mload(s)))
            let v := add(all, 96)
            mstore8(v, sub(55, byte(0, mload(v))))
        }
        refuse(direct, c, Federation.HighS.selector);
    }

    function testRefusesAZeroSigner() public {
        Certificate memory c = signed(firstKeys(4));
        bytes memory all = c.signatures;
        assembly ("memory-safe") {
            mstore(add(all, 32), 0) // no point has r = 0
        }
        refuse(direct, c, Federation.ZeroSigner.selector);
    }

    function testRefusesABadRecoveryByte() public {
        Certificate memory c = signed(firstKeys(4));
        c.signatures[64] = bytes1(uint8(0));
        refuse(direct, c, Federation.BadRecoveryByte.selector);
    }

    function testRefusesMalformedSignatures() public {
        Certificate memory c = signed(firstKeys(4));
        c.signatures = bytes.concat(c.signatures, hex"00");
        refuse(direct, c, Federation.MalformedSignatures.selector);
        c.signatures = "";
        refuse(direct, c, Federation.MalformedSignatures.selector);
    }

    function testRefusesAnExpiredRoster() public {
        Roster memory r = roster();
        r.validUntil = NOW + 10 days;
        guardian = new Guardian(charter(), r, _one());
        bytes32 id = guardian.mandateIds()[0];
        vm.warp(NOW + 10 days + 1);
        refuse(id, signed(firstKeys(5)), abi.encodeWithSelector(Federation.RosterNotInForce.selector, uint64(1)));
    }

    function testRefusesARosterBeforeItsTime() public {
        Roster memory r = roster();
        r.validFrom = NOW + 1 days;
        guardian = new Guardian(charter(), r, _one());
        bytes32 id = guardian.mandateIds()[0];
        refuse(id, signed(firstKeys(5)), abi.encodeWithSelector(Federation.RosterNotInForce.selector, uint64(1)));
    }

    function testRevokedKeyCountsNothingAtOnceAndTheQuorumStays() public {
        address gone = vm.addr(keys[0]);
        bytes memory word = signature(keys[0], guardian.revocationDigest(gone));
        Certificate memory c = signed(firstKeys(4));
        vm.prank(ANYONE);
        guardian.revoke(gone, word);
        same(guardian.weightOf(1, gone), 0, "weight");
        refuse(direct, c, abi.encodeWithSelector(Federation.QuorumNotReached.selector, 3, 5));
        trip(direct, signed(firstKeys(5)));
    }

    function testRefusesARevocationThatIsNotSelfSigned() public {
        address victim = vm.addr(keys[0]);
        bytes memory word = signature(keys[1], guardian.revocationDigest(victim));
        vm.expectRevert(Federation.NotSelfSigned.selector);
        guardian.revoke(victim, word);
        vm.expectRevert(Federation.MalformedSignatures.selector);
        guardian.revoke(victim, hex"00");
        word = signature(keys[0], guardian.revocationDigest(victim));
        guardian.revoke(victim, word);
        vm.expectRevert(Federation.AlreadyRevoked.selector);
        guardian.revoke(victim, word);
    }

    /// Whatever the weights: a certificate passes exactly if its signers hold more than two thirds.
    function testFuzzQuorumIsMoreThanTwoThirds(uint16[7] memory weights, uint8 signers) public {
        keys = sortedKeys(7, 1);
        Roster memory r = roster();
        uint256 total;
        for (uint256 i; i < 7; i++) {
            r.seats[i].weight = 1000 + weights[i] % 1000;
            total += r.seats[i].weight;
        }
        guardian = new Guardian(charter(), r, _one());
        protocol.setPauser(address(guardian));
        bytes32 id = guardian.mandateIds()[0];
        uint256 count;
        uint256 weight;
        uint256[] memory k = new uint256[](7);
        for (uint256 i; i < 7; i++) {
            if (signers & (1 << i) == 0) continue;
            k[count++] = keys[i];
            weight += r.seats[i].weight;
        }
        vm.assume(count > 0);
        assembly ("memory-safe") {
            mstore(k, count)
        }
        Certificate memory c = signed(k);
        if (weight * 3 > total * 2) {
            trip(id, c);
            require(protocol.paused(), "not paused");
        } else {
            refuse(id, c, abi.encodeWithSelector(Federation.QuorumNotReached.selector, weight, total));
        }
    }

    /// No change of a single byte of the signatures leaves a certificate of the bare quorum valid.
    function testFuzzNoChangedSignaturePasses(uint16 at, uint8 change) public {
        vm.assume(change != 0);
        Certificate memory c = signed(firstKeys(4));
        uint256 place = at % c.signatures.length;
        c.signatures[place] = c.signatures[place] ^ bytes1(change);
        vm.prank(CALLER);
        vm.expectRevert();
        guardian.trip(direct, c, noProof);
    }

    function _one() private view returns (Mandate[] memory m) {
        m = new Mandate[](1);
        m[0] = mandate(DIRECT, 1);
    }
}
