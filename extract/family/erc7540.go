package family

// ERC-7540 vaults, whose deposits or redemptions must be requested. Names and indexed
// flags follow OpenZeppelin Contracts v5.2.0.

const erc7540Standard = "ERC-7540"

var erc7540 = Family{
	Name: "erc7540", Label: "ERC-7540", IsVault: true,
	Events: [][]string{erc20Events, erc4626Events, erc7540Events, vaultEvents},

	Standard: erc7540Standard, IsSynchronous: No, Flows: "transfers", KeepsAssetsElsewhere: true,

	Price:          totals,
	Daily:          join(addresses("owner"), integers("paused")),
	Once:           named(),
	Answers:        []string{"pendingRedeemRequest", "asset"},
	IsStandardOnly: true,
	Asset:          "asset",
	IsSupplyInLogs: true,
}

var erc7540Events = []string{
	"OperatorSet(address indexed controller, address indexed operator, bool approved)",
	"DepositRequest(address indexed controller, address indexed owner, uint256 indexed requestId, address sender, uint256 assets)",
	"RedeemRequest(address indexed controller, address indexed owner, uint256 indexed requestId, address sender, uint256 shares)",
}
