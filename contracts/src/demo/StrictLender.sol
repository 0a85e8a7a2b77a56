// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IPriceSource, SisterLender} from "./SisterLender.sol";

/// A lender whose pause stops repayments and liquidations, too, as that of many real markets does: whoever makes it
/// pause keeps bad debts alive for so long.
contract StrictLender is SisterLender {
    constructor(address owner_, IERC20 collateral_, IERC20 usd_, IPriceSource pair_)
        SisterLender(owner_, collateral_, usd_, pair_)
    {}

    function repay(address borrower, uint256 amount) public override whenNotPaused {
        super.repay(borrower, amount);
    }

    function liquidate(address borrower, uint256 amount) public override whenNotPaused {
        super.liquidate(borrower, amount);
    }
}
