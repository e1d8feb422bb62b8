package generate

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/transform/model"
)

// readFrom is where a model reads another: from or join, what, and under which name.
var readFrom = regexp.MustCompile(`\b(from|join)\s+((?:intermediate|metrics)\.[a-z_0-9]+)\b(\s+as\s+[a-z_]+)?`)

// replaceReads puts others in place of the relations that a text reads, each under the
// name that the text knows it by. of gives the other, or nothing.
func replaceReads(text string, of func(relation string) string) string {
	return readFrom.ReplaceAllStringFunc(text, func(found string) string {
		part := readFrom.FindStringSubmatch(found)
		other := of(part[2])
		if other == "" {
			return found
		}
		_, name, _ := strings.Cut(part[2], ".")
		return part[1] + " " + other + cmp.Or(part[3], " as "+name)
	})
}

// made is a generated model: another's header, without the settings of some lines, a
// line that says where it comes from, and its query.
func made(m model.Model, schema, name, from, query string, without ...string) model.Model {
	head := strings.TrimSuffix(m.Query, m.Body())
	for _, line := range without {
		head = strings.ReplaceAll(head, line+"\n", "")
	}
	m.Schema, m.Name, m.IsGenerated = schema, name, true
	m.Query = head + "-- generated from " + from + " by make golden\n" + query
	return m
}

// byVault are relations that are long and know vault_number.
var byVault = []string{"intermediate.periods", "intermediate.price_returns", "intermediate.price_sequences"}

// halves is a model's query for the vaults of even number and for those of odd.
func (g *generator) halves(m model.Model) model.Model {
	var halves [2]string
	for i := range halves {
		halves[i] = "from (\n" + replaceReads(m.Body(), func(relation string) string {
			if !slices.Contains(byVault, relation) {
				return ""
			}
			return fmt.Sprintf("(from %s where vault_number %% 2 = %d)", relation, i)
		}) + ")\n"
	}
	query := halves[0] + "union all\n" + halves[1] + "order by " + strings.Join(m.Header.Grain, ", ") + "\n"
	g.replaced[m.String()] = g.reads[m.String()]
	return made(m, m.Schema, m.Name, m.String(), query)
}

// The price points of vaults with spikes, without these, stand in for all where every
// figure is computed once more.
const (
	allPrices  = "intermediate.daily_prices"
	cleanMarks = "intermediate.prices_without_spikes"
)

// withoutSpikes are the models that some relations are made of, and these too, once
// more from the prices without spikes: those that are made of prices and speak of one
// vault, each as intermediate.clean_<name>. renamed has the new name by the old. What
// compares vaults, such as how many Sharpe ratios were tried, stays as it is. Their
// text is that of the models themselves, so that no formula stands twice.
func (g *generator) withoutSpikes(relations []string) (out []model.Model, renamed map[string]string) {
	if _, ok := g.sources[cleanMarks]; !ok {
		return nil, nil
	}
	isMade := map[string]bool{allPrices: true} // of prices, and of one vault
	var visit func(name string) bool
	visit = func(name string) bool {
		if made, ok := isMade[name]; ok {
			return made
		}
		made := false
		for _, read := range g.reads[name] {
			made = visit(read) || made
		}
		grain := g.sources[name].Header.Grain
		isMade[name] = made && (slices.Contains(grain, "vault_id") || slices.Contains(grain, "vault_number"))
		return isMade[name]
	}
	renamed = map[string]string{allPrices: cleanMarks}
	var add func(name string)
	add = func(name string) {
		if !visit(name) || renamed[name] != "" {
			return
		}
		m := g.sources[name]
		renamed[name] = "intermediate.clean_" + m.Name
		for _, read := range g.reads[name] {
			add(read)
		}
		query := replaceReads(m.Body(), func(relation string) string { return renamed[relation] })
		clean := made(m, "intermediate", "clean_"+m.Name, name, query, "-- in halves")
		var reads []string
		for _, read := range g.reads[name] {
			reads = append(reads, cmp.Or(renamed[read], read))
		}
		slices.Sort(reads)
		g.replaced[clean.String()] = slices.Compact(reads)
		if m.Header.InHalves { // the vaults with spikes are few
			clean.Query = strings.Replace(clean.Query, "\n-- grain", "\n-- one thread\n-- grain", 1)
		}
		out = append(out, clean)
	}
	for _, relation := range relations {
		add(relation)
	}
	for i, clean := range out {
		readers := 0
		for _, other := range out {
			if slices.Contains(g.replaced[other.String()], clean.String()) {
				readers++
			}
		}
		// of few rows, so that a table that is read once costs more than it saves; what is
		// summed by one thread must stay one
		if readers < 2 && !strings.Contains(clean.Query, "\n-- one thread\n") {
			out[i].Query = strings.Replace(clean.Query, "-- stored\n", "", 1)
		}
	}
	return out, renamed
}

// metricHeaders are what the headers of metrics say, in their order.
func metricHeaders(metrics []model.Model) string {
	fields := []string{"formula", "unit", "source", "null when"}
	rows := [][]string{{"metric", "position", "label", "metric_group", "definition", "formula", "unit", "source", "null_when"}}
	for i, m := range metrics {
		group, _, _ := strings.Cut(m.Header.Fields["group"], ", ")
		row := []string{m.Name, fmt.Sprint(i + 1), m.Header.Fields["label"], group, m.Header.Sentence}
		for _, field := range fields {
			row = append(row, m.Header.Fields[field])
		}
		rows = append(rows, row)
	}
	return csvText(rows)
}

// columnHeaders are what the headers say of the marts' columns, in the order in which
// they say it: of a figure of marts.performance its own file does.
func columnHeaders(sources, metrics []model.Model) string {
	rows := [][]string{{"mart", "column_name", "definition", "unit", "sql_file"}}
	for _, m := range sources {
		if m.Schema != "marts" {
			continue
		}
		for _, name := range m.Header.Order {
			rows = append(rows, []string{m.Name, name, m.Header.Columns[name], m.Header.Units[name], m.File})
		}
		if m.Name != "performance" {
			continue
		}
		for _, metric := range metrics {
			rows = append(rows, []string{m.Name, metric.Name, metric.Header.Sentence, metric.Header.Fields["unit"], metric.File})
		}
	}
	return csvText(rows)
}
