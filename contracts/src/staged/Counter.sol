// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

/// Where people are paid what is theirs: shares of an airdrop, arrivals over a bridge that its validators signed,
/// stakes with their rewards, wages, and both sides of an agreed exchange.
contract Counter {
    IERC20 public immutable money;
    address public immutable owner;
    bytes32 public immutable shares;
    mapping(bytes32 => bool) public paid;
    mapping(address => uint256) public staked;
    mapping(address => uint256) public since;
    mapping(address => bool) public validator;

    error NotYours();
    error PaidBefore();
    error NotTheOwner();

    constructor(IERC20 money_, bytes32 shares_, address[] memory validators) {
        money = money_;
        owner = msg.sender;
        shares = shares_;
        for (uint256 i = 0; i < validators.length; i++) validator[validators[i]] = true;
    }

    /// Pays a share of the airdrop.
    function claim(uint256 amount, bytes32[] calldata proof) external {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(msg.sender, amount))));
        if (!MerkleProof.verifyCalldata(proof, shares, leaf)) revert NotYours();
        _once(leaf);
        money.transfer(msg.sender, amount);
    }

    /// Takes what is to arrive on another chain.
    function depart(uint256 amount) external {
        money.transferFrom(msg.sender, address(this), amount);
    }

    /// Pays what two validators say has left another chain.
    function arrive(address to, uint256 amount, bytes32 departure, bytes[] calldata signatures) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), to, amount, departure));
        address last;
        for (uint256 i = 0; i < 2; i++) {
            address signer = ECDSA.recover(digest, signatures[i]);
            if (!validator[signer] || signer <= last) revert NotYours();
            last = signer;
        }
        _once(digest);
        money.transfer(to, amount);
    }

    function stake(uint256 amount) external {
        money.transferFrom(msg.sender, address(this), amount);
        staked[msg.sender] += amount;
        since[msg.sender] = block.timestamp;
    }

    /// Pays the stake back, with a millionth a second.
    function exit() external {
        uint256 amount = staked[msg.sender];
        staked[msg.sender] = 0;
        money.transfer(msg.sender, amount + amount * (block.timestamp - since[msg.sender]) / 1e6);
    }

    /// Pays many at once out of what is here.
    function pay(address[] calldata people, uint256[] calldata amounts) external {
        if (msg.sender != owner) revert NotTheOwner();
        for (uint256 i = 0; i < people.length; i++) money.transfer(people[i], amounts[i]);
    }

    /// Exchanges what two people agreed upon, both having allowed it.
    function settle(address one, IERC20 his, uint256 gives, address other, IERC20 hers, uint256 takes) external {
        if (msg.sender != owner) revert NotTheOwner();
        his.transferFrom(one, other, gives);
        hers.transferFrom(other, one, takes);
    }

    function _once(bytes32 what) private {
        if (paid[what]) revert PaidBefore();
        paid[what] = true;
    }
}
