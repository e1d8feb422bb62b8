package transform

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"regexp"
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
func placeOf(m model) (place, error) {
	group, number, _ := strings.Cut(m.header.fields["group"], ", ")
	p := place{group: slices.Index(groups, group)}
	var err error
	p.position, err = strconv.Atoi(number)
	if p.group < 0 || err != nil {
		return p, fmt.Errorf(`%s: want a "-- group: name, position" line, the name one of %s`, m, strings.Join(groups, ", "))
	}
	return p, nil
}

// metricsOf are the metrics of list in the order in which they are shown.
func metricsOf(list []model) ([]model, error) {
	var metrics []model
	at := map[string]place{}
	taken := map[place]string{}
	for _, m := range list {
		if m.schema != "metrics" || slices.Contains(figuresNames, m.name) {
			continue
		}
		p, err := placeOf(m)
		if err != nil {
			return nil, err
		}
		if other := taken[p]; other != "" {
			return nil, fmt.Errorf("%s and metrics.%s have the same place: %s", m, other, m.header.fields["group"])
		}
		at[m.name], taken[p] = p, m.name
		metrics = append(metrics, m)
	}
	slices.SortFunc(metrics, func(a, b model) int {
		p, q := at[a.name], at[b.name]
		if p.group != q.group {
			return p.group - q.group
		}
		return p.position - q.position
	})
	return metrics, nil
}

// figuresNames are those of the models of figuresModels.
var figuresNames = []string{"all_figures", "figures", "clean_figures"}

// A plain metric is an expression for the reason and one for the value over one
// relation, the value's naming the reason.
var (
	plainMetric = regexp.MustCompile(`(?s)^select\n    vault_id,\n    period,\n    (.*) as reason,\n    (.*) as value\nfrom ([a-z_.]+)\n$`)
	reasonWord  = regexp.MustCompile(`\breason\b`)
)

// figuresModels are the models that have no file, because it would list the metrics a
// second time: metrics.figures, a row per vault and period, which holds each metric's
// value under its name and its reason under its name and "_reason", and clean_figures,
// the same of vaults with spikes without these. Both show all_figures, which takes as
// long to plan as either. Plain metrics of one relation are computed in one pass over
// it; a join of sixty relations would take longer to plan than to run.
//
// What is infinite has no value, and the reason out_of_range. Metrics with both a value
// and a reason, or with neither, are named by unsound_reason, which is null in every
// sound night and no reason that is known in others, so that a check finds it. Without
// metrics there are no such models.
func figuresModels(list []model) ([]model, error) {
	metrics, err := metricsOf(list)
	if err != nil || len(metrics) == 0 {
		return nil, err
	}
	const periods = "intermediate.periods"
	relations := []string{periods}
	reasons, values := map[string]string{}, map[string]string{} // of each relation's step
	last, unsound := "", ""
	for _, metric := range metrics {
		name := metric.name
		relation, reason, value := metric.String(), "reason", "value"
		if parts := plainMetric.FindStringSubmatch(leadingComments.ReplaceAllString(metric.query, "")); parts != nil {
			relation, reason, value = parts[3], parts[1], reasonWord.ReplaceAllString(parts[2], name+"_reason")
		}
		if !slices.Contains(relations, relation) {
			relations = append(relations, relation)
		}
		reasons[relation] += ",\n    " + reason + " as " + name + "_reason"
		values[relation] += ",\n    " + name + "_reason,\n    " + value + " as " + name
		last += strings.ReplaceAll(`,
    case when isfinite({metric}) then {metric} end as {metric},
    if(isfinite({metric}) is false, 'out_of_range', {metric}_reason) as {metric}_reason`, "{metric}", name)
		unsound += strings.ReplaceAll(",\n        case when ({metric} is null) = ({metric}_reason is null) then '{metric}' end", "{metric}", name)
	}
	clean, names := cleanModels(list, relations)
	var steps []string
	joins := ""
	for _, relation := range relations {
		step := "of_" + strings.ReplaceAll(relation, ".", "_")
		rows := "select *, false as is_clean from " + relation
		if len(clean) > 0 {
			rows += "\nunion all\nselect *, true from " + cmp.Or(names[relation], relation)
		}
		steps = append(steps, step+" as (\nselect\n    vault_id,\n    period,\n    is_clean"+values[relation]+"\nfrom (select *"+reasons[relation]+" from (\n"+rows+"\n))\n)")
		if joins == "" {
			joins = "from " + step
		} else {
			joins += "\ninner join " + step + " using (vault_id, period, is_clean)"
		}
	}
	all := model{
		schema: "metrics", name: "all_figures",
		header: header{stored: true, grain: []string{"vault_id", "period", "is_clean"}},
		query: "with\n" + strings.Join(steps, ",\n") + "\nselect\n    vault_id,\n    period,\n    is_clean" + last +
			",\n    nullif(concat_ws(', '" + unsound + "\n    ), '') as unsound_reason\n" + joins + "\n",
	}
	all.reads = relationsOf(all.query)
	out := append(clean, all)
	for _, name := range []string{"figures", "clean_figures"} {
		m := model{schema: "metrics", name: name, header: header{grain: []string{"vault_id", "period"}}, reads: []string{all.String()}}
		m.query = fmt.Sprintf("select * exclude (is_clean) from %s where is_clean = %t", all, name == "clean_figures")
		out = append(out, m)
	}
	return out, nil
}

// writeHeaders puts the headers of the metrics into a table, for the
// definitions that travel with the numbers.
func writeHeaders(ctx context.Context, tx *sql.Tx, list []model) error {
	_, err := tx.ExecContext(ctx, `
		create table intermediate.metric_headers (
			metric varchar, position integer, label varchar, metric_group varchar, definition varchar,
			formula varchar, unit varchar, source varchar, null_when varchar
		)`)
	if err != nil {
		return fmt.Errorf("write metric headers: %w", err)
	}
	metrics, err := metricsOf(list)
	if err != nil {
		return err
	}
	if len(metrics) == 0 {
		return nil
	}
	var values []any
	for i, m := range metrics {
		f := m.header.fields
		group, _, _ := strings.Cut(f["group"], ", ")
		values = append(values, m.name, i+1, f["label"], group, m.header.sentence, f["formula"], f["unit"], f["source"], f["null when"])
	}
	rows := strings.Repeat("(?, ?, ?, ?, ?, ?, ?, ?, ?), ", len(metrics))
	_, err = tx.ExecContext(ctx, "insert into intermediate.metric_headers values "+strings.TrimSuffix(rows, ", "), values...)
	if err != nil {
		return fmt.Errorf("write metric headers: %w", err)
	}
	return nil
}

// metricComments describes each metric by its own file's header.
func metricComments(list []model) map[string]string {
	comments := map[string]string{}
	for _, m := range list {
		if m.schema == "metrics" && !slices.Contains(figuresNames, m.name) {
			f := m.header.fields
			comments[m.name] = m.header.sentence + " Formula: " + f["formula"] + ". Unit: " + f["unit"] + "."
		}
	}
	return comments
}
