// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Governed, IAuthority} from "./Roles.sol";
import {RatedVault} from "./RatedVault.sol";
import {Accountant} from "./Accountant.sol";
import {Teller} from "./Teller.sol";

struct OnChainWithdraw {
    uint96 nonce;
    address user;
    address assetOut;
    uint128 amountOfShares;
    uint128 amountOfAssets;
    uint40 creationTime;
    uint24 secondsToMaturity;
    uint24 secondsToDeadline;
}

/// Veda's BoringOnChainQueue: it keeps the shares of who asks until a solver pays the
/// assets that were promised, or who asked cancels.
contract WithdrawQueue is Governed {
    using Math for uint256;

    event OnChainWithdrawRequested(
        bytes32 indexed requestId,
        address indexed user,
        address indexed assetOut,
        uint96 nonce,
        uint128 amountOfShares,
        uint128 amountOfAssets,
        uint40 creationTime,
        uint24 secondsToMaturity,
        uint24 secondsToDeadline
    );
    event OnChainWithdrawCancelled(bytes32 indexed requestId, address indexed user, uint256 timestamp);
    event OnChainWithdrawSolved(bytes32 indexed requestId, address indexed user, uint256 timestamp);
    event WithdrawAssetStopped(address indexed assetOut);
    event WithdrawAssetUpdated(
        address indexed assetOut,
        uint24 minimumSecondsToDeadline,
        uint24 secondsToMaturity,
        uint16 minDiscount,
        uint16 maxDiscount,
        uint96 minimumShares
    );
    event Paused();
    event Unpaused();

    struct WithdrawAsset {
        bool allowWithdraws;
        uint24 secondsToMaturity;
        uint24 minimumSecondsToDeadline;
        uint16 minDiscount;
        uint16 maxDiscount;
        uint96 minimumShares;
    }

    RatedVault public immutable boringVault;
    Accountant public immutable accountant;
    uint256 public immutable ONE_SHARE;
    mapping(address => WithdrawAsset) public withdrawAssets;
    mapping(bytes32 => bool) private isWaiting;
    uint96 public nonce = 1;
    bool public isPaused;

    constructor(address owner_, IAuthority authority_, RatedVault vault_, Accountant accountant_)
        Governed(owner_, authority_)
    {
        boringVault = vault_;
        accountant = accountant_;
        ONE_SHARE = 10 ** vault_.decimals();
    }

    function pause() external permitted {
        isPaused = true;
        emit Paused();
    }

    function unpause() external permitted {
        isPaused = false;
        emit Unpaused();
    }

    /// The real one's event, too, has the two periods in another order than it says.
    function updateWithdrawAsset(
        address asset,
        uint24 toMaturity,
        uint24 toDeadline,
        uint16 minDiscount,
        uint16 maxDiscount,
        uint96 minimumShares
    ) external permitted {
        require(minDiscount <= maxDiscount && maxDiscount <= 3_000, "Queue: bad discount");
        withdrawAssets[asset] = WithdrawAsset(true, toMaturity, toDeadline, minDiscount, maxDiscount, minimumShares);
        emit WithdrawAssetUpdated(asset, toMaturity, toDeadline, minDiscount, maxDiscount, minimumShares);
    }

    function stopWithdrawsInAsset(address asset) external permitted {
        withdrawAssets[asset].allowWithdraws = false;
        emit WithdrawAssetStopped(asset);
    }

    function requestOnChainWithdraw(address asset, uint128 shares, uint16 discount, uint24 toDeadline)
        external
        permitted
    {
        check(asset, shares, discount, toDeadline);
        boringVault.transferFrom(msg.sender, address(this), shares);
        enqueue(msg.sender, asset, shares, discount, toDeadline);
    }

    function check(address asset, uint128 shares, uint16 discount, uint24 toDeadline) private view {
        WithdrawAsset memory terms = withdrawAssets[asset];
        require(!isPaused && terms.allowWithdraws, "Queue: not given");
        require(discount >= terms.minDiscount && discount <= terms.maxDiscount, "Queue: bad discount");
        require(shares >= terms.minimumShares && toDeadline >= terms.minimumSecondsToDeadline, "Queue: too little");
    }

    function enqueue(address user, address asset, uint128 shares, uint16 discount, uint24 toDeadline) private {
        uint256 price = accountant.getRateInQuoteSafe(asset) * (10_000 - discount) / 10_000;
        OnChainWithdraw memory r = OnChainWithdraw(
            nonce++, user, asset, shares, uint128(uint256(shares).mulDiv(price, ONE_SHARE)), uint40(block.timestamp),
            withdrawAssets[asset].secondsToMaturity, toDeadline
        );
        bytes32 id = keccak256(abi.encode(r));
        isWaiting[id] = true;
        emit OnChainWithdrawRequested(
            id, user, asset, r.nonce, shares, r.amountOfAssets, r.creationTime, r.secondsToMaturity, toDeadline
        );
    }

    function dequeue(OnChainWithdraw memory r) private returns (bytes32 id) {
        id = keccak256(abi.encode(r));
        require(isWaiting[id], "Queue: no such request");
        delete isWaiting[id];
    }

    function cancelOnChainWithdraw(OnChainWithdraw memory r) external permitted {
        require(r.user == msg.sender, "Queue: not yours");
        bytes32 id = dequeue(r);
        boringVault.transfer(r.user, r.amountOfShares);
        emit OnChainWithdrawCancelled(id, r.user, block.timestamp);
    }

    /// The shares stay; no transfer tells of it.
    function replaceOnChainWithdraw(OnChainWithdraw memory r, uint16 discount, uint24 toDeadline) external permitted {
        require(r.user == msg.sender, "Queue: not yours");
        check(r.assetOut, r.amountOfShares, discount, toDeadline);
        emit OnChainWithdrawCancelled(dequeue(r), r.user, block.timestamp);
        enqueue(r.user, r.assetOut, r.amountOfShares, discount, toDeadline);
    }

    function solveOnChainWithdraws(OnChainWithdraw[] calldata requests, bytes calldata data, address solver)
        external
        permitted
    {
        require(!isPaused, "Queue: paused");
        IERC20 asset = IERC20(requests[0].assetOut);
        uint256 assets;
        uint256 shares;
        for (uint256 i = 0; i < requests.length; ++i) {
            OnChainWithdraw calldata r = requests[i];
            uint256 maturity = r.creationTime + r.secondsToMaturity;
            require(r.assetOut == address(asset), "Queue: another asset");
            require(block.timestamp >= maturity, "Queue: not mature");
            require(block.timestamp <= maturity + r.secondsToDeadline, "Queue: too late");
            assets += r.amountOfAssets;
            shares += r.amountOfShares;
            emit OnChainWithdrawSolved(dequeue(r), r.user, block.timestamp);
        }
        boringVault.transfer(solver, shares);
        if (data.length > 0) {
            QueueSolver(solver).boringSolve(msg.sender, address(asset), shares, assets, data);
        }
        for (uint256 i = 0; i < requests.length; ++i) {
            asset.transferFrom(solver, requests[i].user, requests[i].amountOfAssets);
        }
    }
}

