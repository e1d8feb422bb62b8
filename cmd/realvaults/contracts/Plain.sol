// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";

/// An asset of any decimals, which anybody may mint and burn.
contract Coin is ERC20 {
    uint8 private immutable places;

    constructor(string memory symbol, uint8 decimals_) ERC20(symbol, symbol) {
        places = decimals_;
    }

    function decimals() public view override returns (uint8) {
        return places;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function burn(address from, uint256 amount) external {
        _burn(from, amount);
    }
}

/// OpenZeppelin's vault with nothing of ours but a name and a decimals offset.
contract PlainVault is ERC4626 {
    uint8 private immutable offset;

    constructor(string memory symbol, ERC20 asset, uint8 offset_) ERC20(symbol, symbol) ERC4626(asset) {
        offset = offset_;
    }

    function _decimalsOffset() internal view override returns (uint8) {
        return offset;
    }
}
