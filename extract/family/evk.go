package family

// The lending vaults of the Euler Vault Kit, from euler-xyz/euler-vault-kit.

// evk's beacon is the factory of all its vaults.
var evk = Family{
	Name: "evk", Label: "evk", IsVault: true,
	Events: [][]string{erc20Events, erc4626Events, proxyEvents, evkEvents},

	Standard: erc4626Standard, IsSynchronous: Yes, LogPrices: "statuses", Flows: "events", OwnerArgument: "owner", TellsEveryMint: true,
	Virtual:        &Virtual{Assets: 1_000_000, Shares: 1_000_000},
	HasSubAccounts: true, NamesSubAccounts: true, Market: "Euler", Beacon: evkFactory.Name,

	Price:   totals,
	Daily:   join(integers("cash", "totalBorrows", "interestFee", "protocolFeeShare"), addresses("governorAdmin", "feeReceiver")),
	Once:    named(addresses("EVC", "creator")),
	Answers: []string{"EVC", "totalBorrows", "governorAdmin", "asset"},
	Asset:   "asset",

	Positions: []PositionRead{position(KindInteger, "debtOf(address)", ByAccount)},
}

var evkFactory = Family{Name: "evk_factory", Label: "evk factory", Events: [][]string{evkFactoryEvents}}

// evkFactoryEvents are those of GenericFactory, which names the code of all upgradable
// vaults that it made.
var evkFactoryEvents = []string{
	"Genesis()",
	"ProxyCreated(address indexed proxy, bool upgradeable, address implementation, bytes trailingData)",
	"SetImplementation(address indexed newImplementation)",
	"SetUpgradeAdmin(address indexed newUpgradeAdmin)",
}

// evkEvents are those of a lending vault of the Euler Vault Kit. An account may
// be a sub-account, which differs from its owner in the last byte.
var evkEvents = []string{
	"Genesis()",
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
