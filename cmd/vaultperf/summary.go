package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/vaultperf/vaultperf/report/view"
)

// Beyond this many vaults the index is the better place to look.
const mostSummaryLines = 50

// A vaultLine is one vault's line of the summary.
type vaultLine struct {
	id       string
	lastDay  sql.NullString
	price    *float64
	growth   *float64 // since inception
	warnings int64
}

// readSummary reads the lines of the summary, in the config's order.
func (r *run) readSummary(ctx context.Context) (lines []vaultLine, err error) {
	const q = `
		select
			vaults.vault_id,
			vaults.last_at::date::varchar,
			vaults.share_price,
			performance.total_return,
			(select count(*) from marts.warnings where warnings.vault_id = vaults.vault_id)
		from marts.vaults
		left join marts.performance
			on performance.vault_id = vaults.vault_id and performance.period = 'itd'
		order by vaults.config_position`
	err = scan(ctx, r.db, q, func(l *vaultLine) []any {
		return []any{&l.id, &l.lastDay, &l.price, &l.growth, &l.warnings}
	}, &lines)
	return lines, err
}

// summary says on stdout where the results are and what they come to.
// newer is the day that stays published where this is an earlier one.
func (r *run) summary(state outcome, day time.Time, newer string, lines []vaultLine) error {
	if remark := state.remark(); remark != "" {
		r.log.Warn("done, but " + harmless(remark))
	}
	var w strings.Builder
	fmt.Fprintf(&w, "report\t%s\n", filepath.Join(r.out.Of(day), "index.html"))
	database := r.out.Database()
	if newer != "" {
		database = r.out.DatabaseOf(day)
	}
	fmt.Fprintf(&w, "database\t%s\n", database)
	fmt.Fprintf(&w, "as of\t%s\n", state.AsOf)
	if newer != "" {
		fmt.Fprintf(&w, "latest\t%s, which is newer, stays published\n", newer)
	}
	fmt.Fprintf(&w, "\nVAULT\tLAST PRICED\tSHARE PRICE\tSINCE INCEPTION\tWARNINGS\n")
	for i, l := range lines {
		if i == mostSummaryLines {
			fmt.Fprintf(&w, "… and %d more in the report\n", len(lines)-i)
			break
		}
		lastDay := view.Dash
		if l.lastDay.Valid {
			lastDay = l.lastDay.String
		}
		fmt.Fprintf(&w, "%s\t%s\t%s\t%s\t%d\n", oneLine(l.id), lastDay, view.Price.Text(l.price), view.Percent.Text(l.growth), l.warnings)
	}
	table := tabwriter.NewWriter(r.app.std.out, 0, 0, 2, ' ', 0)
	if _, err := io.WriteString(table, w.String()); err != nil {
		return err
	}
	return table.Flush()
}
