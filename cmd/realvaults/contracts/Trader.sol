// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

interface RangePool {
    function token0() external view returns (address);
    function token1() external view returns (address);
    function mint(address to, int24 low, int24 high, uint128 amount, bytes calldata data) external;
    function burn(int24 low, int24 high, uint128 amount) external;
    function collect(address to, int24 low, int24 high, uint128 most0, uint128 most1) external;
    function swap(address to, bool zeroForOne, int256 amount, uint160 limit, bytes calldata data) external;
    function flash(address to, uint256 amount0, uint256 amount1, bytes calldata data) external;
}

/// Trades in pools that ask for what is owed to them while they are called. Who calls
/// must have approved both coins, and is given what comes out.
contract Trader {
    function swap(RangePool pool, bool zeroForOne, int256 amount, uint160 limit) external {
        pool.swap(msg.sender, zeroForOne, amount, limit, abi.encode(msg.sender));
    }

    function provide(RangePool pool, int24 low, int24 high, uint128 amount) external {
        pool.mint(address(this), low, high, amount, abi.encode(msg.sender));
    }

    function take(RangePool pool, int24 low, int24 high, uint128 amount) external {
        pool.burn(low, high, amount);
        pool.collect(msg.sender, low, high, type(uint128).max, type(uint128).max);
    }

    /// Borrows both coins and gives them back at once, with the fee.
    function flash(RangePool pool, uint256 amount0, uint256 amount1) external {
        pool.flash(address(this), amount0, amount1, abi.encode(msg.sender, amount0, amount1));
    }

    function uniswapV3SwapCallback(int256 owed0, int256 owed1, bytes calldata data) external {
        pay(abi.decode(data, (address)), owed0 > 0 ? uint256(owed0) : 0, owed1 > 0 ? uint256(owed1) : 0);
    }

    function uniswapV3MintCallback(uint256 owed0, uint256 owed1, bytes calldata data) external {
        pay(abi.decode(data, (address)), owed0, owed1);
    }

    function uniswapV3FlashCallback(uint256 fee0, uint256 fee1, bytes calldata data) external {
        (address payer, uint256 amount0, uint256 amount1) = abi.decode(data, (address, uint256, uint256));
        IERC20(RangePool(msg.sender).token0()).transfer(msg.sender, amount0);
        IERC20(RangePool(msg.sender).token1()).transfer(msg.sender, amount1);
        pay(payer, fee0, fee1);
    }

    function pay(address from, uint256 amount0, uint256 amount1) private {
        if (amount0 > 0) IERC20(RangePool(msg.sender).token0()).transferFrom(from, msg.sender, amount0);
        if (amount1 > 0) IERC20(RangePool(msg.sender).token1()).transferFrom(from, msg.sender, amount1);
    }
}
