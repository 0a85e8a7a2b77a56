// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// A token that anybody may burn, of anybody. Vulnerable on purpose, as all contracts of this file.
contract BurnToken is ERC20("Burn Token", "BURN") {
    constructor() {
        _mint(msg.sender, 1e24);
    }

    function burn(address whose, uint256 amount) external {
        _burn(whose, amount);
    }
}

/// A token that burns a fifth on top of what a pair pays.
contract TaxToken is ERC20("Tax Token", "TAX") {
    address public pair;

    constructor() {
        _mint(msg.sender, 1e24);
    }

    function setPair(address pair_) external {
        require(pair == address(0));
        pair = pair_;
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (from == pair && from != address(0)) super._update(pair, address(0), amount / 5);
    }
}

/// A token with books of its own, which forget one side when somebody pays himself, and do not see an overflow.
contract BadBooks {
    string public constant name = "Bad Books";
    string public constant symbol = "BAD";
    uint8 public constant decimals = 18;
    uint256 public totalSupply = 1e24;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 value);

    constructor() {
        balanceOf[msg.sender] = totalSupply;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        uint256 before = balanceOf[to];
        balanceOf[msg.sender] -= amount;
        balanceOf[to] = before + amount;
        emit Transfer(msg.sender, to, amount);
        return true;
    }

    /// Anybody's may be moved by anybody: the allowance is counted down, and below nothing.
    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        unchecked {
            allowance[from][msg.sender] -= amount;
        }
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        emit Transfer(from, to, amount);
        return true;
    }

    function batchTransfer(address[] calldata people, uint256 amount) external {
        unchecked {
            uint256 sum = people.length * amount;
            require(balanceOf[msg.sender] >= sum);
            balanceOf[msg.sender] -= sum;
            for (uint256 i = 0; i < people.length; i++) {
                balanceOf[people[i]] += amount;
                emit Transfer(msg.sender, people[i], amount);
            }
        }
    }
}

/// A token of which a tenth of every payment is burned.
contract FeeToken is ERC20("Fee Token", "FEE") {
    constructor() {
        _mint(msg.sender, 1e24);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (from == address(0) || to == address(0)) {
            super._update(from, to, amount);
        } else {
            super._update(from, to, amount - amount / 10);
            super._update(from, address(0), amount / 10);
        }
    }
}

/// Keeps a token for people and pays them dollars for the time, by the share that what they are said to have put in has
/// of what is here.
contract FeeFarm {
    IERC20 public immutable token;
    IERC20 public immutable usd;
    uint256 public since = block.timestamp;
    mapping(address => uint256) public stakeOf;

    constructor(IERC20 token_, IERC20 usd_) {
        (token, usd) = (token_, usd_);
    }

    function deposit(uint256 amount) external {
        token.transferFrom(msg.sender, address(this), amount);
        stakeOf[msg.sender] += amount;
    }

    function withdraw(uint256 amount) external {
        stakeOf[msg.sender] -= amount;
        token.transfer(msg.sender, amount);
    }

    function harvest() external {
        uint256 due = (block.timestamp - since) * 1e18 * stakeOf[msg.sender] / token.balanceOf(address(this));
        since = block.timestamp;
        uint256 here = usd.balanceOf(address(this));
        usd.transfer(msg.sender, due < here ? due : here);
    }
}

/// A pair copied from another, with a wrong factor where it checks what it got.
contract ForkPair {
    address public immutable token0;
    address public immutable token1;
    uint112 private _reserve0;
    uint112 private _reserve1;

    event Swap(address indexed sender, uint256 in0, uint256 in1, uint256 out0, uint256 out1, address indexed to);
    event Sync(uint112 reserve0, uint112 reserve1);

    constructor(address one, address other) {
        (token0, token1) = one < other ? (one, other) : (other, one);
    }

    function getReserves() public view returns (uint112, uint112, uint32) {
        return (_reserve0, _reserve1, uint32(block.timestamp));
    }

    function sync() public {
        _reserve0 = uint112(IERC20(token0).balanceOf(address(this)));
        _reserve1 = uint112(IERC20(token1).balanceOf(address(this)));
        emit Sync(_reserve0, _reserve1);
    }

    function swap(uint256 out0, uint256 out1, address to, bytes calldata) external {
        (uint256 before0, uint256 before1) = (_reserve0, _reserve1);
        if (out0 > 0) IERC20(token0).transfer(to, out0);
        if (out1 > 0) IERC20(token1).transfer(to, out1);
        uint256 now0 = IERC20(token0).balanceOf(address(this));
        uint256 now1 = IERC20(token1).balanceOf(address(this));
        uint256 in0 = now0 > before0 - out0 ? now0 - (before0 - out0) : 0;
        uint256 in1 = now1 > before1 - out1 ? now1 - (before1 - out1) : 0;
        require((now0 * 10000 - in0 * 16) * (now1 * 10000 - in1 * 16) >= before0 * before1 * 1000 ** 2);
        sync();
        emit Swap(msg.sender, in0, in1, out0, out1, to);
    }
}
