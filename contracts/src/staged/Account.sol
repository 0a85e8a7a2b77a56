// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// An account of code that does what its owner lists, also while somebody lends to it: a trading bot, a keeper, a
/// strategist. Whoever calls back may give it steps too, so it holds nothing between transactions that matters.
contract Account {
    struct Step {
        address to;
        uint256 value;
        bytes data;
    }

    address public immutable owner;

    error NotTheOwner();
    error StepFailed(uint256 index, bytes reason);

    constructor() {
        owner = msg.sender;
    }

    receive() external payable {}

    /// Takes the steps in order; all or nothing.
    function run(Step[] calldata steps) external payable {
        if (msg.sender != owner) revert NotTheOwner();
        _run(steps);
    }

    /// Called back by a Uniswap v2 pair that paid in advance.
    function uniswapV2Call(address, uint256, uint256, bytes calldata data) external {
        _run(abi.decode(data, (Step[])));
    }

    /// Called back by an Aave v3 pool with a flash loan.
    function executeOperation(address, uint256, uint256, address, bytes calldata params) external returns (bool) {
        _run(abi.decode(params, (Step[])));
        return true;
    }

    function _run(Step[] memory steps) private {
        for (uint256 i = 0; i < steps.length; i++) {
            (bool done, bytes memory reason) = steps[i].to.call{value: steps[i].value}(steps[i].data);
            if (!done) revert StepFailed(i, reason);
        }
    }
}
