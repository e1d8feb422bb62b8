package report

import (
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// A listing is a table of what a vault's events tell, or of how it did against
// benchmarks, one row per row of a mart. The page shows the first rows, the
// workbook has a sheet of all.
type listing struct {
	id      string
	sheet   string // the sheet's name; ours, at most 31 characters
	title   string
	caption string
	from    string // the mart, and a condition on its rows if one is needed
	order   string // most telling first
	most    int    // rows on the page
	latest  bool   // of these, only those whose first column is as in the first row
	asked   bool   // made only if the config asks for it: that it is empty tells nothing of the archive
	columns []listColumn
}

// A listColumn is one column: an expression over the mart, and how it is shown.
type listColumn struct {
	head   string
	width  float64 // on the sheet, in digits
	kind   listKind
	value  string
	reason string // expression of the code that says why value is null, or empty
}

// listKind says how a column is shown.
type listKind int

const (
	asWords   listKind = iota // a code, as words
	asText                    // a stranger's text
	asShort                   // an address or hash: its ends on the page, whole on the sheet
	asTerm                    // a stranger's text or an address
	asPeriod                  // a period's code, as its name
	asMoment                  // a time, to the minute
	asDate                    // a UTC day
	asPercent                 // a fraction
	asAmount                  // units of the asset or share
	asPrice                   // a price per share
	asRatio
	asDays
	asCount
	asVerdict // held, broken, not provable and the like
)

// listed is a listing's rows of one vault.
type listed struct {
	*listing
	rows [][]listValue
}

// A listValue is one cell: a number, a time or a text, or why there is none.
type listValue struct {
	number *float64
	at     *time.Time
	text   string
	reason string
}

func (k listKind) isNumber() bool {
	switch k {
	case asPercent, asAmount, asPrice, asRatio, asDays, asCount:
		return true
	default:
		return false
	}
}

func (k listKind) isTime() bool { return k == asMoment || k == asDate }

// query selects a listing of all vaults that have a page.
func (l *listing) query(vaults string) string {
	var columns strings.Builder
	for _, c := range l.columns {
		switch {
		case c.kind.isNumber():
			fmt.Fprintf(&columns, ",\n    (%s)::double", c.value)
		case c.kind.isTime():
			fmt.Fprintf(&columns, ",\n    (%s)::timestamptz", c.value)
		default:
			fmt.Fprintf(&columns, ",\n    coalesce((%s)::varchar, '')", c.value)
		}
		if c.reason != "" {
			fmt.Fprintf(&columns, ",\n    coalesce((%s)::varchar, '')", c.reason)
		}
	}
	return fmt.Sprintf("select vault_id%s\nfrom %s\nwhere vault_id in (%s)\norder by vault_id, %s",
		columns.String(), l.from, vaults, l.order)
}

// listings reads every listing.
func (r *reader) listings() error {
	marks, ids := r.paged()
	if len(ids) == 0 {
		return nil
	}
	for i := range listings {
		l := &listings[i]
		read := func(rows *sql.Rows) error { return r.listRow(l, rows) }
		if err := r.each(l.query(marks), read, ids...); err != nil {
			return fmt.Errorf("read the listing of %s: %w", strings.ToLower(l.title), err)
		}
	}
	return nil
}

// listRow reads one row of a listing.
func (r *reader) listRow(l *listing, rows *sql.Rows) error {
	var id string
	values := make([]listValue, len(l.columns))
	into := []any{&id}
	for i, c := range l.columns {
		switch v := &values[i]; {
		case c.kind.isNumber():
			into = append(into, orNull{&v.number})
		case c.kind.isTime():
			into = append(into, &v.at)
		default:
			into = append(into, &v.text)
		}
		if c.reason != "" {
			into = append(into, &values[i].reason)
		}
	}
	if err := rows.Scan(into...); err != nil {
		return err
	}
	v := r.vaults[id]
	if v == nil {
		return nil
	}
	if n := len(v.Listings); n == 0 || v.Listings[n-1].listing != l {
		v.Listings = append(v.Listings, listed{listing: l})
	}
	last := &v.Listings[len(v.Listings)-1]
	last.rows = append(last.rows, values)
	return nil
}
