package extract

// The events of Yearn's vaults, from yearn/yearn-vaults v0.4.6 (V2) and
// yearn/yearn-vaults-v3 (V3). V2's Deposit and Withdraw name shares before
// amounts, and are none of ERC-4626's.

// yearnV2Events are those of V2's last version.
var yearnV2Events = []string{
	"Deposit(address indexed recipient, uint256 shares, uint256 amount)",
	"Withdraw(address indexed recipient, uint256 shares, uint256 amount)",
	"Sweep(address indexed token, uint256 amount)",
	"LockedProfitDegradationUpdated(uint256 value)",
	"StrategyAdded(address indexed strategy, uint256 debtRatio, uint256 minDebtPerHarvest, uint256 maxDebtPerHarvest, uint256 performanceFee)",
	"StrategyReported(address indexed strategy, uint256 gain, uint256 loss, uint256 debtPaid, uint256 totalGain, uint256 totalLoss, uint256 totalDebt, uint256 debtAdded, uint256 debtRatio)",
	"FeeReport(uint256 management_fee, uint256 performance_fee, uint256 strategist_fee, uint256 duration)",
	"WithdrawFromStrategy(address indexed strategy, uint256 totalDebt, uint256 loss)",
	"UpdateGovernance(address governance)",
	"UpdateManagement(address management)",
	"UpdateRewards(address rewards)",
	"UpdateDepositLimit(uint256 depositLimit)",
	"UpdatePerformanceFee(uint256 performanceFee)",
	"UpdateManagementFee(uint256 managementFee)",
	"UpdateGuardian(address guardian)",
	"EmergencyShutdown(bool active)",
	"UpdateWithdrawalQueue(address[20] queue)",
	"StrategyUpdateDebtRatio(address indexed strategy, uint256 debtRatio)",
	"StrategyUpdateMinDebtPerHarvest(address indexed strategy, uint256 minDebtPerHarvest)",
	"StrategyUpdateMaxDebtPerHarvest(address indexed strategy, uint256 maxDebtPerHarvest)",
	"StrategyUpdatePerformanceFee(address indexed strategy, uint256 performanceFee)",
	"StrategyMigrated(address indexed oldVersion, address indexed newVersion)",
	"StrategyRevoked(address indexed strategy)",
	"StrategyRemovedFromQueue(address indexed strategy)",
	"StrategyAddedToQueue(address indexed strategy)",
	"NewPendingGovernance(address indexed pendingGovernance)",
}

// yearnV2OldEvents are those that later versions of V2 changed: a report
// without debtPaid up to 0.3.1, a strategy with limits in 0.2.
var yearnV2OldEvents = []string{
	"StrategyReported(address indexed strategy, uint256 gain, uint256 loss, uint256 totalGain, uint256 totalLoss, uint256 totalDebt, uint256 debtAdded, uint256 debtRatio)",
	"StrategyAdded(address indexed strategy, uint256 debtLimit, uint256 rateLimit, uint256 performanceFee)",
}

// yearnV3Events are those of a V3 vault, which allocates to strategies.
var yearnV3Events = []string{
	"StrategyChanged(address indexed strategy, uint256 indexed change_type)",
	"StrategyReported(address indexed strategy, uint256 gain, uint256 loss, uint256 current_debt, uint256 protocol_fees, uint256 total_fees, uint256 total_refunds)",
	"DebtUpdated(address indexed strategy, uint256 current_debt, uint256 new_debt)",
	"RoleSet(address indexed account, uint256 indexed role)",
	"UpdateFutureRoleManager(address indexed future_role_manager)",
	"UpdateRoleManager(address indexed role_manager)",
	"UpdateAccountant(address indexed accountant)",
	"UpdateDepositLimitModule(address indexed deposit_limit_module)",
	"UpdateWithdrawLimitModule(address indexed withdraw_limit_module)",
	"UpdateDefaultQueue(address[] new_default_queue)",
	"UpdateUseDefaultQueue(bool use_default_queue)",
	"UpdateAutoAllocate(bool auto_allocate)",
	"UpdatedMaxDebtForStrategy(address indexed sender, address indexed strategy, uint256 new_debt)",
	"UpdateDepositLimit(uint256 deposit_limit)",
	"UpdateMinimumTotalIdle(uint256 minimum_total_idle)",
	"UpdateProfitMaxUnlockTime(uint256 profit_max_unlock_time)",
	"DebtPurchased(address indexed strategy, uint256 amount)",
	"Shutdown()",
}

// tokenizedStrategyEvents are those of a V3 strategy, a vault of its own, from
// yearn/tokenized-strategy. UpdateProfitMaxUnlockTime is among the vault's.
var tokenizedStrategyEvents = []string{
	"StrategyShutdown()",
	"UpdatePaused(bool paused)",
	"NewTokenizedStrategy(address indexed strategy, address indexed asset, string apiVersion)",
	"Reported(uint256 profit, uint256 loss, uint256 protocolFees, uint256 performanceFees)",
	"Accrued(uint256 profit, uint256 loss, uint256 protocolFees, uint256 performanceFees)",
	"UpdatePerformanceFeeRecipient(address indexed newPerformanceFeeRecipient)",
	"UpdateKeeper(address indexed newKeeper)",
	"UpdatePerformanceFee(uint16 newPerformanceFee)",
	"UpdateManagement(address indexed newManagement)",
	"UpdateEmergencyAdmin(address indexed newEmergencyAdmin)",
	"UpdatePendingManagement(address indexed newPendingManagement)",
}
