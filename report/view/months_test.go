package view

import (
	"strings"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/report/marts"
)

// TestMonthsTellPartsAndLongerOnes: a return over less or more than its month says
// so beside the figure and below the table.
func TestMonthsTellPartsAndLongerOnes(t *testing.T) {
	gain := 0.01
	month := func(m time.Month) time.Time { return time.Date(2025, m, 1, 0, 0, 0, 0, time.UTC) }
	v := &marts.Vault{
		Months: []marts.Month{
			{Month: month(time.January), Return: &gain, IsPartial: true},
			{Month: month(time.February), Reason: "no_price_in_period"},
			{Month: month(time.March), Return: &gain, SpansGap: true},
			{Month: month(time.April), Return: &gain},
		},
		Years: []marts.Year{{Year: 2025, Return: &gain, IsPartial: true, SpansGap: true}},
	}
	table := New(&marts.Data{}, Options{}).monthsTable(v)
	for i, want := range map[int]string{0: "*", 2: "†", 3: "", 12: "*†"} {
		if got := table.Rows[0].Cells[i+1].String(); got != Points.Text(&gain)+want {
			t.Errorf("cell %d reads %q, want %q after the figure", i, got, want)
		}
	}
	tiny := -1e-12
	for _, test := range []struct {
		cell Cell
		want string
	}{
		{table.Rows[0].Cells[13], `#,##0.00%"*†"`},
		{Cell{Number: &tiny, Format: Points, Signs: "*"}, `"≈ 0%*";"≈ 0%*"`},
	} {
		if got := test.cell.Code(); got != test.want {
			t.Errorf("the number format is %s, want %s", got, test.want)
		}
	}
	var notes []string
	for _, n := range table.Notes {
		notes = append(notes, n.Text)
	}
	if all := strings.Join(notes, "\n"); !strings.Contains(all, partNote) || !strings.Contains(all, longerNote) {
		t.Errorf("notes are\n%s", all)
	}
}
