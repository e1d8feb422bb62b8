package state

import (
	"database/sql"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/vault"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// TestExitsAreReadOfTheLargestHolder: at each day's last block whoever had the most by
// then is asked about, once; runs at any heads leave what a single one does, and ask
// nothing twice.
func TestExitsAreReadOfTheLargestHolder(t *testing.T) {
	var v *extracttest.Vault
	chain := extracttest.StartChain(t, 16, 6*3600, false, nil, func(i int, b *extracttest.Block) {
		can := func(account common.Address, assets int64) {
			for _, function := range []string{"maxWithdraw(address)", "maxRedeem(address)"} {
				data := append(Selector(function), common.LeftPadBytes(account[:], 32)...)
				b.Call(v.At, extracttest.SetAnswer(data, extracttest.ModeReturn, big.NewInt(assets)))
			}
		}
		switch i {
		case 1: // the first day: 1 has the most
			v = extracttest.NewVault(b)
			v.Mint(b, common.Address{1}, 100)
			v.Mint(b, v.At, 500) // the vault itself is no holder
			can(common.Address{1}, 70)
		case 4: // for some blocks of the second day 3 has
			v.Mint(b, common.Address{3}, 300)
		case 5:
			v.Burn(b, common.Address{3}, 300)
			v.Mint(b, common.Address{2}, 100) // as much as 1, whose address is lower
		case 8: // the third
			v.Mint(b, common.Address{2}, 1)
			can(common.Address{2}, 80)
		case 12: // the last
			can(common.Address{2}, 5)
		}
	})
	const states = "select concat_ws(' ', block_number, field, argument[1:4], status, value) from raw.states where argument like '0x%' and field not like 'asset.%' order by block_number, argument, field"
	read := func(db *sql.DB, to int64, family string) int {
		node := &extracttest.Node{Url: chain.Url}
		one := v.Vault("sim")
		one.Family = family
		if _, err := Read(t.Context(), db, node, Options{ChainID: 1337, Vaults: []vault.Vault{one}, To: to}); err != nil {
			t.Fatal(err)
		}
		return node.Requests
	}
	once, often := sqltest.Open(t), sqltest.Open(t)
	for _, db := range []*sql.DB{once, often} {
		extracttest.HoldLogs(t, db, chain, v.At)
	}
	read(once, int64(chain.Tip), "erc4626")
	for to := int64(3); to <= int64(chain.Tip); to++ {
		read(often, to, "erc4626")
	}
	var want strings.Builder
	for _, x := range []struct {
		block, holder int
		shares        int64
		answer        string
	}{{3, 1, 100, "ok 70"}, {7, 1, 100, "ok 70"}, {11, 2, 101, "ok 80"}, {15, 2, 101, "ok 5"}, {16, 2, 101, "ok 5"}} {
		fmt.Fprintf(&want, "%[1]d holder.balanceOf 0x0%[2]d ok %[3]s\n%[1]d holder.maxRedeem 0x0%[2]d %[4]s\n%[1]d holder.maxWithdraw 0x0%[2]d %[4]s\n",
			x.block, x.holder, extracttest.E18(x.shares), x.answer)
	}
	if got := sqltest.Query(t, once, states); got != want.String() {
		t.Errorf("got\n%swant\n%s", got, want.String())
	}
	if got := sqltest.Query(t, often, states); got != want.String() {
		t.Errorf("after a run at each block there is\n%safter one\n%s", got, want.String())
	}
	if n := read(often, int64(chain.Tip), "erc4626"); n > 0 {
		t.Errorf("a run without a new block makes %d requests", n)
	}
	other := sqltest.Open(t)
	extracttest.HoldLogs(t, other, chain, v.At)
	if read(other, int64(chain.Tip), "morpho_v2"); sqltest.Query(t, other, states) != "" {
		t.Error("a vault whose answer means nothing is asked")
	}
}

// TestLargestHolder compares with a search through all balances.
func TestLargestHolder(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	token := common.Address{9}
	accounts := []common.Address{{}, {1}, {2}, {3}, {4}, {5}, token}
	book, balances := newShareBook(token), map[common.Address]int64{}
	for range 2000 {
		for range rng.IntN(4) {
			from, to, amount := accounts[rng.IntN(7)], accounts[rng.IntN(7)], rng.Int64N(5)
			book.move(from, to, big.NewInt(amount)) // more than there is, too: logs may be missing
			balances[from] -= amount
			balances[to] += amount
		}
		holders := slices.Clone(accounts[1:6])
		slices.SortStableFunc(holders, func(a, b common.Address) int { return int(balances[b] - balances[a]) })
		got, ok := book.largest()
		if want := holders[0]; ok != (balances[want] > 0) || ok && got != want {
			t.Fatalf("got %s, %v of %v, want %s", got, ok, balances, want)
		}
	}
}
