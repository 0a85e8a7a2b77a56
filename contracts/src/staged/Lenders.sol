// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {IRoutedPair} from "./Router.sol";

/// A price that somebody tells.
interface IFeed {
    function latestAnswer() external view returns (int256);
}

/// Lends dollars against a token, at the ratio of what a pair holds. Vulnerable on purpose, as all contracts of this
/// file.
contract BalanceLender {
    IERC20 public immutable token;
    IERC20 public immutable usd;
    address public immutable pair;
    mapping(address => uint256) public collateralOf;
    mapping(address => uint256) public debtOf;

    constructor(IERC20 token_, IERC20 usd_, address pair_) {
        (token, usd, pair) = (token_, usd_, pair_);
    }

    function deposit(uint256 amount) external {
        token.transferFrom(msg.sender, address(this), amount);
        collateralOf[msg.sender] += amount;
    }

    function borrow(uint256 amount) external {
        debtOf[msg.sender] += amount;
        uint256 worth = collateralOf[msg.sender] * usd.balanceOf(pair) / token.balanceOf(pair);
        require(debtOf[msg.sender] <= worth * 75 / 100);
        usd.transfer(msg.sender, amount);
    }
}

/// A price that anybody may set.
contract OpenFeed is IFeed {
    int256 public latestAnswer;

    constructor(int256 first) {
        latestAnswer = first;
    }

    function setPrice(int256 price) external {
        latestAnswer = price;
    }
}

/// Lends dollars against a token, at the price of a feed.
contract FeedLender {
    IERC20 public immutable token;
    IERC20 public immutable usd;
    IFeed public immutable feed;
    mapping(address => uint256) public collateralOf;
    mapping(address => uint256) public debtOf;

    constructor(IERC20 token_, IERC20 usd_, IFeed feed_) {
        (token, usd, feed) = (token_, usd_, feed_);
    }

    function deposit(uint256 amount) external {
        token.transferFrom(msg.sender, address(this), amount);
        collateralOf[msg.sender] += amount;
    }

    function borrow(uint256 amount) external {
        debtOf[msg.sender] += amount;
        require(debtOf[msg.sender] <= collateralOf[msg.sender] * uint256(feed.latestAnswer()) / 1e8 * 75 / 100);
        usd.transfer(msg.sender, amount);
    }
}

/// Lends dollars against shares of a vault, at a rate that rounds to nothing when a share is dear.
contract RateLender {
    IERC20 public immutable usd;
    IERC4626 public immutable vault;
    mapping(address => uint256) public collateralOf;
    mapping(address => uint256) public debtOf;

    constructor(IERC20 usd_, IERC4626 vault_) {
        (usd, vault) = (usd_, vault_);
    }

    function deposit(uint256 shares) external {
        vault.transferFrom(msg.sender, address(this), shares);
        collateralOf[msg.sender] += shares;
    }

    function borrow(uint256 amount) external {
        debtOf[msg.sender] += amount;
        uint256 rate = 1e36 / vault.convertToAssets(1e18);
        require(collateralOf[msg.sender] > 0 && debtOf[msg.sender] * rate / 1e18 <= collateralOf[msg.sender] * 75 / 100);
        usd.transfer(msg.sender, amount);
    }
}

/// A market of a token whose shares are collateral for dollars: what is here over what there is of shares.
contract ShareMarket {
    uint256 public constant PRICE = 2000;
    IERC20 public immutable token;
    IERC20 public immutable usd;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => uint256) public debtOf;

    constructor(IERC20 token_, IERC20 usd_) {
        (token, usd) = (token_, usd_);
    }

    function exchangeRateStored() public view returns (uint256) {
        return totalSupply == 0 ? 1e18 : token.balanceOf(address(this)) * 1e18 / totalSupply;
    }

    function mint(uint256 amount) external {
        uint256 shares = amount * 1e18 / exchangeRateStored();
        token.transferFrom(msg.sender, address(this), amount);
        balanceOf[msg.sender] += shares;
        totalSupply += shares;
    }

    function redeemUnderlying(uint256 amount) external {
        uint256 rate = exchangeRateStored();
        uint256 shares = amount * 1e18 / rate;
        balanceOf[msg.sender] -= shares;
        totalSupply -= shares;
        _sound(msg.sender, rate);
        token.transfer(msg.sender, amount);
    }

    function borrow(uint256 amount) external {
        debtOf[msg.sender] += amount;
        _sound(msg.sender, exchangeRateStored());
        usd.transfer(msg.sender, amount);
    }

    function _sound(address whose, uint256 rate) private view {
        require(debtOf[whose] <= balanceOf[whose] * rate / 1e18 * PRICE * 75 / 100);
    }
}

/// Lends dollars against dollars with leverage; who gives collateral away is not asked about his debt.
contract SlackLender {
    IERC20 public immutable usd;
    uint256 public reserves;
    mapping(address => uint256) public collateralOf;
    mapping(address => uint256) public debtOf;

    constructor(IERC20 usd_) {
        usd = usd_;
    }

    function deposit(uint256 amount) external {
        usd.transferFrom(msg.sender, address(this), amount);
        collateralOf[msg.sender] += amount;
    }

    function leverage(uint256 amount) external {
        collateralOf[msg.sender] += amount;
        debtOf[msg.sender] += amount;
        _sound(msg.sender);
    }

    function donateToReserves(uint256 amount) external {
        collateralOf[msg.sender] -= amount;
        reserves += amount;
    }

    /// Takes the collateral of an unsound debtor, with a debt of four fifths of it.
    function liquidate(address debtor) external {
        require(debtOf[debtor] * 100 > collateralOf[debtor] * 95);
        uint256 taken = collateralOf[debtor];
        collateralOf[debtor] = 0;
        debtOf[debtor] -= taken * 80 / 100;
        collateralOf[msg.sender] += taken;
        debtOf[msg.sender] += taken * 80 / 100;
    }

    function withdraw(uint256 amount) external {
        collateralOf[msg.sender] -= amount;
        _sound(msg.sender);
        usd.transfer(msg.sender, amount);
    }

    function _sound(address whose) private view {
        require(debtOf[whose] * 100 <= collateralOf[whose] * 95);
    }
}

/// Sells the tokens that it earned, whoever asks it to, at whatever price there is.
contract Compounder {
    IERC20 public immutable token;
    IRoutedPair public immutable pair;

    constructor(IERC20 token_, IRoutedPair pair_) {
        (token, pair) = (token_, pair_);
    }

    function harvest() external {
        uint256 amount = token.balanceOf(address(this));
        (uint256 reserve0, uint256 reserve1,) = pair.getReserves();
        bool first = pair.token0() == address(token);
        (uint256 inside, uint256 outside) = first ? (reserve0, reserve1) : (reserve1, reserve0);
        uint256 got = amount * 997 * outside / (inside * 1000 + amount * 997);
        token.transfer(address(pair), amount);
        pair.swap(first ? 0 : got, first ? got : 0, address(this), "");
    }
}
