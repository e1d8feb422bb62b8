// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Governed, IAuthority} from "./Roles.sol";
import {RatedVault, ITransferHook} from "./RatedVault.sol";
import {Accountant} from "./Accountant.sol";

/// Veda's TellerWithMultiAssetSupport: it takes deposits, locks their shares for a
/// while in which they can be refunded, and keeps who may not transfer.
contract Teller is Governed, ITransferHook {
    using Math for uint256;

    event Paused();
    event Unpaused();
    event AssetDataUpdated(address indexed asset, bool allowDeposits, bool allowWithdraws, uint16 sharePremium);
    event Deposit(
        uint256 indexed nonce,
        address indexed receiver,
        address indexed depositAsset,
        uint256 depositAmount,
        uint256 shareAmount,
        uint256 depositTimestamp,
        uint256 shareLockPeriodAtTimeOfDeposit
    );
    event BulkDeposit(address indexed asset, uint256 depositAmount);
    event BulkWithdraw(address indexed asset, uint256 shareAmount);
    event DepositRefunded(uint256 indexed nonce, bytes32 depositHash, address indexed user);
    event DenyFrom(address indexed user);
    event DenyTo(address indexed user);
    event DenyOperator(address indexed user);
    event AllowFrom(address indexed user);
    event AllowTo(address indexed user);
    event AllowOperator(address indexed user);

    struct Terms {
        bool allowDeposits;
        bool allowWithdraws;
        uint16 sharePremium;
    }

    RatedVault public immutable vault;
    Accountant public immutable accountant;
    uint256 private immutable oneShare;
    mapping(address => Terms) public assetData;
    uint96 public depositNonce;
    uint64 public shareLockPeriod;
    bool public isPaused;
    mapping(uint256 => bytes32) public publicDepositHistory;
    mapping(address => uint256) public shareUnlockTime;
    mapping(address => bool) public fromDenyList;
    mapping(address => bool) public toDenyList;
    mapping(address => bool) public operatorDenyList;

    constructor(address owner_, RatedVault vault_, Accountant accountant_) Governed(owner_, IAuthority(address(0))) {
        vault = vault_;
        accountant = accountant_;
        oneShare = 10 ** vault_.decimals();
    }

    function pause() external permitted {
        isPaused = true;
        emit Paused();
    }

    function unpause() external permitted {
        isPaused = false;
        emit Unpaused();
    }

    function updateAssetData(address asset, bool allowDeposits, bool allowWithdraws, uint16 premium)
        external
        permitted
    {
        require(premium <= 1_000, "Teller: premium too large");
        assetData[asset] = Terms(allowDeposits, allowWithdraws, premium);
        emit AssetDataUpdated(asset, allowDeposits, allowWithdraws, premium);
    }

    /// Without an event, as the real one.
    function setShareLockPeriod(uint64 period) external permitted {
        require(period <= 3 days, "Teller: lock too long");
        shareLockPeriod = period;
    }

    function denyAll(address user) external permitted {
        fromDenyList[user] = toDenyList[user] = operatorDenyList[user] = true;
        emit DenyFrom(user);
        emit DenyTo(user);
        emit DenyOperator(user);
    }

    function allowAll(address user) external permitted {
        fromDenyList[user] = toDenyList[user] = operatorDenyList[user] = false;
        emit AllowFrom(user);
        emit AllowTo(user);
        emit AllowOperator(user);
    }

    function beforeTransfer(address from, address to, address operator) public view virtual {
        require(!fromDenyList[from] && !toDenyList[to] && !operatorDenyList[operator], "Teller: denied");
        require(shareUnlockTime[from] <= block.timestamp, "Teller: locked");
    }

    function deposit(IERC20 asset, uint256 amount, uint256 least) external permitted returns (uint256 shares) {
        shares = take(asset, amount, least, msg.sender);
        uint256 nonce = ++depositNonce;
        uint256 lock = shareLockPeriod;
        if (lock > 0) {
            shareUnlockTime[msg.sender] = block.timestamp + lock;
            publicDepositHistory[nonce] =
                keccak256(abi.encode(msg.sender, asset, amount, shares, block.timestamp, lock));
        }
        emit Deposit(nonce, msg.sender, address(asset), amount, shares, block.timestamp, lock);
    }

    function bulkDeposit(IERC20 asset, uint256 amount, uint256 least, address to)
        external
        permitted
        returns (uint256 shares)
    {
        shares = take(asset, amount, least, to);
        emit BulkDeposit(address(asset), amount);
    }

    function take(IERC20 asset, uint256 amount, uint256 least, address to) private returns (uint256 shares) {
        require(!isPaused, "Teller: paused");
        Terms memory terms = assetData[address(asset)];
        require(terms.allowDeposits && amount > 0, "Teller: not taken");
        shares = amount.mulDiv(oneShare, accountant.getRateInQuoteSafe(address(asset)));
        shares = shares * (10_000 - terms.sharePremium) / 10_000;
        require(shares >= least, "Teller: too few shares");
        vault.enter(msg.sender, asset, amount, to, shares);
    }

    function bulkWithdraw(IERC20 asset, uint256 shares, uint256 least, address to)
        external
        permitted
        returns (uint256 assets)
    {
        require(!isPaused && assetData[address(asset)].allowWithdraws, "Teller: not given");
        assets = shares.mulDiv(accountant.getRateInQuoteSafe(address(asset)), oneShare);
        require(assets >= least, "Teller: too few assets");
        vault.exit(to, asset, assets, msg.sender, shares);
        emit BulkWithdraw(address(asset), shares);
    }

    function refundDeposit(
        uint256 nonce,
        address receiver,
        address asset,
        uint256 amount,
        uint256 shares,
        uint256 made,
        uint256 lock
    ) external permitted {
        require(block.timestamp - made < lock, "Teller: unlocked");
        bytes32 hash = keccak256(abi.encode(receiver, asset, amount, shares, made, lock));
        require(publicDepositHistory[nonce] == hash, "Teller: no such deposit");
        delete publicDepositHistory[nonce];
        vault.exit(receiver, IERC20(asset), amount, receiver, shares);
        emit DepositRefunded(nonce, hash, receiver);
    }
}

