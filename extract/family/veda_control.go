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
	// of one that streams yield
	"ExchangeRateUpdated(uint256 newExchangeRate)",
	"YieldRecorded(uint256 amountAdded, uint64 endVestingTime)",
	"LossRecorded(uint256 lossAmount)",
	"MaximumVestDurationUpdated(uint64 newMaximum)",
	"MinimumVestDurationUpdated(uint64 newMinimum)",
	"MaximumDeviationYieldUpdated(uint64 newMaximum)",
	"MaximumDeviationLossUpdated(uint64 newMaximum)",
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
	// since 2025
	"Deposit(uint256 nonce, address indexed receiver, address indexed depositAsset, uint256 depositAmount, uint256 shareAmount, uint256 depositTimestamp, uint256 shareLockPeriodAtTimeOfDeposit, address indexed referralAddress)",
	"Withdraw(address indexed asset, uint256 shareAmount)",
	"PermissionedTransfersSet(bool permissionedTransfers)",
	"AllowPermissionedOperator(address indexed operator)",
	"DenyPermissionedOperator(address indexed operator)",
	"DepositCapSet(uint112 cap)",
	// of one with remediation
	"SharesUndergoingRemediation(address indexed user)",
	"SharesRemediated(address indexed user, address indexed remediationAddress, uint256 amount)",
	"RemediationCancelled(address indexed user)",
	// of one with a bridge: LayerZero's, then CCIP's
	"MessageSent(bytes32 indexed messageId, uint256 shareAmount, address indexed to)",
	"MessageReceived(bytes32 indexed messageId, uint256 shareAmount, address indexed to)",
	"ChainAdded(uint256 chainId, bool allowMessagesFrom, bool allowMessagesTo, address targetTeller)",
	"ChainRemoved(uint256 chainId)",
	"ChainAllowMessagesFrom(uint256 chainId, address targetTeller)",
	"ChainAllowMessagesTo(uint256 chainId, address targetTeller)",
	"ChainStopMessagesFrom(uint256 chainId)",
	"ChainStopMessagesTo(uint256 chainId)",
	"ChainSetGasLimit(uint256 chainId, uint128 messageGasLimit)",
	"ChainAdded(uint256 chainSelector, bool allowMessagesFrom, bool allowMessagesTo, address targetTeller, uint64 messageGasLimit)",
	"ChainSetGasLimit(uint256 chainSelector, uint64 messageGasLimit)",
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
	// the first version names the two periods the other way round, and emits them so
	"WithdrawAssetUpdated(address indexed assetOut, uint24 secondsToMaturity, uint24 minimumSecondsToDeadline, uint16 minDiscount, uint16 maxDiscount, uint96 minimumShares)",
	"WithdrawAssetStopped(address indexed assetOut)",
	"TrackWithdrawsOnChainToggled(bool newState)",
	"WithdrawCapacityUpdated(address indexed assetOut, uint256 withdrawCapacity)",
	"Paused()",
	"Unpaused()",
	// of delayed withdrawals
	"FeeAddressSet(address newFeeAddress)",
	"SetupWithdrawalsInAsset(address indexed asset, uint64 withdrawDelay, uint16 withdrawFee, uint16 maxLoss)",
	"WithdrawDelayUpdated(address indexed asset, uint32 newWithdrawDelay)",
	"CompletionWindowUpdated(address indexed asset, uint32 newCompletionWindow)",
	"WithdrawFeeUpdated(address indexed asset, uint16 newWithdrawFee)",
	"MaxLossUpdated(address indexed asset, uint16 newMaxLoss)",
	"WithdrawalsStopped(address indexed asset)",
	"ThirdPartyCompletionChanged(address indexed account, address indexed asset, bool allowed)",
	"PullFundsFromVaultUpdated(bool pullFundsFromVault)",
	// of the oldest queue, in which shares stay with their holder
	"AtomicRequestUpdated(address indexed user, address indexed offerToken, address indexed wantToken, uint256 amount, uint256 deadline, uint256 minPrice, uint256 timestamp)",
	"AtomicRequestFulfilled(address indexed user, address indexed offerToken, address indexed wantToken, uint256 offerAmountSpent, uint256 wantAmountReceived, uint256 timestamp)",
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
