package family

// sUSDS, the savings vault of Sky.

var susds = Family{
	Name: "susds", Label: "susds", IsVault: true,
	Events: [][]string{erc20Events, erc4626Events, proxyEvents, susdsEvents, savingsReferralEvents},

	Standard: erc4626Standard, IsSynchronous: Yes, Flows: "events", OwnerArgument: "owner", TellsEveryMint: true, TellsWithdrawable: true,

	Price:          totals,
	Daily:          integers("chi", "rho", "ssr"),
	Once:           named(),
	Answers:        []string{"ssr", "chi", "asset"},
	Asset:          "asset",
	IsSupplyInLogs: true,
}

// susdsEvents are those of sUSDS. chi is the price in ray.
var susdsEvents = []string{
	"Drip(uint256 chi, uint256 diff)",
	"File(bytes32 indexed what, uint256 data)",
	"Rely(address indexed usr)",
	"Deny(address indexed usr)",
}

// savingsReferralEvents are shared by sUSDS and sDAI, makerdao/sdai.
var savingsReferralEvents = []string{
	"Referral(uint16 indexed referral, address indexed owner, uint256 assets, uint256 shares)",
}
