// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

// Claims, certificates and rosters: the EIP-712 types of the federation, the same on every chain.

// Kinds of claim. Only the first two may ever trip a mandate.
uint8 constant EXPLOIT_MINED = 1;
uint8 constant EXPLOIT_PENDING = 2;
uint8 constant ALL_CLEAR = 3;
uint8 constant ROSTER_CHANGED = 4;

// The only verdict a certificate can carry.
uint8 constant CONFIRM = 1;

/// A mined transaction robbed `subject`. `chain` is CAIP-2, times are unix seconds.
struct ExploitMined {
    string chain;
    bytes32 tx;
    bytes32 block;
    uint64 blockTime;
    address subject;
    bytes32 subjectCode;
}

/// A transaction not yet mined would rob `subject` on top of block `head`.
struct ExploitPending {
    string chain;
    bytes32 tx;
    address sender;
    uint64 nonce;
    bytes32 head;
    uint64 headTime;
    address subject;
    bytes32 subjectCode;
}

/// One claim is void at the canonical block named.
struct AllClear {
    bytes32 claimId;
    string chain;
    bytes32 block;
}

/// The federation goes to `epoch` with the roster of that hash.
struct RosterChanged {
    uint64 epoch;
    bytes32 rosterHash;
}

/// The quorum's word on one claim. `claim` is `abi.encode` of the struct of `kind`; `signatures` are 65 bytes each
/// (r, s, v), ascending by signer, over the Confirm attestation of the claim in `epoch`.
struct Certificate {
    uint8 kind;
    bytes claim;
    uint64 epoch;
    bytes signatures;
}

/// One member's place: `operator` is the hash of the operator's name.
struct Seat {
    address account;
    uint64 weight;
    bytes32 operator;
}

/// The members of one epoch, ascending by account. `parent` is the hash of the roster before, zero for epoch 1.
struct Roster {
    uint64 epoch;
    bytes32 parent;
    uint64 validFrom;
    uint64 validUntil;
    Seat[] seats;
    bytes32 details;
}

// Mandates: what an owner allows beforehand.

// Budgets that never touch each other, the strongest class first.
uint8 constant DIRECT = 0;
uint8 constant DERIVED = 1;
uint8 constant PENDING = 2;
uint8 constant LOCAL = 3;

/// A static call that tells whether the target is paused: the first word returned, masked, equals `expected`.
struct Probe {
    address account;
    bytes call;
    bytes32 mask;
    bytes32 expected;
}

/// What may be pulled: `call` pauses `target`, `releaseCall` undoes it, `probe` reads it. If `safe` is not zero the
/// call is made by that Safe, which must have the guardian as a module; never as a delegate call.
struct Lever {
    address target;
    address safe;
    bytes call;
    bytes releaseCall;
    Probe probe;
}

/// Bounds in seconds; `expiry` is a unix time, `uses` a count for the life of the mandate.
struct Limits {
    uint32 maxAge;
    uint32 uses;
    uint32 cooldown;
    uint32 duration;
    uint64 expiry;
}

/// A lever, who may pull it, on which claims, about whom and how often. Bit `kind - 1` of `kinds` allows a kind.
/// `subjectsRoot` is the Merkle root of the permitted (chain, subject).
struct Mandate {
    Lever lever;
    uint8 budgetClass;
    uint8 kinds;
    address[] callers;
    bytes32 subjectsRoot;
    Limits limits;
}

/// How a mandate stands now. `activeFrom` is the end of its waiting time, `lastTrip` a unix time or zero. Mandates of
/// equal `leverId` make the same calls; those of equal `probeId` read the same pause.
struct Standing {
    bytes32 leverId;
    uint64 activeFrom;
    uint64 lastTrip;
    uint64 expiry;
    uint32 usesLeft;
    bool vetoed;
    bytes32 probeId;
}

/// A pause in force. It ends at `until`, or after `lastBlock` if that is not zero. `entry` is its place in the ledger.
struct Trip {
    uint64 at;
    uint64 until;
    uint64 lastBlock;
    uint64 entry;
    bool ratified;
}

/// What a guardian is founded with. Delays are in seconds; `pausedCap` is the most seconds per target and 30 days.
struct Charter {
    address owner;
    bytes32 federationId;
    uint32 rosterDelay;
    uint32 widenDelay;
    uint32 pausedCap;
}
