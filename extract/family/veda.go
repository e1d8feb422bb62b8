package family

// Veda's vaults, from Se7en-Seas/boring-vault. The vault holds the assets; the
// contracts around it, each with its own address, are in veda_control.go.

// veda's shares are redeemed through a queue. Its transfer hook is its teller, which names the accountant that posts the rate.
var veda = Family{
	Name: "veda", Label: "veda", IsVault: true,
	Events: [][]string{erc20Events, boringVaultEvents, vedaControlEvents},

	IsSynchronous: No, Flows: "events", TellsEveryMint: true,

	Price: join(integers("totalSupply"), reads(KindInteger, OnAccountant, "getRate")),
	Daily: join(
		reads(KindIntegers, OnAccountant, "accountantState"), reads(KindInteger, OnAccountant, "decimals"),
		addresses("owner", "authority", "hook"),
	),
	Once:           join(tokens, reads(KindAddress, OnAccountant, "base")),
	Answers:        []string{"hook", "totalSupply", "authority"},
	Silent:         []string{"asset"},
	Accountant:     &Accountant{Family: vedaAccountant.Name, Path: []string{"hook", "accountant"}, Vault: "vault", Asset: "base"},
	IsSupplyInLogs: true,
}

// boringVaultEvents are those of the vault, which holds the assets.
var boringVaultEvents = []string{
	"Enter(address indexed from, address indexed asset, uint256 amount, address indexed to, uint256 shares)",
	"Exit(address indexed to, address indexed asset, uint256 amount, address indexed from, uint256 shares)",
}
