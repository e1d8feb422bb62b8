package vault

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/rpc"
)

// SharedByDefault says whether a contract is used by many others, so that only logs with
// one of the vault's accounts in a topic are kept.
func SharedByDefault(role, familyName string) bool {
	f, _ := family.Of(familyName)
	switch role {
	case RoleAsset, roleVenue, roleLending, roleReward:
		return !f.IsBorrowerInData
	case RolePool:
		return f.HoldsPools
	default:
		return f.ServesMany
	}
}

// CannotBeShared says why a contract cannot be shared, because all of its logs are needed;
// empty if it can.
func CannotBeShared(role, familyName string) string {
	f, _ := family.Of(familyName)
	switch {
	case f.IsBorrowerInData:
		return "its logs have who owes in their data, which no filter finds"
	case role == RolePool && !f.HoldsPools:
		return "everybody's trades are wanted"
	case !SharedByDefault(role, familyName):
		return "all its logs are wanted"
	default:
		return ""
	}
}

// A Watch is a contract with relevant logs: all of them, or those in which a topic names
// one of accounts or pools. Only this file decides which logs are relevant: through
// IsRelevantSQL for the import of files, through Words for requests to nodes, and through
// IsRelevant for proofs.
type Watch struct {
	ChainID  uint64
	Address  string // lower case with 0x, as all others here
	Family   string
	IsShared bool // only logs that name one of Accounts, Owners or Pools are relevant
	Accounts []string
	Owners   []string // likewise, and so do their sub-accounts
	Pools    []string
}

// A topicPart is where a log may name an account or a pool: the bytes between from and to
// of the topic with this number. A key only matches parts of its own length.
type topicPart struct{ topic, from, to int }

// ownerBytes are those that the sub-accounts of one owner share; families that know none
// compare whole accounts, because the owner of a sub-account may be somebody else to them.
const ownerBytes = 19

// topicParts: an account is at the end of a topic, except that Euler's connector has its
// first 19 bytes at the start of topic 1; a pool id is all of topic 1.
var topicParts = []topicPart{
	{1, 12, common.HashLength},
	{2, 12, common.HashLength},
	{3, 12, common.HashLength},
	{1, 12, 12 + ownerBytes},
	{2, 12, 12 + ownerBytes},
	{3, 12, 12 + ownerBytes},
	{1, 0, ownerBytes},
	{1, 0, common.HashLength},
}

// Watches are the contracts of all vaults, each once. If any vault needs all logs of a
// contract, all are relevant.
func Watches(vaults []Vault) []Watch {
	var out []Watch
	for _, v := range vaults {
		for _, c := range v.All() {
			add := Watch{ChainID: v.ChainID, Address: strings.ToLower(c.Address), Family: c.Family, IsShared: c.Shared}
			if f, _ := family.Of(c.Family); c.Shared && f.NamesSubAccounts {
				add.Owners = v.Accounts()
			} else if c.Shared {
				add.Accounts = v.Accounts()
			}
			if c.Shared && c.PoolID != "" {
				add.Pools = []string{strings.ToLower(c.PoolID)}
			}
			same := func(w Watch) bool { return w.ChainID == add.ChainID && w.Address == add.Address }
			if i := slices.IndexFunc(out, same); i >= 0 {
				out[i].IsShared = out[i].IsShared && add.IsShared
				out[i].Accounts = append(out[i].Accounts, add.Accounts...)
				out[i].Owners = append(out[i].Owners, add.Owners...)
				out[i].Pools = append(out[i].Pools, add.Pools...)
				continue
			}
			out = append(out, add)
		}
	}
	for i := range out {
		for _, list := range []*[]string{&out[i].Accounts, &out[i].Owners, &out[i].Pools} {
			slices.Sort(*list)
			*list = slices.Compact(*list)
		}
	}
	return out
}

// Keys are the parts of topics that make a shared contract's log relevant, in upper-case
// hex.
func (w Watch) Keys() []string {
	var out []string
	for _, account := range w.Accounts {
		out = append(out, strings.ToUpper(account[2:]))
	}
	for _, owner := range w.Owners {
		out = append(out, strings.ToUpper(owner[2:2+2*ownerBytes]))
	}
	for _, pool := range w.Pools {
		out = append(out, strings.ToUpper(pool[2:]))
	}
	return out
}

// IsRelevantSQL is the SQL condition that a log with topic1 to topic3 has one of keys,
// a list of Keys.
func IsRelevantSQL(keys string) string {
	parts := make([]string, len(topicParts))
	for i, p := range topicParts {
		parts[i] = fmt.Sprintf("substr(hex(topic%d), %d, %d)", p.topic, 1+2*p.from, 2*(p.to-p.from))
	}
	return "list_has_any(" + keys + ", [" + strings.Join(parts, ", ") + "])"
}

// Relevance decides which logs of a chain are relevant.
type Relevance map[common.Address]relevance

type relevance struct {
	isShared bool
	keys     map[string]bool // bytes
}

// NewRelevance is the relevance for the vaults of a chain.
func NewRelevance(chainID uint64, vaults []Vault) Relevance {
	all := Relevance{}
	for _, w := range Watches(vaults) {
		if w.ChainID != chainID {
			continue
		}
		r := relevance{isShared: w.IsShared, keys: map[string]bool{}}
		for _, key := range w.Keys() {
			r.keys[string(common.FromHex(key))] = true
		}
		all[common.HexToAddress(w.Address)] = r
	}
	return all
}

// Has says whether a contract has relevant logs.
func (r Relevance) Has(address common.Address) bool {
	_, has := r[address]
	return has
}

// Whole are the contracts whose logs are all relevant.
func (r Relevance) Whole(yield func(common.Address) bool) {
	for address, one := range r {
		if !one.isShared && !yield(address) {
			return
		}
	}
}

// IsRelevant says whether a log is relevant.
func (r Relevance) IsRelevant(address common.Address, topics []common.Hash) bool {
	one, has := r[address]
	if !has || !one.isShared {
		return has
	}
	return slices.ContainsFunc(topicParts, func(p topicPart) bool {
		return p.topic < len(topics) && one.keys[string(topics[p.topic][p.from:p.to])]
	})
}

// Words are those of which a relevant log of a shared contract has one as a topic: the
// vault's accounts, the pool's id and, for a family that names sub-accounts, all
// sub-accounts and the accounts' first 19 bytes at the start of a word.
func (c Contract) Words(v Vault) []rpc.Word {
	f, _ := family.Of(c.Family)
	var words []rpc.Word
	add := func(word common.Hash) {
		if !slices.Contains(words, rpc.Word(word)) {
			words = append(words, rpc.Word(word))
		}
	}
	for _, account := range v.Accounts() {
		address := common.HexToAddress(account)
		if !f.NamesSubAccounts {
			add(common.BytesToHash(address[:]))
			continue
		}
		add(common.Hash(common.RightPadBytes(address[:ownerBytes], common.HashLength)))
		for last := range 256 {
			address[ownerBytes] = byte(last)
			add(common.BytesToHash(address[:]))
		}
	}
	if c.PoolID != "" {
		add(common.HexToHash(c.PoolID))
	}
	return words
}
