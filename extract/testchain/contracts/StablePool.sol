// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// A market of a vault's share (coin 0) against its asset (coin 1) by Curve's
/// StableSwap invariant, with the events of its stable pools. As in pools of
/// ERC-4626 shares there, a share counts for what the vault says it is worth, so
/// that the price leaves that worth only as the pool loses its balance.
/// Left out: liquidity tokens, removal, oracles.
contract StablePool {
    event TokenExchange(
        address indexed buyer, int128 sold_id, uint256 tokens_sold, int128 bought_id, uint256 tokens_bought
    );
    event AddLiquidity(
        address indexed provider, uint256[] token_amounts, uint256[] fees, uint256 invariant, uint256 token_supply
    );

    uint256 private constant N = 2;
    uint256 private constant A_PRECISION = 100;
    uint256 private constant FEE_DENOMINATOR = 1e10;

    uint256 public immutable A;
    uint256 public immutable fee; // of 1e10
    address[] public coins;
    uint256[] public balances;

    constructor(IERC4626 vault, uint256 amplification, uint256 fee_) {
        A = amplification;
        fee = fee_;
        coins = [address(vault), vault.asset()];
        balances = [uint256(0), 0];
    }

    /// Worth of a unit of each coin, such that balance * rate / 1e18 has 18 decimals.
    function stored_rates() public view returns (uint256[] memory rates) {
        rates = new uint256[](N);
        rates[0] = IERC4626(coins[0]).convertToAssets(1e30);
        rates[1] = 1e30;
    }

    function add_liquidity(uint256[] calldata amounts, uint256) external returns (uint256 invariant) {
        require(amounts.length == N, "StablePool: amounts");
        for (uint256 i = 0; i < N; i++) {
            SafeERC20.safeTransferFrom(IERC20(coins[i]), msg.sender, address(this), amounts[i]);
            balances[i] += amounts[i];
        }
        uint256[] memory rates = stored_rates();
        invariant = _invariant(_worth(0, rates), _worth(1, rates));
        emit AddLiquidity(msg.sender, amounts, new uint256[](N), invariant, invariant);
    }

    function get_dy(int128 i, int128 j, uint256 dx) public view returns (uint256) {
        require(i != j && (i | j) == 1, "StablePool: coins");
        uint256[] memory rates = stored_rates();
        (uint256 sold, uint256 bought) = (uint256(uint128(i)), uint256(uint128(j)));
        (uint256 x, uint256 y) = (_worth(sold, rates), _worth(bought, rates));
        uint256 d = _invariant(x, y);
        uint256 dy = y - _other(x + dx * rates[sold] / 1e18, d) - 1; // in favour of the pool
        dy -= dy * fee / FEE_DENOMINATOR;
        return dy * 1e18 / rates[bought];
    }

    function exchange(int128 i, int128 j, uint256 dx, uint256 min_dy) external returns (uint256 dy) {
        dy = get_dy(i, j, dx);
        require(dy >= min_dy, "StablePool: too little");
        (uint256 sold, uint256 bought) = (uint256(uint128(i)), uint256(uint128(j)));
        balances[sold] += dx;
        balances[bought] -= dy;
        SafeERC20.safeTransferFrom(IERC20(coins[sold]), msg.sender, address(this), dx);
        SafeERC20.safeTransfer(IERC20(coins[bought]), msg.sender, dy);
        emit TokenExchange(msg.sender, i, dx, j, dy);
    }

    function _worth(uint256 coin, uint256[] memory rates) private view returns (uint256) {
        return balances[coin] * rates[coin] / 1e18;
    }

    /// The invariant D of the balances x and y, by Newton's method.
    function _invariant(uint256 x, uint256 y) private view returns (uint256 d) {
        uint256 sum = x + y;
        uint256 ann = A * A_PRECISION * N;
        d = sum;
        for (uint256 i = 0; i < 255; i++) {
            uint256 p = d * d / x * d / y / (N * N);
            uint256 last = d;
            d = (ann * sum / A_PRECISION + p * N) * d / ((ann - A_PRECISION) * d / A_PRECISION + (N + 1) * p);
            if (d <= last + 1 && last <= d + 1) return d;
        }
        revert("StablePool: no invariant");
    }

    /// The balance beside x at the invariant d, by Newton's method.
    function _other(uint256 x, uint256 d) private view returns (uint256 y) {
        uint256 ann = A * A_PRECISION * N;
        uint256 c = d * d / (x * N) * d * A_PRECISION / (ann * N);
        uint256 b = x + d * A_PRECISION / ann;
        y = d;
        for (uint256 i = 0; i < 255; i++) {
            uint256 last = y;
            y = (y * y + c) / (2 * y + b - d);
            if (y <= last + 1 && last <= y + 1) return y;
        }
        revert("StablePool: no balance");
    }
}
