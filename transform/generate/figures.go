package generate

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/transform/model"
)

// figures are what metrics are computed from in one model: metrics.all_figures, a row
// per vault and period, which holds each metric's value under its name and its reason
// under its name and "_reason". Plain metrics of one relation are computed in one pass
// over it; a join of sixty relations would take longer to plan than to run.
//
// What is infinite has no value, and the reason out_of_range. Metrics with both a value
// and a reason, or with neither, are named by unsound_reason, which is null in every
// sound run and no reason that is known in others, so that a check finds it.
type figures struct {
	metrics   []string
	relations []string              // what is read, each with a row per vault and period
	steps     map[string][][]string // of each relation: what each step adds, expression as name
	reasons   map[string][]string   // of each relation's step: expression as name
	values    map[string][]string   // of each relation's step: name, or expression as name
	composed  []string              // of metrics that are made of metrics
}

var reasonWord = regexp.MustCompile(`\breason\b`)

func newFigures(metrics []model.Model) *figures {
	f := &figures{steps: map[string][][]string{}, reasons: map[string][]string{}, values: map[string][]string{}}
	for _, metric := range metrics {
		name := metric.Name
		f.metrics = append(f.metrics, name)
		p, ok := plain(metric)
		if !ok {
			p = plainMetric{relation: metric.String(), reason: "reason", value: "value"}
		}
		p = p.named(name)
		for i, step := range p.steps {
			if i == len(f.steps[p.relation]) {
				f.steps[p.relation] = append(f.steps[p.relation], nil)
			}
			for _, c := range step {
				f.steps[p.relation][i] = append(f.steps[p.relation][i], c.expression+" as "+c.name)
			}
		}
		reason := p.reason + " as " + name + "_reason"
		value := p.value + " as " + name
		if ok {
			value = reasonWord.ReplaceAllString(p.value, name+"_reason") + " as " + name
		}
		if p.relation == "" {
			f.composed = append(f.composed, reason, value)
			continue
		}
		if !slices.Contains(f.relations, p.relation) {
			f.relations = append(f.relations, p.relation)
		}
		f.reasons[p.relation] = append(f.reasons[p.relation], reason)
		f.values[p.relation] = append(f.values[p.relation], name+"_reason", value)
	}
	return f
}

// models are metrics.all_figures, of all prices and, where renamed names relations made
// of the prices without spikes, of these too; and what shows the one and the other:
// metrics.figures and metrics.clean_figures. Both show all_figures, because it takes as
// long to plan as either would.
func (f *figures) models(renamed map[string]string) []model.Model {
	var steps []string
	joins := ""
	for _, relation := range f.relations {
		_, name, _ := strings.Cut(relation, ".")
		rows := "select\n    *,\n    false as is_clean\nfrom " + relation
		if len(renamed) > 0 {
			rows += "\nunion all\nselect\n    *,\n    true as is_clean\nfrom " + cmp.Or(renamed[relation], relation)
		}
		// materialized, because each branch of a union gets all expressions above it anew
		steps = append(steps, name+"_rows as materialized (\n\n"+indent(1, rows)+"\n\n)")
		name = "of_" + name
		steps = append(steps, name+" as (\n\n"+indent(1, f.step(relation))+"\n\n)")
		if joins == "" {
			joins = "from " + name
		} else {
			joins += "\ninner join " + name + " using (vault_id, period, is_clean)"
		}
	}
	steps = append(steps, "joined as (\n\n"+indent(1, "select\n"+list(1, append([]string{"*"}, f.composed...))+"\n"+joins)+"\n\n)")
	columns := []string{"vault_id", "period", "is_clean"}
	var unsound []string
	for _, m := range f.metrics {
		columns = append(columns,
			fmt.Sprintf("case when isfinite(%[1]s) then %[1]s end as %[1]s", m),
			fmt.Sprintf("if(isfinite(%[1]s) is false, 'out_of_range', %[1]s_reason) as %[1]s_reason", m))
		unsound = append(unsound, fmt.Sprintf("case when (%[1]s is null) = (%[1]s_reason is null) then '%[1]s' end", m))
	}
	columns = append(columns, "nullif(concat_ws(\n    ', ',\n"+list(1, unsound)+"\n), '') as unsound_reason")
	all := generated("all_figures",
		"-- One row per vault with a price point and period, with its spikes or without: every figure.\n"+
			"-- unsound_reason names the metrics with both a value and a reason, or with neither.\n"+
			"-- grain: vault_id, period, is_clean\n-- stored\n",
		"with\n\n"+strings.Join(steps, ",\n\n")+"\n\nselect\n"+list(1, columns)+"\nfrom joined\n")
	show := func(name, sentence string, isClean bool) model.Model {
		return generated(name, "-- "+sentence+"\n-- grain: vault_id, period\n",
			fmt.Sprintf("select * exclude (is_clean)\nfrom metrics.all_figures\nwhere is_clean = %t\n", isClean))
	}
	return []model.Model{
		all,
		show("figures", "One row per vault with a price point and period: every figure, or why it has none.", false),
		show("clean_figures", "One row per vault with spikes and period: every figure without them.", true),
	}
}

// step computes the plain metrics of a relation from its rows.
func (f *figures) step(relation string) string {
	_, name, _ := strings.Cut(relation, ".")
	from := "from " + name + "_rows"
	for _, added := range append(slices.Clone(f.steps[relation]), f.reasons[relation]) {
		from = "from (\n    select\n" + list(2, append([]string{"*"}, added...)) + "\n" + indent(1, from) + "\n)"
	}
	return "select\n" + list(1, append([]string{"vault_id", "period", "is_clean"}, f.values[relation]...)) + "\n" + from
}

// generated is a model of the metrics.
func generated(name, header, query string) model.Model {
	return model.Model{
		Schema: "metrics", Name: name, IsGenerated: true,
		Query: header + "-- generated from the metrics by make golden\n" + query,
	}
}

// list is the items of a select, indented.
func list(depth int, items []string) string { return indent(depth, strings.Join(items, ",\n")) }

// indent moves lines to the right, but for empty ones.
func indent(depth int, text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = strings.Repeat("    ", depth) + line
		}
	}
	return strings.Join(lines, "\n")
}
