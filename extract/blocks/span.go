// Package blocks does arithmetic on ranges of blocks: what is there, what is missing,
// and where something begins.
package blocks

import (
	"cmp"
	"slices"
)

// A Span is the blocks From to To, both included; To < From is empty.
type Span struct{ From, To uint64 }

// IsEmpty says whether s has no block.
func (s Span) IsEmpty() bool { return s.To < s.From }

// Count is how many blocks s has.
func (s Span) Count() uint64 {
	if s.IsEmpty() {
		return 0
	}
	return s.To - s.From + 1
}

// None is the empty span to start from when collecting with Include.
var None = Span{From: 1, To: 0}

// Include is the smallest span that contains both.
func (s Span) Include(o Span) Span {
	switch {
	case s.IsEmpty():
		return o
	case o.IsEmpty():
		return s
	}
	return Span{min(s.From, o.From), max(s.To, o.To)}
}

// OverlapsAny says whether s shares a block with one of others.
func (s Span) OverlapsAny(others []Span) bool {
	return slices.ContainsFunc(others, func(o Span) bool { return o.From <= s.To && s.From <= o.To })
}

// JoinedTo are spans that cover s and have. If no two spans of have touch, no two of the
// result do. It reuses have's memory.
func (s Span) JoinedTo(have []Span) []Span {
	apart := have[:0]
	for _, h := range have {
		if h.To+1 < s.From || s.To+1 < h.From {
			apart = append(apart, h)
		} else {
			s = s.Include(h)
		}
	}
	return append(apart, s)
}

// Without is what is left of s after removing have, whose spans may overlap and be in
// any order.
func (s Span) Without(have []Span) []Span {
	if s.IsEmpty() {
		return nil
	}
	have = slices.Clone(have)
	slices.SortFunc(have, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	var left []Span
	next := s.From
	for _, h := range have {
		if h.IsEmpty() || h.To < next {
			continue
		}
		if h.From > s.To {
			break
		}
		if h.From > next {
			left = append(left, Span{next, h.From - 1})
		}
		if h.To >= s.To {
			return left
		}
		next = h.To + 1
	}
	return append(left, Span{next, s.To})
}
