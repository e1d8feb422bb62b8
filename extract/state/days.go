package state

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/vaultperf/vaultperf/extract/rpc"
)

// Day is a UTC day.
const Day = 24 * time.Hour

// A dayEnd is the last block of a UTC day.
type dayEnd struct {
	midnight time.Time // the day's end, exclusive
	block    int64
}

// findDayEnds finds the last block before each midnight between the first and the last of
// the known headers, which are ordered by number. It returns the headers it had to fetch,
// too. Each end is proved by the blocks on both sides of midnight, and the next guesses for
// all days are requested together.
func findDayEnds(ctx context.Context, node rpc.Caller, known []rpc.Header) (ends []dayEnd, fetched []rpc.Header, err error) {
	if len(known) == 0 {
		return nil, nil, nil
	}
	first, last := known[0], known[len(known)-1]
	var open []search
	for at := first.At.Truncate(Day).Add(Day); !at.After(last.At); at = at.Add(Day) {
		// the first known header at or after midnight, and the one before it
		i, _ := slices.BinarySearchFunc(known, at, func(h rpc.Header, at time.Time) int { return h.At.Compare(at) })
		open = append(open, search{midnight: at, low: known[i-1], high: known[i]})
	}
	for round := 0; ; round++ {
		var guesses []int64
		var pending []search
		for _, s := range open {
			if s.high.Number-s.low.Number <= 1 {
				ends = append(ends, dayEnd{s.midnight, s.low.Number})
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
		headers, err := rpc.FetchHeaders(ctx, node, guesses)
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
	low, high rpc.Header
}

// guess is a block in between: where midnight would be if blocks were evenly spaced, and
// every third time the middle, so that uneven blocks do not take forever.
func (s search) guess(round int) int64 {
	blocks := s.high.Number - s.low.Number
	step := blocks / 2
	if round%3 != 2 {
		step = int64(float64(blocks) * float64(s.midnight.Sub(s.low.At)) / float64(s.high.At.Sub(s.low.At)))
	}
	return s.low.Number + min(max(step, 1), blocks-1)
}

// narrow narrows the search with ordered headers.
func (s *search) narrow(headers []rpc.Header) {
	from, _ := slices.BinarySearchFunc(headers, s.low.Number+1, func(h rpc.Header, n int64) int { return cmp.Compare(h.Number, n) })
	for _, h := range headers[from:] {
		if h.Number >= s.high.Number {
			break
		}
		if !h.At.Before(s.midnight) {
			s.high = h
			break
		}
		s.low = h
	}
}
