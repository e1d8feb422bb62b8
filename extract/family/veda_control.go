package family

// The contracts around Veda's vaults, from Se7en-Seas/boring-vault; solmate's Auth
// governs all of them.

var (
	vedaAccountant = Family{Name: "veda_accountant", Label: "veda accountant", Events: [][]string{accountantEvents, vedaControlEvents}}
	vedaTeller     = Family{Name: "veda_teller", Label: "veda teller", Events: [][]string{tellerEvents, vedaControlEvents}}
	vedaManager    = Family{Name: "veda_manager", Label: "veda manager", Events: [][]string{managerEvents, vedaControlEvents}}
	vedaQueue      = Family{Name: "veda_queue", Label: "veda queue", Events: [][]string{withdrawQueueEvents, vedaControlEvents}}
	vedaAuthority  = Family{Name: "veda_authority", Label: "veda authority", Events: [][]string{vedaControlEvents}}
)

// vedaControlEvents govern every contract of Veda.
var vedaControlEvents = solmateAuthEvents

// accountantEvents are those of the accountant, which sets the price. Its Paused
// has no argument.
var accountantEvents = []string{
	"Paused()",
	"Unpaused()",
	"DelayInSecondsUpdated(uint24 oldDelay, uint24 newDelay)",
	"UpperBoundUpdated(uint16 oldBound, uint16 newBound)",
	"LowerBoundUpdated(uint16 oldBound, uint16 newBound)",
	"PlatformFeeUpdated(uint16 oldFee, uint16 newFee)",
	"PerformanceFeeUpdated(uint16 oldFee, uint16 newFee)",
	"PayoutAddressUpdated(address oldPayout, address newPayout)",
	"RateProviderUpdated(address asset, bool isPegged, address rateProvider)",
	"ExchangeRateUpdated(uint96 oldRate, uint96 newRate, uint64 currentTime)",
	"FeesClaimed(address indexed feeAsset, uint256 amount)",
	"HighwaterMarkReset()",
	"YieldClaimed(address indexed yieldAsset, uint256 amount)",
	"YieldDistributorUpdated(address indexed yieldDistributor)",
}

// tellerEvents are those of the teller, which takes deposits.
var tellerEvents = []string{
	"AssetDataUpdated(address indexed asset, bool allowDeposits, bool allowWithdraws, uint16 sharePremium)",
	"Deposit(uint256 indexed nonce, address indexed receiver, address indexed depositAsset, uint256 depositAmount, uint256 shareAmount, uint256 depositTimestamp, uint256 shareLockPeriodAtTimeOfDeposit)",
	"BulkDeposit(address indexed asset, uint256 depositAmount)",
	"BulkWithdraw(address indexed asset, uint256 shareAmount)",
	"DepositRefunded(uint256 indexed nonce, bytes32 depositHash, address indexed user)",
	"DenyFrom(address indexed user)",
	"DenyTo(address indexed user)",
	"DenyOperator(address indexed user)",
	"AllowFrom(address indexed user)",
	"AllowTo(address indexed user)",
	"AllowOperator(address indexed user)",
	"Paused()",
	"Unpaused()",
}

// managerEvents are those of the manager, which lets strategists act.
var managerEvents = []string{
	"ManageRootUpdated(address indexed strategist, bytes32 oldRoot, bytes32 newRoot)",
	"BoringVaultManaged(uint256 callsMade)",
	"Paused()",
	"Unpaused()",
}

// withdrawQueueEvents are those of the queue and of the delayed withdrawals.
var withdrawQueueEvents = []string{
	"OnChainWithdrawRequested(bytes32 indexed requestId, address indexed user, address indexed assetOut, uint96 nonce, uint128 amountOfShares, uint128 amountOfAssets, uint40 creationTime, uint24 secondsToMaturity, uint24 secondsToDeadline)",
	"OnChainWithdrawCancelled(bytes32 indexed requestId, address indexed user, uint256 timestamp)",
	"OnChainWithdrawSolved(bytes32 indexed requestId, address indexed user, uint256 timestamp)",
	"WithdrawRequested(address indexed account, address indexed asset, uint96 shares, uint40 maturity)",
	"WithdrawCancelled(address indexed account, address indexed asset, uint96 shares)",
	"WithdrawCompleted(address indexed account, address indexed asset, uint256 shares, uint256 assets)",
	"WithdrawAssetSetup(address indexed assetOut, uint24 secondsToMaturity, uint24 minimumSecondsToDeadline, uint16 minDiscount, uint16 maxDiscount, uint96 minimumShares)",
	"WithdrawAssetUpdated(address indexed assetOut, uint24 minimumSecondsToDeadline, uint24 secondsToMaturity, uint16 minDiscount, uint16 maxDiscount, uint96 minimumShares)",
	"WithdrawAssetStopped(address indexed assetOut)",
	"TrackWithdrawsOnChainToggled(bool newState)",
	"Paused()",
	"Unpaused()",
}

// solmateAuthEvents are those of transmissions11/solmate's Auth and
// RolesAuthority, which govern all of them. OwnershipTransferred names who called, not
// who was the owner.
var solmateAuthEvents = []string{
	"OwnershipTransferred(address indexed user, address indexed newOwner)",
	"AuthorityUpdated(address indexed user, address indexed newAuthority)",
	"UserRoleUpdated(address indexed user, uint8 indexed role, bool enabled)",
	"PublicCapabilityUpdated(address indexed target, bytes4 indexed functionSig, bool enabled)",
	"RoleCapabilityUpdated(uint8 indexed role, address indexed target, bytes4 indexed functionSig, bool enabled)",
}
