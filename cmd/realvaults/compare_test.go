//go:build !race

package realvaults

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
)

// A subject is one figure of one family.
type subject struct{ family, figure string }

// A tally is how many values of a figure were compared, and how many were equal.
type tally struct {
	equal, all  int
	differences []string // the first few
}

// A comparison gathers the tallies of one scenario.
type comparison struct {
	family  string
	tallies map[string]*tally
}

func newComparison(family string) *comparison {
	return &comparison{family, map[string]*tally{}}
}

// note counts one value of a figure.
func (c *comparison) note(figure string, isEqual bool, difference string, args ...any) {
	t := c.tallies[figure]
	if t == nil {
		t = &tally{}
		c.tallies[figure] = t
	}
	t.all++
	switch {
	case isEqual:
		t.equal++
	case len(t.differences) < 4:
		t.differences = append(t.differences, fmt.Sprintf(difference, args...))
	}
}

// exact compares text, and integers as text.
func (c *comparison) exact(figure, what, got, want string) {
	c.note(figure, got == want, "%s: got %q, want %q", what, got, want)
}

// near compares floats that rest on the same exact integers: they may differ by the
// rounding of a few operations on numbers of the size of scale.
func (c *comparison) near(figure, what string, r row, column string, want, scale float64) {
	got, ok := r.number(column)
	c.note(figure, ok && math.Abs(got-want) <= 1e-12*math.Abs(scale), "%s: got %q, want %v, apart by %.3g of %v", what, r.text(column), want, (got-want)/scale, scale)
}

// sets compares two lists without order.
func (c *comparison) sets(figure string, got, want []string) {
	all := map[string]bool{}
	for _, s := range append(slices.Clone(got), want...) {
		all[s] = true
	}
	if len(all) == 0 {
		c.note(figure, true, "")
	}
	for _, s := range slices.Sorted(maps.Keys(all)) {
		c.note(figure, slices.Contains(got, s) && slices.Contains(want, s), "%s: in what is published: %t, in truth: %t", s, slices.Contains(got, s), slices.Contains(want, s))
	}
}

// conclude fails the test where a figure differs that should not, and where one is right
// that is listed as wrong.
func (c *comparison) conclude(t *testing.T) {
	t.Helper()
	for _, figure := range slices.Sorted(maps.Keys(c.tallies)) {
		tally := c.tallies[figure]
		known := deviations[subject{c.family, figure}]
		switch {
		case known == "" && tally.equal < tally.all:
			t.Errorf("%s, %s: %d of %d equal; %s", c.family, figure, tally.equal, tally.all, strings.Join(tally.differences, "; "))
		case known != "" && tally.equal == tally.all:
			t.Errorf("%s, %s: all %d equal, although listed as %s: delete its row in deviations_test.go", c.family, figure, tally.all, known)
		case known != "":
			t.Logf("%s, %s: %d of %d equal (%s); %s", c.family, figure, tally.equal, tally.all, known, strings.Join(tally.differences, "; "))
		}
	}
	publishTallies(c)
	for listed, finding := range deviations {
		if listed.family == c.family && c.tallies[listed.figure] == nil {
			t.Errorf("%s, %s: listed as %s and not compared", listed.family, listed.figure, finding)
		}
	}
}

// table is what all scenarios compared, for printing after them.
var table = struct {
	sync.Mutex
	tallies map[subject]tally
}{tallies: map[subject]tally{}}

func publishTallies(c *comparison) {
	table.Lock()
	defer table.Unlock()
	for figure, t := range c.tallies {
		sum := table.tallies[subject{c.family, figure}]
		sum.equal += t.equal
		sum.all += t.all
		table.tallies[subject{c.family, figure}] = sum
	}
}

// printTable prints family, figure, equal of all, and the finding where one is known;
// then what the findings are.
func printTable(out io.Writer) {
	table.Lock()
	defer table.Unlock()
	subjects := slices.SortedFunc(maps.Keys(table.tallies), func(a, b subject) int {
		return cmp.Or(strings.Compare(a.family, b.family), strings.Compare(a.figure, b.figure))
	})
	named := map[string]bool{}
	lines := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, s := range subjects {
		t, finding := table.tallies[s], deviations[s]
		_, _ = fmt.Fprintf(lines, "%s\t%s\t%d of %d\t%s\n", s.family, s.figure, t.equal, t.all, finding)
		named[finding] = finding != ""
	}
	for _, finding := range slices.Sorted(maps.Keys(named)) {
		if named[finding] {
			_, _ = fmt.Fprintf(lines, "%s\t%s\n", finding, findings[finding])
		}
	}
	_ = lines.Flush() // to the test's own output
}
