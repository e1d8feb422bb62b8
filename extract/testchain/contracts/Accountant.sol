// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Governed, IAuthority} from "./Roles.sol";
import {IRate} from "./RatedVault.sol";

/// Veda's AccountantWithRateProviders: it keeps the rate that somebody posts, owes
/// fees by it, and pauses itself, without an event, by a rate out of bounds or too
/// early.
contract Accountant is Governed, IRate {
    using Math for uint256;

    event Paused();
    event Unpaused();
    event DelayInSecondsUpdated(uint24 oldDelay, uint24 newDelay);
    event UpperBoundUpdated(uint16 oldBound, uint16 newBound);
    event LowerBoundUpdated(uint16 oldBound, uint16 newBound);
    event PlatformFeeUpdated(uint16 oldFee, uint16 newFee);
    event PerformanceFeeUpdated(uint16 oldFee, uint16 newFee);
    event PayoutAddressUpdated(address oldPayout, address newPayout);
    event RateProviderUpdated(address asset, bool isPegged, address rateProvider);
    event ExchangeRateUpdated(uint96 oldRate, uint96 newRate, uint64 currentTime);
    event FeesClaimed(address indexed feeAsset, uint256 amount);

    struct State {
        address payoutAddress;
        uint96 highwaterMark;
        uint128 feesOwedInBase;
        uint128 totalSharesLastUpdate;
        uint96 exchangeRate;
        uint16 allowedExchangeRateChangeUpper;
        uint16 allowedExchangeRateChangeLower;
        uint64 lastUpdateTimestamp;
        bool isPaused;
        uint24 minimumUpdateDelayInSeconds;
        uint16 platformFee;
        uint16 performanceFee;
    }

    struct Provider {
        bool isPegged;
        IRate provider;
    }

    State public accountantState;
    mapping(address => Provider) public rateProviderData;
    IERC20 public immutable base;
    uint8 public immutable decimals;
    IERC20 public immutable vault;
    uint256 private immutable oneShare;

    constructor(
        address owner_,
        address vault_,
        address payout,
        uint96 rate,
        address base_,
        uint16 upper,
        uint16 lower,
        uint24 delay,
        uint16 platformFee,
        uint16 performanceFee
    ) Governed(owner_, IAuthority(address(0))) {
        base = IERC20(base_);
        decimals = IERC20Metadata(base_).decimals();
        vault = IERC20(vault_);
        oneShare = 10 ** IERC20Metadata(vault_).decimals();
        accountantState = State(
            payout, rate, 0, uint128(vault.totalSupply()), rate, upper, lower, uint64(block.timestamp), false, delay,
            platformFee, performanceFee
        );
    }

    function pause() external permitted {
        accountantState.isPaused = true;
        emit Paused();
    }

    function unpause() external permitted {
        accountantState.isPaused = false;
        emit Unpaused();
    }

    function updateDelay(uint24 delay) external permitted {
        emit DelayInSecondsUpdated(accountantState.minimumUpdateDelayInSeconds, delay);
        accountantState.minimumUpdateDelayInSeconds = delay;
    }

    function updateUpper(uint16 bound) external permitted {
        emit UpperBoundUpdated(accountantState.allowedExchangeRateChangeUpper, bound);
        accountantState.allowedExchangeRateChangeUpper = bound;
    }

    function updateLower(uint16 bound) external permitted {
        emit LowerBoundUpdated(accountantState.allowedExchangeRateChangeLower, bound);
        accountantState.allowedExchangeRateChangeLower = bound;
    }

    function updatePlatformFee(uint16 fee) external permitted {
        require(fee <= 2_000, "Accountant: platform fee too large");
        emit PlatformFeeUpdated(accountantState.platformFee, fee);
        accountantState.platformFee = fee;
    }

    function updatePayoutAddress(address payout) external permitted {
        emit PayoutAddressUpdated(accountantState.payoutAddress, payout);
        accountantState.payoutAddress = payout;
    }

    function setRateProviderData(address asset, bool isPegged, IRate provider) external permitted {
        rateProviderData[asset] = Provider(isPegged, provider);
        emit RateProviderUpdated(asset, isPegged, address(provider));
    }

    /// A rate that should not be is kept all the same, and only pauses.
    function updateExchangeRate(uint96 rate) external permitted {
        State storage s = accountantState;
        require(!s.isPaused, "Accountant: paused");
        uint256 current = s.exchangeRate;
        uint256 supply = vault.totalSupply();
        if (
            block.timestamp < s.lastUpdateTimestamp + s.minimumUpdateDelayInSeconds
                || rate > current * s.allowedExchangeRateChangeUpper / 10_000
                || rate < current * s.allowedExchangeRateChangeLower / 10_000
        ) {
            s.isPaused = true;
        } else {
            owe(s, rate, current, supply);
        }
        s.exchangeRate = rate;
        s.totalSharesLastUpdate = uint128(supply);
        s.lastUpdateTimestamp = uint64(block.timestamp);
        emit ExchangeRateUpdated(uint96(current), rate, uint64(block.timestamp));
    }

    function owe(State storage s, uint96 rate, uint256 current, uint256 supply) private {
        uint256 shares = supply.min(s.totalSharesLastUpdate);
        uint256 least = shares.mulDiv(current.min(rate), oneShare);
        uint256 fees = (least * s.platformFee / 10_000).mulDiv(block.timestamp - s.lastUpdateTimestamp, 365 days);
        if (rate > s.highwaterMark) {
            fees += uint256(rate - s.highwaterMark).mulDiv(shares, oneShare) * s.performanceFee / 10_000;
            s.highwaterMark = rate;
        }
        s.feesOwedInBase += uint128(fees);
    }

    function claimFees(IERC20 feeAsset) external {
        require(msg.sender == address(vault), "Accountant: vault only");
        State storage s = accountantState;
        require(!s.isPaused, "Accountant: paused");
        uint256 fees = s.feesOwedInBase;
        require(fees > 0, "Accountant: nothing owed");
        if (address(feeAsset) != address(base)) {
            uint8 digits = IERC20Metadata(address(feeAsset)).decimals();
            fees = scaled(fees, decimals, digits);
            Provider memory p = rateProviderData[address(feeAsset)];
            if (!p.isPegged) {
                fees = fees.mulDiv(10 ** digits, p.provider.getRate());
            }
        }
        s.feesOwedInBase = 0;
        feeAsset.transferFrom(msg.sender, s.payoutAddress, fees);
        emit FeesClaimed(address(feeAsset), fees);
    }

    function getRate() public view returns (uint256) {
        return accountantState.exchangeRate;
    }

    function getRateSafe() external view returns (uint256) {
        require(!accountantState.isPaused, "Accountant: paused");
        return getRate();
    }

    function getRateInQuote(address quote) public view returns (uint256) {
        if (quote == address(base)) {
            return accountantState.exchangeRate;
        }
        uint8 digits = IERC20Metadata(quote).decimals();
        uint256 rate = scaled(accountantState.exchangeRate, decimals, digits);
        Provider memory p = rateProviderData[quote];
        return p.isPegged ? rate : (10 ** digits).mulDiv(rate, p.provider.getRate());
    }

    function getRateInQuoteSafe(address quote) external view returns (uint256) {
        require(!accountantState.isPaused, "Accountant: paused");
        return getRateInQuote(quote);
    }

    function scaled(uint256 n, uint8 from, uint8 to) private pure returns (uint256) {
        return from < to ? n * 10 ** (to - from) : n / 10 ** (from - to);
    }
}
