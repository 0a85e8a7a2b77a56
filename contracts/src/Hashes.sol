// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import "./TocsinTypes.sol";

/// EIP-712 struct hashes of the federation's types, and the Merkle leaves of permitted subjects.
library Hashes {
    bytes32 internal constant DOMAIN = keccak256("EIP712Domain(string name,string version,bytes32 salt)");
    bytes32 internal constant EXPLOIT_MINED_TYPE = keccak256(
        "ExploitMined(string chain,bytes32 tx,bytes32 block,uint64 blockTime,address subject,bytes32 subjectCode)"
    );
    bytes32 internal constant EXPLOIT_PENDING_TYPE = keccak256(
        "ExploitPending(string chain,bytes32 tx,address sender,uint64 nonce,bytes32 head,uint64 headTime,address subject,bytes32 subjectCode)"
    );
    bytes32 internal constant ALL_CLEAR_TYPE = keccak256("AllClear(bytes32 claimId,string chain,bytes32 block)");
    bytes32 internal constant ROSTER_CHANGED_TYPE = keccak256("RosterChanged(uint64 epoch,bytes32 rosterHash)");
    bytes32 internal constant ATTESTATION_TYPE =
        keccak256("Attestation(bytes32 claimId,uint64 epoch,uint8 verdict)");
    bytes32 internal constant REVOCATION_TYPE = keccak256("Revocation(address account)");
    bytes32 internal constant SEAT_TYPE = keccak256("Seat(address account,uint64 weight,bytes32 operator)");
    bytes32 internal constant ROSTER_TYPE = keccak256(
        "Roster(uint64 epoch,bytes32 parent,uint64 validFrom,uint64 validUntil,Seat[] seats,bytes32 details)Seat(address account,uint64 weight,bytes32 operator)"
    );

    /// The claim is of a kind that does not exist.
    error UnknownKind(uint8 kind);

    function domain(bytes32 federationId) internal pure returns (bytes32) {
        return keccak256(abi.encode(DOMAIN, keccak256("Tocsin"), keccak256("1"), federationId));
    }

    function exploitMined(ExploitMined memory c) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                EXPLOIT_MINED_TYPE, keccak256(bytes(c.chain)), c.tx, c.block, c.blockTime, c.subject, c.subjectCode
            )
        );
    }

    function exploitPending(ExploitPending memory c) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                EXPLOIT_PENDING_TYPE,
                keccak256(bytes(c.chain)),
                c.tx,
                c.sender,
                c.nonce,
                c.head,
                c.headTime,
                c.subject,
                c.subjectCode
            )
        );
    }

    function rosterChanged(uint64 epoch, bytes32 hash) internal pure returns (bytes32) {
        return keccak256(abi.encode(ROSTER_CHANGED_TYPE, epoch, hash));
    }

    /// The id of an encoded claim of any kind.
    function claim(uint8 kind, bytes memory encoded) internal pure returns (bytes32) {
        if (kind == EXPLOIT_MINED) return exploitMined(abi.decode(encoded, (ExploitMined)));
        if (kind == EXPLOIT_PENDING) return exploitPending(abi.decode(encoded, (ExploitPending)));
        if (kind == ALL_CLEAR) {
            AllClear memory c = abi.decode(encoded, (AllClear));
            return keccak256(abi.encode(ALL_CLEAR_TYPE, c.claimId, keccak256(bytes(c.chain)), c.block));
        }
        if (kind == ROSTER_CHANGED) {
            RosterChanged memory c = abi.decode(encoded, (RosterChanged));
            return rosterChanged(c.epoch, c.rosterHash);
        }
        revert UnknownKind(kind);
    }

    function attestation(bytes32 claimId, uint64 epoch, uint8 verdict) internal pure returns (bytes32) {
        return keccak256(abi.encode(ATTESTATION_TYPE, claimId, epoch, verdict));
    }

    function revocation(address account) internal pure returns (bytes32) {
        return keccak256(abi.encode(REVOCATION_TYPE, account));
    }

    function roster(Roster memory r) internal pure returns (bytes32) {
        bytes32[] memory seats = new bytes32[](r.seats.length);
        for (uint256 i; i < seats.length; i++) {
            Seat memory s = r.seats[i];
            seats[i] = keccak256(abi.encode(SEAT_TYPE, s.account, s.weight, s.operator));
        }
        return keccak256(
            abi.encode(
                ROSTER_TYPE,
                r.epoch,
                r.parent,
                r.validFrom,
                r.validUntil,
                keccak256(abi.encodePacked(seats)),
                r.details
            )
        );
    }

    /// What is signed: the struct hash in the domain.
    function digest(bytes32 separator, bytes32 structHash) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", separator, structHash));
    }

    /// Leaf of a permitted subject, hashed twice so that no inner node can pass for a leaf.
    function subject(bytes32 chainHash, address account) internal pure returns (bytes32) {
        return keccak256(abi.encode(keccak256(abi.encode(chainHash, account))));
    }

    /// Whether `leaf` is under `root`, with inner nodes over sorted pairs.
    function included(bytes32 leaf, bytes32[] calldata proof, bytes32 root) internal pure returns (bool) {
        for (uint256 i; i < proof.length; i++) {
            bytes32 p = proof[i];
            leaf = leaf < p ? keccak256(abi.encode(leaf, p)) : keccak256(abi.encode(p, leaf));
        }
        return leaf == root;
    }

    /// Hash of this chain's CAIP-2 name.
    function ownChain() internal view returns (bytes32) {
        bytes memory digits;
        for (uint256 n = block.chainid; n != 0; n /= 10) {
            digits = abi.encodePacked(uint8(48 + n % 10), digits);
        }
        return keccak256(abi.encodePacked("eip155:", digits));
    }
}