/// Veda's BoringSolver: it redeems the shares at the teller, and keeps for who sent it
/// what that gives above what was promised.
contract QueueSolver is Governed {
    WithdrawQueue private immutable queue;

    constructor(address owner_, IAuthority authority_, WithdrawQueue queue_) Governed(owner_, authority_) {
        queue = queue_;
    }

    function boringRedeemSolve(OnChainWithdraw[] calldata requests, address teller) external permitted {
        queue.solveOnChainWithdraws(requests, abi.encode(msg.sender, teller), address(this));
    }

    function boringSolve(address initiator, address asset, uint256 shares, uint256 required, bytes calldata data)
        external
        permitted
    {
        require(msg.sender == address(queue) && initiator == address(this), "Solver: queue only");
        (address origin, Teller teller) = abi.decode(data, (address, Teller));
        uint256 assets = teller.bulkWithdraw(IERC20(asset), shares, required, address(this));
        IERC20(asset).transfer(origin, assets - required);
        IERC20(asset).approve(address(queue), required);
    }
}

/// Veda's ManagerWithMerkleVerification, without what it verifies: a strategist that
/// has a root makes the vault act.
contract VaultManager is Governed {
    event ManageRootUpdated(address indexed strategist, bytes32 oldRoot, bytes32 newRoot);
    event BoringVaultManaged(uint256 callsMade);

    RatedVault public immutable vault;
    mapping(address => bytes32) public manageRoot;

    constructor(address owner_, RatedVault vault_) Governed(owner_, IAuthority(address(0))) {
        vault = vault_;
    }

    function setManageRoot(address strategist, bytes32 root) external permitted {
        emit ManageRootUpdated(strategist, manageRoot[strategist], root);
        manageRoot[strategist] = root;
    }

    function manageVault(address[] calldata targets, bytes[] calldata data) external permitted {
        require(manageRoot[msg.sender] != 0, "Manager: no root");
        uint256 supply = vault.totalSupply();
        for (uint256 i = 0; i < targets.length; ++i) {
            vault.manage(targets[i], data[i], 0);
        }
        require(vault.totalSupply() == supply, "Manager: the supply changed");
        emit BoringVaultManaged(targets.length);
    }
}
