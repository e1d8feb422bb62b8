package report

import "strconv"

// drawdownsShown is how many episodes the page lists; the workbook has all.
const drawdownsShown = 10

// drawdownsTable lists the deepest drawdowns.
func drawdownsTable(v *Vault) table {
	t := table{
		ID: "drawdowns", Caption: "The deepest falls from a peak, with the days between their marks.",
		Head: []cell{
			words("No."), number("Depth"), number("Peak"), number("Trough"), number("Recovery"),
			number("Days to trough"), number("Days to recover"), number("Days in all"),
		},
	}
	if len(v.Drawdowns) == 0 {
		t.Words = "No drawdown: no mark is below an earlier one."
		if len(v.Marks) < 2 {
			t.Words = "There is one mark so far; a drawdown needs two."
		}
		return t
	}
	for i, e := range worst(v.Drawdowns, drawdownsShown) {
		recovery, toRecover := words("not recovered"), number(Dash)
		recovery.Class = "n why"
		if e.RecoveryAt != nil {
			recovery = cell{Text: Date(e.RecoveryAt), Title: DateTime(e.RecoveryAt), Class: "n"}
			toRecover = number(Days(e.DaysToRecover))
		}
		t.Rows = append(t.Rows, row{Head: words(strconv.Itoa(i + 1)), Cells: []cell{
			{Text: Percent(&e.Depth), Class: "n loss"},
			{Text: Date(&e.PeakAt), Title: DateTime(&e.PeakAt) + ", " + Price(&e.PeakPrice), Class: "n"},
			{Text: Date(&e.TroughAt), Title: DateTime(&e.TroughAt) + ", " + Price(&e.TroughPrice), Class: "n"},
			recovery,
			number(Days(&e.DaysToTrough)),
			toRecover,
			number(Days(&e.Days)),
		}})
	}
	if more := len(v.Drawdowns) - len(t.Rows); more > 0 {
		t.Notes = append(t.Notes, note{"", Counted(int64(more), "lesser drawdown") + " in the workbook."})
	}
	return t
}
