package main

import (
	"context"
	"errors"
	"math/big"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/extract/testchain"
)

// whole is the chain of two years, made once for all tests that read it.
var whole = sync.OnceValues(func() (*testchain.Chain, error) {
	return testchain.Start(context.Background(), testchain.Options{})
})

func TestMain(m *testing.M) {
	code := m.Run()
	if c, err := whole(); err == nil {
		_ = c.Close()
	}
	os.Exit(code)
}

func startWhole(t *testing.T) *testchain.Chain {
	t.Helper()
	c, err := whole()
	if errors.Is(err, testchain.ErrNotCompiled) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func mul(a, b *big.Int) *big.Int { return new(big.Int).Mul(a, b) }

// ratio is a number for a reader's eye; exact comparisons are elsewhere.
func ratio(a, b *big.Int) float64 {
	f, _ := new(big.Rat).SetFrac(a, b).Float64()
	return f
}

// premiumOf is by how much a trade's price is above what the vault said a share is
// worth at the end of that day.
func premiumOf(v *testchain.Vault, d testchain.Trade) float64 {
	day := d.Time.Truncate(24 * time.Hour)
	i := slices.IndexFunc(v.Truth.Closes, func(c testchain.Close) bool { return c.Day.Equal(day) })
	return ratio(mul(d.Assets, new(big.Int).Exp(big.NewInt(10), big.NewInt(30), nil)), mul(d.Shares, v.Truth.Closes[i].PriceFine)) - 1
}
