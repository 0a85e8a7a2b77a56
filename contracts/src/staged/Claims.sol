// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// Keeps deposits, and lets anybody pay out anybody's. Vulnerable on purpose, as all contracts of this file.
contract LooseDeposits {
    IERC20 public immutable usd;
    mapping(address => uint256) public balanceOf;

    constructor(IERC20 usd_) {
        usd = usd_;
    }

    function deposit(uint256 amount) external {
        usd.transferFrom(msg.sender, address(this), amount);
        balanceOf[msg.sender] += amount;
    }

    function withdrawFrom(address whose, address to, uint256 amount) external {
        balanceOf[whose] -= amount;
        usd.transfer(to, amount);
    }
}

/// Pays what its signer signed; it had none set, and never marks what it paid.
contract VoucherDesk {
    IERC20 public immutable usd;
    address public immutable signer;

    constructor(IERC20 usd_, address signer_) {
        (usd, signer) = (usd_, signer_);
    }

    function cash(address to, uint256 amount, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 digest = keccak256(abi.encode(address(this), to, amount));
        require(ecrecover(digest, v, r, s) == signer);
        usd.transfer(to, amount);
    }
}

/// Pays what stands under a root that was accepted; nothing under a root that never was, is taken for accepted.
contract RootBridge {
    IERC20 public immutable usd;
    mapping(bytes32 => uint256) public acceptedAt;
    mapping(bytes32 => bytes32) public rootOf;
    mapping(bytes32 => bool) public paid;

    constructor(IERC20 usd_) {
        usd = usd_;
        acceptedAt[bytes32(0)] = 1;
    }

    function process(address to, uint256 amount, bytes32 departure) external {
        bytes32 message = keccak256(abi.encode(to, amount, departure));
        require(acceptedAt[rootOf[message]] != 0 && !paid[message]);
        paid[message] = true;
        usd.transfer(to, amount);
    }
}

/// Shares that earn dollars; what a share was paid is booked with its holder, and shares may move on.
contract RewardShares is ERC20("Reward share", "RWD") {
    IERC20 public immutable usd;
    uint256 public perShare;
    mapping(address => uint256) public paidTo;

    constructor(IERC20 usd_) {
        usd = usd_;
        _mint(msg.sender, 1e24);
    }

    function reward(uint256 amount) external {
        usd.transferFrom(msg.sender, address(this), amount);
        perShare += amount * 1e18 / totalSupply();
    }

    function claim(address holder) external {
        uint256 due = balanceOf(holder) * (perShare - paidTo[holder]) / 1e18;
        paidTo[holder] = perShare;
        usd.transfer(holder, due);
    }
}

/// Pays a share of an airdrop for every list that names the caller, however often it is named.
contract ListDrop {
    IERC20 public immutable usd;
    uint256 public immutable each;
    mapping(address => bool) public entitled;
    mapping(address => bool) public paid;

    constructor(IERC20 usd_, uint256 each_) {
        (usd, each) = (usd_, each_);
    }

    function register() external {
        entitled[msg.sender] = true;
    }

    function claim(address[] calldata people) external {
        for (uint256 i = 0; i < people.length; i++) {
            require(entitled[people[i]] && !paid[people[i]]);
            usd.transfer(people[i], each);
        }
        for (uint256 i = 0; i < people.length; i++) paid[people[i]] = true;
    }
}

/// Lends dollars for a moment, and takes a deposit for a repayment.
contract DepositLender {
    IERC20 public immutable usd;
    mapping(address => uint256) public balanceOf;

    constructor(IERC20 usd_) {
        usd = usd_;
    }

    function deposit(uint256 amount) external {
        usd.transferFrom(msg.sender, address(this), amount);
        balanceOf[msg.sender] += amount;
    }

    function withdraw(uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        usd.transfer(msg.sender, amount);
    }

    function flashLoan(uint256 amount) external {
        uint256 before = usd.balanceOf(address(this));
        usd.transfer(msg.sender, amount);
        (bool told,) = msg.sender.call(abi.encodeWithSignature("onLoan(uint256)", amount));
        require(told && usd.balanceOf(address(this)) >= before);
    }
}

/// A vault of few, dear shares; how many of them a payment costs is rounded down.
contract CoarseVault {
    IERC20 public immutable usd;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;

    constructor(IERC20 usd_) {
        usd = usd_;
    }

    function deposit(uint256 amount) external {
        uint256 shares = amount / 50_000e18;
        usd.transferFrom(msg.sender, address(this), amount);
        balanceOf[msg.sender] += shares;
        totalSupply += shares;
    }

    function withdraw(uint256 amount) external {
        uint256 shares = amount * totalSupply / usd.balanceOf(address(this));
        balanceOf[msg.sender] -= shares;
        totalSupply -= shares;
        usd.transfer(msg.sender, amount);
    }
}

/// A vault that counts whatever is here as its holders', and rounds shares down.
contract NaiveVault is ERC20("Naive share", "NAIVE") {
    IERC20 public immutable usd;

    constructor(IERC20 usd_) {
        usd = usd_;
    }

    function deposit(uint256 amount) external {
        uint256 supply = totalSupply();
        uint256 shares = supply == 0 ? amount : amount * supply / usd.balanceOf(address(this));
        usd.transferFrom(msg.sender, address(this), amount);
        _mint(msg.sender, shares);
    }

    function redeem(uint256 shares) external {
        uint256 amount = usd.balanceOf(address(this)) * shares / totalSupply();
        _burn(msg.sender, shares);
        usd.transfer(msg.sender, amount);
    }
}

/// Doubles the stake of whoever guesses a number that anybody can work out.
contract Lottery {
    IERC20 public immutable usd;

    constructor(IERC20 usd_) {
        usd = usd_;
    }

    function play(uint256 stake, uint256 guess) external {
        usd.transferFrom(msg.sender, address(this), stake);
        if (guess == block.timestamp % 2) usd.transfer(msg.sender, stake * 3);
    }
}

/// A treasury whose proposals pass with most of the votes that are deposited at this very moment.
contract VoteTreasury {
    struct Proposal {
        address target;
        bytes data;
        uint256 votes;
        bool executed;
    }

    IERC20 public immutable token;
    uint256 public total;
    mapping(address => uint256) public votesOf;
    Proposal[] private _proposals;

    constructor(IERC20 token_) {
        token = token_;
    }

    function deposit(uint256 amount) external {
        token.transferFrom(msg.sender, address(this), amount);
        votesOf[msg.sender] += amount;
        total += amount;
    }

    function withdraw(uint256 amount) external {
        votesOf[msg.sender] -= amount;
        total -= amount;
        token.transfer(msg.sender, amount);
    }

    function propose(address target, bytes calldata data) external returns (uint256) {
        _proposals.push(Proposal(target, data, 0, false));
        return _proposals.length - 1;
    }

    function castVote(uint256 proposal, uint8 support) external {
        require(support == 1);
        _proposals[proposal].votes += votesOf[msg.sender];
    }

    function execute(uint256 proposal) external {
        Proposal storage p = _proposals[proposal];
        require(!p.executed && p.votes * 3 > total * 2);
        p.executed = true;
        (bool done,) = p.target.call(p.data);
        require(done);
    }
}
