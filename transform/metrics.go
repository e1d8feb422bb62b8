package transform

import (
	"context"
	"database/sql"
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
		if m.schema != "metrics" || m.name == figuresName {
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

const figuresName = "figures"

// joinedAtOnce is how many metrics one step of metrics.figures joins: a join of
// them all takes longer to plan than to run.
const joinedAtOnce = 4

// figuresModel is the one model that has no file, because it would list the
// metrics a second time: metrics.figures, a row per vault and period, which
// holds each metric's value under its name and its reason under its name and
// "_reason". What is infinite has no value, and the reason out_of_range. Metrics
// with both a value and a reason, or with neither, are named by unsound_reason,
// which is null in every sound night and no reason that is known in others, so
// that a check finds it. Without metrics there is no such model.
func figuresModel(list []model) ([]model, error) {
	metrics, err := metricsOf(list)
	if err != nil || len(metrics) == 0 {
		return nil, err
	}
	m := model{
		schema: "metrics", name: figuresName,
		header: header{stored: true, grain: []string{"vault_id", "period"}},
		reads:  []string{"intermediate.periods"},
	}
	steps, joins := "with\n", "from intermediate.periods\n"
	columns, unsound := "select\n    vault_id,\n    period", ""
	for batch := range slices.Chunk(metrics, joinedAtOnce) {
		step := "step_" + batch[0].name
		steps += step + " as materialized (\n    select vault_id, period"
		from := ""
		for _, metric := range batch {
			r := strings.NewReplacer("{metric}", metric.name)
			steps += r.Replace(`,
        case when isfinite({metric}.value) then {metric}.value end as {metric},
        if(isfinite({metric}.value) is false, 'out_of_range', {metric}.reason) as {metric}_reason`)
			columns += r.Replace(",\n    {metric},\n    {metric}_reason")
			unsound += r.Replace(",\n        case when ({metric} is null) = ({metric}_reason is null) then '{metric}' end")
			if from == "" {
				from = "\n    from " + metric.String()
			} else {
				from += "\n    inner join " + metric.String() + " using (vault_id, period)"
			}
			m.reads = append(m.reads, metric.String())
		}
		steps += from + "\n),\n"
		joins += "inner join " + step + " using (vault_id, period)\n"
	}
	columns += ",\n    nullif(concat_ws(', '" + unsound + "\n    ), '') as unsound_reason"
	m.query = strings.TrimSuffix(steps, ",\n") + "\n" + columns + "\n" + joins
	return []model{m}, nil
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
		if m.schema == "metrics" && m.name != figuresName {
			f := m.header.fields
			comments[m.name] = m.header.sentence + " Formula: " + f["formula"] + ". Unit: " + f["unit"] + "."
		}
	}
	return comments
}
