package view

import (
	"math"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/report/marts/martstest"
)

func TestThinKeepsPeaksTroughsAndGaps(t *testing.T) {
	start := martstest.Until
	var points []Point
	for i := range 200_000 {
		y := math.Sin(float64(i) / 5000)
		points = append(points, Point{start.Add(time.Duration(i) * time.Minute), &y})
	}
	high, low := 7.0, -7.0
	points[77_777].Y, points[123_456].Y, points[150_001].Y = &high, &low, nil
	thinned := thin(points)
	if len(thinned) > mostPoints {
		t.Errorf("%d points are left", len(thinned))
	}
	var highs, lows, gaps int
	for i, p := range thinned {
		switch {
		case p.Y == nil:
			gaps++
		case *p.Y == high:
			highs++
		case *p.Y == low:
			lows++
		}
		if i > 0 && !p.At.After(thinned[i-1].At) {
			t.Fatalf("point %d is out of order", i)
		}
	}
	if highs != 1 || lows != 1 || gaps != 1 {
		t.Errorf("%d peaks, %d troughs and %d gaps are left, want one each", highs, lows, gaps)
	}
	if thinned[0].At != points[0].At || thinned[len(thinned)-1].At != points[len(points)-1].At {
		t.Error("the ends are not left")
	}
	if same := thin(points[:mostPoints]); len(same) != mostPoints {
		t.Errorf("a short line became %d points", len(same))
	}
}

func TestScalesSpanTheirValues(t *testing.T) {
	for _, test := range []struct{ low, high float64 }{
		{1, 1.0190941}, {-0.00021, 0}, {0, 1e300}, {1.0000001, 1.0000002}, {-0.5, 12}, {1e-9, 2e-9}, {0, 1e-300},
	} {
		s := levels(test.low, test.high, priceTick)
		if s.Min > test.low || s.Max < test.high {
			t.Errorf("%v to %v: the scale is %v to %v", test.low, test.high, s.Min, s.Max)
		}
		if len(s.At) < 2 || len(s.At) > 8 {
			t.Errorf("%v to %v: %d ticks", test.low, test.high, len(s.At))
		}
		seen := map[string]bool{}
		for _, text := range s.Text {
			if seen[text] && test.high-test.low > 1e-12 {
				t.Errorf("%v to %v: two ticks say %q", test.low, test.high, text)
			}
			seen[text] = true
		}
	}
	for _, days := range []int{0, 1, 2, 5, 30, 45, 46, 90, 130, 131, 365, 1000, 4000} {
		s := moments(martstest.Until.AddDate(0, 0, -days), martstest.Until)
		if len(s.At) < 1 || len(s.At) > 11 {
			t.Errorf("%d days: %d ticks %q", days, len(s.At), s.Text)
		}
	}
}
