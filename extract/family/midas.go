package family

// Midas' tokens (mTBILL, mBASIS and the like), from midas-apps/contracts@bfe2b5f0. They
// have no assets of their own: what they are worth is what their data feed says.

// midas has no function that leads to the feed, so that a config names it with the role
// accountant. Its unit is the feed's: asset_decimals are the feed's decimals.
var midas = Family{
	Name: "midas", Label: "Midas", IsVault: true,
	Events: [][]string{erc20Events, vaultEvents, midasEvents},

	LogPrices: "rates", Flows: "transfers",

	Price:          join(integers("totalSupply"), feedAnswer),
	Daily:          join(integers("paused"), reads(KindInteger, OnAccountant, "decimals")),
	Once:           tokens,
	Answers:        []string{"accessControl", "BLACKLISTED_ROLE", "totalSupply"},
	Silent:         []string{"asset", "totalAssets"},
	IsSupplyInLogs: true,
	Around:         []Neighbour{{Path: []string{"accessControl"}, Role: OnGovernor, Family: access.Name, Name: "access control"}},
}

// midasEvents are those of versions whose transfers can be limited to holders on a list.
var midasEvents = []string{
	"SetGreenlistEnable(address indexed sender, bool enable)",
}
