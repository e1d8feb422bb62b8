package family

// ERC-4626 vaults of no other family. Names and indexed flags follow OpenZeppelin
// Contracts v5.2.0.

const erc4626Standard = "ERC-4626"

var erc4626 = Family{
	Name: "erc4626", Label: "ERC-4626", IsVault: true,
	Events: [][]string{erc20Events, erc4626Events, vaultEvents},

	Standard: erc4626Standard, IsSynchronous: Yes, LogPrices: "trades", Flows: "events",
	OwnerArgument: "owner", KeepsAssetsElsewhere: true, TellsWithdrawable: true,

	Price:          totals,
	Daily:          join(addresses("owner"), integers("paused")),
	Once:           named(),
	Answers:        []string{"asset", "totalAssets", "convertToAssets"},
	IsStandardOnly: true,
	Asset:          "asset",
	IsSupplyInLogs: true,
}

var erc4626Events = []string{
	"Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares)",
	"Withdraw(address indexed sender, address indexed receiver, address indexed owner, uint256 assets, uint256 shares)",
}
