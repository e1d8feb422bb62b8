package family

// Yearn's vaults of version 3, from yearn/yearn-vaults-v3, and their strategies,
// vaults of their own, from yearn/tokenized-strategy.

var yearnV3 = Family{
	Name: "yearn_v3", Label: "yearn v3", IsVault: true,
	Events: [][]string{erc20Events, erc4626Events, yearnV3Events, tokenizedStrategyEvents},

	Standard: erc4626Standard, IsSynchronous: Yes, Flows: "events", Allocations: "strategy_debt",
	OwnerArgument: "owner", TellsEveryMint: true,
	Accrued:           &Accrued{Rate: "performanceFee", One: 10_000},
	BurnsLockedProfit: true, TellsWithdrawable: true,

	Price: join(totals, integers("pricePerShare")),
	// a vault has no lastTotalAssets, a strategy no debts; what changes a strategy's
	// assets accrues its fee at once, so that something is due at a day's end only
	Daily: join(
		integers("totalIdle", "totalDebt", "profitUnlockingRate", "fullProfitUnlockDate", "lastTotalAssets", "performanceFee"),
		addresses("accountant", "role_manager"),
	),
	Once:    named(reads(KindText, OnVault, "apiVersion")),
	Answers: []string{"apiVersion", "fullProfitUnlockDate", "asset"},
	Version: "apiVersion",
	Asset:   "asset",
}

// yearnV3Events are those of a V3 vault, which allocates to strategies. Up to 3.0.2 it
// could open a role to anybody, and 3.0.0 has one role less than later versions.
var yearnV3Events = []string{
	"StrategyChanged(address indexed strategy, uint256 indexed change_type)",
	"StrategyReported(address indexed strategy, uint256 gain, uint256 loss, uint256 current_debt, uint256 protocol_fees, uint256 total_fees, uint256 total_refunds)",
	"DebtUpdated(address indexed strategy, uint256 current_debt, uint256 new_debt)",
	"RoleSet(address indexed account, uint256 indexed role)",
	"RoleStatusChanged(uint256 indexed role, uint256 indexed status)",
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
