package view

import (
	"math"
	"slices"
	"time"
)

// A Point is one moment of a line; a nil Y breaks it.
type Point struct {
	At time.Time
	Y  *float64
}

// mostPoints is how many points a line may have before it is thinned out.
const mostPoints = 5000

// thin leaves out points of a long line so that it looks the same: of each
// stretch it keeps the first, the last, the lowest, the highest and the first
// gap. So no peak, no trough and no depth is lost.
func thin(points []Point) []Point {
	if len(points) <= mostPoints {
		return points
	}
	const stretches = mostPoints / 5
	keep := make([]int, 0, mostPoints)
	for s := range stretches {
		from, to := s*len(points)/stretches, (s+1)*len(points)/stretches
		keep = append(keep, extremes(points[from:to], from)...)
	}
	slices.Sort(keep)
	keep = slices.Compact(keep)
	out := make([]Point, len(keep))
	for i, k := range keep {
		out[i] = points[k]
	}
	return out
}

// extremes returns the indexes to keep of a stretch that begins at offset.
func extremes(points []Point, offset int) []int {
	low, high, gap := -1, -1, -1
	for i, p := range points {
		switch {
		case p.Y == nil:
			if gap < 0 {
				gap = i
			}
			continue
		case low < 0 || *p.Y < *points[low].Y:
			low = i
		}
		if high < 0 || *p.Y > *points[high].Y {
			high = i
		}
	}
	var keep []int
	for _, i := range []int{0, low, high, gap, len(points) - 1} {
		if i >= 0 {
			keep = append(keep, offset+i)
		}
	}
	return keep
}

// levels makes some five round ticks that span low to high.
func levels(low, high float64, text func(x, step float64) string) Scale {
	step := roundStep((high - low) / 4)
	first, last := math.Floor(low/step+1e-9), math.Ceil(high/step-1e-9)
	if first == last {
		last++
	}
	s := Scale{Min: min(low, first*step), Max: max(high, last*step)}
	for k := first; k <= last; k++ {
		s.At = append(s.At, k*step)
		s.Text = append(s.Text, text(k*step, step))
	}
	return s
}

// roundStep is the next of 1, 2, 2.5, 5 times a power of ten.
func roundStep(x float64) float64 {
	if x <= 0 || math.IsInf(x, 0) || math.IsNaN(x) {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, f := range []float64{1, 2, 2.5, 5} {
		if x <= f*power*(1+1e-9) {
			return f * power
		}
	}
	return 10 * power
}

// moments makes the ticks of a time axis from first to last: days, months or
// years, at most ten.
func moments(first, last time.Time) Scale {
	s := Scale{Min: float64(first.UnixMilli()), Max: float64(last.UnixMilli())}
	add := func(t time.Time, text string) {
		if !t.Before(first) && !t.After(last) {
			s.At = append(s.At, float64(t.UnixMilli()))
			s.Text = append(s.Text, text)
		}
	}
	days := last.Sub(first).Hours() / 24
	day := time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, time.UTC)
	switch {
	case days <= 2:
		step := max(1, int(math.Ceil(days*24/8)))
		for t := day; !t.After(last); t = t.Add(time.Duration(step) * time.Hour) {
			add(t, clockTick(t))
		}
	case days <= 45:
		step := int(math.Ceil(days / 9))
		for t := day; !t.After(last); t = t.AddDate(0, 0, step) {
			add(t, dayTick(t))
		}
	case days <= 130:
		for t := time.Date(first.Year(), first.Month(), 1, 0, 0, 0, 0, time.UTC); !t.After(last); t = t.AddDate(0, 1, 0) {
			add(t, dayTick(t))
			add(t.AddDate(0, 0, 14), dayTick(t.AddDate(0, 0, 14)))
		}
	default:
		step := monthStep(days / 30.4)
		year := time.Date(first.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
		for t := year; !t.After(last); t = t.AddDate(0, step, 0) {
			add(t, monthTick(t, len(s.At) == 0))
		}
	}
	return s
}

// monthStep is how many months lie between ticks.
func monthStep(months float64) int {
	for _, step := range []int{1, 2, 3, 6, 12, 24, 60} {
		if months/float64(step) <= 9 {
			return step
		}
	}
	return 120
}
