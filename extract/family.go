package extract

import (
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// A kind says what a function returns, and so how a state is written down.
type kind int

const (
	kindInteger     kind = iota // a word, kept as an exact integer; also a bool
	kindAddress                 // a word, kept as 0x hex
	kindText                    // a string, or a bytes32 of old tokens
	kindIntegers                // words, kept as a JSON list of decimal strings
	kindAddresses               // words, kept as a JSON list of 0x hex
	kindAddressList             // an address[], kept in the same way
)

// Contracts that a read may ask other than the vault.
const (
	onVault      = ""
	onAsset      = "asset"
	onAccountant = "accountant" // of a Veda vault: it posts the rate
	onSafe       = roleSafe
)

// A read is one function that a family's contracts answer without an argument,
// but for convertToAssets.
type read struct {
	name string // the function
	kind kind
	on   string // which contract answers
	arg  bool   // an amount of shares
}

// field is the read's name in raw.states: the function's, after the contract's
// role where that is not the vault.
func (r read) field() string {
	if r.on == onVault {
		return r.name
	}
	return r.on + "." + r.name
}

// A family is what extract knows of one kind of vault: what its price follows
// from, what else is worth reading, and how to recognise it. How a price follows
// is in sql/intermediate/state_prices.sql.
type family struct {
	name  string
	price []read // at every block where the vault's assets or supply changed, and daily
	daily []read // at each UTC day's last block: fees, roles, what cannot be seen in logs
	once  []read // at the first and the last block

	// identified holds if all of these answer and none of the others.
	answers, silent []string
	version         string // the function that names the version, or empty
	asset           string // the function that names the asset
	// supplied: totalSupply is the sum of all mints less all burns. Not so where
	// locked profit is netted, or fees are shares that no transfer shows.
	supplied bool
}

func integers(names ...string) []read { return reads(kindInteger, onVault, names...) }

func addresses(names ...string) []read { return reads(kindAddress, onVault, names...) }

func reads(k kind, on string, names ...string) []read {
	all := make([]read, len(names))
	for i, n := range names {
		all[i] = read{name: n, kind: k, on: on}
	}
	return all
}

func join(lists ...[]read) []read {
	var all []read
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

var (
	// totals are what an ERC-4626 vault's price follows from, one way or the other.
	totals = join(integers("totalAssets", "totalSupply"), []read{{name: "convertToAssets", arg: true}})
	tokens = join(
		reads(kindText, onVault, "name", "symbol"), integers("decimals"),
		reads(kindText, onAsset, "symbol"), reads(kindInteger, onAsset, "decimals"),
	)
	// keys are who can move what a Safe holds: any so many of its owners.
	keys  = join(reads(kindInteger, onSafe, "getThreshold"), reads(kindAddressList, onSafe, "getOwners"))
	named = func(lists ...[]read) []read { return join(append([][]read{tokens, addresses("asset")}, lists...)...) }
)

// families are those that detection tries, in this order: one whose functions
// include another's comes first.
var families = []family{
	{
		name: "lagoon", price: totals,
		daily: join(
			reads(kindIntegers, onVault, "feeRates"), reads(kindAddresses, onVault, "getRolesStorage"),
			addresses("owner"), integers("paused"),
		),
		once:    named(reads(kindText, onVault, "version")),
		answers: []string{"getRolesStorage", "feeRates", "asset"}, version: "version", asset: "asset", supplied: true,
	},
	{
		name: "yearn_v3", price: join(totals, integers("pricePerShare")),
		daily:   join(integers("totalIdle", "totalDebt", "profitUnlockingRate", "fullProfitUnlockDate"), addresses("accountant", "role_manager")),
		once:    named(reads(kindText, onVault, "apiVersion")),
		answers: []string{"apiVersion", "fullProfitUnlockDate", "asset"}, version: "apiVersion", asset: "asset",
	},
	{
		name: "yearn_v2",
		price: integers(
			"totalAssets", "totalSupply", "pricePerShare", "lockedProfit", "lockedProfitDegradation", "lastReport",
		),
		daily:   join(integers("performanceFee", "managementFee"), addresses("governance", "management", "guardian", "rewards")),
		once:    join(tokens, addresses("token"), reads(kindText, onVault, "apiVersion")),
		answers: []string{"apiVersion", "token", "pricePerShare"}, silent: []string{"asset"},
		version: "apiVersion", asset: "token", supplied: true,
	},
	{
		name: "metamorpho", price: totals,
		daily:   join(integers("fee", "timelock", "lostAssets"), addresses("feeRecipient", "owner", "curator", "guardian")),
		once:    named(addresses("MORPHO")),
		answers: []string{"MORPHO", "supplyQueueLength", "asset"}, asset: "asset", supplied: true,
	},
	{
		name: "morpho_v2", price: totals,
		daily: join(
			integers("performanceFee", "managementFee", "maxRate"),
			addresses("performanceFeeRecipient", "managementFeeRecipient", "owner", "curator"),
		),
		once:    named(integers("virtualShares")),
		answers: []string{"adaptersLength", "virtualShares", "asset"}, asset: "asset", supplied: true,
	},
	{
		name: "euler_earn", price: totals,
		daily:   join(integers("fee", "timelock", "lostAssets"), addresses("feeRecipient", "owner", "curator", "guardian")),
		once:    named(addresses("EVC")),
		answers: []string{"EVC", "supplyQueueLength", "asset"}, asset: "asset", supplied: true,
	},
	{
		name: "evk", price: join(totals, integers("cash", "totalBorrows")),
		daily:   join(integers("interestFee", "protocolFeeShare"), addresses("governorAdmin", "feeReceiver")),
		once:    named(addresses("EVC", "creator")),
		answers: []string{"EVC", "totalBorrows", "governorAdmin", "asset"}, asset: "asset",
	},
	{
		name: "susds", price: totals, daily: integers("chi", "rho", "ssr"), once: named(),
		answers: []string{"ssr", "chi", "asset"}, asset: "asset", supplied: true,
	},
	{
		name: "sdai", price: totals, once: named(addresses("pot")),
		answers: []string{"pot", "dai", "asset"}, asset: "asset", supplied: true,
	},
	{
		name: "susde", price: totals,
		daily: join(integers("getUnvestedAmount", "cooldownDuration"), addresses("owner")), once: named(),
		answers: []string{"getUnvestedAmount", "cooldownDuration", "asset"}, asset: "asset", supplied: true,
	},
	{
		name: "veda", price: join(integers("totalSupply"), reads(kindInteger, onAccountant, "getRate")),
		daily: join(
			reads(kindIntegers, onAccountant, "accountantState"), reads(kindInteger, onAccountant, "decimals"),
			addresses("owner", "authority", "hook"),
		),
		once:    join(tokens, reads(kindAddress, onAccountant, "base")),
		answers: []string{"hook", "totalSupply", "authority"}, silent: []string{"asset"}, supplied: true,
	},
	{
		name: "erc7540", price: totals, daily: join(addresses("owner"), integers("paused")), once: named(),
		answers: []string{"pendingRedeemRequest", "asset"}, asset: "asset", supplied: true,
	},
	{
		name: "erc4626", price: totals, daily: join(addresses("owner"), integers("paused")), once: named(),
		answers: []string{"asset", "totalAssets", "convertToAssets"}, asset: "asset", supplied: true,
	},
}

// familyOf finds a family by its name; a vault that is observed through its
// readings alone has none.
func familyOf(name string) (family, bool) {
	for _, f := range families {
		if f.name == name {
			return f, true
		}
	}
	return family{}, false
}

// manyShares is what convertToAssets is asked for: a million million shares. It
// is linear, and a single share's answer is cut to the asset's few digits.
func manyShares(shareDecimals int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(shareDecimals)+12), nil)
}

// call is the data of a read's call.
func (r read) call(shareDecimals int) []byte {
	if !r.arg {
		return selector(r.name + "()")
	}
	return append(selector(r.name+"(uint256)"), word(manyShares(shareDecimals))...)
}

// argument is what raw.states names the argument by.
func (r read) argument(shareDecimals int) string {
	if !r.arg {
		return ""
	}
	return manyShares(shareDecimals).String()
}

// selector is the head of a call of a function.
func selector(signature string) []byte {
	return crypto.Keccak256([]byte(signature))[:4]
}

func word(n *big.Int) []byte {
	return common.LeftPadBytes(n.Bytes(), 32)
}