/// Veda's TellerWithRemediation: it moves a frozen account's shares, as an exit and an
/// entry without assets.
contract RemedyingTeller is Teller {
    event SharesUndergoingRemediation(address indexed user);
    event SharesRemediated(address indexed user, address indexed remediationAddress, uint256 amount);
    event RemediationCancelled(address indexed user);

    struct Remedy {
        bool isFrozen;
        uint64 remediationTime;
        address remediationAddress;
        uint256 amount;
    }

    mapping(address => Remedy) public remediationInfo;

    constructor(address owner_, RatedVault vault_, Accountant accountant_) Teller(owner_, vault_, accountant_) {}

    function freezeSharesAndStartRemediation(address user, address to, uint256 amount) external permitted {
        remediationInfo[user] = Remedy(true, uint64(block.timestamp + 3 days), to, amount);
        emit SharesUndergoingRemediation(user);
    }

    function cancelRemediationAndUnlockShares(address user) external permitted {
        require(remediationInfo[user].isFrozen, "Teller: not started");
        delete remediationInfo[user];
        emit RemediationCancelled(user);
    }

    function completeRemediation(address user) external permitted {
        Remedy memory remedy = remediationInfo[user];
        require(remedy.isFrozen && remedy.remediationTime < block.timestamp, "Teller: not yet");
        uint256 shares = remedy.amount == type(uint256).max ? vault.balanceOf(user) : remedy.amount;
        vault.exit(address(0), IERC20(address(0)), 0, user, shares);
        vault.enter(address(0), IERC20(address(0)), 0, remedy.remediationAddress, shares);
        emit SharesRemediated(user, remedy.remediationAddress, shares);
        delete remediationInfo[user];
    }

    function beforeTransfer(address from, address to, address operator) public view override {
        require(
            !remediationInfo[from].isFrozen && !remediationInfo[to].isFrozen && !remediationInfo[operator].isFrozen,
            "Teller: frozen"
        );
        super.beforeTransfer(from, to, operator);
    }
}

/// Veda's teller with a bridge: shares that leave for another chain are burned, and
/// those that come are made. What carries the message is not here.
contract BridgingTeller is Teller {
    event MessageSent(bytes32 indexed messageId, uint256 shareAmount, address indexed to);
    event MessageReceived(bytes32 indexed messageId, uint256 shareAmount, address indexed to);

    uint256 private messages;

    constructor(address owner_, RatedVault vault_, Accountant accountant_) Teller(owner_, vault_, accountant_) {}

    function bridge(uint96 shares, address to) external permitted {
        require(!isPaused, "Teller: paused");
        vault.hook().beforeTransfer(msg.sender, address(0), msg.sender);
        vault.exit(address(0), IERC20(address(0)), 0, msg.sender, shares);
        emit MessageSent(keccak256(abi.encode("sent", ++messages)), shares, to);
    }

    function receiveMessage(uint96 shares, address to) external permitted {
        vault.enter(address(0), IERC20(address(0)), 0, to, shares);
        emit MessageReceived(keccak256(abi.encode("received", ++messages)), shares, to);
    }
}
