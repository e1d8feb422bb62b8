//go:build !race

package realvaults

import (
	"fmt"
	"hash/fnv"
	"math/big"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// dice are a scenario's chance. They give whole numbers only, which are the same on
// every machine.
type dice struct{ rng *rand.Rand }

func newDice(seed uint64, name string) dice {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // a hash takes all
	return dice{rand.New(rand.NewPCG(seed, h.Sum64()))}
}

// between is a whole number from low to high, both included.
func (d dice) between(low, high int64) int64 { return low + d.rng.Int64N(high-low+1) }

// chance is true in so many of a thousand cases.
func (d dice) chance(perMille int64) bool { return d.rng.Int64N(1000) < perMille }

// odd is an amount of so many decimal digits whose last ones are not zeros.
func (d dice) odd(digits int) *big.Int {
	n := big.NewInt(d.between(1, 9))
	for range digits - 1 {
		n.Add(n.Mul(n, big.NewInt(10)), big.NewInt(d.between(0, 9)))
	}
	return n.SetBit(n, 0, 1)
}

// part is n times a number from low to high in a million.
func (d dice) part(n *big.Int, low, high int64) *big.Int {
	return mulDiv(n, big.NewInt(d.between(low, high)), big.NewInt(1_000_000))
}

// pick is one of all.
func pick[T any](d dice, all []T) T { return all[d.rng.IntN(len(all))] }

// isProving says whether all is to be tried that there is.
func isProving() bool { return os.Getenv("VAULTPERF_PROVE") != "" }

// forSeeds runs a scenario with one seed, with VAULTPERF_SEEDS many, or with 20 where
// VAULTPERF_PROVE is set, from VAULTPERF_FIRST_SEED or 1 on. The seed is in the
// subtest's name.
func forSeeds(t *testing.T, scenario func(t *testing.T, seed uint64)) {
	t.Helper()
	t.Parallel()
	seeds := uint64(1)
	if isProving() {
		seeds = 20
	}
	seeds = fromEnvironment(t, "VAULTPERF_SEEDS", seeds)
	first := fromEnvironment(t, "VAULTPERF_FIRST_SEED", 1)
	for seed := first; seed < first+seeds; seed++ {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) { scenario(t, seed) })
	}
}

func fromEnvironment(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil || n < 1 {
		t.Fatalf("%s: want a number from 1, got %q", name, text)
	}
	return n
}
