package report

// A table is any table of a page, its texts ready to print.
type table struct {
	ID      string
	Title   string // of its section, where the page does not fix it
	Caption string
	Class   string
	Head    []cell
	Rows    []row
	Notes   []note
	Words   string // instead of the table, where it would be empty
}

// A row begins with its heading.
type row struct {
	Head  cell
	Cells []cell
	Span  int // above 0: a heading over the rows below, this wide
}

// A cell is one text; Title explains it on hover, Class styles it, Sort orders
// it.
type cell struct {
	Text  string
	Title string
	Class string
	Sort  string
	Link  string
	Small string // a second line
}

// A note explains a term a table uses.
type note struct{ Term, Text string }

func number(text string) cell { return cell{Text: text, Class: "n"} }

func words(text string) cell { return cell{Text: text} }

// explained collects the reasons a table prints, to explain them below it.
type explained struct {
	data *Data
	seen []string
}

// value is a metric's number, or in its place the reason's words.
func (e *explained) value(m Metric, v Value) cell {
	if v.Number != nil {
		c := number(m.Number(v.Number))
		if *v.Number < 0 && m.Unit != "ratio" {
			c.Class += " loss"
		}
		return c
	}
	return e.reason(v.Reason)
}

// reason is the words of a reason.
func (e *explained) reason(code string) cell {
	if code == "" {
		return cell{Text: Dash, Class: "n"}
	}
	known := false
	for _, s := range e.seen {
		known = known || s == code
	}
	if !known {
		e.seen = append(e.seen, code)
	}
	return cell{Text: Words(code), Title: Text(e.data.Meaning(code), 300), Class: "n why"}
}

// notes are the reasons met, in the order of their codes.
func (e *explained) notes() []note {
	var out []note
	for _, r := range e.data.Reasons {
		for _, s := range e.seen {
			if s == r.Code {
				out = append(out, note{Words(r.Code), Sentence(Text(r.Meaning, 300)) + "."})
			}
		}
	}
	return out
}
