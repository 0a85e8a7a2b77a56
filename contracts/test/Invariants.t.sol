// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Guardian} from "../src/Guardian.sol";
import "../src/TocsinTypes.sol";
import {vm} from "./Cheats.sol";
import {Town} from "./Town.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

/// Takes any call, and remembers whether one came that no mandate names.
contract Watched is Pausable {
    uint256 public strange;
    /// What the second lever changes besides.
    bool public wide;

    /// Takes a second pause, as Aave does, so that what an earlier one left behind would show.
    function pause() external {
        if (!paused()) _pause();
    }

    function unpause() external {
        _unpause();
    }

    function pauseWide() external {
        if (!paused()) _pause();
        wide = true;
    }

    function unpauseWide() external {
        _unpause();
        wide = false;
    }

    fallback() external payable {
        strange++;
    }

    receive() external payable {
        strange++;
    }
}

/// Acts at random on a guardian as its callers, its owner, its federation, a liar and time would, and keeps its own
/// account of what the guardian did.
contract Crowd is Town {
    uint256 private constant WINDOW = 30 days;

    Watched public immutable watched;
    Watched public immutable bystander;
    bytes32[] private _ids;
    uint256 private _serial;

    mapping(bytes32 use => uint256) public tripsByUse;
    mapping(bytes32 id => uint256) public tripsOf;
    mapping(bytes32 id => uint256) public allowed;
    bytes32[] public uses;
    /// Granted pauses as the crowd sees them.
    uint64[] public from;
    uint64[] public to;
    uint256 public broken;
    string public what;

    constructor() {
        found();
        watched = new Watched();
        bystander = new Watched();
        Mandate[] memory m = new Mandate[](4);
        for (uint8 b; b < 4; b++) {
            m[b] = mandate(b, b == LOCAL ? 0 : b == PENDING ? 2 : 1);
            m[b].lever.target = address(watched);
            m[b].lever.probe.account = address(watched);
            if (wide(b)) {
                m[b].lever.call = abi.encodeCall(Watched.pauseWide, ());
                m[b].lever.releaseCall = abi.encodeCall(Watched.unpauseWide, ());
            }
            m[b].limits.cooldown = 10 minutes;
            m[b].limits.uses = 8;
            if (b == LOCAL) m[b].limits.maxAge = 0;
            m[b].limits.duration = b == DIRECT ? 1 days : b == DERIVED ? 8 hours : b == PENDING ? 10 minutes : 1 hours;
            m[b].subjectsRoot = leaf("eip155:1", address(watched));
        }
        guardian = new Guardian(charter(), roster(), m);
        _ids = guardian.mandateIds();
        for (uint256 i; i < 4; i++) allowed[_ids[i]] = 8;
    }

    /// The classes whose lever changes more than the probe reads.
    function wide(uint256 budgetClass) public pure returns (bool) {
        return budgetClass == DIRECT || budgetClass == PENDING;
    }

    function address_() external view returns (Guardian) {
        return guardian;
    }

    function ids() external view returns (bytes32[] memory) {
        return _ids;
    }

    // ---- acts

    function actTrip(uint8 which, uint8 transaction, uint8 signers, bool stranger) external {
        bytes32 id = _ids[which % 3];
        bytes32 t = bytes32(uint256(transaction % 16));
        bytes memory claim = which % 3 == PENDING ? abi.encode(_coming(t)) : abi.encode(_own(t));
        uint8 kind = which % 3 == PENDING ? EXPLOIT_PENDING : EXPLOIT_MINED;
        uint256 n = 3 + signers % 3;
        Certificate memory c = certify(kind, claim, 1, firstKeys(n));
        bool before = watched.paused();
        vm.prank(stranger ? ANYONE : CALLER);
        try guardian.trip(id, c, noProof) {
            if (stranger) _break("a stranger tripped");
            if (n < 4) _break("no quorum");
            _tripped(id, kind, t, before);
        } catch {
            if (watched.paused() != before) _break("a refused trip changed the target");
        }
    }

    function actLocal(uint8 transaction, bool stranger) external {
        bytes32 t = bytes32(uint256(transaction % 16));
        bool before = watched.paused();
        vm.prank(stranger ? ANYONE : CALLER);
        try guardian.tripLocal(_ids[3], address(watched), t, noProof) {
            if (stranger) _break("a stranger tripped");
            _tripped(_ids[3], 0, t, before);
        } catch {
            if (watched.paused() != before) _break("a refused trip changed the target");
        }
    }

    function actForged(uint8 which, uint256 key, bytes32 t) external {
        uint256[] memory k = new uint256[](4);
        for (uint256 i; i < 4; i++) k[i] = 1000 + (key % 1000) + i;
        Certificate memory c = certify(EXPLOIT_MINED, abi.encode(_own(t)), 1, k);
        vm.prank(CALLER);
        try guardian.trip(_ids[which % 4], c, noProof) {
            _break("a forgery tripped");
        } catch {}
    }

    function actRelease(uint8 which) external {
        bytes32 id = _ids[which % 4];
        Trip memory t = guardian.tripOf(id);
        bool before = watched.paused();
        bool isHeld = guardian.held(address(watched));
        vm.prank(ANYONE);
        try guardian.release(id) {
            bool due = block.timestamp >= t.until || (t.lastBlock != 0 && block.number > t.lastBlock);
            if (t.at == 0) _break("released nothing");
            if (before && (!due || isHeld || t.ratified)) _break("released a pause not due or a human's");
            _ended();
        } catch {
            if (watched.paused() != before) _break("a refused release changed the target");
        }
    }

    function actOwner(uint8 which, uint8 act) external {
        bytes32 id = _ids[which % 4];
        vm.startPrank(OWNER);
        if (act % 8 == 0) try guardian.hold(address(watched)) {} catch {}
        if (act % 8 == 1) try guardian.letGo(address(watched)) {} catch {}
        if (act % 8 == 2) try guardian.ratify(id) {} catch {}
        if (act % 8 >= 3 && act % 8 < 6) {
            try guardian.lift(id) {
                _ended();
            } catch {}
        }
        vm.stopPrank();
    }

    function actByHand(bool pause) external {
        if (pause == watched.paused()) return;
        if (pause) watched.pause();
        else watched.unpauseWide();
    }

    function actTime(uint32 later, uint8 blocks) external {
        vm.warp(block.timestamp + later % 12 hours);
        vm.roll(block.number + blocks);
    }

    function actLongTime(uint32 later) external {
        vm.warp(block.timestamp + later % 10 days);
    }

    // ---- account

    function _own(bytes32 t) private view returns (ExploitMined memory) {
        return mined("eip155:1", address(watched), t);
    }

    function _coming(bytes32 t) private view returns (ExploitPending memory c) {
        c = coming(t);
        c.subject = address(watched);
    }

    function _tripped(bytes32 id, uint8 kind, bytes32 t, bool before) private {
        if (!watched.paused()) _break("tripped, yet not paused");
        bytes32 use = keccak256(abi.encode(id, kind, t));
        if (tripsByUse[use]++ == 0) uses.push(use);
        tripsOf[id]++;
        if (before) _ended();
        from.push(uint64(block.timestamp));
        to.push(guardian.tripOf(id).until);
    }

    /// At most one pause is granted at a time here, the last.
    function _ended() private {
        uint256 last = to.length - 1;
        if (to[last] > block.timestamp) to[last] = uint64(block.timestamp);
    }

    function _break(string memory fault) private {
        broken++;
        what = fault;
    }

    /// The most granted time in any 30 days that end with a grant, by the crowd's own account.
    function worst() external view returns (uint256 most) {
        for (uint256 i; i < to.length; i++) {
            uint256 since = to[i] - WINDOW;
            uint256 sum;
            for (uint256 j; j <= i; j++) {
                if (to[j] > since) sum += to[j] - (from[j] > since ? from[j] : since);
            }
            if (sum > most) most = sum;
        }
    }

    function grants() external view returns (uint256) {
        return to.length;
    }

    function useCount() external view returns (uint256) {
        return uses.length;
    }
}

