package marts

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// A Listing asks one mart for rows to show: of each vault that has a page, the
// columns' values, in an order.
type Listing struct {
	ID      string
	From    string // the mart, or a query in brackets, with an alias
	Order   string // of a vault's rows
	OfFacts bool   // it has no rows where nothing is known of what stands behind any price
	Columns []Column
}

// A Column is one expression over a listing's mart.
type Column struct {
	Kind   Kind
	Value  string
	Reason string // expression of the code that says why Value is null, or empty
}

// Kind is what a listing's column holds.
type Kind int

// The kinds of a listing's columns.
const (
	Words  Kind = iota // null is an empty text
	Number             // read as a double
	Time
)

// A Field is one value of a listing's row: by its column's kind a number, a time
// or a text. A null number or time is nil, and has the reason its column names.
type Field struct {
	Number *float64
	At     *time.Time
	Text   string
	Reason string
}

// query selects a listing of all vaults that have a page.
func (l *Listing) query(vaults string) string {
	var columns strings.Builder
	for _, c := range l.Columns {
		switch c.Kind {
		case Number:
			fmt.Fprintf(&columns, ",\n    (%s)::double", c.Value)
		case Time:
			fmt.Fprintf(&columns, ",\n    (%s)::timestamptz", c.Value)
		default:
			fmt.Fprintf(&columns, ",\n    coalesce((%s)::varchar, '')", c.Value)
		}
		if c.Reason != "" {
			fmt.Fprintf(&columns, ",\n    coalesce((%s)::varchar, '')", c.Reason)
		}
	}
	return fmt.Sprintf("select vault_id%s\nfrom %s\nwhere vault_id in (%s)\norder by vault_id, %s",
		columns.String(), l.From, vaults, l.Order)
}

// listings reads every listing.
func (r *reader) listings(ctx context.Context, listings []Listing) error {
	places, ids := r.paged()
	if len(ids) == 0 {
		return nil
	}
	for i := range listings {
		l := &listings[i]
		if l.OfFacts && !r.hasFacts {
			continue
		}
		read := func(rows *sql.Rows) error { return r.listed(l, rows) }
		if err := r.each(ctx, l.query(places), read, ids...); err != nil {
			return fmt.Errorf("read the listing of %s: %w", l.ID, err)
		}
	}
	return nil
}

// listed reads one row of a listing.
func (r *reader) listed(l *Listing, rows *sql.Rows) error {
	var id string
	fields := make([]Field, len(l.Columns))
	into := []any{&id}
	for i, c := range l.Columns {
		switch f := &fields[i]; c.Kind {
		case Number:
			into = append(into, orNull{&f.Number})
		case Time:
			into = append(into, &f.At)
		default:
			into = append(into, &f.Text)
		}
		if c.Reason != "" {
			into = append(into, &fields[i].Reason)
		}
	}
	if err := rows.Scan(into...); err != nil {
		return err
	}
	v := r.vaults[id]
	if v == nil {
		return nil
	}
	if v.Listings == nil {
		v.Listings = map[string][][]Field{}
	}
	v.Listings[l.ID] = append(v.Listings[l.ID], fields)
	return nil
}
