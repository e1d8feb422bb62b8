package generate

import (
	"regexp"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/transform/model"
)

// A plain metric is an expression for the reason and one for the value, which names the
// reason, over one relation, or over steps that each add columns to all of the one before;
// or, of two metrics or more, over these. Any other is read as a relation of its own.
type plainMetric struct {
	relation      string     // empty: made of metrics
	steps         [][]column // what each adds
	metrics       []string   // that it is made of
	reason, value string     // expressions
}

// plain reads a metric's query, however it is laid out; ok says whether it is plain.
func plain(m model.Model) (p plainMetric, ok bool) {
	query, words := m.Body(), topLevel(m.Body())
	last := ""
	if len(words) > 0 && words[0].text == "with" {
		if words, last, ok = p.readSteps(query, words[1:]); !ok {
			return p, false
		}
	}
	items, source := selected(query, words)
	if len(items) != 4 || items[0].expression != "vault_id" || items[1].expression != "period" || items[2].name != "reason" || items[3].name != "value" {
		return p, false
	}
	p.reason, p.value = items[2].expression, items[3].expression
	if len(source) == 1 {
		if last == "" {
			p.relation = source[0].text
		}
		return p, strings.Contains(p.relation, ".") && (last == "" || source[0].text == last)
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
	return p, strings.Count(query, "using (vault_id, period)") == len(p.metrics)-1
}

// readSteps reads the steps of a query, "name as (select *, ... from the one before)",
// the first from the relation. It returns the words after them and the last one's name.
func (p *plainMetric) readSteps(query string, words []word) (rest []word, last string, ok bool) {
	for {
		if len(words) < 3 || words[1].text != "as" { // name as (
			return nil, "", false
		}
		// between "as" and the next word outside of parentheses lies the step
		body := query[words[1].end:words[2].start]
		open, end := strings.Index(body, "("), strings.LastIndex(body, ")")
		if open < 0 || end < open {
			return nil, "", false
		}
		body = body[open+1 : end]
		items, source := selected(body, topLevel(body))
		if len(items) < 2 || items[0].expression != "*" || len(source) != 1 {
			return nil, "", false
		}
		switch {
		case last == "" && strings.Contains(source[0].text, "."):
			p.relation = source[0].text
		case last == "" || source[0].text != last:
			return nil, "", false
		}
		p.steps = append(p.steps, items[1:])
		last = words[0].text
		if words = words[2:]; words[0].text != "," {
			return words, last, true
		}
		words = words[1:]
	}
}

// selected are the items of a select, and the words after its from.
func selected(query string, words []word) (items []column, source []word) {
	from := slices.IndexFunc(words, func(w word) bool { return w.text == "from" })
	if len(words) == 0 || words[0].text != "select" || from < 0 {
		return nil, nil
	}
	return columns(query, words[:from+1]), words[from+1:]
}

// named has the columns that steps add under names of the metric's own, because steps
// of all metrics of a relation are done together.
func (p plainMetric) named(metric string) plainMetric {
	own := regexp.MustCompile(`^$`)
	rename := func(expression string) string {
		return own.ReplaceAllString(expression, metric+"_${0}")
	}
	var names []string
	for i, step := range p.steps {
		renamed := make([]column, len(step))
		for j, c := range step {
			renamed[j] = column{expression: rename(c.expression), name: metric + "_" + c.name}
		}
		for _, c := range step {
			names = append(names, c.name)
		}
		own = regexp.MustCompile(`\b(?:` + strings.Join(names, "|") + `)\b`)
		p.steps[i] = renamed
	}
	p.reason, p.value = rename(p.reason), rename(p.value)
	return p
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
		c := column{expression: lines(query, start, w.start), name: lines(query, start, w.start)}
		if i >= 2 && words[i-1].text == "as" { // words[i] is the word before w
			c.name, c.expression = words[i].text, lines(query, start, words[i-1].start)
		}
		out, start = append(out, c), w.end
	}
	return out
}

// lines is the text of a query between two places, its lines moved to the left by as much
// as the first is indented.
func lines(query string, start, end int) string {
	text := strings.TrimSpace(query[start:end])
	start += strings.Index(query[start:end], text)
	before := query[strings.LastIndex(query[:start], "\n")+1 : start]
	if strings.TrimSpace(before) != "" {
		return text
	}
	return strings.ReplaceAll(text, "\n"+before, "\n")
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
