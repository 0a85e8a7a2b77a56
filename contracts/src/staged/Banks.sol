// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

/// A bank that pays before it books. Vulnerable on purpose, as all contracts of this file.
contract EtherBank {
    mapping(address => uint256) public creditOf;

    function deposit() external payable {
        creditOf[msg.sender] += msg.value;
    }

    function withdraw(uint256 amount) external {
        require(creditOf[msg.sender] >= amount);
        (bool paid,) = msg.sender.call{value: amount}("");
        require(paid);
        unchecked {
            creditOf[msg.sender] -= amount;
        }
    }
}

/// A bank whose credit may be taken in ether or in dollars; only one of the two functions is locked.
contract TwoCoinBank is ReentrancyGuard {
    uint256 public constant PRICE = 2000;
    IERC20 public immutable usd;
    mapping(address => uint256) public creditOf;

    constructor(IERC20 usd_) {
        usd = usd_;
    }

    function deposit() external payable {
        creditOf[msg.sender] += msg.value;
    }

    function takeEther() external nonReentrant {
        (bool paid,) = msg.sender.call{value: creditOf[msg.sender]}("");
        require(paid);
        creditOf[msg.sender] = 0;
    }

    function takeDollars() external {
        uint256 amount = creditOf[msg.sender] * PRICE;
        creditOf[msg.sender] = 0;
        usd.transfer(msg.sender, amount);
    }
}

/// The one book of two tills.
contract CreditBook {
    mapping(address => uint256) public creditOf;

    function set(address whom, uint256 credit) external {
        creditOf[whom] = credit;
    }
}

/// A till of several with one book, each with a lock of its own.
contract Till is ReentrancyGuard {
    CreditBook public immutable book;

    constructor(CreditBook book_) {
        book = book_;
    }

    receive() external payable {}

    function deposit() external payable {
        book.set(msg.sender, book.creditOf(msg.sender) + msg.value);
    }

    function withdraw() external nonReentrant {
        (bool paid,) = msg.sender.call{value: book.creditOf(msg.sender)}("");
        require(paid);
        book.set(msg.sender, 0);
    }
}

/// A token that tells its receivers.
contract HookToken is ERC20("Hook Token", "HOOK") {
    constructor() {
        _mint(msg.sender, 1e24);
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (to.code.length > 0) {
            (bool told,) = to.call(abi.encodeWithSignature("tokensReceived(address,uint256)", from, amount));
            told;
        }
    }
}

/// Keeps tokens for people, and books what it pays too late.
contract HookFarm {
    IERC20 public immutable token;
    mapping(address => uint256) public stakeOf;

    constructor(IERC20 token_) {
        token = token_;
    }

    function stake(uint256 amount) external {
        token.transferFrom(msg.sender, address(this), amount);
        stakeOf[msg.sender] += amount;
    }

    function unstake(uint256 amount) external {
        require(stakeOf[msg.sender] >= amount);
        token.transfer(msg.sender, amount);
        unchecked {
            stakeOf[msg.sender] -= amount;
        }
    }
}

/// A pool of ether and dollars that pays out one after the other.
contract EtherPool is ERC20("Pool share", "POOL"), ReentrancyGuard {
    uint256 public constant PRICE = 2000;
    IERC20 public immutable usd;

    constructor(IERC20 usd_) {
        usd = usd_;
    }

    /// Takes ether and twice its worth in all.
    function add() external payable nonReentrant {
        usd.transferFrom(msg.sender, address(this), msg.value * PRICE);
        _mint(msg.sender, msg.value * PRICE * 2);
    }

    function remove(uint256 shares) external nonReentrant {
        uint256 supply = totalSupply();
        uint256 ofEther = address(this).balance * shares / supply;
        uint256 ofUsd = usd.balanceOf(address(this)) * shares / supply;
        _burn(msg.sender, shares);
        (bool paid,) = msg.sender.call{value: ofEther}("");
        require(paid);
        usd.transfer(msg.sender, ofUsd);
    }

    function get_virtual_price() external view returns (uint256) {
        return (address(this).balance * PRICE + usd.balanceOf(address(this))) * 1e18 / totalSupply();
    }
}

/// Lends dollars against shares of a pool, at the price that the pool says.
contract PoolShareLender {
    IERC20 public immutable usd;
    EtherPool public immutable pool;
    mapping(address => uint256) public collateralOf;
    mapping(address => uint256) public debtOf;

    constructor(IERC20 usd_, EtherPool pool_) {
        usd = usd_;
        pool = pool_;
    }

    function deposit(uint256 shares) external {
        pool.transferFrom(msg.sender, address(this), shares);
        collateralOf[msg.sender] += shares;
    }

    function borrow(uint256 amount) external {
        debtOf[msg.sender] += amount;
        require(debtOf[msg.sender] <= collateralOf[msg.sender] * pool.get_virtual_price() / 1e18 * 75 / 100);
        usd.transfer(msg.sender, amount);
    }
}
