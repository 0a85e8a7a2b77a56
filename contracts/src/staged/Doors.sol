// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {Proxy} from "@openzeppelin/contracts/proxy/Proxy.sol";

/// Pays whoever its owner says. Anybody may set it up, as often as he likes, and be the owner. Vulnerable on purpose,
/// as all contracts of this file.
contract OpenTreasury {
    address public owner;

    function initialize(address owner_) external {
        owner = owner_;
    }

    function withdraw(IERC20 token, address to) external {
        require(msg.sender == owner);
        token.transfer(to, token.balanceOf(address(this)));
    }
}

/// Its owner may be changed by anybody.
contract LooseOwner {
    address public owner = msg.sender;

    function transferOwnership(address owner_) external {
        owner = owner_;
    }

    function withdraw(IERC20 token, uint256 amount) external {
        require(msg.sender == owner);
        token.transfer(msg.sender, amount);
    }
}

/// What is stuck here may be swept by anybody, to anywhere; so may be its ether.
contract OpenSweep {
    receive() external payable {}

    function sweep(IERC20 token, address to) external {
        token.transfer(to, token.balanceOf(address(this)));
    }

    function emergencyWithdraw() external {
        (bool paid,) = msg.sender.call{value: address(this).balance}("");
        require(paid);
    }
}

/// A proxy whose code anybody may exchange.
contract OpenProxy is Proxy {
    constructor(address implementation) {
        ERC1967Utils.upgradeToAndCall(implementation, "");
    }

    receive() external payable {}

    function upgradeTo(address implementation) external {
        ERC1967Utils.upgradeToAndCall(implementation, "");
    }

    function _implementation() internal view override returns (address) {
        return ERC1967Utils.getImplementation();
    }
}

/// Code of a vault behind a proxy, whose first visitor becomes its owner.
contract UupsVault is Initializable, UUPSUpgradeable {
    address public owner;

    function initialize(address owner_) external initializer {
        owner = owner_;
    }

    function _authorizeUpgrade(address) internal view override {
        require(msg.sender == owner);
    }
}

/// A token that anybody may make.
contract OpenToken is ERC20("Open Token", "OPEN") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// Runs any code as its own.
contract OpenDelegate {
    function execute(address target, bytes calldata data) external {
        (bool done,) = target.delegatecall(data);
        require(done);
    }
}

/// Takes tokens from who allowed it, and calls whomever it is told to, with whatever it is told to.
contract AnyCall {
    function swap(address target, bytes calldata data) external {
        (bool done,) = target.call(data);
        require(done);
    }
}

/// Holds tokens, and lets anybody allow anybody to take them.
contract LooseAllowance {
    function approveSpender(IERC20 token, address spender, uint256 amount) external {
        token.approve(spender, amount);
    }
}

/// Pays whoever calls with the fee that he says, out of what a customer allowed it to take.
contract LooseCollector {
    IERC20 public immutable usd;

    constructor(IERC20 usd_) {
        usd = usd_;
    }

    /// Pulls what `from` is said to have agreed to, without asking him.
    function collect(address from, address to, uint256 amount) external {
        usd.transferFrom(from, to, amount);
    }
}
