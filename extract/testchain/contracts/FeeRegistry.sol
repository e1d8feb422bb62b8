// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// Says which part of a vault's fees is the protocol's, and who receives it.
contract FeeRegistry {
    event ProtocolFeeReceiverUpdated(address oldReceiver, address newReceiver);
    event DefaultRateUpdated(uint256 oldRate, uint256 newRate);

    address public protocolFeeReceiver;
    uint256 private _rate;

    constructor(address receiver, uint256 rate) {
        protocolFeeReceiver = receiver;
        _rate = rate;
        emit ProtocolFeeReceiverUpdated(address(0), receiver);
        emit DefaultRateUpdated(0, rate);
    }

    function protocolRate() external view returns (uint256) {
        return _rate;
    }

    function protocolRate(address) external view returns (uint256) {
        return _rate;
    }
}
