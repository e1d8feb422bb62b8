// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// What an account has supplied to the pool, or owes it: a token that only the
/// pool moves, with the events of Aave V3's tokens. Debt grows by simple interest
/// until the account next borrows or repays; supply does not grow.
contract PositionToken {
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Mint(
        address indexed caller, address indexed onBehalfOf, uint256 value, uint256 balanceIncrease, uint256 index
    );
    event Burn(address indexed from, address indexed target, uint256 value, uint256 balanceIncrease, uint256 index);

    uint256 private constant RAY = 1e27;

    address public immutable POOL;
    IERC20 public immutable UNDERLYING_ASSET_ADDRESS;
    uint256 public immutable rate; // basis points per year
    string public name;
    string public symbol;
    uint8 public constant decimals = 6;
    uint256 public totalSupply; // at the last change
    mapping(address => uint256) private _principal;
    mapping(address => uint256) private _since;

    constructor(IERC20 asset, uint256 rate_, string memory name_, string memory symbol_) {
        POOL = msg.sender;
        UNDERLYING_ASSET_ADDRESS = asset;
        rate = rate_;
        name = name_;
        symbol = symbol_;
    }

    modifier onlyPool() {
        require(msg.sender == POOL, "PositionToken: pool only");
        _;
    }

    function balanceOf(address account) public view returns (uint256) {
        uint256 principal = _principal[account];
        return principal + principal * rate * (block.timestamp - _since[account]) / (10_000 * 365 days);
    }

    function mint(address caller, address account, uint256 amount) external onlyPool {
        uint256 interest = _accrue(account);
        _principal[account] += amount;
        totalSupply += amount;
        emit Transfer(address(0), account, amount + interest);
        emit Mint(caller, account, amount + interest, interest, RAY);
    }

    function burn(address account, address target, uint256 amount) external onlyPool {
        uint256 interest = _accrue(account);
        _principal[account] -= amount;
        totalSupply -= amount;
        if (interest > amount) {
            emit Transfer(address(0), account, interest - amount);
            emit Mint(account, account, interest - amount, interest, RAY);
        } else {
            emit Transfer(account, address(0), amount - interest);
            emit Burn(account, target, amount - interest, interest, RAY);
        }
    }

    function pay(address to, uint256 amount) external onlyPool {
        SafeERC20.safeTransfer(UNDERLYING_ASSET_ADDRESS, to, amount);
    }

    function _accrue(address account) private returns (uint256 interest) {
        uint256 balance = balanceOf(account);
        interest = balance - _principal[account];
        _principal[account] = balance;
        _since[account] = block.timestamp;
        totalSupply += interest;
    }
}

/// A lending pool of one reserve with the events and the reading functions of
/// Aave V3's. Left out: liquidations, a moving rate, interest for suppliers.
contract LendingPool {
    event Supply(
        address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, uint16 indexed referralCode
    );
    event Withdraw(address indexed reserve, address indexed user, address indexed to, uint256 amount);
    event Borrow(
        address indexed reserve,
        address user,
        address indexed onBehalfOf,
        uint256 amount,
        uint8 interestRateMode,
        uint256 borrowRate,
        uint16 indexed referralCode
    );
    event Repay(
        address indexed reserve, address indexed user, address indexed repayer, uint256 amount, bool useATokens
    );
    event ReserveUsedAsCollateralEnabled(address indexed reserve, address indexed user);

    uint256 private constant LTV = 7_500;
    uint256 private constant LIQUIDATION_THRESHOLD = 8_000;
    uint256 private constant BASE_PER_UNIT = 100; // 8 decimals of a dollar per unit of 6

    IERC20 public immutable reserve;
    PositionToken public immutable aToken;
    PositionToken public immutable variableDebtToken;

    constructor(IERC20 reserve_, uint256 rate) {
        reserve = reserve_;
        aToken = new PositionToken(reserve_, 0, "Dev Lending USD", "adevUSD");
        variableDebtToken = new PositionToken(reserve_, rate, "Dev Lending Variable Debt USD", "variableDebtdevUSD");
    }

    modifier onlyReserve(address asset) {
        require(asset == address(reserve), "LendingPool: reserve");
        _;
    }

    function getReserveAToken(address asset) external view onlyReserve(asset) returns (address) {
        return address(aToken);
    }

    function getReserveVariableDebtToken(address asset) external view onlyReserve(asset) returns (address) {
        return address(variableDebtToken);
    }

    function getUserAccountData(address user)
        public
        view
        returns (
            uint256 totalCollateralBase,
            uint256 totalDebtBase,
            uint256 availableBorrowsBase,
            uint256 currentLiquidationThreshold,
            uint256 ltv,
            uint256 healthFactor
        )
    {
        totalCollateralBase = aToken.balanceOf(user) * BASE_PER_UNIT;
        totalDebtBase = variableDebtToken.balanceOf(user) * BASE_PER_UNIT;
        uint256 limit = totalCollateralBase * LTV / 10_000;
        availableBorrowsBase = limit > totalDebtBase ? limit - totalDebtBase : 0;
        (currentLiquidationThreshold, ltv) = (LIQUIDATION_THRESHOLD, LTV);
        healthFactor = totalDebtBase == 0
            ? type(uint256).max
            : totalCollateralBase * LIQUIDATION_THRESHOLD * 1e14 / totalDebtBase;
    }

    function supply(address asset, uint256 amount, address onBehalfOf, uint16 referralCode)
        external
        onlyReserve(asset)
    {
        bool isFirst = aToken.balanceOf(onBehalfOf) == 0;
        SafeERC20.safeTransferFrom(reserve, msg.sender, address(aToken), amount);
        aToken.mint(msg.sender, onBehalfOf, amount);
        if (isFirst) emit ReserveUsedAsCollateralEnabled(asset, onBehalfOf);
        emit Supply(asset, msg.sender, onBehalfOf, amount, referralCode);
    }

    function withdraw(address asset, uint256 amount, address to) external onlyReserve(asset) returns (uint256) {
        aToken.burn(msg.sender, to, amount);
        aToken.pay(to, amount);
        _checkHealth(msg.sender);
        emit Withdraw(asset, msg.sender, to, amount);
        return amount;
    }

    /// Borrows for the caller only; delegation is left out.
    function borrow(address asset, uint256 amount, uint256 interestRateMode, uint16 referralCode, address onBehalfOf)
        external
        onlyReserve(asset)
    {
        require(interestRateMode == 2 && onBehalfOf == msg.sender, "LendingPool: mode");
        variableDebtToken.mint(msg.sender, onBehalfOf, amount);
        aToken.pay(msg.sender, amount);
        _checkHealth(onBehalfOf);
        emit Borrow(asset, msg.sender, onBehalfOf, amount, 2, variableDebtToken.rate() * 1e23, referralCode);
    }

    /// Repays at most the whole debt.
    function repay(address asset, uint256 amount, uint256 interestRateMode, address onBehalfOf)
        external
        onlyReserve(asset)
        returns (uint256)
    {
        require(interestRateMode == 2, "LendingPool: mode");
        uint256 debt = variableDebtToken.balanceOf(onBehalfOf);
        if (amount > debt) amount = debt;
        SafeERC20.safeTransferFrom(reserve, msg.sender, address(aToken), amount);
        variableDebtToken.burn(onBehalfOf, address(0), amount);
        emit Repay(asset, onBehalfOf, msg.sender, amount, false);
        return amount;
    }

    function _checkHealth(address user) private view {
        uint256 limit = aToken.balanceOf(user) * LTV / 10_000;
        require(variableDebtToken.balanceOf(user) <= limit, "LendingPool: health");
    }
}
