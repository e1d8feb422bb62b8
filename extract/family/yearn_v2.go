package family

// Yearn's vaults of version 2, from yearn/yearn-vaults v0.4.6. Their Deposit and
// Withdraw name shares before amounts, and are none of ERC-4626's.

var yearnV2 = Family{
	Name: "yearn_v2", Label: "yearn v2", IsVault: true,
	Events: [][]string{erc20Events, yearnV2Events, yearnV2OldEvents},

	IsSynchronous: Yes, Flows: "events", Allocations: "strategy_debt", MintsFeesToItself: true,

	Price: integers(
		"totalAssets", "totalSupply", "pricePerShare", "lockedProfit", "lockedProfitDegradation", "lastReport",
	),
	Daily:          join(integers("performanceFee", "managementFee"), addresses("governance", "management", "guardian", "rewards")),
	Once:           join(tokens, addresses("token"), reads(KindText, OnVault, "apiVersion")),
	Answers:        []string{"apiVersion", "token", "pricePerShare"},
	Silent:         []string{"asset"},
	Version:        "apiVersion",
	Asset:          "token",
	IsSupplyInLogs: true,
}

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
// without debtPaid up to 0.3.1, a strategy with a limit in 0.2, and one that grows with
// time up to 0.3.1.
var yearnV2OldEvents = []string{
	"StrategyReported(address indexed strategy, uint256 gain, uint256 loss, uint256 totalGain, uint256 totalLoss, uint256 totalDebt, uint256 debtAdded, uint256 debtRatio)",
	"StrategyAdded(address indexed strategy, uint256 debtLimit, uint256 rateLimit, uint256 performanceFee)",
	"StrategyUpdateRateLimit(address indexed strategy, uint256 rateLimit)",
}
