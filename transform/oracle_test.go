package transform

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// oracleDir holds price series and what must come of them, computed outside
// this project and confirmed by other libraries.
const oracleDir = "../../shared/oracle"

// TestOracle runs every series of the oracle through the models and compares
// each figure, or its reason for being undefined.
func TestOracle(t *testing.T) {
	t.Parallel()
	var expected struct {
		RiskFreeRate float64 `json:"risk_free_rate"`
		Results      []struct {
			Series, Period, Metric string
			Value                  *float64
			Reason                 string
		}
	}
	text, err := os.ReadFile(filepath.Join(oracleDir, "expected.json"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the oracle is not beside this checkout")
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &expected); err != nil {
		t.Fatal(err)
	}

	// the series that end on the same day share a run
	runs := map[time.Time]map[string][]price{}
	seen := map[string]bool{}
	for _, want := range expected.Results {
		if !seen[want.Series] {
			seen[want.Series] = true
			prices := readPrices(t, filepath.Join(oracleDir, "pps", want.Series+".csv"))
			day := prices[len(prices)-1].at.Truncate(24 * time.Hour)
			if runs[day] == nil {
				runs[day] = map[string][]price{}
			}
			runs[day][want.Series] = prices
		}
	}
	type key struct{ series, period, metric string }
	got := map[key]figure{}
	for day, series := range runs {
		for vault, figures := range performanceOf(t, series, day, &expected.RiskFreeRate) {
			for _, f := range figures {
				got[key{vault, f.period, f.metric}] = f
			}
		}
	}
	compared := 0
	for _, want := range expected.Results {
		if name := oracleNames[want.Metric]; name != "" {
			want.Metric = name
		}
		f, ok := got[key{want.Series, want.Period, want.Metric}]
		if !ok {
			t.Errorf("%s %s: there is no %s", want.Series, want.Period, want.Metric)
			continue
		}
		compared++
		if !f.equals(want.Value, want.Reason) {
			t.Errorf("%s %s %s: got %v, want %v %s", want.Series, want.Period, want.Metric, f, show(want.Value), want.Reason)
		}
	}
	t.Logf("%d figures of %d series compared", compared, len(seen))
	if compared < 1265 {
		t.Errorf("only %d figures compared", compared)
	}
}

// oracleNames are the metrics that the oracle names otherwise.
var oracleNames = map[string]string{"sharpe_low": "sharpe_ci95_lower", "sharpe_high": "sharpe_ci95_upper"}

type price struct {
	at    time.Time
	price *float64 // nil: a failed read
}

type figure struct {
	period, metric string
	value          *float64
	reason         string
}

func (f figure) equals(value *float64, reason string) bool {
	if f.value == nil || value == nil {
		return f.value == nil && value == nil && f.reason == reason
	}
	return math.Abs(*f.value-*value) <= math.Max(1e-11, 1e-9*math.Abs(*value))
}

func (f figure) String() string { return show(f.value) + " " + f.reason }

func show(v *float64) string {
	if v == nil {
		return "null"
	}
	return strconv.FormatFloat(*v, 'g', -1, 64)
}

func readPrices(t testing.TB, file string) []price {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var prices []price
	for _, row := range rows[1:] {
		at, err := time.Parse(time.RFC3339, row[0])
		if err != nil {
			t.Fatal(err)
		}
		p := price{at: at}
		if row[1] != "" {
			v, err := strconv.ParseFloat(row[1], 64)
			if err != nil {
				t.Fatal(err)
			}
			p.price = &v
		}
		prices = append(prices, p)
	}
	return prices
}

// performance builds the models over one vault with these prices, as of the
// last one's day, and returns every figure of marts.performance.
func performance(t testing.TB, prices []price, rate *float64) []figure {
	t.Helper()
	return performanceOf(t, map[string][]price{"v": prices}, prices[len(prices)-1].at, rate)["v"]
}

// performanceOf does so for several vaults as of one day.
func performanceOf(t testing.TB, series map[string][]price, asOf time.Time, rate *float64) map[string][]figure {
	t.Helper()
	db := database(t)
	fillSeries(t, db, series)
	run(t, db, Options{AsOf: asOf, RiskFreeRate: rate})
	out := map[string][]figure{}
	scan(t, db, func(scan func(...any) error) error {
		var vault string
		var f figure
		err := scan(&vault, &f.period, &f.metric, &f.value, &f.reason)
		out[vault] = append(out[vault], f)
		return err
	}, figuresQuery)
	return out
}
