package family

// Veda's vaults, from Se7en-Seas/boring-vault. The vault holds the assets; the
// contracts around it, each with its own address, are in veda_control.go.

// veda's shares are redeemed through a queue. Its transfer hook is its teller, which names the accountant that posts the rate.
var veda = Family{
	Name: "veda", Label: "veda", IsVault: true,
	Events: [][]string{erc20Events, boringVaultEvents, vedaControlEvents},

	IsSynchronous: No, LogPrices: "rates", Flows: "events", TellsEveryMint: true,

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
	Around: []Neighbour{
		// a vault may have tellers that are not its hook, as those of bridges
		{Path: []string{"hook"}, Vault: "vault", Role: OnGovernor, Family: vedaTeller.Name, Name: "teller", Answers: []string{"accountant()", "shareLockPeriod()"}},
		{Path: []string{"authority"}, Role: OnGovernor, Family: vedaAuthority.Name, Name: "authority", Names: []string{
			"UserRoleUpdated(address,uint8,bool)", "PublicCapabilityUpdated(address,bytes4,bool)", "RoleCapabilityUpdated(uint8,address,bytes4,bool)",
		}},
		{Vault: "vault", Role: OnGovernor, Family: vedaManager.Name, Name: "manager", Answers: []string{"manageRoot(address)"}},
		{Vault: "boringVault", Role: OnGovernor, Family: vedaQueue.Name, Name: "queue", Answers: []string{"accountant()", "withdrawAssets(address)"}},
	},
}

// boringVaultEvents are those of the vault, which holds the assets.
var boringVaultEvents = []string{
	"Enter(address indexed from, address indexed asset, uint256 amount, address indexed to, uint256 shares)",
	"Exit(address indexed to, address indexed asset, uint256 amount, address indexed from, uint256 shares)",
}
