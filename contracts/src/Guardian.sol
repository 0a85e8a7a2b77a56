// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Federation} from "./Federation.sol";
import {Hashes} from "./Hashes.sol";
import {PausedTime} from "./PausedTime.sol";
import "./TocsinTypes.sol";

interface ISafe {
    function execTransactionFromModule(address to, uint256 value, bytes calldata data, uint8 operation)
        external
        returns (bool);
}

/// Holds a protocol's right to pause and uses it only as its owner's mandates allow.
///
/// - A mandate trips on a certificate of the federation about a permitted subject, or, in the local budget, on its
///   caller's own word. A trip is all or nothing.
/// - A new mandate waits for `widenDelay`, those of the constructor excepted; narrowing and veto work at once.
/// - A pause has an end: after its time anyone may `release` it, unless the owner held or ratified it. It stays until
///   somebody does.
/// - The only calls made are a mandate's call, its release call, and its probe (static).
contract Guardian is Federation {
    using PausedTime for PausedTime.Ledger;

    enum MandateFault {
        LEVER,
        PROBE,
        BUDGET_CLASS,
        KINDS,
        CALLERS,
        SUBJECTS,
        MAX_AGE,
        USES,
        DURATION,
        EXPIRY
    }

    uint256 private constant MAX_AGE = 1 hours;
    uint256 private constant MAX_USES = 100;
    uint256 private constant MAX_CALLERS = 20;
    uint256 private constant MAX_DURATION = 7 days;
    uint256 private constant MAX_LOCAL_DURATION = 1 hours;
    /// Pending claims buy little: this long, and never more than `MAX_PENDING_BLOCKS`.
    uint256 private constant MAX_PENDING_DURATION = 10 minutes;
    uint256 private constant MAX_PENDING_BLOCKS = 25;
    uint256 private constant MAX_PAUSED_CAP = 15 days;

    uint64 public immutable widenDelay;
    /// The most seconds of granted pause per target and 30 days. Only direct trips may use the second half of it,
    /// so that no decoy can exhaust it before the real alarm.
    uint64 public immutable pausedCap;

    bytes32[] private _ids;
    mapping(bytes32 mandateId => Mandate) private _mandates;
    mapping(bytes32 mandateId => Standing) private _standings;
    mapping(bytes32 mandateId => mapping(address caller => bool)) private _callers;
    mapping(bytes32 mandateId => Trip) private _trips;
    /// The mandate whose trip makes a probe read paused; zero for none.
    mapping(bytes32 probeId => bytes32 mandateId) private _holders;
    mapping(address target => PausedTime.Ledger) private _ledgers;
    mapping(bytes32 use => bool) private _consumed;
    /// Targets that a human holds: nothing there is released until the owner lets go.
    mapping(address target => bool) public held;
    bool transient private _busy;

    event MandateProposed(bytes32 indexed mandateId, uint64 activeFrom, Mandate mandate);
    event MandateVetoed(bytes32 indexed mandateId);
    event MandateNarrowed(bytes32 indexed mandateId, uint32 usesLeft, uint64 expiry);
    event CallerRemoved(bytes32 indexed mandateId, address indexed caller);
    event Tripped(
        bytes32 indexed mandateId,
        bytes32 indexed claimId,
        address indexed target,
        uint8 kind,
        bytes32 transaction,
        address caller,
        uint64 until,
        uint64 lastBlock
    );
    /// The trip of `by` goes on with the pause that the trip of `from` began, or puts its own in its place.
    event TakenOver(bytes32 indexed from, bytes32 indexed by);
    /// The trip is over; `undone` tells whether the release call was made (not if the target was unpaused already).
    event Released(bytes32 indexed mandateId, address indexed target, address caller, bool undone);
    event Ratified(bytes32 indexed mandateId, address indexed target);
    event Held(address indexed target);
    event LetGo(address indexed target);

    error Busy();
    error InvalidMandate(MandateFault fault);
    error InvalidPausedCap();
    error UnknownMandate(bytes32 mandateId);
    error MandateIsVetoed();
    error MandateNotActive(uint64 activeFrom);
    error MandateExpired(uint64 expiry);
    error NotACaller(address account);
    error NoUsesLeft();
    error CoolingDown(uint64 readyAt);
    error LocalNeedsNoCertificate();
    error NotLocal();
    error KindNotAllowed(uint8 kind);
    error ForeignChain();
    error FutureClaim(uint64 time);
    error StaleClaim(uint64 time);
    error SubjectNotPermitted();
    error AlreadyConsumed();
    error AlreadyPaused();
    error PausedTimeExhausted(uint256 used, uint256 wanted, uint256 limit);
    error CallFailed(bytes reason);
    error NotPausedAfterwards();
    error StillPaused();
    error ProbeFailed();
    error NotTripped();
    error NotDue(uint64 until, uint64 lastBlock);
    error TargetHeld();
    error NotHeld();
    error TripRatified();
    error NotNarrower();

    modifier alone() {
        _enter();
        _;
        _busy = false;
    }

    /// Founds a guardian for a federation. `founding` is the roster of epoch 1, or the one in force at the time, on
    /// the owner's word. The mandates given here are active at once.
    constructor(Charter memory charter, Roster memory founding, Mandate[] memory mandates)
        Federation(charter, founding)
    {
        if (charter.widenDelay < MIN_DELAY) revert DelayTooShort(charter.widenDelay);
        if (charter.pausedCap == 0 || charter.pausedCap > MAX_PAUSED_CAP) revert InvalidPausedCap();
        widenDelay = charter.widenDelay;
        pausedCap = charter.pausedCap;
        for (uint256 i; i < mandates.length; i++) {
            _add(mandates[i], uint64(block.timestamp));
        }
    }

    // ---- mandates

    /// Adds a mandate, active after `widenDelay` unless vetoed. To widen a mandate, propose the wider one.
    function propose(Mandate memory mandate) external onlyOwner returns (bytes32 mandateId) {
        return _add(mandate, uint64(block.timestamp) + widenDelay);
    }

    /// Ends a mandate, waiting or active, for ever. A pause in force still ends by itself.
    function veto(bytes32 mandateId) external onlyOwner {
        Standing storage s = _standing(mandateId);
        if (s.vetoed) revert MandateIsVetoed();
        s.vetoed = true;
        emit MandateVetoed(mandateId);
    }

    /// Lowers what is left of a mandate; neither bound may grow.
    function narrow(bytes32 mandateId, uint32 usesLeft, uint64 expiry) external onlyOwner {
        Standing storage s = _standing(mandateId);
        if (usesLeft > s.usesLeft || expiry > s.expiry) revert NotNarrower();
        s.usesLeft = usesLeft;
        s.expiry = expiry;
        emit MandateNarrowed(mandateId, usesLeft, expiry);
    }

    function removeCaller(bytes32 mandateId, address caller) external onlyOwner {
        if (!_callers[mandateId][caller]) revert NotACaller(caller);
        _callers[mandateId][caller] = false;
        emit CallerRemoved(mandateId, caller);
    }

    // ---- trips

    /// Pauses the mandate's target on the federation's certificate about a permitted subject.
    function trip(bytes32 mandateId, Certificate calldata certificate, bytes32[] calldata proof) external alone {
        Mandate storage m = _ready(mandateId);
        if (m.budgetClass == LOCAL) revert LocalNeedsNoCertificate();
        if (certificate.kind == 0 || certificate.kind > 8 || m.kinds & (1 << (certificate.kind - 1)) == 0) {
            revert KindNotAllowed(certificate.kind);
        }
        (bytes32 claim, bytes32 chainHash, bytes32 transaction, address subject, uint64 time) = _read(certificate);
        if (time > block.timestamp) revert FutureClaim(time);
        if (block.timestamp - time > m.limits.maxAge) revert StaleClaim(time);
        if (m.budgetClass != DERIVED && chainHash != Hashes.ownChain()) revert ForeignChain();
        _requireSubject(m, chainHash, subject, proof);
        _requireQuorum(claim, certificate.epoch, certificate.signatures);
        _consume(mandateId, certificate.kind, chainHash, transaction);
        _pull(mandateId, m, claim, certificate.kind, transaction);
    }

    /// Pauses the target in the local budget on the caller's own sighting of `transaction` against `subject`, a
    /// permitted address of this chain. Self-defence needs no certificate.
    function tripLocal(bytes32 mandateId, address subject, bytes32 transaction, bytes32[] calldata proof)
        external
        alone
    {
        Mandate storage m = _ready(mandateId);
        if (m.budgetClass != LOCAL) revert NotLocal();
        bytes32 chainHash = Hashes.ownChain();
        _requireSubject(m, chainHash, subject, proof);
        _consume(mandateId, 0, chainHash, transaction);
        _pull(mandateId, m, 0, 0, transaction);
    }

    /// Ends a trip: after its time anyone may, and undoes what the trip changed. If the target is unpaused already
    /// the trip is closed without a call, at any time.
    function release(bytes32 mandateId) external alone {
        Trip storage t = _tripped(mandateId);
        Lever storage lever = _mandates[mandateId].lever;
        bool undo = _paused(lever.probe);
        if (undo) {
            if (held[lever.target]) revert TargetHeld();
            if (t.ratified) revert TripRatified();
            if (!_due(t)) revert NotDue(t.until, t.lastBlock);
        }
        _unpull(mandateId, lever, undo);
    }

    /// Ends a trip by the owner's will, at any time, held and ratified ones too.
    function lift(bytes32 mandateId) external onlyOwner alone {
        _tripped(mandateId);
        Lever storage lever = _mandates[mandateId].lever;
        _unpull(mandateId, lever, _paused(lever.probe));
    }

    /// Makes a trip's pause the owner's own: it does not end by itself any more.
    function ratify(bytes32 mandateId) external onlyOwner {
        Trip storage t = _tripped(mandateId);
        if (t.ratified) revert TripRatified();
        t.ratified = true;
        emit Ratified(mandateId, _mandates[mandateId].lever.target);
    }

    /// Holds every pause of a target, those to come too, until the owner lets go.
    function hold(address target) external onlyOwner {
        if (held[target]) revert TargetHeld();
        held[target] = true;
        emit Held(target);
    }

    function letGo(address target) external onlyOwner {
        if (!held[target]) revert NotHeld();
        held[target] = false;
        emit LetGo(target);
    }

    // ---- views

    function mandateIds() external view returns (bytes32[] memory) {
        return _ids;
    }

    function mandateOf(bytes32 mandateId) external view returns (Mandate memory) {
        return _mandates[mandateId];
    }

    function standingOf(bytes32 mandateId) external view returns (Standing memory) {
        return _standings[mandateId];
    }

    /// The trip in force of a mandate; all zero if there is none.
    function tripOf(bytes32 mandateId) external view returns (Trip memory) {
        return _trips[mandateId];
    }

    /// The mandate whose trip makes the same probe read paused; zero for none.
    function holderOf(bytes32 mandateId) external view returns (bytes32) {
        return _holders[_standings[mandateId].probeId];
    }

    function isCaller(bytes32 mandateId, address account) external view returns (bool) {
        return _callers[mandateId][account];
    }

    /// Whether a transaction has tripped a mandate; local trips have kind 0.
    function isConsumed(bytes32 mandateId, uint8 kind, string calldata chain, bytes32 transaction)
        external
        view
        returns (bool)
    {
        return _consumed[keccak256(abi.encode(mandateId, kind, keccak256(bytes(chain)), transaction))];
    }

    /// Whether the mandate's probe reads paused.
    function isPaused(bytes32 mandateId) external view returns (bool) {
        _standing(mandateId);
        return _paused(_mandates[mandateId].lever.probe);
    }

    /// Seconds of pause granted on a target in the last 30 days, the rest of one in force included.
    function pausedSeconds(address target) external view returns (uint256) {
        return _ledgers[target].used();
    }

    /// Leaf of a permitted subject in a mandate's Merkle tree.
    function subjectLeaf(string calldata chain, address subject) external pure returns (bytes32) {
        return Hashes.subject(keccak256(bytes(chain)), subject);
    }

    // ---- inside

    function _enter() private {
        if (_busy) revert Busy();
        _busy = true;
    }

    function _add(Mandate memory m, uint64 activeFrom) private returns (bytes32 id) {
        _check(m);
        id = keccak256(abi.encode(m, _ids.length));
        _ids.push(id);
        _mandates[id] = m;
        for (uint256 i; i < m.callers.length; i++) {
            _callers[id][m.callers[i]] = true;
        }
        _standings[id] = Standing(
            keccak256(abi.encode(m.lever)),
            activeFrom,
            0,
            m.limits.expiry,
            m.limits.uses,
            false,
            keccak256(abi.encode(m.lever.probe))
        );
        _paused(_mandates[id].lever.probe); // a probe that cannot be read now is refused
        emit MandateProposed(id, activeFrom, m);
    }

    function _check(Mandate memory m) private view {
        Lever memory l = m.lever;
        bool reachable = l.target.code.length != 0 && (l.safe == address(0) || l.safe.code.length != 0);
        bool foreign = l.target != address(this) && l.safe != address(this) && l.target != l.safe;
        if (!reachable || !foreign || l.call.length < 4 || l.releaseCall.length < 4) {
            revert InvalidMandate(MandateFault.LEVER);
        }
        if (l.probe.mask == 0 || l.probe.expected & ~l.probe.mask != 0 || l.probe.account.code.length == 0) {
            revert InvalidMandate(MandateFault.PROBE);
        }
        if (m.budgetClass > LOCAL) revert InvalidMandate(MandateFault.BUDGET_CLASS);
        if (m.kinds != (m.budgetClass == LOCAL ? 0 : m.budgetClass == PENDING ? 2 : 1)) {
            revert InvalidMandate(MandateFault.KINDS);
        }
        if (m.callers.length == 0 || m.callers.length > MAX_CALLERS) revert InvalidMandate(MandateFault.CALLERS);
        if (m.subjectsRoot == 0) revert InvalidMandate(MandateFault.SUBJECTS);
        if (m.limits.maxAge > MAX_AGE || (m.limits.maxAge == 0) != (m.budgetClass == LOCAL)) {
            revert InvalidMandate(MandateFault.MAX_AGE);
        }
        if (m.limits.uses == 0 || m.limits.uses > MAX_USES) revert InvalidMandate(MandateFault.USES);
        uint256 longest = m.budgetClass == PENDING
            ? MAX_PENDING_DURATION
            : m.budgetClass == LOCAL ? MAX_LOCAL_DURATION : MAX_DURATION;
        if (longest > _limit(m.budgetClass)) longest = _limit(m.budgetClass);
        if (m.limits.duration == 0 || m.limits.duration > longest) revert InvalidMandate(MandateFault.DURATION);
        if (m.limits.expiry <= block.timestamp) revert InvalidMandate(MandateFault.EXPIRY);
    }

    function _standing(bytes32 mandateId) private view returns (Standing storage s) {
        s = _standings[mandateId];
        if (s.leverId == 0) revert UnknownMandate(mandateId);
    }

    /// The mandate, if its caller may trip it now.
    function _ready(bytes32 mandateId) private view returns (Mandate storage m) {
        Standing storage s = _standing(mandateId);
        m = _mandates[mandateId];
        if (!_callers[mandateId][msg.sender]) revert NotACaller(msg.sender);
        if (s.vetoed) revert MandateIsVetoed();
        if (block.timestamp < s.activeFrom) revert MandateNotActive(s.activeFrom);
        if (block.timestamp >= s.expiry) revert MandateExpired(s.expiry);
        if (s.usesLeft == 0) revert NoUsesLeft();
        uint64 readyAt = s.lastTrip + m.limits.cooldown;
        if (s.lastTrip != 0 && block.timestamp < readyAt) revert CoolingDown(readyAt);
    }

    function _read(Certificate calldata certificate)
        private
        pure
        returns (bytes32 claim, bytes32 chainHash, bytes32 transaction, address subject, uint64 time)
    {
        if (certificate.kind == EXPLOIT_MINED) {
            ExploitMined memory c = abi.decode(certificate.claim, (ExploitMined));
            return (Hashes.exploitMined(c), keccak256(bytes(c.chain)), c.tx, c.subject, c.blockTime);
        }
        if (certificate.kind == EXPLOIT_PENDING) {
            ExploitPending memory c = abi.decode(certificate.claim, (ExploitPending));
            return (Hashes.exploitPending(c), keccak256(bytes(c.chain)), c.tx, c.subject, c.headTime);
        }
        revert KindNotAllowed(certificate.kind);
    }

    function _requireSubject(Mandate storage m, bytes32 chainHash, address subject, bytes32[] calldata proof)
        private
        view
    {
        bytes32 leaf = Hashes.subject(chainHash, subject);
        if (!Hashes.included(leaf, proof, m.subjectsRoot)) revert SubjectNotPermitted();
    }

    function _consume(bytes32 mandateId, uint8 kind, bytes32 chainHash, bytes32 transaction) private {
        bytes32 use = keccak256(abi.encode(mandateId, kind, chainHash, transaction));
        if (_consumed[use]) revert AlreadyConsumed();
        _consumed[use] = true;
    }

    /// Spends one use and pauses the target. A pause of another trip is taken over: with the same lever it goes on,
    /// with another its release call is made first, so that nothing of it outlives this trip.
    function _pull(bytes32 mandateId, Mandate storage m, bytes32 claim, uint8 kind, bytes32 transaction) private {
        Lever storage lever = m.lever;
        Standing storage s = _standings[mandateId];
        Trip memory t;
        t.at = uint64(block.timestamp);
        t.until = t.at + m.limits.duration;
        if (m.budgetClass == PENDING) t.lastBlock = uint64(block.number + MAX_PENDING_BLOCKS);

        bool pull = _makeWay(mandateId, m, t.until);
        PausedTime.Ledger storage ledger = _ledgers[lever.target];
        uint256 limit = _limit(m.budgetClass);
        uint256 used = ledger.used();
        if (used + m.limits.duration > limit) revert PausedTimeExhausted(used, m.limits.duration, limit);

        t.entry = ledger.enter(t.until);
        _trips[mandateId] = t;
        _holders[s.probeId] = mandateId;
        s.usesLeft--;
        s.lastTrip = t.at;
        emit Tripped(mandateId, claim, lever.target, kind, transaction, msg.sender, t.until, t.lastBlock);

        if (pull) {
            _call(lever, lever.call);
            if (!_paused(lever.probe)) revert NotPausedAfterwards();
        }
    }

    /// Closes the trip that this one follows. A pause in force is taken over if a trip here made it that is either
    /// over, or of a weaker class and, with the same lever, ends sooner; so no decoy and no late release leaves a gap
    /// before the real alarm. With the same lever the pause goes on. Another lever's is undone, so that nothing of it
    /// outlives this trip, and `pull` is true; if that call is refused, what counts is that the target is paused in
    /// the end.
    function _makeWay(bytes32 mandateId, Mandate storage m, uint64 until) private returns (bool pull) {
        bytes32 holder = _holders[_standings[mandateId].probeId];
        Mandate storage h = _mandates[holder];
        bool paused = _paused(m.lever.probe);
        pull = !paused || _standings[holder].leverId != _standings[mandateId].leverId;
        if (paused) {
            Trip storage t = _trips[holder];
            bool human = holder == 0 || t.ratified || held[h.lever.target] || held[m.lever.target];
            bool beaten = _due(t) || (m.budgetClass < h.budgetClass && (pull || until > t.until));
            if (human || !beaten) revert AlreadyPaused();
            emit TakenOver(holder, mandateId);
        }
        if (holder != 0) _close(holder);
        if (paused && pull) _send(h.lever, h.lever.releaseCall);
    }

    function _limit(uint8 budgetClass) private view returns (uint256) {
        return budgetClass == DIRECT ? pausedCap : pausedCap / 2;
    }

    function _unpull(bytes32 mandateId, Lever storage lever, bool undo) private {
        _close(mandateId);
        emit Released(mandateId, lever.target, msg.sender, undo);
        if (undo) {
            _call(lever, lever.releaseCall);
            if (_paused(lever.probe)) revert StillPaused();
        }
    }

    function _close(bytes32 mandateId) private {
        _ledgers[_mandates[mandateId].lever.target].settle(_trips[mandateId].entry);
        delete _trips[mandateId];
        delete _holders[_standings[mandateId].probeId];
    }

    function _tripped(bytes32 mandateId) private view returns (Trip storage t) {
        t = _trips[mandateId];
        if (t.at == 0) revert NotTripped();
    }

    function _due(Trip storage t) private view returns (bool) {
        return block.timestamp >= t.until || (t.lastBlock != 0 && block.number > t.lastBlock);
    }

    function _call(Lever storage lever, bytes memory data) private {
        (bool ok, bytes memory out) = _send(lever, data);
        if (!ok) revert CallFailed(out);
        if (lever.safe != address(0) && (out.length != 32 || !abi.decode(out, (bool)))) revert CallFailed("");
    }

    function _send(Lever storage lever, bytes memory data) private returns (bool ok, bytes memory out) {
        address to = lever.target;
        if (lever.safe != address(0)) {
            data = abi.encodeCall(ISafe.execTransactionFromModule, (to, 0, data, 0));
            to = lever.safe;
        }
        return to.call(data);
    }

    function _paused(Probe storage probe) private view returns (bool) {
        (bool ok, bytes memory out) = probe.account.staticcall(probe.call);
        if (!ok || out.length < 32) revert ProbeFailed();
        return bytes32(out) & probe.mask == probe.expected;
    }
}
