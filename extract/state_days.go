package extract

import (
	"cmp"
	"context"
	"slices"
	"time"
)

const day = 24 * time.Hour

// A dayEnd is the last block of a UTC day.
type dayEnd struct {
	midnight time.Time // the day's end, exclusive
	block    int64
}

// findDayEnds finds the last block before each midnight between the times of the
// first and the last header known. known are headers of the chain, by number;
// what it fetched besides comes back as fetched. It proves each end by the two
// blocks on both sides of midnight, and asks for all days' next guesses at once.
func findDayEnds(ctx context.Context, node Caller, known []header) (ends []dayEnd, fetched []header, err error) {
	if len(known) == 0 {
		return nil, nil, nil
	}
	first, last := known[0], known[len(known)-1]
	var open []search
	for at := first.at.Truncate(day).Add(day); !at.After(last.at); at = at.Add(day) {
		// the first known header at or after midnight, and the one before it
		i, _ := slices.BinarySearchFunc(known, at, func(h header, at time.Time) int { return h.at.Compare(at) })
		open = append(open, search{midnight: at, low: known[i-1], high: known[i]})
	}
	for round := 0; ; round++ {
		var guesses []int64
		var pending []search
		for _, s := range open {
			if s.high.number-s.low.number <= 1 {
				ends = append(ends, dayEnd{s.midnight, s.low.number})
				continue
			}
			pending = append(pending, s)
			guesses = append(guesses, s.guess(round))
		}
		if len(pending) == 0 {
			slices.SortFunc(ends, func(a, b dayEnd) int { return a.midnight.Compare(b.midnight) })
			return ends, fetched, nil
		}
		slices.Sort(guesses)
		guesses = slices.Compact(guesses)
		headers, err := fetchHeaders(ctx, node, guesses)
		if err != nil {
			return nil, nil, err
		}
		fetched = append(fetched, headers...)
		for i := range pending {
			pending[i].narrow(headers)
		}
		open = pending
	}
}

// A search closes in on a midnight: low is before it, high is not.
type search struct {
	midnight  time.Time
	low, high header
}

// guess is a block in between: where midnight would be if blocks came evenly,
// and every third time the middle, lest uneven ones take forever.
func (s search) guess(round int) int64 {
	blocks := s.high.number - s.low.number
	step := blocks / 2
	if round%3 != 2 {
		step = int64(float64(blocks) * float64(s.midnight.Sub(s.low.at)) / float64(s.high.at.Sub(s.low.at)))
	}
	return s.low.number + min(max(step, 1), blocks-1)
}

// narrow uses all headers that lie within; they are in order.
func (s *search) narrow(headers []header) {
	from, _ := slices.BinarySearchFunc(headers, s.low.number+1, func(h header, n int64) int { return cmp.Compare(h.number, n) })
	for _, h := range headers[from:] {
		if h.number >= s.high.number {
			break
		}
		if !h.at.Before(s.midnight) {
			s.high = h
			break
		}
		s.low = h
	}
}
