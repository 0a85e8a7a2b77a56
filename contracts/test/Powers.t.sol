// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Guardian} from "../src/Guardian.sol";
import "../src/TocsinTypes.sol";
import {DemoToken} from "../src/demo/DemoToken.sol";
import {RiggedPrice} from "../src/demo/RiggedPrice.sol";
import {SisterLender} from "../src/demo/SisterLender.sol";
import {vm} from "./Cheats.sol";
import {Published} from "./Published.sol";
import {Protocol, Town} from "./Town.sol";

interface ISafeSetup {
    function setup(
        address[] calldata owners,
        uint256 threshold,
        address to,
        bytes calldata data,
        address fallbackHandler,
        address paymentToken,
        uint256 payment,
        address paymentReceiver
    ) external;
    function enableModule(address module) external;
    function disableModule(address prevModule, address module) external;
    function isModuleEnabled(address module) external view returns (bool);
    function execTransaction(
        address to,
        uint256 value,
        bytes calldata data,
        uint8 operation,
        uint256 safeTxGas,
        uint256 baseGas,
        uint256 gasPrice,
        address gasToken,
        address refundReceiver,
        bytes calldata signatures
    ) external payable returns (bool);
}

interface IProxyFactory {
    function createProxyWithNonce(address singleton, bytes calldata initializer, uint256 salt)
        external
        returns (address);
}

/// Pauses per asset and all at once like the configurator of Aave v3, and tells it in bit 60 of a configuration word.
contract AaveLike {
    address public immutable emergencyAdmin;
    mapping(address asset => uint256) private _configuration;
    address[] private _assets;

    constructor(address admin, address[] memory assets) {
        emergencyAdmin = admin;
        _assets = assets;
        for (uint256 i; i < assets.length; i++) _configuration[assets[i]] = type(uint256).max & ~(uint256(1) << 60);
    }

    function setPoolPause(bool paused) external {
        require(msg.sender == emergencyAdmin, "28");
        for (uint256 i; i < _assets.length; i++) {
            uint256 bit = uint256(1) << 60;
            uint256 word = _configuration[_assets[i]];
            _configuration[_assets[i]] = paused ? word | bit : word & ~bit;
        }
    }

    function getConfiguration(address asset) external view returns (uint256) {
        return _configuration[asset];
    }
}

/// Tries to use the guardian while the guardian calls it.
contract Reentrant {
    bool public paused;
    Guardian public guardian;
    bytes public again;
    bytes public answer;

    function aim(Guardian g, bytes calldata data) external {
        (guardian, again) = (g, data);
    }

    function pause() external {
        paused = true;
        (bool ok, bytes memory out) = address(guardian).call(again);
        require(!ok, "entered");
        answer = out;
    }

    function unpause() external {
        paused = false;
        (bool ok, bytes memory out) = address(guardian).call(again);
        require(!ok, "entered");
        answer = out;
    }
}

