package view

import "github.com/vaultperf/vaultperf/report/marts"

// explained collects the reasons a table prints, to explain them below it.
type explained struct {
	data *marts.Data
	seen map[string]Cell // by code
}

// value is a metric's number, or in its place the reason's words.
func (e *explained) value(m marts.Metric, v marts.Value) Cell {
	if v.Number != nil {
		c := number(v.Number, unitFormat(m.Unit))
		if *v.Number < 0 && m.Unit != "ratio" {
			c.Tone = Loss
		}
		return c
	}
	return e.reason(v.Reason)
}

// reason is the words of a reason.
func (e *explained) reason(code string) Cell {
	if code == "" {
		return words(Dash)
	}
	c, known := e.seen[code]
	if !known {
		c = Cell{Text: inWords(code), Title: clean(meaning(e.data, code), 300), Tone: Why}
		if e.seen == nil {
			e.seen = map[string]Cell{}
		}
		e.seen[code] = c
	}
	return c
}

// notes are the reasons met, in the order of their codes.
func (e *explained) notes() []Note {
	var out []Note
	for _, r := range e.data.Reasons {
		if c, seen := e.seen[r.Code]; seen {
			out = append(out, Note{c.Text, sentence(clean(r.Meaning, 300)) + "."})
		}
	}
	return out
}

// meaning is a reason's sentence, or the code in words.
func meaning(d *marts.Data, code string) string {
	if m := d.Meaning(code); m != "" {
		return m
	}
	return inWords(code)
}

// reasonNotes explain every reason.
func reasonNotes(d *marts.Data) []Note {
	var out []Note
	for _, r := range d.Reasons {
		out = append(out, Note{inWords(r.Code), clean(sentence(r.Meaning)+".", longestText)})
	}
	return out
}
