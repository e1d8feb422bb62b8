// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Ownable2StepUpgradeable} from "@openzeppelin/contracts-upgradeable/access/Ownable2StepUpgradeable.sol";
import {ERC20Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/ERC20Upgradeable.sol";
import {ERC20PausableUpgradeable} from
    "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20PausableUpgradeable.sol";
import {ERC4626Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC4626Upgradeable.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {FeeRegistry} from "./FeeRegistry.sol";

/// Holds what waits: assets of deposits and shares of redemptions that no
/// settlement has taken yet.
contract Silo {
    constructor(IERC20 asset) {
        SafeERC20.forceApprove(asset, msg.sender, type(uint256).max);
    }
}

/// An asynchronous vault (ERC-7540) with the events, their order, the integers,
/// the reading functions and the storage slots of Lagoon v0.5.0.
///
/// Users request; a valuation manager proposes what the vault's assets are worth;
/// the Safe, which holds them, accepts the proposal and settles: total assets
/// become the proposal, fees are minted as shares, then waiting deposits become
/// shares and waiting redemptions assets at that one price. Users claim later.
///
/// Left out: native tokens, deposits with a referral, mint and withdraw by
/// another amount than the settled one.
contract AsyncVault is ERC20PausableUpgradeable, ERC4626Upgradeable, Ownable2StepUpgradeable {
    using Math for uint256;
    using SafeERC20 for IERC20;

    enum State {
        Open,
        Closing,
        Closed
    }

    struct Rates {
        uint16 managementRate; // basis points per year
        uint16 performanceRate; // basis points of the gain over the high-water mark
    }

    struct InitStruct {
        IERC20 underlying;
        string name;
        string symbol;
        address safe;
        address whitelistManager;
        address valuationManager;
        address admin;
        address feeReceiver;
        uint16 managementRate;
        uint16 performanceRate;
        bool enableWhitelist;
        uint256 rateUpdateCooldown;
    }

    event Referral(address indexed referral, address indexed owner, uint256 indexed requestId, uint256 assets);
    event StateUpdated(State state);
    event SettleDeposit(
        uint40 indexed epochId,
        uint40 indexed settledId,
        uint256 totalAssets,
        uint256 totalSupply,
        uint256 assetsDeposited,
        uint256 sharesMinted
    );
    event SettleRedeem(
        uint40 indexed epochId,
        uint40 indexed settledId,
        uint256 totalAssets,
        uint256 totalSupply,
        uint256 assetsWithdrawed,
        uint256 sharesBurned
    );
    event WhitelistUpdated(address indexed account, bool authorized);
    event WhitelistDisabled();
    event WhitelistManagerUpdated(address oldManager, address newManager);
    event FeeReceiverUpdated(address oldReceiver, address newReceiver);
    event ValuationManagerUpdated(address oldManager, address newManager);
    event RatesUpdated(Rates oldRates, Rates newRate, uint256 timestamp);
    event HighWaterMarkUpdated(uint256 oldHighWaterMark, uint256 newHighWaterMark);
    event TotalAssetsUpdated(uint256 totalAssets);
    event NewTotalAssetsUpdated(uint256 totalAssets);
    event DepositRequestCanceled(uint256 indexed requestId, address indexed controller);
    event TotalAssetsLifespanUpdated(uint128 oldLifespan, uint128 newLifespan);
    event DepositSync(address indexed sender, address indexed owner, uint256 assets, uint256 shares);
    event OperatorSet(address indexed controller, address indexed operator, bool approved);
    event DepositRequest(
        address indexed controller, address indexed owner, uint256 indexed requestId, address sender, uint256 assets
    );
    event RedeemRequest(
        address indexed controller, address indexed owner, uint256 indexed requestId, address sender, uint256 shares
    );

    struct Epoch {
        uint40 settleId;
        mapping(address => uint256) depositRequest;
        mapping(address => uint256) redeemRequest;
    }

    struct Settle {
        uint256 totalSupply;
        uint256 totalAssets;
        uint256 pendingAssets;
        uint256 pendingShares;
    }

    struct Requests {
        uint256 totalAssets;
        uint256 newTotalAssets; // NO_PROPOSAL: none
        uint40 depositEpochId; // odd
        uint40 depositSettleId;
        uint40 lastDepositEpochIdSettled;
        uint40 redeemEpochId; // even
        uint40 redeemSettleId;
        uint40 lastRedeemEpochIdSettled;
        mapping(uint40 => Epoch) epochs;
        mapping(uint40 => Settle) settles;
        mapping(address => uint40) lastDepositRequestId;
        mapping(address => uint40) lastRedeemRequestId;
        mapping(address => mapping(address => bool)) isOperator;
        Silo silo;
        address wrappedNativeToken;
        uint8 decimals;
        uint8 decimalsOffset;
        uint128 totalAssetsExpiration;
        uint128 totalAssetsLifespan;
    }

    struct Fees {
        FeeRegistry registry;
        uint256 newRatesTimestamp;
        uint256 lastFeeTime;
        uint256 highWaterMark;
        uint256 cooldown;
        Rates rates;
        Rates oldRates;
    }

    struct Roles {
        address whitelistManager;
        address feeReceiver;
        address safe;
        FeeRegistry feeRegistry;
        address valuationManager;
    }

    struct Access {
        mapping(address => bool) isWhitelisted;
        bool isActivated;
    }

    bytes32 private constant REQUESTS = 0x5c74d456014b1c0eb4368d944667a568313858a3029a650ff0cb7b56f8b57a00;
    bytes32 private constant FEES = 0xa5292f7ccd85acc1b3080c01f5da9af7799f2c26826bd4d79081d6511780bd00;
    bytes32 private constant ROLES = 0x7c302ed2c673c3d6b4551cf74a01ee649f887e14fd20d13dbca1b6099534d900;
    bytes32 private constant STATE = 0x0e6b3200a60a991c539f47dddaca04a18eb4bcf2b53906fb44751d827f001400;
    bytes32 private constant ACCESS = keccak256("vaultperf.devchain.whitelist");

    uint256 private constant NO_PROPOSAL = type(uint256).max;
    uint256 private constant BASIS_POINTS = 10_000;
    uint256 private constant MAX_PROTOCOL_RATE = 3_000;

    error NotOpen(State state);
    error NotClosing(State state);
    error IsClosed();
    error OnlySafe(address safe);
    error OnlyValuationManager(address manager);
    error OnlyWhitelistManager(address manager);
    error NotWhitelisted();
    error InvalidOperator();
    error OnlyOneRequestAllowed();
    error RequestNotCancelable(uint256 requestId);
    error RequestIdNotClaimable();
    error NewTotalAssetsMissing();
    error WrongNewTotalAssets();
    error OnlyAsyncDepositAllowed();
    error OnlySyncDepositAllowed();
    error ValuationUpdateNotAllowed();
    error AboveMaxRate(uint256 maxRate);
    error PreviewDisabled();

    constructor() {
        _disableInitializers();
    }

    function initialize(bytes memory data, address feeRegistry, address wrappedNativeToken) external initializer {
        InitStruct memory init = abi.decode(data, (InitStruct));
        __Ownable_init(init.admin);
        __ERC20_init(init.name, init.symbol);
        __ERC20Pausable_init();
        __ERC4626_init(init.underlying);

        Roles storage roles = _roles();
        roles.whitelistManager = init.whitelistManager;
        roles.feeReceiver = init.feeReceiver;
        roles.safe = init.safe;
        roles.feeRegistry = FeeRegistry(feeRegistry);
        roles.valuationManager = init.valuationManager;

        Requests storage $ = _requests();
        ($.depositEpochId, $.redeemEpochId) = (1, 2);
        ($.depositSettleId, $.redeemSettleId) = (1, 2);
        $.newTotalAssets = NO_PROPOSAL;
        $.silo = new Silo(init.underlying);
        $.wrappedNativeToken = wrappedNativeToken;
        uint8 assetDecimals = IERC20Metadata(address(init.underlying)).decimals();
        $.decimals = assetDecimals > 18 ? assetDecimals : 18;
        $.decimalsOffset = $.decimals - assetDecimals;

        _access().isActivated = init.enableWhitelist;

        Fees storage fees = _fees();
        _checkRates(Rates(init.managementRate, init.performanceRate));
        fees.registry = FeeRegistry(feeRegistry);
        fees.newRatesTimestamp = block.timestamp;
        fees.cooldown = init.rateUpdateCooldown;
        fees.highWaterMark = 10 ** assetDecimals;
        fees.rates = Rates(init.managementRate, init.performanceRate);

        emit StateUpdated(State.Open);
    }

    // ---- storage

    function _requests() private pure returns (Requests storage $) {
        bytes32 slot = REQUESTS;
        assembly {
            $.slot := slot
        }
    }

    function _fees() private pure returns (Fees storage $) {
        bytes32 slot = FEES;
        assembly {
            $.slot := slot
        }
    }

    function _roles() private pure returns (Roles storage $) {
        bytes32 slot = ROLES;
        assembly {
            $.slot := slot
        }
    }

    function _access() private pure returns (Access storage $) {
        bytes32 slot = ACCESS;
        assembly {
            $.slot := slot
        }
    }

    function _state() private view returns (State state) {
        bytes32 slot = STATE;
        assembly {
            state := and(sload(slot), 0xff)
        }
    }

    function _setState(State state) private {
        bytes32 slot = STATE;
        assembly {
            sstore(slot, state)
        }
        emit StateUpdated(state);
    }

    // ---- who may

    modifier onlyOpen() {
        if (_state() != State.Open) revert NotOpen(_state());
        _;
    }

    modifier onlySafe() {
        if (msg.sender != _roles().safe) revert OnlySafe(_roles().safe);
        _;
    }

    modifier onlyOperator(address controller) {
        if (controller != msg.sender && !isOperator(controller, msg.sender)) revert InvalidOperator();
        _;
    }

    function isWhitelisted(address account) public view returns (bool) {
        Access storage $ = _access();
        return !$.isActivated || $.isWhitelisted[account] || account == _roles().feeRegistry.protocolFeeReceiver();
    }

    function addToWhitelist(address[] calldata accounts) external {
        _setWhitelisted(accounts, true);
    }

    function revokeFromWhitelist(address[] calldata accounts) external {
        _setWhitelisted(accounts, false);
    }

    function _setWhitelisted(address[] calldata accounts, bool authorized) private {
        address manager = _roles().whitelistManager;
        if (msg.sender != manager) revert OnlyWhitelistManager(manager);
        for (uint256 i = 0; i < accounts.length; i++) {
            _access().isWhitelisted[accounts[i]] = authorized;
            emit WhitelistUpdated(accounts[i], authorized);
        }
    }

    function disableWhitelist() external onlyOwner {
        _access().isActivated = false;
        emit WhitelistDisabled();
    }

    function updateWhitelistManager(address manager) external onlyOwner {
        emit WhitelistManagerUpdated(_roles().whitelistManager, manager);
        _roles().whitelistManager = manager;
    }

    function updateValuationManager(address manager) external onlyOwner {
        emit ValuationManagerUpdated(_roles().valuationManager, manager);
        _roles().valuationManager = manager;
    }

    function updateFeeReceiver(address receiver) external onlyOwner {
        emit FeeReceiverUpdated(_roles().feeReceiver, receiver);
        _roles().feeReceiver = receiver;
    }

    function pause() external onlyOwner {
        _pause();
    }

    function unpause() external onlyOwner {
        _unpause();
    }

    function setOperator(address operator, bool approved) external whenNotPaused returns (bool) {
        _requests().isOperator[msg.sender][operator] = approved;
        emit OperatorSet(msg.sender, operator, approved);
        return true;
    }

    // ---- requests

    function requestDeposit(uint256 assets, address controller, address owner)
        external
        onlyOperator(owner)
        whenNotPaused
        returns (uint256)
    {
        if (isTotalAssetsValid()) revert OnlySyncDepositAllowed();
        if (!isWhitelisted(owner)) revert NotWhitelisted();
        uint256 claimable = claimableDepositRequest(0, controller);
        if (claimable > 0) _claimShares(claimable, controller, controller);

        Requests storage $ = _requests();
        uint40 id = $.depositEpochId;
        if ($.lastDepositRequestId[controller] != id) {
            if (pendingDepositRequest(0, controller) > 0) revert OnlyOneRequestAllowed();
            $.lastDepositRequestId[controller] = id;
        }
        IERC20(asset()).safeTransferFrom(owner, address($.silo), assets);
        $.epochs[id].depositRequest[controller] += assets;
        emit DepositRequest(controller, owner, id, msg.sender, assets);
        return id;
    }

    function cancelRequestDeposit() external whenNotPaused {
        Requests storage $ = _requests();
        uint40 id = $.lastDepositRequestId[msg.sender];
        if (id != $.depositEpochId) revert RequestNotCancelable(id);
        uint256 assets = $.epochs[id].depositRequest[msg.sender];
        $.epochs[id].depositRequest[msg.sender] = 0;
        IERC20(asset()).safeTransferFrom(address($.silo), msg.sender, assets);
        emit DepositRequestCanceled(id, msg.sender);
    }

    function requestRedeem(uint256 shares, address controller, address owner)
        external
        onlyOpen
        whenNotPaused
        returns (uint256)
    {
        if (!isWhitelisted(owner)) revert NotWhitelisted();
        if (msg.sender != owner && !isOperator(owner, msg.sender)) _spendAllowance(owner, msg.sender, shares);
        uint256 claimable = claimableRedeemRequest(0, controller);
        if (claimable > 0) _claimAssets(claimable, controller, controller);

        Requests storage $ = _requests();
        uint40 id = $.redeemEpochId;
        if ($.lastRedeemRequestId[controller] != id) {
            if (pendingRedeemRequest(0, controller) > 0) revert OnlyOneRequestAllowed();
            $.lastRedeemRequestId[controller] = id;
        }
        $.epochs[id].redeemRequest[controller] += shares;
        _update(owner, address($.silo), shares);
        emit RedeemRequest(controller, owner, id, msg.sender, shares);
        return id;
    }

    /// A deposit at the last settlement's price, while that is valid.
    function syncDeposit(uint256 assets, address receiver, address referral)
        external
        onlyOpen
        returns (uint256 shares)
    {
        if (!isTotalAssetsValid()) revert OnlyAsyncDepositAllowed();
        if (!isWhitelisted(msg.sender)) revert NotWhitelisted();
        IERC20(asset()).safeTransferFrom(msg.sender, safe(), assets);
        shares = _convertToShares(assets, Math.Rounding.Floor);
        _requests().totalAssets += assets;
        _mint(receiver, shares);
        emit DepositSync(msg.sender, receiver, assets, shares);
        emit Referral(referral, msg.sender, 0, assets);
    }

    // ---- claims, at the price of the settlement that took the request

    function deposit(uint256 assets, address receiver) public override returns (uint256) {
        return _claimShares(assets, receiver, msg.sender);
    }

    function deposit(uint256 assets, address receiver, address controller)
        external
        onlyOperator(controller)
        returns (uint256)
    {
        return _claimShares(assets, receiver, controller);
    }

    function claimSharesOnBehalf(address[] calldata controllers) external onlySafe {
        for (uint256 i = 0; i < controllers.length; i++) {
            uint256 claimable = claimableDepositRequest(0, controllers[i]);
            if (claimable > 0) _claimShares(claimable, controllers[i], controllers[i]);
        }
    }

    /// Claims assets; in a closed vault, where nothing is claimable, sells shares.
    function redeem(uint256 shares, address receiver, address controller)
        public
        override
        whenNotPaused
        returns (uint256 assets)
    {
        if (_state() == State.Closed && claimableRedeemRequest(0, controller) == 0) {
            assets = _convertToAssets(shares, Math.Rounding.Floor);
            if (msg.sender != controller && !isOperator(controller, msg.sender)) {
                _spendAllowance(controller, msg.sender, shares);
            }
            _requests().totalAssets -= assets;
            _burn(controller, shares);
            IERC20(asset()).safeTransfer(receiver, assets);
            emit Withdraw(msg.sender, receiver, controller, assets, shares);
            return assets;
        }
        if (controller != msg.sender && !isOperator(controller, msg.sender)) revert InvalidOperator();
        return _claimAssets(shares, receiver, controller);
    }

    function mint(uint256, address) public pure override returns (uint256) {
        revert PreviewDisabled();
    }

    function withdraw(uint256, address, address) public pure override returns (uint256) {
        revert PreviewDisabled();
    }

    function previewDeposit(uint256) public pure override returns (uint256) {
        revert PreviewDisabled();
    }

    function previewMint(uint256) public pure override returns (uint256) {
        revert PreviewDisabled();
    }

    function previewRedeem(uint256) public pure override returns (uint256) {
        revert PreviewDisabled();
    }

    function previewWithdraw(uint256) public pure override returns (uint256) {
        revert PreviewDisabled();
    }

    function _claimShares(uint256 assets, address receiver, address controller) private returns (uint256 shares) {
        Requests storage $ = _requests();
        uint40 id = $.lastDepositRequestId[controller];
        if (id > $.lastDepositEpochIdSettled) revert RequestIdNotClaimable();
        $.epochs[id].depositRequest[controller] -= assets;
        shares = convertToShares(assets, id);
        _transfer(address(this), receiver, shares);
        emit Deposit(controller, receiver, assets, shares);
    }

    function _claimAssets(uint256 shares, address receiver, address controller) private returns (uint256 assets) {
        Requests storage $ = _requests();
        uint40 id = $.lastRedeemRequestId[controller];
        if (id > $.lastRedeemEpochIdSettled) revert RequestIdNotClaimable();
        $.epochs[id].redeemRequest[controller] -= shares;
        assets = convertToAssets(shares, id);
        IERC20(asset()).safeTransfer(receiver, assets);
        emit Withdraw(msg.sender, receiver, controller, assets, shares);
    }

    // ---- valuation and settlement

    /// Proposes a valuation. What waits in the silo now is what it will settle.
    function updateNewTotalAssets(uint256 newTotalAssets) external {
        address manager = _roles().valuationManager;
        if (msg.sender != manager) revert OnlyValuationManager(manager);
        if (_state() == State.Closed) revert IsClosed();
        if (isTotalAssetsValid()) revert ValuationUpdateNotAllowed();
        _propose(newTotalAssets);
    }

    function _propose(uint256 newTotalAssets) private whenNotPaused {
        Requests storage $ = _requests();
        $.epochs[$.depositEpochId].settleId = $.depositSettleId;
        $.epochs[$.redeemEpochId].settleId = $.redeemSettleId;
        uint256 pendingAssets = IERC20(asset()).balanceOf(address($.silo));
        uint256 pendingShares = balanceOf(address($.silo));
        if (pendingAssets != 0) {
            $.depositEpochId += 2;
            $.settles[$.depositSettleId].pendingAssets = pendingAssets;
        }
        if (pendingShares != 0) {
            $.redeemEpochId += 2;
            $.settles[$.redeemSettleId].pendingShares = pendingShares;
        }
        $.newTotalAssets = newTotalAssets;
        emit NewTotalAssetsUpdated(newTotalAssets);
    }

    function settleDeposit(uint256 newTotalAssets) external onlySafe onlyOpen {
        _accept(newTotalAssets);
        _settleDeposit();
        _settleRedeem();
    }

    function settleRedeem(uint256 newTotalAssets) external onlySafe onlyOpen {
        _accept(newTotalAssets);
        _settleRedeem();
    }

    function initiateClosing() external onlyOwner onlyOpen {
        uint256 proposal = _requests().newTotalAssets;
        if (proposal != NO_PROPOSAL) _propose(proposal);
        _setState(State.Closing);
    }

    function close(uint256 newTotalAssets) external onlySafe {
        if (_state() != State.Closing) revert NotClosing(_state());
        _accept(newTotalAssets);
        _settleDeposit();
        _settleRedeem();
        IERC20(asset()).safeTransferFrom(msg.sender, address(this), totalAssets());
        _setState(State.Closed);
    }

    function updateTotalAssetsLifespan(uint128 lifespan) external onlySafe {
        Requests storage $ = _requests();
        emit TotalAssetsLifespanUpdated($.totalAssetsLifespan, lifespan);
        $.totalAssetsLifespan = lifespan;
    }

    function expireTotalAssets() external onlySafe {
        _requests().totalAssetsExpiration = 0;
    }

    /// Total assets become the proposal, and fees are taken on it.
    function _accept(uint256 newTotalAssets) private whenNotPaused {
        Requests storage $ = _requests();
        if ($.newTotalAssets == NO_PROPOSAL) revert NewTotalAssetsMissing();
        if ($.newTotalAssets != newTotalAssets) revert WrongNewTotalAssets();
        $.totalAssets = newTotalAssets;
        $.newTotalAssets = NO_PROPOSAL;
        $.totalAssetsExpiration = uint128(block.timestamp) + $.totalAssetsLifespan;
        emit TotalAssetsUpdated(newTotalAssets);
        _takeFees();
    }

    function _settleDeposit() private {
        Requests storage $ = _requests();
        uint40 settleId = $.depositSettleId;
        Settle storage settle = $.settles[settleId];
        uint256 assets = settle.pendingAssets;
        if (assets == 0) return;
        uint256 shares = _convertToShares(assets, Math.Rounding.Floor);
        (settle.totalAssets, settle.totalSupply) = ($.totalAssets, totalSupply());
        _mint(address(this), shares);
        $.totalAssets += assets;
        $.depositSettleId = settleId + 2;
        $.lastDepositEpochIdSettled = $.depositEpochId - 2;
        IERC20(asset()).safeTransferFrom(address($.silo), msg.sender, assets);
        emit SettleDeposit(
            $.lastDepositEpochIdSettled, settleId, $.totalAssets, totalSupply(), assets, shares
        );
    }

    /// Does nothing, and says nothing, when the Safe holds too little.
    function _settleRedeem() private {
        Requests storage $ = _requests();
        uint40 settleId = $.redeemSettleId;
        Settle storage settle = $.settles[settleId];
        uint256 shares = settle.pendingShares;
        uint256 assets = _convertToAssets(shares, Math.Rounding.Floor);
        if (assets == 0 || assets > IERC20(asset()).balanceOf(msg.sender)) return;
        (settle.totalAssets, settle.totalSupply) = ($.totalAssets, totalSupply());
        _burn(address($.silo), shares);
        $.totalAssets -= assets;
        $.redeemSettleId = settleId + 2;
        $.lastRedeemEpochIdSettled = $.redeemEpochId - 2;
        IERC20(asset()).safeTransferFrom(msg.sender, address(this), assets);
        emit SettleRedeem(
            $.lastRedeemEpochIdSettled, settleId, $.totalAssets, totalSupply(), assets, shares
        );
    }

    // ---- fees

    function updateRates(Rates calldata newRates) external onlyOwner {
        _checkRates(newRates);
        Fees storage $ = _fees();
        Rates memory current = $.rates;
        $.newRatesTimestamp = block.timestamp + $.cooldown;
        $.oldRates = current;
        $.rates = newRates;
        emit RatesUpdated(current, newRates, $.newRatesTimestamp);
    }

    function _checkRates(Rates memory rates) private pure {
        if (rates.managementRate > 1_000) revert AboveMaxRate(1_000);
        if (rates.performanceRate > 5_000) revert AboveMaxRate(5_000);
    }

    function feeRates() public view returns (Rates memory) {
        Fees storage $ = _fees();
        return $.newRatesTimestamp <= block.timestamp ? $.rates : $.oldRates;
    }

    function _takeFees() private {
        Fees storage $ = _fees();
        (uint256 managerShares, uint256 protocolShares) = _feeShares();
        if (managerShares > 0) {
            _mint(_roles().feeReceiver, managerShares);
            if (protocolShares > 0) _mint($.registry.protocolFeeReceiver(), protocolShares);
        }
        uint256 price = _convertToAssets(10 ** decimals(), Math.Rounding.Floor);
        if (price > $.highWaterMark) {
            emit HighWaterMarkUpdated($.highWaterMark, price);
            $.highWaterMark = price;
        }
        $.lastFeeTime = block.timestamp;
    }

    function _feeShares() private view returns (uint256 managerShares, uint256 protocolShares) {
        Fees storage $ = _fees();
        Rates memory rates = feeRates();
        uint256 assets = totalAssets();
        uint256 supply = totalSupply();
        uint256 offset = 10 ** _decimalsOffset();
        uint256 one = 10 ** decimals();

        uint256 yearly = assets.mulDiv(rates.managementRate, BASIS_POINTS, Math.Rounding.Ceil);
        uint256 fees = yearly.mulDiv(block.timestamp - $.lastFeeTime, 365 days, Math.Rounding.Ceil);
        uint256 price = one.mulDiv(assets + 1 - fees, supply + offset, Math.Rounding.Ceil);
        if (price > $.highWaterMark) {
            uint256 gain = (price - $.highWaterMark).mulDiv(supply, one, Math.Rounding.Ceil);
            fees += gain.mulDiv(rates.performanceRate, BASIS_POINTS, Math.Rounding.Ceil);
        }
        uint256 shares = fees.mulDiv(supply + offset, assets - fees + 1, Math.Rounding.Ceil);
        uint256 protocolRate = Math.min($.registry.protocolRate(), MAX_PROTOCOL_RATE);
        protocolShares = shares.mulDiv(protocolRate, BASIS_POINTS, Math.Rounding.Ceil);
        managerShares = shares - protocolShares;
    }

    // ---- reading

    function version() public pure virtual returns (string memory) {
        return "v0.5.0";
    }

    function safe() public view returns (address) {
        return _roles().safe;
    }

    function share() external view returns (address) {
        return address(this);
    }

    function getRolesStorage() external pure returns (Roles memory) {
        return _roles();
    }

    function totalAssets() public view override returns (uint256) {
        return _requests().totalAssets;
    }

    function decimals() public view override(ERC20Upgradeable, ERC4626Upgradeable) returns (uint8) {
        return _requests().decimals;
    }

    function isTotalAssetsValid() public view returns (bool) {
        return block.timestamp < _requests().totalAssetsExpiration;
    }

    function isOperator(address controller, address operator) public view returns (bool) {
        return _requests().isOperator[controller][operator];
    }

    function convertToShares(uint256 assets, uint256 requestId) public view returns (uint256) {
        Settle storage settle = _settleOf(requestId);
        return assets.mulDiv(settle.totalSupply + 10 ** _decimalsOffset(), settle.totalAssets + 1);
    }

    function convertToAssets(uint256 shares, uint256 requestId) public view returns (uint256) {
        Settle storage settle = _settleOf(requestId);
        return shares.mulDiv(settle.totalAssets + 1, settle.totalSupply + 10 ** _decimalsOffset());
    }

    function _settleOf(uint256 requestId) private view returns (Settle storage) {
        Requests storage $ = _requests();
        return $.settles[$.epochs[uint40(requestId)].settleId];
    }

    function pendingDepositRequest(uint256 requestId, address controller) public view returns (uint256) {
        (uint256 assets, bool isSettled) = _depositRequest(requestId, controller);
        return isSettled ? 0 : assets;
    }

    function claimableDepositRequest(uint256 requestId, address controller) public view returns (uint256) {
        (uint256 assets, bool isSettled) = _depositRequest(requestId, controller);
        return isSettled ? assets : 0;
    }

    function pendingRedeemRequest(uint256 requestId, address controller) public view returns (uint256) {
        (uint256 shares, bool isSettled) = _redeemRequest(requestId, controller);
        return isSettled ? 0 : shares;
    }

    function claimableRedeemRequest(uint256 requestId, address controller) public view returns (uint256) {
        (uint256 shares, bool isSettled) = _redeemRequest(requestId, controller);
        return isSettled ? shares : 0;
    }

    /// Request 0 is the controller's last one.
    function _depositRequest(uint256 requestId, address controller) private view returns (uint256, bool) {
        Requests storage $ = _requests();
        uint40 id = requestId == 0 ? $.lastDepositRequestId[controller] : uint40(requestId);
        return ($.epochs[id].depositRequest[controller], id <= $.lastDepositEpochIdSettled);
    }

    function _redeemRequest(uint256 requestId, address controller) private view returns (uint256, bool) {
        Requests storage $ = _requests();
        uint40 id = requestId == 0 ? $.lastRedeemRequestId[controller] : uint40(requestId);
        return ($.epochs[id].redeemRequest[controller], id <= $.lastRedeemEpochIdSettled);
    }

    function maxDeposit(address controller) public view override returns (uint256) {
        return paused() ? 0 : claimableDepositRequest(0, controller);
    }

    function maxMint(address controller) public view override returns (uint256) {
        if (paused()) return 0;
        return convertToShares(claimableDepositRequest(0, controller), _requests().lastDepositRequestId[controller]);
    }

    function maxRedeem(address controller) public view override returns (uint256) {
        if (paused()) return 0;
        uint256 shares = claimableRedeemRequest(0, controller);
        return shares == 0 && _state() == State.Closed ? balanceOf(controller) : shares;
    }

    function maxWithdraw(address controller) public view override returns (uint256) {
        if (paused()) return 0;
        uint256 shares = claimableRedeemRequest(0, controller);
        if (shares == 0 && _state() == State.Closed) return convertToAssets(balanceOf(controller));
        return convertToAssets(shares, _requests().lastRedeemRequestId[controller]);
    }

    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == 0x2f0a18c5 // ERC-7575
            || interfaceId == 0xf815c03d // its shares
            || interfaceId == 0xce3bbe50 // ERC-7540, deposits
            || interfaceId == 0x620ee8e4 // redemptions
            || interfaceId == 0xe3bc4e65 // operators
            || interfaceId == 0x01ffc9a7; // ERC-165
    }

    function _decimalsOffset() internal view override returns (uint8) {
        return _requests().decimalsOffset;
    }

    function _update(address from, address to, uint256 value)
        internal
        override(ERC20Upgradeable, ERC20PausableUpgradeable)
    {
        super._update(from, to, value);
    }
}

/// What one vault is upgraded to: nothing but the version differs.
contract AsyncVaultNext is AsyncVault {
    function version() public pure override returns (string memory) {
        return "v0.5.1";
    }
}
