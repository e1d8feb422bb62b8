package view

import (
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/report/marts"
)

func TestDateAxisHasSomeSixTicks(t *testing.T) {
	for _, c := range []struct {
		days int
		want DateAxis
	}{
		{1, DateAxis{Step: 1, Unit: "days"}},
		{40, DateAxis{Step: 7, Unit: "days"}},
		{87, DateAxis{Step: 1, Unit: "months"}},
		{730, DateAxis{Step: 6, Unit: "months"}},
		{365 * 12, DateAxis{Step: 2, Unit: "years"}},
	} {
		first := time.Date(2012, 5, 17, 0, 0, 0, 0, time.UTC)
		got := dateAxis([]marts.PricePoint{{Date: first}, {Date: first.AddDate(0, 0, c.days-1)}})
		if got.Step != c.want.Step || got.Unit != c.want.Unit {
			t.Errorf("%d days: a tick each %d %s, want %d %s", c.days, got.Step, got.Unit, c.want.Step, c.want.Unit)
		}
	}
}
