package state

import (
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/family"
)

// TestAccountantIsFollowed: a Veda vault's hook names the accountant, which must
// name the vault.
func TestAccountantIsFollowed(t *testing.T) {
	var vault, teller, accountant, other common.Address
	c := extracttest.StartChain(t, 2, 3600, false, nil, func(i int, b *extracttest.Block) {
		set := func(at common.Address, name string, to common.Address) {
			b.Call(at, extracttest.SetAnswer(Selector(name+"()"), extracttest.ModeReturn, new(big.Int).SetBytes(to[:])))
		}
		if i == 1 {
			vault, teller, accountant, other = b.Deploy(extracttest.Fixture(0)), b.Deploy(extracttest.Fixture(0)), b.Deploy(extracttest.Fixture(0)), b.Deploy(extracttest.Fixture(0))
			return
		}
		set(vault, "hook", teller)
		set(teller, "accountant", accountant)
		set(accountant, "vault", vault)
		set(other, "hook", teller)
	})
	f, _ := family.Of("veda")
	got, ok, err := AccountantOf(t.Context(), &extracttest.Node{Url: c.Url}, *f.Accountant, vault, 2)
	if err != nil || !ok || got != accountant {
		t.Errorf("got %s, %v, %v, want %s", got, ok, err, accountant)
	}
	if _, ok, err := AccountantOf(t.Context(), &extracttest.Node{Url: c.Url}, *f.Accountant, other, 2); ok || err != nil {
		t.Errorf("another vault's accountant was taken: %v, %v", ok, err)
	}
}
