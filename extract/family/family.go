// Package family describes each kind of contract: its label, the events it emits, what is
// read from it, how it is recognised, and how the price and the flows of a vault are
// derived. Each family is one value in one file; nothing outside this package
// distinguishes vaults by a family's name.
package family

// A Family is a kind of contract. The zero value of a field says that the family has no
// such thing, or that it is not known.
type Family struct {
	Name    string // as in configs and raw tables
	Label   string // for people
	IsVault bool   // a vault may be of this family; otherwise only contracts around one

	// Events are signatures in Solidity's notation, group by group.
	Events [][]string

	// What models need to know, through raw.families.
	Standard             string   // ERC-4626 or ERC-7540
	IsSynchronous        Answer   // shares are redeemed in the transaction that asks
	LogPrices            string   // the logs that contain a price: settlements, statuses, rates or trades
	Virtual              *Virtual // what its price adds to assets and supply; nil: nothing
	Accrued              *Accrued // fees that its price counts before their shares are minted; nil: none
	Flows                string   // the logs that show deposits and withdrawals: settlements, events or transfers
	Allocations          string   // its own events that show where assets are: strategy_debt or adapter_changes
	OwnerArgument        string   // the argument of its Deposit and Withdraw that says whose position changes
	TellsEveryMint       bool     // every mint and burn of its shares has an event of its own that says what it is for
	MintsFeesToItself    bool     // fees are minted to the vault, which sends them on
	HasSubAccounts       bool     // an account's last byte may differ from its owner's
	PredatesChains       bool     // its prices may be older than any chain
	KeepsAssetsElsewhere bool     // its assets move to accounts that its logs do not name
	Market               string   // the lending protocol that its debts are counted under
	LendsSilently        bool     // it can lend without a log that names who owes
	BurnsLockedProfit    bool     // a loss takes shares of its own first, in which a profit is locked
	TellsWithdrawable    bool     // its maxWithdraw is what a holder can take out at once, and less than the shares are worth only where no more can be taken out of the vault

	// What a node is asked about a vault.
	Price []Read // at every block where assets or supply changed or shares moved, and daily: what the price is computed from
	Daily []Read // at each UTC day's last block: fees, roles, anything that logs do not show
	Once  []Read // at the first and the last block

	// What a node is asked, at each UTC day's last block, about the accounts of vaults that
	// have something in the contract or could owe it; what is shares is asked besides.
	Positions []PositionRead
	Items     Items // which of its markets or tokens

	// How a contract is recognised: it answers all of Answers and none of Silent.
	Answers, Silent []string
	IsStandardOnly  bool // recognised by its standard alone, and therefore tried last

	// What else is discovered about a vault that was recognised.
	Version    string                                  // the function that names the version
	VersionOf  func(answered map[string][]byte) string // where no function names it: the version that follows from the functions that answered
	Asset      string                                  // the function that names the asset
	Accountant *Accountant                             // it posts the rate instead of the vault
	Roles      RoleList
	Around     []Neighbour  // contracts that its own functions lead to
	Members    []MemberList // contracts that it keeps lists of

	// The contracts around it.
	ProxyAdmin       string // the family of its proxies' admin; empty: access
	Beacon           string // the family of its proxies' beacon; empty: access
	NamesSubAccounts bool   // a topic may contain an account with another last byte, or only its first 19 bytes
	IsBorrowerInData bool   // its logs name the borrower only in data, which filters cannot match
	ServesMany       bool   // it serves many vaults, each of which its logs name in a topic
	HoldsPools       bool   // many pools in one contract, identified by the first indexed topic
	Trades           string // of a pool: its event for a trade
	Pool             []Read // of a pool: what it is asked at its first log and at the head, its coins and its fee

	// What its logs and its contract must agree on. IsSupplyInLogs: totalSupply is the
	// sum of all mints less all burns. That is false where locked profit is netted, or
	// fees are shares without a transfer. Models know it, too.
	IsSupplyInLogs bool

	// Settlements are the events whose data begins with total assets and supply, in this
	// order. OtherValuations also change the total assets.
	Settlements, OtherValuations []string

	// ShareDecimals returns the decimals of its share, given the asset's; nil: any.
	ShareDecimals func(assetDecimals int) int
}

// BySettlements is what Family.LogPrices says of a price that only a settlement changes.
const BySettlements = "settlements"

// Items are the markets within a contract, or its tokens, about which it is asked one by
// one: those that its logs of a vault's account have as their first topic.
type Items int

// The items.
const (
	NoItems   Items = iota
	ItemIDs         // markets, by their id of 32 bytes
	ItemCoins       // tokens; the vault's asset is always among them
)

// An Answer is yes, no, or not known.
type Answer int

// The answers.
const (
	Unknown Answer = iota
	No
	Yes
)

// Virtual are raw assets and shares that are added to the real ones in computing a price,
// which keeps the first depositor from manipulating it.
type Virtual struct {
	Assets, Shares    int64
	HasDecimalsOffset bool // multiply Shares by 10 ^ (share decimals - asset decimals)
}

// Accrued says how the fee shares are known that a vault's price counts although its total
// supply does not have them yet: a function returns them, or they follow from a rate on
// what totalAssets is above lastTotalAssets.
type Accrued struct {
	View string // the function; its answer is the total assets, then the shares of each fee
	Rate string // the function that returns the rate
	One  int64  // the rate's unit
}
