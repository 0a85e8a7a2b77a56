// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DemoToken} from "../src/demo/DemoToken.sol";
import {RiggedPrice} from "../src/demo/RiggedPrice.sol";
import {IFlashPool, SpotAttack} from "../src/demo/SpotAttack.sol";
import {IPriceSource, SisterLender} from "../src/demo/SisterLender.sol";
import {vm} from "./Cheats.sol";
import {Published} from "./Published.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

interface IFactory {
    function createPair(address a, address b) external returns (address);
}

interface IPair is IPriceSource {
    function mint(address to) external returns (uint256);
}

interface IReceiver {
    function executeOperation(address asset, uint256 amount, uint256 premium, address initiator, bytes calldata params)
        external
        returns (bool);
}

/// Lends for one call, as Aave does, at 5 basis points.
contract FlashPool is IFlashPool {
    function flashLoanSimple(address receiver, address asset, uint256 amount, bytes calldata params, uint16) external {
        IERC20(asset).transfer(receiver, amount);
        uint256 premium = amount * 5 / 10_000;
        require(IReceiver(receiver).executeOperation(asset, amount, premium, msg.sender, params), "refused");
        IERC20(asset).transferFrom(receiver, address(this), amount + premium);
    }
}

contract DemoTest is Published {
    address private constant OWNER = address(0xA11CE);
    address private constant GUARDIAN = address(0x6A12D);
    address private constant ATTACKER = address(0xBAD);

    DemoToken private col;
    DemoToken private usd;
    IPair private pair;
    SisterLender private lender;
    SpotAttack private spot;

    function setUp() public {
        vm.warp(1_750_000_000);
        col = new DemoToken("Collateral", "COL");
        usd = new DemoToken("Dollar", "USD");
        IFactory factory = IFactory(deploy("@uniswap/v2-core/build/UniswapV2Factory.json", abi.encode(address(this))));
        pair = IPair(factory.createPair(address(col), address(usd)));
        col.mint(address(pair), 1000e18);
        usd.mint(address(pair), 2_000_000e18);
        pair.mint(address(this));
        lender = new SisterLender(OWNER, col, usd, pair);
        vm.prank(OWNER);
        lender.setGuardian(GUARDIAN);
        usd.mint(address(this), 1_000_000e18);
        usd.approve(address(lender), type(uint256).max);
        lender.supply(1_000_000e18);
        FlashPool pool = new FlashPool();
        usd.mint(address(pool), 50_000_000e18);
        spot = new SpotAttack(pool);
    }

    function attack() private returns (uint256) {
        vm.prank(ATTACKER);
        return spot.attack(lender, 10_000_000e18, 25e18);
    }

    function testAttackDrainsTheLender() public {
        attack();
        require(usd.balanceOf(address(lender)) == 0, "something left");
        require(usd.balanceOf(ATTACKER) > 800_000e18, "little profit");
    }

    function testPauseStopsTheAttack() public {
        vm.prank(GUARDIAN);
        lender.pause();
        vm.prank(ATTACKER);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        spot.attack(lender, 10_000_000e18, 25e18);
        require(usd.balanceOf(address(lender)) == 1_000_000e18, "robbed");
    }

    function testOnlyTheLoanCallsBack() public {
        vm.expectRevert(SpotAttack.NotTheLoan.selector);
        spot.executeOperation(address(usd), 1, 0, address(spot), abi.encode(lender, 1));
    }

    function testHonestBorrowingIsBounded() public {
        col.mint(address(this), 10e18);
        col.approve(address(lender), type(uint256).max);
        lender.deposit(10e18);
        require(lender.price() == 2000e18, "price");
        lender.borrow(15_000e18);
        vm.expectRevert(SisterLender.Undercollateralised.selector);
        lender.borrow(1);
        vm.expectRevert(SisterLender.Undercollateralised.selector);
        lender.withdraw(1);
        vm.expectRevert(SisterLender.Sound.selector);
        lender.liquidate(address(this), 1);
        lender.repay(address(this), 15_000e18);
        lender.withdraw(10e18);
        require(col.balanceOf(address(this)) == 10e18, "collateral back");
    }

    function testPauseNeverStopsRepaymentOrLiquidation() public {
        col.mint(address(this), 10e18);
        col.approve(address(lender), type(uint256).max);
        lender.deposit(10e18);
        lender.borrow(15_000e18);
        vm.prank(GUARDIAN);
        lender.pause();
        vm.expectRevert(Pausable.EnforcedPause.selector);
        lender.borrow(1);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        lender.withdraw(1);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        lender.redeem(1);
        lender.repay(address(this), 1000e18);
        col.mint(address(pair), 1000e18); // the price halves
        (bool ok,) = address(pair).call(abi.encodeWithSignature("sync()"));
        require(ok, "sync");
        usd.mint(address(this), 5000e18);
        lender.liquidate(address(this), 5000e18);
        require(col.balanceOf(address(this)) == 5.25e18, "seized with bonus");
    }

    function testOnlyTheGuardianPausesAndOnlyTheOwnerNamesIt() public {
        vm.expectRevert(SisterLender.NotGuardian.selector);
        lender.pause();
        vm.expectRevert(SisterLender.NotGuardian.selector);
        lender.unpause();
        vm.expectRevert(SisterLender.NotOwner.selector);
        lender.setGuardian(address(this));
    }

    function testPairMustHoldTheTwoTokens() public {
        vm.expectRevert(SisterLender.WrongPair.selector);
        new SisterLender(OWNER, col, col, pair);
        DemoToken other = new DemoToken("Other", "OTH");
        vm.expectRevert(SisterLender.WrongPair.selector);
        new SisterLender(OWNER, other, usd, pair);
    }

    function testLiarDrainsHisOwnClone() public {
        RiggedPrice rig = new RiggedPrice(address(col), address(usd), 1000e18, 2_000_000e18);
        SisterLender clone = new SisterLender(address(this), col, usd, rig);
        usd.mint(address(this), 500_000e18);
        usd.approve(address(clone), type(uint256).max);
        clone.supply(500_000e18);
        col.mint(address(rig), 1e18);
        vm.prank(ATTACKER);
        vm.expectRevert(RiggedPrice.NotOwner.selector);
        rig.drain(clone);
        rig.drain(clone);
        require(usd.balanceOf(address(clone)) == 0, "something left");
        require(usd.balanceOf(address(this)) == 500_000e18, "loot");
        require(clone.price() == 2000e18, "price back");
    }
}
