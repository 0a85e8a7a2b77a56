// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// One owner, handed over in two steps and never dropped.
abstract contract Owned {
    address public owner;
    address public pendingOwner;

    event OwnershipOffered(address indexed from, address indexed to);
    event OwnershipTaken(address indexed from, address indexed to);

    error NotOwner();
    error NotPendingOwner();
    error ZeroOwner();

    modifier onlyOwner() {
        _requireOwner();
        _;
    }

    constructor(address first) {
        if (first == address(0)) revert ZeroOwner();
        owner = first;
        emit OwnershipTaken(address(0), first);
    }

    /// Offers ownership; zero withdraws an offer.
    function offerOwnership(address to) external onlyOwner {
        pendingOwner = to;
        emit OwnershipOffered(owner, to);
    }

    function takeOwnership() external {
        if (msg.sender != pendingOwner) revert NotPendingOwner();
        emit OwnershipTaken(owner, msg.sender);
        owner = msg.sender;
        pendingOwner = address(0);
    }

    function _requireOwner() private view {
        if (msg.sender != owner) revert NotOwner();
    }
}
