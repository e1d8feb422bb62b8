package model

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// groups are what metrics are shown under, in this order. A metric's header
// names its group and its place in it.
var groups = []string{"returns", "risk-adjusted", "downside", "drawdown", "tails", "shape", "counts"}

// A place is where a metric is shown.
type place struct{ group, position int }

// placeOf reads a metric's "-- group: drawdown, 3" line.
func placeOf(m Model) (place, error) {
	group, number, _ := strings.Cut(m.Header.Fields["group"], ", ")
	p := place{group: slices.Index(groups, group)}
	var err error
	p.position, err = strconv.Atoi(number)
	if p.group < 0 || err != nil {
		return p, fmt.Errorf(`%s: want a "-- group: name, position" line, the name one of %s`, m, strings.Join(groups, ", "))
	}
	return p, nil
}

// IsMetric says whether a model is one metric: what is generated from all of them is in
// their schema too.
func (m Model) IsMetric() bool { return m.Schema == "metrics" && !m.IsGenerated }

// Metrics are the metrics of list in the order in which they are shown.
func Metrics(list []Model) ([]Model, error) {
	var metrics []Model
	at := map[string]place{}
	taken := map[place]string{}
	for _, m := range list {
		if !m.IsMetric() {
			continue
		}
		p, err := placeOf(m)
		if err != nil {
			return nil, err
		}
		if other := taken[p]; other != "" {
			return nil, fmt.Errorf("%s and metrics.%s have the same place: %s", m, other, m.Header.Fields["group"])
		}
		at[m.Name], taken[p] = p, m.Name
		metrics = append(metrics, m)
	}
	slices.SortFunc(metrics, func(a, b Model) int {
		return cmp.Or(at[a.Name].group-at[b.Name].group, at[a.Name].position-at[b.Name].position)
	})
	return metrics, nil
}
