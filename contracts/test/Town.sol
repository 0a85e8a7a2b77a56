// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Guardian} from "../src/Guardian.sol";
import {Hashes} from "../src/Hashes.sol";
import "../src/TocsinTypes.sol";
import {Cheats, vm} from "./Cheats.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

/// A protocol with an OpenZeppelin pause, held by one pauser; it can be told to misbehave.
contract Protocol is Pausable {
    enum Mood {
        SOUND,
        DEAF,
        REFUSING
    }

    address public pauser;
    Mood public mood;
    uint256 public calls;

    function setPauser(address p) external {
        pauser = p;
    }

    function setMood(Mood m) external {
        mood = m;
    }

    function pause() external {
        require(msg.sender == pauser, "not the pauser");
        calls++;
        require(mood != Mood.REFUSING, "no");
        if (mood != Mood.DEAF) _pause();
    }

    function unpause() external {
        require(msg.sender == pauser, "not the pauser");
        calls++;
        require(mood != Mood.REFUSING, "no");
        if (mood != Mood.DEAF) _unpause();
    }

    /// What a human does beside the guardian.
    function setPaused(bool on) external {
        if (on) _pause();
        else _unpause();
    }
}

/// Five members, a protocol, and a guardian with one mandate of each budget; words to build claims and certificates.
abstract contract Town {
    uint64 internal constant NOW = 1_750_000_000;
    bytes32 internal constant FEDERATION = keccak256("federation");
    address internal constant OWNER = address(0xA11CE);
    address internal constant CALLER = address(0xCA11);
    address internal constant ANYONE = address(0xBEEF);
    address internal constant SISTER = address(0x515735);

    uint256[] internal keys;
    Guardian internal guardian;
    Protocol internal protocol;
    bytes32 internal direct;
    bytes32 internal derived;
    bytes32 internal pending;
    bytes32 internal local;
    bytes32[] internal noProof;

    function found() internal {
        vm.warp(NOW);
        vm.roll(1000);
        vm.chainId(1);
        keys = sortedKeys(5, 1);
        protocol = new Protocol();
        Mandate[] memory m = new Mandate[](4);
        m[0] = mandate(DIRECT, 1);
        m[1] = mandate(DERIVED, 1);
        m[1].limits.duration = 2 hours;
        m[2] = mandate(PENDING, 2);
        m[2].limits.duration = 10 minutes;
        m[3] = mandate(LOCAL, 0);
        m[3].limits.maxAge = 0;
        m[3].limits.duration = 1 hours;
        guardian = new Guardian(charter(), roster(), m);
        protocol.setPauser(address(guardian));
        bytes32[] memory ids = guardian.mandateIds();
        (direct, derived, pending, local) = (ids[0], ids[1], ids[2], ids[3]);
    }

    function charter() internal pure returns (Charter memory) {
        return Charter(OWNER, FEDERATION, 2 days, 1 days, 3 days);
    }

    function mandate(uint8 budgetClass, uint8 kinds) internal view returns (Mandate memory m) {
        m.lever.target = address(protocol);
        m.lever.call = abi.encodeCall(Protocol.pause, ());
        m.lever.releaseCall = abi.encodeCall(Protocol.unpause, ());
        m.lever.probe = Probe(
            address(protocol), abi.encodeCall(Pausable.paused, ()), bytes32(type(uint256).max), bytes32(uint256(1))
        );
        m.budgetClass = budgetClass;
        m.kinds = kinds;
        m.callers = new address[](1);
        m.callers[0] = CALLER;
        m.subjectsRoot = budgetClass == DERIVED ? leaf("eip155:10", SISTER) : leaf("eip155:1", address(protocol));
        m.limits = Limits(30 minutes, 3, 1 hours, 6 hours, NOW + 365 days);
    }

    // ---- rosters

    function sortedKeys(uint256 n, uint256 from) internal returns (uint256[] memory sorted) {
        sorted = new uint256[](n);
        for (uint256 i; i < n; i++) {
            uint256 key = from + i;
            uint256 j = i;
            while (j > 0 && vm.addr(sorted[j - 1]) > vm.addr(key)) {
                sorted[j] = sorted[j - 1];
                j--;
            }
            sorted[j] = key;
        }
    }

    function seats(uint256[] memory k) internal returns (Seat[] memory s) {
        s = new Seat[](k.length);
        for (uint256 i; i < k.length; i++) {
            s[i] = Seat(vm.addr(k[i]), 1, keccak256(abi.encode("operator", k[i])));
        }
    }

    function roster() internal returns (Roster memory) {
        return Roster(1, 0, NOW, NOW + 400 days, seats(keys), keccak256("details"));
    }

    // ---- claims and certificates

    function leaf(string memory chain, address subject) internal pure returns (bytes32) {
        return Hashes.subject(keccak256(bytes(chain)), subject);
    }

    function mined(string memory chain, address subject, bytes32 transaction) internal view returns (ExploitMined memory) {
        return ExploitMined(
            chain, transaction, keccak256("block"), uint64(block.timestamp), subject, keccak256("code")
        );
    }

    function own(bytes32 transaction) internal view returns (ExploitMined memory) {
        return mined("eip155:1", address(protocol), transaction);
    }

    function sister(bytes32 transaction) internal view returns (ExploitMined memory) {
        return mined("eip155:10", SISTER, transaction);
    }

    function coming(bytes32 transaction) internal view returns (ExploitPending memory) {
        return ExploitPending(
            "eip155:1",
            transaction,
            address(0xBAD),
            7,
            keccak256("head"),
            uint64(block.timestamp),
            address(protocol),
            keccak256("code")
        );
    }

    function certify(ExploitMined memory c) internal returns (Certificate memory) {
        return certify(EXPLOIT_MINED, abi.encode(c), 1, firstKeys(4));
    }

    function certify(ExploitPending memory c) internal returns (Certificate memory) {
        return certify(EXPLOIT_PENDING, abi.encode(c), 1, firstKeys(4));
    }

    function certify(uint8 kind, bytes memory claim, uint64 epoch, uint256[] memory signers)
        internal
        returns (Certificate memory)
    {
        bytes32 digest = guardian.attestationDigest(Hashes.claim(kind, claim), epoch, CONFIRM);
        return Certificate(kind, claim, epoch, signAll(digest, signers));
    }

    function signAll(bytes32 digest, uint256[] memory signers) internal returns (bytes memory all) {
        for (uint256 i; i < signers.length; i++) {
            all = bytes.concat(all, signature(signers[i], digest));
        }
    }

    function signature(uint256 key, bytes32 digest) internal returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function firstKeys(uint256 n) internal view returns (uint256[] memory k) {
        k = new uint256[](n);
        for (uint256 i; i < n; i++) k[i] = keys[i];
    }

    // ---- acts

    function trip(bytes32 id, Certificate memory c) internal {
        vm.prank(CALLER);
        guardian.trip(id, c, noProof);
    }

    /// Trips and expects the refusal whose encoding is given.
    function refuse(bytes32 id, Certificate memory c, bytes memory refusal) internal {
        vm.prank(CALLER);
        vm.expectRevert(refusal);
        guardian.trip(id, c, noProof);
    }

    function refuse(bytes32 id, Certificate memory c, bytes4 refusal) internal {
        vm.prank(CALLER);
        vm.expectPartialRevert(refusal);
        guardian.trip(id, c, noProof);
    }

    function same(uint256 a, uint256 b, string memory what) internal pure {
        require(a == b, string.concat(what, ": ", vm.toString(a), " is not ", vm.toString(b)));
    }
}
