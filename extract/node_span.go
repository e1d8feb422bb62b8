package extract

import (
	"cmp"
	"slices"
)

// A span is blocks from from to to, both included; to < from is empty.
type span struct{ from, to uint64 }

func (s span) isEmpty() bool { return s.to < s.from }

func (s span) blocks() uint64 {
	if s.isEmpty() {
		return 0
	}
	return s.to - s.from + 1
}

// noSpan is empty and grows by include.
var noSpan = span{from: 1, to: 0}

// include is the smallest span that holds both.
func (s span) include(o span) span {
	switch {
	case s.isEmpty():
		return o
	case o.isEmpty():
		return s
	}
	return span{min(s.from, o.from), max(s.to, o.to)}
}

func (s span) overlapsAny(others []span) bool {
	return slices.ContainsFunc(others, func(o span) bool { return o.from <= s.to && s.from <= o.to })
}

// joinedTo are spans that hold the same blocks as s and have, none of which
// touches another if those of have do not. It uses have's memory.
func (s span) joinedTo(have []span) []span {
	apart := have[:0]
	for _, h := range have {
		if h.to+1 < s.from || s.to+1 < h.from {
			apart = append(apart, h)
		} else {
			s = s.include(h)
		}
	}
	return append(apart, s)
}

// without is what is left of s where none of have is. have may overlap and be in
// any order.
func (s span) without(have []span) []span {
	if s.isEmpty() {
		return nil
	}
	have = slices.Clone(have)
	slices.SortFunc(have, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var left []span
	next := s.from
	for _, h := range have {
		if h.isEmpty() || h.to < next {
			continue
		}
		if h.from > s.to {
			break
		}
		if h.from > next {
			left = append(left, span{next, h.from - 1})
		}
		if h.to >= s.to {
			return left
		}
		next = h.to + 1
	}
	return append(left, span{next, s.to})
}

// A piece is blocks of which some filters, all with the same topics, lack logs.
type piece struct {
	span
	filters []filter
	halved  bool // for an error that nobody understands; once is enough
}

// pieces cuts what filters lack into blocks that the same filters lack, at most
// most filters each, so that one request serves many. They are in the order of
// blocks, then of filters.
func pieces(lacking map[string][]span, filters []filter, most int) []piece {
	var all []piece
	for len(filters) > 0 {
		n := 1
		for n < len(filters) && filters[n].ask == filters[0].ask {
			n++
		}
		all = append(all, sweep(lacking, filters[:n], most)...)
		filters = filters[n:]
	}
	slices.SortStableFunc(all, func(a, b piece) int { return cmp.Compare(a.from, b.from) })
	return all
}

// sweep goes along the blocks at which some filter begins or ends to lack logs.
func sweep(lacking map[string][]span, filters []filter, most int) []piece {
	var cuts []uint64
	for _, f := range filters {
		for _, s := range lacking[f.digest] {
			cuts = append(cuts, s.from, s.to+1)
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var all []piece
	for i := 1; i < len(cuts); i++ {
		s := span{cuts[i-1], cuts[i] - 1}
		var who []filter
		for _, f := range filters {
			if slices.ContainsFunc(lacking[f.digest], func(l span) bool { return l.from <= s.from && s.to <= l.to }) {
				who = append(who, f)
			}
		}
		for part := range slices.Chunk(who, most) {
			all = append(all, piece{span: s, filters: part})
		}
	}
	return all
}