/// What holds after whatever the crowd did.
contract InvariantTest {
    Crowd private crowd;

    function setUp() public {
        crowd = new Crowd();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(crowd);
    }

    function invariant_nothingForbiddenHappened() public view {
        require(crowd.broken() == 0, crowd.what());
    }

    function invariant_nothingIsCalledOutsideTheMandates() public view {
        require(crowd.watched().strange() == 0 && crowd.bystander().strange() == 0, "a call that no mandate names");
    }

    function invariant_consumedIsForEver() public view {
        for (uint256 i; i < crowd.useCount(); i++) {
            require(crowd.tripsByUse(crowd.uses(i)) == 1, "one transaction tripped a mandate twice");
        }
    }

    function invariant_usesAreNeverExceeded() public view {
        bytes32[] memory ids = crowd.ids();
        for (uint256 i; i < ids.length; i++) {
            uint256 left = crowd.address_().standingOf(ids[i]).usesLeft;
            require(crowd.tripsOf(ids[i]) + left == crowd.allowed(ids[i]), "uses");
        }
    }

    function invariant_pausedTimeStaysUnderItsCap() public view {
        Guardian guardian = crowd.address_();
        require(guardian.pausedSeconds(address(crowd.watched())) <= guardian.pausedCap(), "cap now");
        require(crowd.worst() <= guardian.pausedCap(), "cap in some 30 days");
    }

    function invariant_nothingOfALeverOutlivesItsTrip() public view {
        bytes32[] memory ids = crowd.ids();
        bytes32 holder = crowd.address_().holderOf(ids[0]);
        bool allowed;
        for (uint256 i; i < ids.length; i++) {
            allowed = allowed || (crowd.wide(i) && ids[i] == holder);
        }
        require(allowed || !crowd.watched().wide(), "what a trip changed is left behind");
    }

    function invariant_atMostOneTripHoldsTheLever() public view {
        bytes32[] memory ids = crowd.ids();
        bytes32 holder = crowd.address_().holderOf(ids[0]);
        for (uint256 i; i < ids.length; i++) {
            bool open = crowd.address_().tripOf(ids[i]).at != 0;
            require(open == (ids[i] == holder), "a trip without the lever");
        }
    }
}
