package generate

import (
	"regexp"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/transform/model"
)

// A plain metric is an expression for the reason and one for the value, which names the
// reason, over one relation; or, of two metrics or more, over these. Any other is read
// as a relation of its own.
type plainMetric struct {
	relation      string   // empty: made of metrics
	metrics       []string // that it is made of
	reason, value string   // expressions
}

// plain reads a metric's query, however it is laid out; ok says whether it is plain.
func plain(m model.Model) (p plainMetric, ok bool) {
	words := topLevel(m.Body())
	from := slices.IndexFunc(words, func(w word) bool { return w.text == "from" })
	if len(words) == 0 || words[0].text != "select" || from < 0 {
		return p, false
	}
	items := columns(m.Body(), words[:from+1])
	if len(items) != 4 || items[0].expression != "vault_id" || items[1].expression != "period" || items[2].name != "reason" || items[3].name != "value" {
		return p, false
	}
	p.reason, p.value = items[2].expression, items[3].expression
	source := words[from+1:]
	if len(source) == 1 {
		p.relation = source[0].text
		return p, strings.Contains(p.relation, ".")
	}
	for i, w := range source { // metrics.a inner join metrics.b using (vault_id, period) ...
		switch name, isMetric := strings.CutPrefix(w.text, "metrics."); {
		case isMetric:
			p.metrics = append(p.metrics, name)
		case i == 0 || !slices.Contains([]string{"inner", "join", "using"}, w.text):
			return p, false
		}
	}
	p.reason, p.value = p.ofColumns(p.reason), p.ofColumns(p.value)
	return p, strings.Count(m.Body(), "using (vault_id, period)") == len(p.metrics)-1
}

// ofColumns replaces the values and reasons of metrics by columns of their names.
func (p plainMetric) ofColumns(expression string) string {
	for _, name := range p.metrics {
		expression = regexp.MustCompile(`\b`+name+`\.value\b`).ReplaceAllString(expression, name)
		expression = regexp.MustCompile(`\b`+name+`\.reason\b`).ReplaceAllString(expression, name+"_reason")
	}
	return expression
}

// A word of a query, or a comma, that is in no parentheses, quotes or comments.
type word struct {
	text       string
	start, end int
}

// A column is an item of a select.
type column struct{ expression, name string }

// columns are the items between select, the first word, and from, the last.
func columns(query string, words []word) []column {
	var out []column
	start := words[0].end
	for i, w := range words[1:] {
		if w.text != "," && w.text != "from" {
			continue
		}
		item := func(end int) string { // its lines less the indent of the select
			return strings.ReplaceAll(strings.TrimSpace(query[start:end]), "\n    ", "\n")
		}
		c := column{expression: item(w.start), name: item(w.start)}
		if i >= 2 && words[i-1].text == "as" { // words[i] is the word before w
			c.name, c.expression = words[i].text, item(words[i-1].start)
		}
		out, start = append(out, c), w.end
	}
	return out
}

var token = regexp.MustCompile(`--[^\n]*|'[^']*'|[a-z_0-9.]+|[](){}[,]`)

// topLevel are the words of a query that are in no parentheses, quotes or comments.
// The from of "distinct from" is none.
func topLevel(query string) []word {
	var out []word
	depth := 0
	for _, at := range token.FindAllStringIndex(query, -1) {
		w := word{query[at[0]:at[1]], at[0], at[1]}
		switch w.text[0] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case '-', '\'':
		default:
			isDistinct := w.text == "from" && len(out) > 0 && out[len(out)-1].text == "distinct"
			if depth == 0 && !isDistinct {
				out = append(out, w)
			}
		}
	}
	return out
}
