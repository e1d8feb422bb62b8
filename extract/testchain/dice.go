package testchain

import (
	"hash/fnv"
	"math/rand/v2"
)

// Dice are the chance of one part of the script. Each has its own, so that what
// one does changes nothing in another. They give whole numbers only, because
// floats may differ between machines.
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

// one is a number below n.
func (d dice) one(n int) int { return d.rng.IntN(n) }
