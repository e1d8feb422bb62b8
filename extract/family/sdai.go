package family

// sDAI, from makerdao/sdai.

var sdai = Family{
	Name: "sdai", Label: "sdai", IsVault: true,
	Events: [][]string{erc20Events, erc4626Events, savingsReferralEvents},

	Standard: erc4626Standard, IsSynchronous: Yes, Flows: "events", OwnerArgument: "owner", TellsEveryMint: true, TellsWithdrawable: true,

	Price:          totals,
	Once:           named(addresses("pot")),
	Answers:        []string{"pot", "dai", "asset"},
	Asset:          "asset",
	IsSupplyInLogs: true,
}
