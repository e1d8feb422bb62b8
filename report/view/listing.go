package view

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/report/marts"
)

// A listing is a table of what a vault's events tell, or of how it did against
// benchmarks, one row per row of a mart: what is asked of the mart, and how it is
// shown. The page shows the first rows, the workbook has a sheet of all.
type listing struct {
	id      string
	sheet   string // the sheet's name
	title   string
	caption string
	from    string // the mart, and a condition on its rows if one is needed
	order   string // most telling first
	most    int    // rows on the page
	latest  bool   // of these, only those whose first column is as in the first row
	asked   bool   // made only if the config asks for it: that it is empty tells nothing of the archive
	own     bool   // evidence of what stands behind the price, in a section that is made of more than it
	first   bool   // stands above the tables of figures
	opens   string // the listing in whose section it stands first, and on a page as a picture
	columns []listColumn
}

// A listColumn is one column: an expression over the mart, and how it is shown.
type listColumn struct {
	head   string
	width  float64 // on the sheet, in digits
	kind   Format
	value  string
	reason string // expression of the code that says why value is null, or empty
	in     Medium
}

// Listings are what the reports list, as the marts are to be asked for it.
func Listings() []marts.Listing {
	out := make([]marts.Listing, len(listings))
	for i, l := range listings {
		out[i] = marts.Listing{ID: l.id, From: l.from, Order: l.order, OfFacts: l.own}
		for _, c := range l.columns {
			column := marts.Column{Value: c.value, Reason: c.reason}
			switch {
			case c.kind.isNumber():
				column.Kind = marts.Number
			case c.kind.IsTime():
				column.Kind = marts.Time
			}
			out[i].Columns = append(out[i].Columns, column)
		}
	}
	return out
}

// listingOf is the listing of an id.
func listingOf(id string) *listing {
	i := slices.IndexFunc(listings, func(l listing) bool { return l.id == id })
	return &listings[i]
}

// at is the place of a column by its value.
func (l *listing) at(value string) int {
	return slices.IndexFunc(l.columns, func(c listColumn) bool { return c.value == value })
}

// mart is the one that is asked first, whose header defines the columns.
func (l *listing) mart() string { return firstMart.FindStringSubmatch(l.from)[1] }

var firstMart = regexp.MustCompile(`marts\.([a-z_]+)`)

// listed is a listing's table of one vault.
type listed struct {
	*listing
	table  *Table
	blocks []Block // of its section on a page
}

// listings are the vault's listings that have a row.
func (w *View) listings(v *marts.Vault) []*listed {
	var out []*listed
	for i := range listings {
		l := &listings[i]
		if rows := v.Listings[l.id]; len(rows) > 0 {
			t := w.listingTable(v, l, rows)
			blocks := []Block{t}
			if l.id == powersList {
				all := powersOf(rows)
				blocks = []Block{powersAnswer(all), w.powersTable(all)}
			}
			out = append(out, &listed{l, t, blocks})
		}
	}
	return out
}

func (w *View) listingTable(v *marts.Vault, l *listing, rows [][]marts.Field) *Table {
	t := &Table{
		ID: l.id, Caption: strings.ReplaceAll(l.caption, "{asset}", symbol(v)), Shape: Listing, Height: 30,
		Lead: min(len(rows), l.most),
	}
	onPage := 0
	for _, c := range l.columns {
		if c.in != OnSheets {
			onPage++
		}
	}
	if onPage > 10 { // else the last columns would lie beyond the page
		t.Shape = Crowded
	}
	for _, c := range l.columns {
		column := Column{Head: c.head, Is: w.column(l.mart(), c.value, c.head), Width: c.width, In: c.in}
		switch {
		case c.kind.isNumber():
			column.Kind = Figure
		case c.kind.IsTime():
			column.Kind = Moment
		}
		t.Columns = append(t.Columns, column)
	}
	if first := rows[0][0].At; l.latest && first != nil {
		for i := range t.Lead {
			if !rows[i][0].At.Equal(*first) {
				t.Lead = i
				break
			}
		}
	}
	why, beyond := &explained{data: w.data}, &explained{data: w.data}
	for i, fields := range rows[:min(len(rows), w.opt.SheetRows)] {
		by := why
		if i >= t.Lead {
			by = beyond
		}
		r := Row{Cells: make([]Cell, len(fields))}
		for j := range fields {
			r.Cells[j] = by.listed(l.columns[j].kind, &fields[j])
		}
		t.Rows = append(t.Rows, r)
	}
	t.Notes = why.notes()
	if more := len(rows) - t.Lead; more > 0 {
		t.Notes = append(t.Notes, Note{"", counted(int64(more), "more row") + " in the workbook."})
	}
	return t
}

