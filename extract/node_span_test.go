package extract

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSpansHoldTheirBlocks joins random spans and looks at every block.
func TestSpansHoldTheirBlocks(t *testing.T) {
	const blocks = 40
	rng := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		var all []span
		held := map[uint64]bool{}
		for range 12 {
			s := span{from: 1 + rng.Uint64N(blocks)}
			s.to = min(blocks, s.from+rng.Uint64N(6))
			isHeld := false
			for block := s.from; block <= s.to; block++ {
				isHeld = isHeld || held[block]
			}
			if got := s.overlapsAny(all); got != isHeld {
				t.Fatalf("%v overlaps %v: got %t", s, all, got)
			}
			all = s.joinedTo(all)
			for block := s.from; block <= s.to; block++ {
				held[block] = true
			}
			sum := uint64(0)
			for i, one := range all {
				sum += one.blocks()
				touches := func(o span) bool { return o.from <= one.to+1 && one.from <= o.to+1 }
				if slices.ContainsFunc(all[i+1:], touches) {
					t.Fatalf("%v touch", all)
				}
				for block := one.from; block <= one.to; block++ {
					if !held[block] {
						t.Fatalf("block %d is in %v", block, all)
					}
				}
			}
			if sum != uint64(len(held)) {
				t.Fatalf("%v have %d blocks, want %d", all, sum, len(held))
			}
		}
	}
}
