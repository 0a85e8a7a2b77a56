// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// What a router uses of a Uniswap v2 pair.
interface IRoutedPair is IERC20 {
    function token0() external view returns (address);
    function getReserves() external view returns (uint112, uint112, uint32);
    function swap(uint256 amount0Out, uint256 amount1Out, address to, bytes calldata data) external;
    function mint(address to) external returns (uint256);
    function burn(address to) external returns (uint256, uint256);
}

/// Trades and provides liquidity for whoever allowed it to take his tokens, keeping `fee` thousandths of what is sold.
contract Router {
    address public immutable collector;
    uint256 public immutable fee;

    error TooLittle();

    constructor(address collector_, uint256 fee_) {
        collector = collector_;
        fee = fee_;
    }

    /// Sells `amount` of `sold` along `pairs`; the last one pays the caller, who gets at least `least`.
    function trade(IERC20 sold, uint256 amount, IRoutedPair[] calldata pairs, uint256 least) external {
        uint256 kept = amount * fee / 1000;
        if (kept > 0) sold.transferFrom(msg.sender, collector, kept);
        uint256 moved = amount - kept;
        sold.transferFrom(msg.sender, address(pairs[0]), moved);
        for (uint256 i = 0; i < pairs.length; i++) {
            address to = i + 1 < pairs.length ? address(pairs[i + 1]) : msg.sender;
            (sold, moved) = _swap(pairs[i], sold, moved, to);
        }
        if (moved < least) revert TooLittle();
    }

    /// Sells `amount` of `sold` in equal parts at each of `pairs`.
    function split(IERC20 sold, uint256 amount, IRoutedPair[] calldata pairs) external {
        uint256 kept = amount * fee / 1000;
        sold.transferFrom(msg.sender, address(this), amount);
        if (kept > 0) sold.transfer(collector, kept);
        uint256 part = (amount - kept) / pairs.length;
        for (uint256 i = 0; i < pairs.length; i++) {
            sold.transfer(address(pairs[i]), part);
            _swap(pairs[i], sold, part, msg.sender);
        }
    }

    /// Adds both tokens to `pair` for shares of the caller.
    function provide(IRoutedPair pair, IERC20 one, uint256 ofOne, IERC20 other, uint256 ofOther) external {
        one.transferFrom(msg.sender, address(pair), ofOne);
        other.transferFrom(msg.sender, address(pair), ofOther);
        pair.mint(msg.sender);
    }

    /// Takes `shares` of the caller out of `pair`.
    function withdraw(IRoutedPair pair, uint256 shares) external {
        pair.transferFrom(msg.sender, address(pair), shares);
        pair.burn(msg.sender);
    }

    /// Moves `shares` of the caller from one pair of two tokens to another of the same.
    function migrate(IRoutedPair from, IRoutedPair to, uint256 shares) external {
        from.transferFrom(msg.sender, address(from), shares);
        from.burn(address(to));
        to.mint(msg.sender);
    }

    function _swap(IRoutedPair pair, IERC20 sold, uint256 amount, address to)
        private
        returns (IERC20 bought, uint256 got)
    {
        (uint256 reserve0, uint256 reserve1,) = pair.getReserves();
        bool first = pair.token0() == address(sold);
        (uint256 inside, uint256 outside) = first ? (reserve0, reserve1) : (reserve1, reserve0);
        got = amount * 997 * outside / (inside * 1000 + amount * 997);
        pair.swap(first ? 0 : got, first ? got : 0, to, "");
        bought = IERC20(first ? _other(pair) : pair.token0());
    }

    function _other(IRoutedPair pair) private view returns (address other) {
        (bool known, bytes memory answer) = address(pair).staticcall(abi.encodeWithSignature("token1()"));
        if (known) other = abi.decode(answer, (address));
    }
}
