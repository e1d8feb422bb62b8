package family

// sUSDe, from ethena-labs/bbp-public-assets.

// susde may have a cooldown between the request for assets and their payment.
var susde = Family{
	Name: "susde", Label: "susde", IsVault: true,
	Events: [][]string{erc20Events, erc4626Events, vaultEvents, susdeEvents},

	Standard: erc4626Standard, IsSynchronous: No, Flows: "events", OwnerArgument: "owner", TellsEveryMint: true,
	Virtual: &Virtual{Assets: 1, Shares: 1, HasDecimalsOffset: true},

	Price:          totals,
	Daily:          join(integers("getUnvestedAmount", "cooldownDuration"), addresses("owner")),
	Once:           named(),
	Answers:        []string{"getUnvestedAmount", "cooldownDuration", "asset"},
	Asset:          "asset",
	IsSupplyInLogs: true,
	Around:         []Neighbour{{Path: []string{"silo"}, Role: OnAccount, Family: access.Name, Name: "silo"}},
}

// susdeEvents are those of sUSDe, from ethena-labs/bbp-public-assets. Copies of the
// contract may index the amount, and an older version has two amounts.
var susdeEvents = []string{
	"RewardsReceived(uint256 amount)",
	"LockedAmountRedistributed(address indexed from, address indexed to, uint256 amount)",
	"CooldownDurationUpdated(uint24 previousDuration, uint24 newDuration)",
	"AdminTransferred(address indexed oldAdmin, address indexed newAdmin)",
	"AdminTransferRequested(address indexed oldAdmin, address indexed newAdmin)",
	"RewardsReceived(uint256 indexed amount, uint256 newVestingUSDeAmount)",
	"RewardsReceived(uint256 indexed amount)",
}
