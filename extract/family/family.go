// Package family knows what is true of every contract of a kind: its label, the
// events it emits, what is read of it, how it is recognised, and what the price and
// the flows of a vault follow from. Each family is one value in one file; nothing
// outside this package tells vaults apart by a family's name.
package family

// A Family is a kind of contract. The zero value of a field says that the family has
// no such thing, or that nothing is known of it.
type Family struct {
	Name    string // as configs and raw tables have it
	Label   string // for people
	IsVault bool   // a vault may be of it; otherwise only what stands around one

	// Events are signatures in Solidity's notation, group by group.
	Events [][]string

	// What models must know, which raw.families tells them.
	Standard             string   // ERC-4626 or ERC-7540
	IsSynchronous        Answer   // shares are redeemed in the transaction that asks
	LogPrices            string   // the logs that tell a price: settlements or trades
	Virtual              *Virtual // what its price adds to assets and supply
	Flows                string   // what tells deposits and withdrawals: settlements, events or transfers
	Allocations          string   // its own events that tell where assets are: strategy_debt or adapter_changes
	OwnerArgument        string   // of its Deposit and Withdraw: whose position changes
	HasSubAccounts       bool     // an account's last byte may differ from its owner's
	KeepsAssetsElsewhere bool     // its assets leave the contract for accounts that its logs do not name
	Market               string   // the lending protocol that its debts are counted under

	// What a node is asked about a vault.
	Price []Read // at every block where assets or supply changed, and daily; what the price follows from
	Daily []Read // at each UTC day's last block: fees, roles, what cannot be seen in logs
	Once  []Read // at the first and the last block

	// How a vault is recognised: all of Answers answer, and none of Silent.
	Answers, Silent []string
	IsStandardOnly  bool // known by its standard alone, and so tried after all others

	// What else is found out of a vault that was recognised.
	Version    string                                  // the function that names the version
	VersionOf  func(answered map[string][]byte) string // where none does: what follows from those that answered
	Asset      string                                  // the function that names the asset
	Accountant *Accountant                             // it posts the rate instead of the vault
	Roles      RoleList

	// The contracts around it.
	ProxyAdmin       string // the family of its proxies' admin; empty: access
	IsBeaconFactory  bool   // what its proxies have for a beacon is the factory of all of them, which logs no upgrade
	NamesSubAccounts bool   // a topic may hold an account with another last byte, or only the first 19
	IsBorrowerInData bool   // its logs name who owes in data only, where no filter finds it
	HoldsPools       bool   // many pools in one contract, told apart by an id in the first indexed topic

	// What its logs and its contract must agree on. IsSupplyInLogs: totalSupply is the
	// sum of all mints less all burns. Not so where locked profit is netted, or fees are
	// shares that no transfer shows.
	IsSupplyInLogs bool

	// Settlements are the events by which it states total assets and supply, in this
	// order, as the first words of data. OtherValuations change the total assets too.
	Settlements, OtherValuations []string

	// ShareDecimals is how many decimals its share has, given the asset's; nil: any.
	ShareDecimals func(assetDecimals int) int
}

// An Answer is yes, no, or not known.
type Answer int

// The answers.
const (
	Unknown Answer = iota
	No
	Yes
)

// Virtual are the raw assets and shares that a price is computed with on top of those
// there are, which keeps the first depositor from moving it.
type Virtual struct {
	Assets, Shares    int64
	HasDecimalsOffset bool // Shares is times 10 ^ (share decimals - asset decimals)
}