// listed is one cell of a listing.
func (e *explained) listed(f Format, v *marts.Field) Cell {
	switch {
	case f.isNumber() && v.Number == nil, f.IsTime() && v.At == nil:
		if v.Reason == "" {
			return orDash(nil, f)
		}
		return e.reason(v.Reason)
	case f.isNumber():
		c := number(v.Number, f)
		if *v.Number < 0 && f != Ratio {
			c.Tone = Loss
		}
		return c
	case f.IsTime():
		return moment(v.At, f)
	case v.Text == "":
		return Cell{Text: Dash, Tone: Absent}
	}
	switch f {
	case asWords:
		return words(inWords(v.Text))
	case asPeriod:
		return words(periodLabel(v.Text))
	case asVerdict:
		return Cell{Text: inWords(v.Text), Tone: verdictTone(v.Text)}
	case asShort:
		return shortened(v.Text)
	case asTerm:
		return term(v.Text)
	case asName:
		if strings.HasPrefix(v.Text, "0x") {
			return term(v.Text)
		}
		return stranger(v.Text, 40)
	default:
		return stranger(v.Text, 300)
	}
}

// shortened is an address or a hash.
func shortened(s string) Cell {
	return Cell{Text: middle(s, 13), Full: clean(s, longestText), Title: clean(s, 80), Tone: Hash}
}

// term is a stranger's text, an address, or a text with addresses in it.
func term(s string) Cell {
	if strings.HasPrefix(s, "0x") && !strings.ContainsAny(s, " ,") {
		return shortened(s)
	}
	c := stranger(hexadecimal.ReplaceAllStringFunc(s, func(one string) string { return middle(one, 13) }), 300)
	c.Full = clean(s, longestText)
	return c
}

// hexadecimal are addresses, hashes and data.
var hexadecimal = regexp.MustCompile(`0x[0-9a-f]{20,}`)

// verdictTone colours a verdict; what cannot be proved has no colour.
func verdictTone(verdict string) Tone {
	switch verdict {
	case "held", "proved", backed:
		return Good
	case "broken", "failed", "unbacked", "impaired", "illiquid", "nothing comes out":
		return Bad
	default:
		return Neutral
	}
}

func (l *listed) sheet() Sheet {
	return Sheet{Name: l.listing.sheet, Landscape: true, Frozen: 1, Widths: l.table.widths(), Blocks: []Block{l.table}}
}

// listed are the sections of the listings, of those that stand above the figures
// or of the others.
func (p *parts) listed(first bool) []Section {
	var out []Section
	opened := ""
	for _, l := range p.listings {
		if l.own || l.first != first {
			continue
		}
		id := cmp.Or(l.opens, l.id)
		if id == opened {
			last := &out[len(out)-1]
			last.Blocks = append(last.Blocks, l.blocks...)
		} else {
			blocks := l.blocks
			if l.id == "permissions" {
				blocks = append([]Block{Prose("No log that was read tells who has power over the vault.")}, blocks...)
			}
			out = append(out, Section{ID: id, Title: l.title, Blocks: blocks})
		}
		opened = id
	}
	return out
}

// missingSections names the listings of which events tell nothing.
func (p *parts) missingSections() []Section {
	told := map[string]bool{}
	for _, l := range p.listings {
		told[l.id] = true
	}
	var missing []string
	for _, l := range listings {
		if !told[l.id] && !l.asked && !l.own && l.opens == "" {
			missing = append(missing, strings.ToLower(l.title))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return []Section{bare(Prose("The archive holds no events that tell of " + strings.Join(missing, ", ") + "."))}
}
