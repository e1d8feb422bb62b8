package transform

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"strconv"
	"testing"
	"time"
)

// yearnFile holds the price per share of Yearn's vaults and the rates that
// Yearn published with it.
const yearnFile = "../../shared/data/yearn-ydaemon/yearn_pps_apy_2025-08-07.csv"

// yearnYoung are the vaults younger than the 30 days their month is asked for,
// with the age in days by which Yearn divided: 30 days times what the rule gives
// over what was published.
var yearnYoung = map[string]int{
	"1-0x89e93172aef8261db8437b90c3dcb61545a05317":     8,
	"42161-0x252b965400862d94bda35fecf7ee0f204a53cc36": 20,
	"8453-0x3fa853290b0a21396f2e7bf0d4a372927d6eb5b4":  25,
}

// TestYearnPublished makes the rates that Yearn published for 766 vaults on one
// day from the prices of the same day.
func TestYearnPublished(t *testing.T) {
	t.Parallel()
	f, err := os.Open(yearnFile)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("Yearn's rates are not beside this checkout")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	parse := func(row []string, name string) float64 {
		v, err := strconv.ParseFloat(row[column[name]], 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	at := time.Date(2025, 8, 7, 13, 21, 59, 0, time.UTC)
	series, published := map[string][]price{}, map[string]map[string]float64{}
	for _, row := range rows[1:] {
		vault := row[column["chain_id"]] + "-" + row[column["vault"]]
		month := 30
		if age := yearnYoung[vault]; age > 0 {
			month = age
		}
		for _, p := range []struct {
			days int
			name string
		}{{month, "pps_month_ago"}, {7, "pps_week_ago"}, {0, "pps_today"}} {
			if value := parse(row, p.name); value > 0 {
				series[vault] = append(series[vault], price{at.AddDate(0, 0, -p.days), &value})
			}
		}
		published[vault] = map[string]float64{"week_ago_apr": parse(row, "week_ago_apr"), "month_ago_apr": parse(row, "month_ago_apr")}
	}
	if len(series) < 760 {
		t.Fatalf("only %d vaults with a price", len(series))
	}
	db := database(t)
	fillSeries(t, db, series)
	run(t, db, Options{AsOf: at})

	met, young := 0, 0
	wrong := map[string]string{}
	scan(t, db, func(scan func(...any) error) error {
		var vault, figure, period string
		var value *float64
		if err := scan(&vault, &figure, &period, &value); err != nil {
			return err
		}
		want := published[vault][figure]
		if value == nil || math.Abs(*value-want) > 1e-9*math.Max(1, math.Abs(want)) {
			wrong[vault] = fmt.Sprintf("%s: got %s, Yearn published %v", figure, show(value), want)
			return nil
		}
		met++
		if period == "itd" {
			young++
		}
		return nil
	}, "select vault_id, figure, period, value from marts.reconciliation where site = 'Yearn' and figure like '%_ago_apr'")
	t.Logf("%d rates of %d vaults are those that Yearn published, %d of them by a vault's age", met, len(series), young)
	for vault, why := range wrong {
		t.Errorf("%s: %s", vault, why)
	}
	if met != 2*len(series) || young != len(yearnYoung) {
		t.Errorf("%d of %d rates, %d by age", met, 2*len(series), young)
	}
}

// TestReconciliation compares each site's figure with its formula by hand, for a
// vault that gains and one that loses.
func TestReconciliation(t *testing.T) {
	const day = 24 * time.Hour
	end := date("2025-06-30").Add(12 * time.Hour)
	prices := func(last, week, month float64) []price {
		// the month's is read five hours early
		return []price{{end.Add(-50 * day), ptr(1.0)}, {end.Add(-30*day - 5*time.Hour), &month}, {end.Add(-7 * day), &week}, {end.Add(-day), ptr(1.05)}, {end, &last}}
	}
	db := database(t)
	fillSeries(t, db, map[string][]price{"gains": prices(1.051, 1.04, 1.02), "loses": prices(1.049, 1.06, 1.07)})
	run(t, db, Options{AsOf: end})
	month := (30*24 + 5) * 3600.0
	for vault, last := range map[string]float64{"gains": 1.051, "loses": 1.049} {
		week, then := 1.04, 1.02
		if vault == "loses" {
			week, then = 1.06, 1.07
		}
		for name, want := range map[string]float64{
			"DefiLlama apyBase":     math.Max(math.Pow(last/1.05, 365)-1, 0),
			"Yearn week_ago_apr":    (last/week - 1) * 365 / 7,
			"Yearn month_ago_apr":   (last/then - 1) * 365 / 30,
			"Yearn weekly_net_apy":  math.Max(math.Pow(last/week, 365.2425/7)-1, 0),
			"Yearn monthly_net_apy": math.Max(math.Pow(last/then, 365.2425*86400/month)-1, 0),
			"vaults.fyi apy_1day":   math.Pow(last/1.05, 365) - 1,
			"vaults.fyi apy_7day":   math.Pow(last/week, 365.0/7) - 1,
			"vaults.fyi apy_30day":  math.Pow(last/then, yearSeconds/month) - 1,
			"Lagoon apr_7d":         (last/week - 1) * 365 / 7,
			"Lagoon apr_30d":        (last/then - 1) * yearSeconds / month,
			"Lagoon apr_inception":  (last - 1) * 365 / 50,
		} {
			got := one[*float64](t, db, "select value from marts.reconciliation where vault_id = ? and site || ' ' || figure = ?", vault, name)
			if got == nil || !near(*got, want) {
				t.Errorf("%s of %s: got %v, want %v", name, vault, show(got), want)
			}
		}
	}
	equalLines(t, lines(t, db, "select count(*) from marts.reconciliation"), "22")
}

// TestRankings: the dead stay, with their last day; the undefined come last.
func TestRankings(t *testing.T) {
	db := database(t)
	day := func(last int) []price {
		var out []price
		for i := range last {
			out = append(out, price{date("2024-01-01").AddDate(0, 0, i), ptr(1 + float64(i)*0.0001 + float64(i%3)*0.0001)})
		}
		return out
	}
	dead := append(day(300), price{date("2024-11-01"), ptr(0.0)})
	flat := times(day(366), 1)
	for i := range flat {
		flat[i].price = ptr(1.0)
	}
	fillSeries(t, db, map[string][]price{"lives": day(366), "stopped": day(200), "dead": dead, "flat": flat})
	run(t, db, Options{AsOf: date("2024-12-31")})
	equalLines(t, lines(t, db, "select place, vault_id, ranked_count, reason, status, ended_on from marts.rankings where period = 'itd' and ranking = 'headline_sharpe' order by place nulls last"),
		"1|stopped|3|null|stale|2024-07-18", "2|lives|3|null|live|null", "3|dead|3|null|closed|2024-11-01", "null|flat|3|zero_dispersion|live|null")
	equalLines(t, lines(t, db, "select place, vault_id from marts.rankings where period = 'itd' and ranking = 'max_drawdown' order by place, vault_id"),
		"1|flat", "2|lives", "2|stopped", "4|dead")
	equalLines(t, lines(t, db, "select vault_id, place, reason from marts.rankings where period = '30d' and ranking = 'apy' order by place nulls last, vault_id"),
		"lives|1|null", "flat|2|null", "dead|null|stale", "stopped|null|stale")
	equalLines(t, lines(t, db, `
		select vault_id from marts.rankings inner join marts.performance using (vault_id, period)
		where rankings.deflated_sharpe is distinct from performance.deflated_sharpe`))
}
