// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";

/// What the vault uses of an Aave v3 pool.
interface ISupplyPool {
    function supply(address asset, uint256 amount, address onBehalfOf, uint16 referral) external;
    function withdraw(address asset, uint256 amount, address to) external returns (uint256);
}

/// An ERC-4626 vault whose strategist moves its assets between the vault and a lending market.
contract ShareVault is ERC4626 {
    ISupplyPool public immutable market;
    IERC20 public immutable receipt;
    address public immutable strategist;

    error NotTheStrategist();

    constructor(IERC20 asset_, ISupplyPool market_, IERC20 receipt_)
        ERC20("Vault share", "vUSD")
        ERC4626(asset_)
    {
        market = market_;
        receipt = receipt_;
        strategist = msg.sender;
    }

    function totalAssets() public view override returns (uint256) {
        return super.totalAssets() + receipt.balanceOf(address(this));
    }

    /// Lends `amount` to the market, or takes it back.
    function rebalance(uint256 amount, bool lend) external {
        if (msg.sender != strategist) revert NotTheStrategist();
        if (lend) {
            IERC20(asset()).approve(address(market), amount);
            market.supply(asset(), amount, address(this), 0);
        } else {
            market.withdraw(asset(), amount, address(this));
        }
    }
}
