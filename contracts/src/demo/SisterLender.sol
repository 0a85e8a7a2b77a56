// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

/// What the lender reads of a Uniswap v2 pair.
interface IPriceSource {
    function token0() external view returns (address);
    function token1() external view returns (address);
    function getReserves() external view returns (uint112 reserve0, uint112 reserve1, uint32 time);
}

/// A small lending protocol of the demonstration: USD is lent against collateral, without interest. Vulnerable on
/// purpose: it believes the spot price of a pair, which one transaction can move.
/// A pause stops what lets value out (borrow, withdraw, redeem), never repayment or liquidation.
contract SisterLender is Pausable {
    using SafeERC20 for IERC20;

    uint256 public constant BORROW_PERCENT = 75;
    uint256 public constant LIQUIDATION_PERCENT = 80;
    uint256 public constant BONUS_PERCENT = 5;

    address public immutable owner;
    IERC20 public immutable collateral;
    IERC20 public immutable usd;
    IPriceSource public immutable pair;
    bool private immutable _collateralFirst;

    /// The only account that may pause.
    address public guardian;
    mapping(address lender => uint256) public suppliedBy;
    mapping(address borrower => uint256) public collateralOf;
    mapping(address borrower => uint256) public debtOf;

    event GuardianSet(address indexed guardian);
    event Supplied(address indexed lender, uint256 amount);
    event Redeemed(address indexed lender, uint256 amount);
    event Deposited(address indexed borrower, uint256 amount);
    event Withdrawn(address indexed borrower, uint256 amount);
    event Borrowed(address indexed borrower, uint256 amount);
    event Repaid(address indexed borrower, address indexed by, uint256 amount);
    event Liquidated(address indexed borrower, address indexed by, uint256 debt, uint256 collateral);

    error NotOwner();
    error NotGuardian();
    error WrongPair();
    error Undercollateralised();
    error Sound();

    constructor(address owner_, IERC20 collateral_, IERC20 usd_, IPriceSource pair_) {
        owner = owner_;
        collateral = collateral_;
        usd = usd_;
        pair = pair_;
        (address first, address second) = (pair_.token0(), pair_.token1());
        _collateralFirst = first == address(collateral_);
        if (!_collateralFirst) (first, second) = (second, first);
        if (first != address(collateral_) || second != address(usd_)) revert WrongPair();
    }

    modifier onlyGuardian() {
        if (msg.sender != guardian) revert NotGuardian();
        _;
    }

    function setGuardian(address guardian_) external {
        if (msg.sender != owner) revert NotOwner();
        guardian = guardian_;
        emit GuardianSet(guardian_);
    }

    function pause() external onlyGuardian {
        _pause();
    }

    function unpause() external onlyGuardian {
        _unpause();
    }

    function supply(uint256 amount) external {
        suppliedBy[msg.sender] += amount;
        usd.safeTransferFrom(msg.sender, address(this), amount);
        emit Supplied(msg.sender, amount);
    }

    function redeem(uint256 amount) external whenNotPaused {
        suppliedBy[msg.sender] -= amount;
        usd.safeTransfer(msg.sender, amount);
        emit Redeemed(msg.sender, amount);
    }

    function deposit(uint256 amount) external {
        collateralOf[msg.sender] += amount;
        collateral.safeTransferFrom(msg.sender, address(this), amount);
        emit Deposited(msg.sender, amount);
    }

    function withdraw(uint256 amount) external whenNotPaused {
        collateralOf[msg.sender] -= amount;
        if (debtOf[msg.sender] > worth(msg.sender) * BORROW_PERCENT / 100) revert Undercollateralised();
        collateral.safeTransfer(msg.sender, amount);
        emit Withdrawn(msg.sender, amount);
    }

    function borrow(uint256 amount) external whenNotPaused {
        debtOf[msg.sender] += amount;
        if (debtOf[msg.sender] > worth(msg.sender) * BORROW_PERCENT / 100) revert Undercollateralised();
        usd.safeTransfer(msg.sender, amount);
        emit Borrowed(msg.sender, amount);
    }

    function repay(address borrower, uint256 amount) public virtual {
        debtOf[borrower] -= amount;
        usd.safeTransferFrom(msg.sender, address(this), amount);
        emit Repaid(borrower, msg.sender, amount);
    }

    /// Repays `amount` of a debt that is worth too much of its collateral, for that collateral and a bonus.
    function liquidate(address borrower, uint256 amount) public virtual {
        if (debtOf[borrower] <= worth(borrower) * LIQUIDATION_PERCENT / 100) revert Sound();
        uint256 seized = amount * 1e18 / price() * (100 + BONUS_PERCENT) / 100;
        if (seized > collateralOf[borrower]) seized = collateralOf[borrower];
        debtOf[borrower] -= amount;
        collateralOf[borrower] -= seized;
        usd.safeTransferFrom(msg.sender, address(this), amount);
        collateral.safeTransfer(msg.sender, seized);
        emit Liquidated(borrower, msg.sender, amount, seized);
    }

    /// USD for one unit (1e18) of collateral, from the pair's reserves of this very moment.
    function price() public view returns (uint256) {
        (uint112 reserve0, uint112 reserve1,) = pair.getReserves();
        return _collateralFirst ? uint256(reserve1) * 1e18 / reserve0 : uint256(reserve0) * 1e18 / reserve1;
    }

    /// USD value of a borrower's collateral.
    function worth(address borrower) public view returns (uint256) {
        return collateralOf[borrower] * price() / 1e18;
    }
}
