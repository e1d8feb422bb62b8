package view

import (
	"cmp"
	"slices"

	"github.com/vaultperf/vaultperf/report/marts"
)

// drawdownsShown is how many episodes the page lists; the workbook has all.
const drawdownsShown = 10

// drawdownsTable lists the drawdowns, the deepest first.
func (w *View) drawdownsTable(v *marts.Vault, episodes []marts.Drawdown) *Table {
	is := func(column, label string) *Definition { return w.column("drawdowns", column, label) }
	t := &Table{
		ID: "drawdowns", Caption: "The deepest falls from a peak, with the days between their price points.", Height: 40,
		Columns: []Column{
			{Head: "No.", Kind: Ordinal, Width: 6},
			{Head: "Depth", Is: is("depth", "Depth"), Kind: Figure, Width: 11},
			{Head: "Peak", Sheet: "Peak (UTC)", Kind: Moment, Width: 17},
			{Head: "First below (UTC)", Kind: Moment, In: OnSheets, Width: 17},
			{Head: "Trough", Sheet: "Trough (UTC)", Kind: Moment, Width: 17},
			{Head: "Recovery", Sheet: "Recovery (UTC)", Kind: Moment, Width: 17, Blank: true},
			{Head: "Days to trough", Is: is("days_to_trough", "Days to trough"), Kind: Figure, Width: 10},
			{Head: "Days to recover", Is: is("days_to_recovery", "Days to recover"), Kind: Figure, Width: 10, Blank: true},
			{Head: "Days in all", Is: is("days", "Days in all"), Kind: Figure, Width: 10},
			{Head: "Peak price" + unit(v), Is: is("peak_price", "Peak price"), Kind: Figure, In: OnSheets, Width: 15},
			{Head: "Trough price" + unit(v), Is: is("trough_price", "Trough price"), Kind: Figure, In: OnSheets, Width: 15},
			{Head: "State", Kind: Term, In: OnSheets, Width: 15},
			{Head: "Order in time", Is: is("episode", "Order in time"), Kind: Ordinal, In: OnSheets, Width: 9},
		},
	}
	if len(episodes) == 0 {
		t.Words = "No drawdown: no price point is below an earlier one."
		if len(v.Prices) < 2 {
			t.Words = "There is one price point so far; a drawdown needs two."
		}
		return t
	}
	t.Lead = min(drawdownsShown, len(episodes))
	t.Rows = make([]Row, len(episodes))
	numbers := make([][2]int64, len(episodes))
	for i := range episodes {
		numbers[i] = [2]int64{int64(i + 1), int64(episodes[i].Episode)}
		t.Rows[i].Cells = drawdownCells(&episodes[i], &numbers[i])
	}
	if more := len(t.Rows) - t.Lead; more > 0 {
		t.Notes = append(t.Notes, Note{"", counted(int64(more), "lesser drawdown") + " in the workbook."})
	}
	return t
}

// drawdownCells are one episode, numbered by depth and in time; only those on the page are explained.
func drawdownCells(e *marts.Drawdown, numbers *[2]int64) []Cell {
	peak, trough, recovery := moment(&e.PeakAt, Minute), moment(&e.TroughAt, Minute), moment(e.RecoveryAt, Minute)
	if numbers[0] <= drawdownsShown {
		peak.Title = dateTime(&e.PeakAt) + ", " + Price.Text(&e.PeakPrice)
		trough.Title = dateTime(&e.TroughAt) + ", " + Price.Text(&e.TroughPrice)
	}
	state, toRecover := "recovered", orDash(e.DaysToRecover, Days)
	if e.RecoveryAt == nil {
		state = "not recovered"
		recovery, toRecover = Cell{Text: state, Tone: Why}, orDash(nil, Days)
	}
	return []Cell{
		integer(&numbers[0], Place),
		{Number: &e.Depth, Format: Percent, Tone: Loss},
		peak,
		moment(&e.FirstBelowAt, Minute),
		trough,
		recovery,
		number(&e.DaysToTrough, Days),
		toRecover,
		number(&e.Days, Days),
		number(&e.PeakPrice, Price),
		number(&e.TroughPrice, Price),
		words(state),
		integer(&numbers[1], Place),
	}
}

// deepest sorts drawdowns, the deepest first.
func deepest(episodes []marts.Drawdown) []marts.Drawdown {
	sorted := slices.Clone(episodes)
	slices.SortStableFunc(sorted, func(a, b marts.Drawdown) int {
		return cmp.Or(cmp.Compare(a.Depth, b.Depth), cmp.Compare(a.Episode, b.Episode))
	})
	return sorted
}

// drawdownsSheet has every episode.
func drawdownsSheet(t *Table) Sheet {
	return Sheet{Name: "Drawdowns", Landscape: true, Frozen: 2, Widths: t.widths(), Blocks: []Block{t}}
}
