// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// A market with the events, the price format and the swap arithmetic of a Uniswap
/// V3 pool whose whole liquidity is one position over all prices. It takes tokens
/// by allowance, not by callback. Left out: other positions, exact output, oracle,
/// collection of fees.
contract RangePool {
    using Math for uint256;

    event Initialize(uint160 sqrtPriceX96, int24 tick);
    event Mint(
        address sender,
        address indexed owner,
        int24 indexed tickLower,
        int24 indexed tickUpper,
        uint128 amount,
        uint256 amount0,
        uint256 amount1
    );
    event Swap(
        address indexed sender,
        address indexed recipient,
        int256 amount0,
        int256 amount1,
        uint160 sqrtPriceX96,
        uint128 liquidity,
        int24 tick
    );

    int24 private constant MAX_TICK = 887_270; // a multiple of the spacing
    int24 public constant tickSpacing = 10;
    uint256 private constant Q96 = 1 << 96;
    uint256 private constant ROOT_OF_TICK = 0xfffcb933bd6fad37aa2d162d1a594001; // 2^128 / sqrt(1.0001)

    address public immutable token0;
    address public immutable token1;
    uint24 public immutable fee; // of 1e6
    uint128 public liquidity;
    uint160 private _price; // sqrt(token1 per token0) * 2^96
    int24 private _tick;

    constructor(address a, address b, uint24 fee_) {
        (token0, token1) = a < b ? (a, b) : (b, a);
        fee = fee_;
    }

    function slot0() external view returns (uint160, int24, uint16, uint16, uint16, uint8, bool) {
        return (_price, _tick, 0, 1, 1, 0, true);
    }

    function initialize(uint160 sqrtPriceX96) external {
        require(_price == 0, "RangePool: initialized");
        (_price, _tick) = (sqrtPriceX96, tickAt(sqrtPriceX96));
        emit Initialize(_price, _tick);
    }

    /// Adds liquidity over all prices.
    function mint(address owner, uint128 amount) external returns (uint256 amount0, uint256 amount1) {
        amount0 = uint256(amount).mulDiv(Q96, _price, Math.Rounding.Ceil);
        amount1 = uint256(amount).mulDiv(_price, Q96, Math.Rounding.Ceil);
        liquidity += amount;
        SafeERC20.safeTransferFrom(IERC20(token0), msg.sender, address(this), amount0);
        SafeERC20.safeTransferFrom(IERC20(token1), msg.sender, address(this), amount1);
        emit Mint(msg.sender, owner, -MAX_TICK, MAX_TICK, amount, amount0, amount1);
    }

    /// Swaps an exact input. The last two arguments of the original are ignored.
    function swap(address recipient, bool zeroForOne, int256 amountSpecified, uint160, bytes calldata)
        external
        returns (int256 amount0, int256 amount1)
    {
        require(amountSpecified > 0, "RangePool: exact input only");
        uint256 input = uint256(amountSpecified);
        (uint256 price, uint256 output) = quote(zeroForOne, input);
        (_price, _tick) = (uint160(price), tickAt(uint160(price)));
        SafeERC20.safeTransfer(IERC20(zeroForOne ? token1 : token0), recipient, output);
        SafeERC20.safeTransferFrom(IERC20(zeroForOne ? token0 : token1), msg.sender, address(this), input);
        (amount0, amount1) =
            zeroForOne ? (amountSpecified, -int256(output)) : (-int256(output), amountSpecified);
        emit Swap(msg.sender, recipient, amount0, amount1, _price, liquidity, _tick);
    }

    /// The price after a swap, and what it gives.
    function quote(bool zeroForOne, uint256 input) public view returns (uint256 next, uint256 output) {
        uint256 net = input.mulDiv(1e6 - fee, 1e6);
        uint256 price = _price;
        uint256 scaled = uint256(liquidity) << 96;
        if (zeroForOne) {
            next = scaled.mulDiv(price, scaled + net * price, Math.Rounding.Ceil);
            output = uint256(liquidity).mulDiv(price - next, Q96);
        } else {
            next = price + (net << 96) / liquidity;
            output = scaled.mulDiv(next - price, next) / price;
        }
    }

    /// The greatest tick whose price is not above sqrtPriceX96.
    function tickAt(uint160 sqrtPriceX96) public pure returns (int24) {
        (int24 low, int24 high) = (-MAX_TICK, MAX_TICK);
        while (high - low > 1) {
            int24 middle = (low + high) / 2;
            if (sqrtPriceAt(middle) <= sqrtPriceX96) low = middle;
            else high = middle;
        }
        return low;
    }

    /// sqrt(1.0001^tick) * 2^96, rounded up.
    function sqrtPriceAt(int24 tick) public pure returns (uint256) {
        uint256 steps = uint256(int256(tick < 0 ? -tick : tick));
        uint256 ratio = 1 << 128;
        for (uint256 root = ROOT_OF_TICK; steps > 0; steps >>= 1) {
            if (steps & 1 == 1) ratio = ratio * root >> 128;
            root = root * root >> 128;
        }
        if (tick > 0) ratio = type(uint256).max / ratio;
        return (ratio + type(uint32).max) >> 32;
    }
}
