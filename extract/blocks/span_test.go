package blocks

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
		var all []Span
		held := map[uint64]bool{}
		for range 12 {
			s := Span{From: 1 + rng.Uint64N(blocks)}
			s.To = min(blocks, s.From+rng.Uint64N(6))
			isHeld := false
			for block := s.From; block <= s.To; block++ {
				isHeld = isHeld || held[block]
			}
			if got := s.OverlapsAny(all); got != isHeld {
				t.Fatalf("%v overlaps %v: got %t", s, all, got)
			}
			all = s.JoinedTo(all)
			for block := s.From; block <= s.To; block++ {
				held[block] = true
			}
			sum := uint64(0)
			for i, one := range all {
				sum += one.Count()
				touches := func(o Span) bool { return o.From <= one.To+1 && one.From <= o.To+1 }
				if slices.ContainsFunc(all[i+1:], touches) {
					t.Fatalf("%v touch", all)
				}
				for block := one.From; block <= one.To; block++ {
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
