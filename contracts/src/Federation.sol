// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Hashes} from "./Hashes.sol";
import {Owned} from "./Owned.sol";
import {CONFIRM, Charter, Roster, Seat} from "./TocsinTypes.sol";

/// The federation as one guardian knows it: its rosters, its revoked keys, and what makes a certificate valid.
/// An epoch lies in wait for `rosterDelay` before it is in force, and the owner may refuse it until then.
abstract contract Federation is Owned {
    /// One roster on record. `from` is when it comes into force here.
    struct Epoch {
        bytes32 hash;
        uint64 from;
        uint64 validUntil;
        uint32 members;
        uint128 weight;
    }

    enum RosterFault {
        MEMBERS,
        ORDER,
        WEIGHT,
        OPERATOR,
        VALIDITY,
        PARENT
    }

    uint256 private constant MIN_MEMBERS = 4;
    uint256 private constant MAX_MEMBERS = 100;
    uint256 internal constant MIN_DELAY = 1 hours;
    /// How long certificates of the previous epoch are still taken.
    uint256 private constant GRACE = 1 hours;

    /// Half the order of secp256k1; a larger s is the malleable twin of a smaller one.
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    bytes32 public immutable federationId;
    bytes32 public immutable domainSeparator;
    uint64 public immutable rosterDelay;

    /// The newest epoch on record, which may still be waiting.
    uint64 public latestEpoch;
    mapping(uint64 epoch => Epoch) private _epochs;
    mapping(bytes32 rosterHash => mapping(address account => uint64)) private _weights;
    /// Rosters that the owner refused, for ever.
    mapping(bytes32 rosterHash => bool) public refused;
    /// Keys that count nothing any more, in any epoch.
    mapping(address account => bool) public revoked;

    event RosterAccepted(uint64 indexed epoch, bytes32 indexed rosterHash, uint64 from, Roster roster);
    event RosterRefused(uint64 indexed epoch, bytes32 indexed rosterHash);
    event KeyRevoked(address indexed account);

    error DelayTooShort(uint256 delay);
    error InvalidRoster(RosterFault fault);
    error EpochNotAccepted(uint64 epoch, uint64 current);
    error RosterNotInForce(uint64 epoch);
    error MalformedSignatures();
    error TooManySignatures(uint256 signatures, uint256 members);
    error HighS();
    error BadRecoveryByte();
    error ZeroSigner();
    error NotAMember(address signer);
    error SignersNotAscending();
    error QuorumNotReached(uint256 weight, uint256 total);
    error RosterWaiting(uint64 epoch);
    error NoRosterWaiting();
    error WrongEpoch(uint64 epoch, uint64 expected);
    error WrongParent();
    error RosterIsRefused();
    error NotSelfSigned();
    error AlreadyRevoked();

    constructor(Charter memory charter, Roster memory founding) Owned(charter.owner) {
        if (charter.rosterDelay < MIN_DELAY) revert DelayTooShort(charter.rosterDelay);
        federationId = charter.federationId;
        domainSeparator = Hashes.domain(charter.federationId);
        rosterDelay = charter.rosterDelay;
        if (founding.epoch == 0) revert WrongEpoch(0, 1);
        if ((founding.epoch == 1) != (founding.parent == 0)) revert InvalidRoster(RosterFault.PARENT);
        _enrol(founding, Hashes.roster(founding), founding.validFrom);
    }

    /// Brings in the next roster, signed by the quorum of the epoch in force. Anyone may carry it here.
    function rotate(Roster memory next, bytes calldata signatures) external {
        uint64 epoch = currentEpoch();
        if (epoch != latestEpoch) revert RosterWaiting(latestEpoch);
        if (next.epoch != epoch + 1) revert WrongEpoch(next.epoch, epoch + 1);
        if (next.parent != _epochs[epoch].hash) revert WrongParent();
        bytes32 hash = Hashes.roster(next);
        if (refused[hash]) revert RosterIsRefused();
        _requireQuorum(Hashes.rosterChanged(next.epoch, hash), epoch, signatures);
        uint64 from = uint64(block.timestamp) + rosterDelay;
        _enrol(next, hash, next.validFrom > from ? next.validFrom : from);
    }

    /// Refuses the roster that waits, for ever.
    function vetoRoster() external onlyOwner {
        uint64 epoch = latestEpoch;
        if (epoch == currentEpoch()) revert NoRosterWaiting();
        bytes32 hash = _epochs[epoch].hash;
        refused[hash] = true;
        delete _epochs[epoch];
        latestEpoch = epoch - 1;
        emit RosterRefused(epoch, hash);
    }

    /// Takes all weight from a key at once, on that key's own word. The weight needed for a quorum stays the same.
    function revoke(address account, bytes calldata signature) external {
        if (revoked[account]) revert AlreadyRevoked();
        if (signature.length != 65) revert MalformedSignatures();
        if (_signer(revocationDigest(account), signature) != account) revert NotSelfSigned();
        revoked[account] = true;
        emit KeyRevoked(account);
    }

    /// The epoch in force.
    function currentEpoch() public view returns (uint64) {
        uint64 latest = latestEpoch;
        bool waits = _epochs[latest].from > block.timestamp && _epochs[latest - 1].hash != 0;
        return waits ? latest - 1 : latest;
    }

    /// What is on record of an epoch; all zero if nothing is.
    function epochOf(uint64 epoch) external view returns (Epoch memory) {
        return _epochs[epoch];
    }

    /// Weight of an account in an epoch, zero for a revoked key.
    function weightOf(uint64 epoch, address account) external view returns (uint64) {
        return revoked[account] ? 0 : _weights[_epochs[epoch].hash][account];
    }

    function rosterHash(Roster memory roster) external pure returns (bytes32) {
        return Hashes.roster(roster);
    }

    /// The id of a claim: its struct hash, outside any domain.
    function claimId(uint8 kind, bytes calldata claim) external pure returns (bytes32) {
        return Hashes.claim(kind, claim);
    }

    /// What a member signs to attest.
    function attestationDigest(bytes32 claim, uint64 epoch, uint8 verdict) public view returns (bytes32) {
        return Hashes.digest(domainSeparator, Hashes.attestation(claim, epoch, verdict));
    }

    /// What a member signs to revoke its own key.
    function revocationDigest(address account) public view returns (bytes32) {
        return Hashes.digest(domainSeparator, Hashes.revocation(account));
    }

    /// Refuses unless more than two thirds of the epoch's whole weight confirmed the claim.
    function _requireQuorum(bytes32 claim, uint64 epoch, bytes calldata signatures) internal view {
        Epoch memory e = _accepted(epoch);
        uint256 count = signatures.length / 65;
        if (count == 0 || signatures.length % 65 != 0) revert MalformedSignatures();
        if (count > e.members) revert TooManySignatures(count, e.members);
        bytes32 digest = attestationDigest(claim, epoch, CONFIRM);
        uint256 weight;
        address last;
        for (uint256 i; i < count; i++) {
            address signer = _signer(digest, signatures[i * 65:i * 65 + 65]);
            uint64 own = _weights[e.hash][signer];
            if (own == 0) revert NotAMember(signer);
            if (signer <= last) revert SignersNotAscending();
            last = signer;
            if (!revoked[signer]) weight += own;
        }
        if (weight * 3 <= uint256(e.weight) * 2) revert QuorumNotReached(weight, e.weight);
    }

    /// The epoch in force, or the one before within the hour of grace.
    function _accepted(uint64 epoch) private view returns (Epoch memory e) {
        uint64 current = currentEpoch();
        bool inGrace = epoch == current - 1 && block.timestamp <= _epochs[current].from + GRACE;
        if (epoch != current && !inGrace) revert EpochNotAccepted(epoch, current);
        e = _epochs[epoch];
        if (e.hash == 0) revert EpochNotAccepted(epoch, current);
        if (block.timestamp < e.from || block.timestamp > e.validUntil) revert RosterNotInForce(epoch);
    }

    function _signer(bytes32 digest, bytes calldata signature) private pure returns (address signer) {
        bytes32 s = bytes32(signature[32:64]);
        uint8 v = uint8(signature[64]);
        if (uint256(s) > HALF_ORDER) revert HighS();
        if (v != 27 && v != 28) revert BadRecoveryByte();
        signer = ecrecover(digest, v, bytes32(signature[:32]), s);
        if (signer == address(0)) revert ZeroSigner();
    }

    /// Puts a roster on record if it keeps the rules: four members at least, none and no operator with a third.
    function _enrol(Roster memory roster, bytes32 hash, uint64 from) private {
        if (from >= roster.validUntil || roster.validUntil <= block.timestamp) {
            revert InvalidRoster(RosterFault.VALIDITY);
        }
        uint128 total = _checkSeats(roster.seats);
        for (uint256 i; i < roster.seats.length; i++) {
            _weights[hash][roster.seats[i].account] = roster.seats[i].weight;
        }
        _epochs[roster.epoch] = Epoch(hash, from, roster.validUntil, uint32(roster.seats.length), total);
        latestEpoch = roster.epoch;
        emit RosterAccepted(roster.epoch, hash, from, roster);
    }

    function _checkSeats(Seat[] memory seats) private pure returns (uint128 total) {
        uint256 n = seats.length;
        if (n < MIN_MEMBERS || n > MAX_MEMBERS) revert InvalidRoster(RosterFault.MEMBERS);
        address last;
        for (uint256 i; i < n; i++) {
            if (seats[i].account <= last) revert InvalidRoster(RosterFault.ORDER);
            if (seats[i].weight == 0) revert InvalidRoster(RosterFault.WEIGHT);
            last = seats[i].account;
            total += seats[i].weight;
        }
        for (uint256 i; i < n; i++) {
            if (uint256(seats[i].weight) * 3 >= total) revert InvalidRoster(RosterFault.WEIGHT);
            uint256 behind;
            for (uint256 j; j < n; j++) {
                if (seats[j].operator == seats[i].operator) behind += seats[j].weight;
            }
            if (behind * 3 >= total) revert InvalidRoster(RosterFault.OPERATOR);
        }
    }
}