/// The places a guardian's right can come from, and a target that turns on it.
contract PowersTest is Town, Published {
    string private constant SAFE = "@safe-global/safe-contracts/build/artifacts/contracts/";

    function setUp() public {
        found();
    }

    function only(Mandate memory m) private returns (bytes32 id) {
        Mandate[] memory list = new Mandate[](1);
        list[0] = m;
        guardian = new Guardian(charter(), roster(), list);
        return guardian.mandateIds()[0];
    }

    // ---- Safe module

    function _safe() private returns (address safe) {
        address singleton = deploy(string.concat(SAFE, "Safe.sol/Safe.json"), "");
        address factory = deploy(string.concat(SAFE, "proxies/SafeProxyFactory.sol/SafeProxyFactory.json"), "");
        address[] memory owners = new address[](1);
        owners[0] = OWNER;
        bytes memory setup = abi.encodeCall(
            ISafeSetup.setup, (owners, 1, address(0), "", address(0), address(0), 0, address(0))
        );
        safe = IProxyFactory(factory).createProxyWithNonce(singleton, setup, 1);
    }

    function _bySafe(address safe, bytes memory data) private {
        bytes memory approved = abi.encodePacked(uint256(uint160(OWNER)), uint256(0), uint8(1));
        vm.prank(OWNER);
        ISafeSetup(safe).execTransaction(safe, 0, data, 0, 0, 0, 0, address(0), address(0), approved);
    }

    function testPausesAsModuleOfASafe() public {
        address safe = _safe();
        protocol.setPauser(safe);
        Mandate memory m = mandate(DIRECT, 1);
        m.lever.safe = safe;
        bytes32 id = only(m);
        refuse(id, certify(own("tx")), Guardian.CallFailed.selector); // not yet a module
        _bySafe(safe, abi.encodeCall(ISafeSetup.enableModule, (address(guardian))));
        trip(id, certify(own("tx")));
        require(protocol.paused(), "not paused");
        vm.warp(NOW + 6 hours);
        guardian.release(id);
        require(!protocol.paused(), "still paused");
    }

    function testRevertsWhenTheSafesCallFails() public {
        address safe = _safe();
        protocol.setPauser(safe);
        Mandate memory m = mandate(DIRECT, 1);
        m.lever.safe = safe;
        bytes32 id = only(m);
        _bySafe(safe, abi.encodeCall(ISafeSetup.enableModule, (address(guardian))));
        protocol.setMood(Protocol.Mood.REFUSING);
        refuse(id, certify(own("tx")), abi.encodeWithSelector(Guardian.CallFailed.selector, ""));
    }

    // ---- emergency administrator

    function testPausesAnAaveLikePoolAndReadsOneBit() public {
        address[] memory assets = new address[](2);
        (assets[0], assets[1]) = (address(1), address(2));
        Mandate memory m = mandate(DIRECT, 1);
        bytes32 id = only(m);
        AaveLike pool = new AaveLike(address(guardian), assets);
        m.lever.target = address(pool);
        m.lever.call = abi.encodeCall(AaveLike.setPoolPause, (true));
        m.lever.releaseCall = abi.encodeCall(AaveLike.setPoolPause, (false));
        m.lever.probe = Probe(
            address(pool),
            abi.encodeCall(AaveLike.getConfiguration, (assets[1])),
            bytes32(uint256(1) << 60),
            bytes32(uint256(1) << 60)
        );
        vm.prank(OWNER);
        id = guardian.propose(m);
        vm.warp(NOW + 1 days);
        require(!guardian.isPaused(id), "paused before");
        trip(id, certify(own("tx")));
        require(guardian.isPaused(id), "not paused");
        vm.warp(NOW + 2 days);
        guardian.release(id);
        require(!guardian.isPaused(id), "still paused");
    }

    // ---- pauser of the demonstration's lender

    function testPausesTheDemonstrationsLender() public {
        DemoToken col = new DemoToken("Collateral", "COL");
        DemoToken usd = new DemoToken("Dollar", "USD");
        SisterLender lender = new SisterLender(OWNER, col, usd, new RiggedPrice(address(col), address(usd), 1, 1));
        Mandate memory m = mandate(DERIVED, 1);
        m.lever.target = address(lender);
        m.lever.probe.account = address(lender);
        bytes32 id = only(m);
        Certificate memory c = certify(sister("tx"));
        refuse(id, c, Guardian.CallFailed.selector); // not yet the lender's guardian
        vm.prank(OWNER);
        lender.setGuardian(address(guardian));
        trip(id, c);
        require(lender.paused(), "not paused");
    }

    // ---- a target that turns on the guardian

    function testTargetCannotReenter() public {
        Reentrant target = new Reentrant();
        Mandate memory m = mandate(DIRECT, 1);
        m.lever.target = address(target);
        m.lever.probe.account = address(target);
        m.callers = new address[](2);
        (m.callers[0], m.callers[1]) = (CALLER, address(target));
        bytes32 id = only(m);
        Certificate memory other = certify(own("other"));
        target.aim(guardian, abi.encodeCall(Guardian.trip, (id, other, noProof)));
        trip(id, certify(own("tx")));
        require(bytes4(target.answer()) == Guardian.Busy.selector, "trip inside a trip");
        same(guardian.standingOf(id).usesLeft, 2, "uses left");
        vm.warp(NOW + 6 hours);
        target.aim(guardian, abi.encodeCall(Guardian.release, (id)));
        guardian.release(id);
        require(bytes4(target.answer()) == Guardian.Busy.selector, "release inside a release");
    }
}
