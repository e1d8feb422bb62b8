// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Governed, IAuthority} from "./Roles.sol";

interface ITransferHook {
    function beforeTransfer(address from, address to, address operator) external view;
}

interface IRate {
    function getRate() external view returns (uint256);
}

/// Veda's BoringVault: it holds the assets, mints and burns for whom the authority
/// lets, and does whatever a manager tells it. It knows no price.
contract RatedVault is ERC20, Governed {
    event Enter(address indexed from, address indexed asset, uint256 amount, address indexed to, uint256 shares);
    event Exit(address indexed to, address indexed asset, uint256 amount, address indexed from, uint256 shares);

    ITransferHook public hook;
    uint8 private immutable _decimals;

    constructor(address owner_, string memory name_, string memory symbol_, uint8 decimals_)
        ERC20(name_, symbol_)
        Governed(owner_, IAuthority(address(0)))
    {
        _decimals = decimals_;
    }

    function decimals() public view override returns (uint8) {
        return _decimals;
    }

    function manage(address target, bytes calldata data, uint256 value) external permitted returns (bytes memory) {
        (bool done, bytes memory answer) = target.call{value: value}(data);
        require(done, "RatedVault: the managed call failed");
        return answer;
    }

    function enter(address from, IERC20 asset, uint256 amount, address to, uint256 shares) external permitted {
        if (amount > 0) {
            asset.transferFrom(from, address(this), amount);
        }
        _mint(to, shares);
        emit Enter(from, address(asset), amount, to, shares);
    }

    function exit(address to, IERC20 asset, uint256 amount, address from, uint256 shares) external permitted {
        _burn(from, shares);
        if (amount > 0) {
            asset.transfer(to, amount);
        }
        emit Exit(to, address(asset), amount, from, shares);
    }

    /// Without an event, as the real one.
    function setBeforeTransferHook(ITransferHook next) external permitted {
        hook = next;
    }

    function transfer(address to, uint256 shares) public override returns (bool) {
        if (address(hook) != address(0)) {
            hook.beforeTransfer(msg.sender, to, msg.sender);
        }
        return super.transfer(to, shares);
    }

    function transferFrom(address from, address to, uint256 shares) public override returns (bool) {
        if (address(hook) != address(0)) {
            hook.beforeTransfer(from, to, msg.sender);
        }
        return super.transferFrom(from, to, shares);
    }
}

/// A rate that somebody says, of a coin in another.
contract SaidRate is IRate {
    uint256 public getRate;

    constructor(uint256 rate) {
        getRate = rate;
    }
}
