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

	models "github.com/vaultperf/vaultperf/sql"
)

// oracleDir holds price series and what must come of them, computed outside
// this project and confirmed by other libraries.
const oracleDir = "../../shared/oracle"

// TestOracle runs every series of the oracle through the models and compares
// each figure this project has, or its reason for having none.
func TestOracle(t *testing.T) {
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

	type key struct{ period, metric string }
	got := map[string]map[key]figure{}
	compared := 0
	for _, want := range expected.Results {
		if got[want.Series] == nil {
			got[want.Series] = map[key]figure{}
			prices := readPrices(t, filepath.Join(oracleDir, "pps", want.Series+".csv"))
			for _, f := range performance(t, prices, &expected.RiskFreeRate) {
				got[want.Series][key{f.period, f.metric}] = f
			}
		}
		f, ok := got[want.Series][key{want.Period, want.Metric}]
		if !ok {
			continue // a metric this project does not have yet
		}
		compared++
		if !f.equals(want.Value, want.Reason) {
			t.Errorf("%s %s %s: got %v, want %v %s", want.Series, want.Period, want.Metric, f, show(want.Value), want.Reason)
		}
	}
	t.Logf("%d figures of %d series compared", compared, len(got))
	if compared < 483 {
		t.Errorf("only %d figures compared", compared)
	}
}

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
	db := database(t)
	exec(t, db, `insert into raw.vaults values ('v', 1, 1, '0x01', 'v', 'observed', 'USD', 6, 18, null)`)
	exec(t, db, `insert into raw.files values (1, 'prices.csv', 'readings', 'csv', '', 0, '', 'new', '', 0, 0, 0, 0)`)
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = models.Append(t.Context(), conn, "raw", "readings", func(add func(...any) error) error {
		for i, p := range prices {
			var v any
			if p.price != nil {
				v = *p.price
			}
			if err := add(int32(1), int64(i+2), "v", p.at, nil, v, nil, nil, nil, false); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	last := prices[len(prices)-1].at
	if err := Run(t.Context(), db, Options{AsOf: last, RiskFreeRate: rate}); err != nil {
		t.Fatal(err)
	}
	var out []figure
	scan(t, db, func(scan func(...any) error) error {
		var vault string
		var f figure
		err := scan(&vault, &f.period, &f.metric, &f.value, &f.reason)
		out = append(out, f)
		return err
	}, figuresQuery)
	return out
}
