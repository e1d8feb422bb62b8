package extract

// The events of Euler's vaults, from euler-xyz/euler-earn, euler-vault-kit and
// ethereum-vault-connector.

// eulerEarnEvents are those of Euler Earn, without its factory's and its public
// allocator's. A market is a strategy's address here.
var eulerEarnEvents = []string{
	"SetName(string name)",
	"SetSymbol(string symbol)",
	"SubmitTimelock(uint256 newTimelock)",
	"SetTimelock(address indexed caller, uint256 newTimelock)",
	"SetFee(address indexed caller, uint256 newFee)",
	"SetFeeRecipient(address indexed newFeeRecipient)",
	"SubmitGuardian(address indexed newGuardian)",
	"SetGuardian(address indexed caller, address indexed guardian)",
	"SubmitCap(address indexed caller, address indexed id, uint256 cap)",
	"SetCap(address indexed caller, address indexed id, uint256 cap)",
	"UpdateLastTotalAssets(uint256 updatedTotalAssets)",
	"UpdateLostAssets(uint256 newLostAssets)",
	"SubmitMarketRemoval(address indexed caller, address indexed id)",
	"SetCurator(address indexed newCurator)",
	"SetIsAllocator(address indexed allocator, bool isAllocator)",
	"RevokePendingTimelock(address indexed caller)",
	"RevokePendingCap(address indexed caller, address indexed id)",
	"RevokePendingGuardian(address indexed caller)",
	"RevokePendingMarketRemoval(address indexed caller, address indexed id)",
	"SetSupplyQueue(address indexed caller, address[] newSupplyQueue)",
	"SetWithdrawQueue(address indexed caller, address[] newWithdrawQueue)",
	"ReallocateSupply(address indexed caller, address indexed id, uint256 suppliedAssets, uint256 suppliedShares)",
	"ReallocateWithdraw(address indexed caller, address indexed id, uint256 withdrawnAssets, uint256 withdrawnShares)",
	"AccrueInterest(uint256 newTotalAssets, uint256 feeShares)",
}

// evkEvents are those of a lending vault of the Euler Vault Kit. An account may
// be a sub-account, which differs from its owner in the last byte.
var evkEvents = []string{
	"EVaultCreated(address indexed creator, address indexed asset, address dToken)",
	"VaultStatus(uint256 totalShares, uint256 totalBorrows, uint256 accumulatedFees, uint256 cash, uint256 interestAccumulator, uint256 interestRate, uint256 timestamp)",
	"Borrow(address indexed account, uint256 assets)",
	"Repay(address indexed account, uint256 assets)",
	"InterestAccrued(address indexed account, uint256 assets)",
	"Liquidate(address indexed liquidator, address indexed violator, address collateral, uint256 repayAssets, uint256 yieldBalance)",
	"PullDebt(address indexed from, address indexed to, uint256 assets)",
	"DebtSocialized(address indexed account, uint256 assets)",
	"ConvertFees(address indexed sender, address indexed protocolReceiver, address indexed governorReceiver, uint256 protocolShares, uint256 governorShares)",
	"BalanceForwarderStatus(address indexed account, bool status)",
	"GovSetGovernorAdmin(address indexed newGovernorAdmin)",
	"GovSetFeeReceiver(address indexed newFeeReceiver)",
	"GovSetLTV(address indexed collateral, uint16 borrowLTV, uint16 liquidationLTV, uint16 initialLiquidationLTV, uint48 targetTimestamp, uint32 rampDuration)",
	"GovSetInterestRateModel(address newInterestRateModel)",
	"GovSetMaxLiquidationDiscount(uint16 newDiscount)",
	"GovSetLiquidationCoolOffTime(uint16 newCoolOffTime)",
	"GovSetHookConfig(address indexed newHookTarget, uint32 newHookedOps)",
	"GovSetConfigFlags(uint32 newConfigFlags)",
	"GovSetCaps(uint16 newSupplyCap, uint16 newBorrowCap)",
	"GovSetInterestFee(uint16 newFee)",
}

// evcEvents are those of the Ethereum Vault Connector. addressPrefix is what an
// owner's sub-accounts share.
var evcEvents = []string{
	"OwnerRegistered(bytes19 indexed addressPrefix, address indexed owner)",
	"OperatorStatus(bytes19 indexed addressPrefix, address indexed operator, uint256 accountOperatorAuthorized)",
	"CollateralStatus(address indexed account, address indexed collateral, bool enabled)",
	"ControllerStatus(address indexed account, address indexed controller, bool enabled)",
	"CallWithContext(address indexed caller, bytes19 indexed onBehalfOfAddressPrefix, address onBehalfOfAccount, address indexed targetContract, bytes4 selector)",
	"LockdownModeStatus(bytes19 indexed addressPrefix, bool enabled)",
}
