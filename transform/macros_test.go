package transform

import (
	"database/sql"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/transform/model"
)

// bits is a precision that leaves 64 digits of the smallest tail after the
// series has cancelled all others.
const bits = 3600

func bigFloat(x float64) *big.Float { return new(big.Float).SetPrec(bits).SetFloat64(x) }

// bigPi is pi by Machin's formula.
func bigPi() *big.Float {
	arctan := func(inverse int64) *big.Float { // of 1 / inverse
		x := bigFloat(1)
		x.Quo(x, bigFloat(float64(inverse)))
		square := new(big.Float).Mul(x, x)
		sum, power := bigFloat(0), new(big.Float).Copy(x)
		for n := int64(0); power.MantExp(nil) > -bits; n++ {
			term := new(big.Float).Quo(power, bigFloat(float64(2*n+1)))
			if n%2 == 1 {
				term.Neg(term)
			}
			sum.Add(sum, term)
			power.Mul(power, square)
		}
		return sum
	}
	pi := new(big.Float).Mul(bigFloat(16), arctan(5))
	return pi.Sub(pi, new(big.Float).Mul(bigFloat(4), arctan(239)))
}

var rootOfTwoPi = func() *big.Float {
	two := new(big.Float).Mul(bigFloat(2), bigPi())
	return two.Sqrt(two)
}()

// bigNormal is the standard normal distribution function by its power series:
// 1/2 + (x - x^3/(2*3) + x^5/(2^2*2!*5) - ...) / sqrt(2 pi).
func bigNormal(x float64) *big.Float {
	square := new(big.Float).Mul(bigFloat(x), bigFloat(x))
	power, sum := bigFloat(x), bigFloat(x)
	for n := int64(1); power.Sign() != 0 && power.MantExp(nil) > -bits; n++ {
		power.Mul(power, square)
		power.Quo(power, bigFloat(float64(-2*n)))
		sum.Add(sum, new(big.Float).Quo(power, bigFloat(float64(2*n+1))))
	}
	sum.Quo(sum, rootOfTwoPi)
	return sum.Add(sum, bigFloat(0.5))
}

// relative is how far got lies from want, as a share of want.
func relative(got float64, want *big.Float) float64 {
	difference := new(big.Float).Sub(bigFloat(got), want)
	share, _ := difference.Quo(difference, want).Float64()
	return math.Abs(share)
}

// TestNormal holds the normal distribution in SQL against its power series in
// three thousand bits, far into both tails.
func TestNormal(t *testing.T) {
	db := database(t)
	run(t, db, Options{AsOf: date("2025-01-01")})
	worst := 0.0
	for _, size := range []float64{0, 1e-12, 0.1, 0.5, 0.67448974, 0.67448976, 1, 1.6448536269514722, 1.96, 3, 4.7, 5.656, 5.657, 6.3, 8, 12.34, 20, 30, 37} {
		for _, x := range []float64{size, -size} {
			got := one[float64](t, db, "select intermediate.normal_cdf(?::double)", x)
			difference := relative(got, bigNormal(x))
			worst = math.Max(worst, difference)
			if difference > 2e-14 {
				t.Errorf("below %v: got %v, off by %.1e of it", x, got, difference)
			}
		}
	}
	t.Logf("distribution function: off by %.1e of the value at most", worst)

	worst = 0
	for _, p := range []float64{0.5, 0.5 + 1e-9, 0.4, 0.6, 0.0751, 0.0749, 0.925, 0.95, 0.975, 0.99, 0.9999, 0.05, 0.01, 1e-5, 1.3e-11, 1.5e-11, 1e-20, 1e-100, 1e-300, 1 - 1e-12} {
		z := one[float64](t, db, "select intermediate.normal_quantile(?::double)", p)
		// a step of Newton's method from the exact value
		density := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
		miss := new(big.Float).Sub(bigNormal(z), bigFloat(p))
		miss.Quo(miss, bigFloat(density))
		step, _ := miss.Float64()
		off := math.Abs(step) / math.Max(1e-3, math.Abs(z))
		worst = math.Max(worst, off)
		if off > 2e-13 {
			t.Errorf("quantile %v: got %v, off by %.1e of it", p, z, off)
		}
	}
	t.Logf("quantile: off by %.1e of the value at most", worst)
}

// TestMulDiv holds products over a third number, rounded both ways, against big integers:
// of all lengths, with and without a rest, and none where the quotient is too long.
func TestMulDiv(t *testing.T) {
	t.Parallel()
	db := database(t)
	if err := createMacros(t.Context(), db, "", false); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(7, 7))
	power := func(digits int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil) }
	number := func() *big.Int {
		n := new(big.Int)
		for range 2 {
			n.Mul(n, power(18)).Add(n, big.NewInt(rng.Int64N(1e18)))
		}
		return n.Quo(n, power(rng.IntN(36)))
	}
	var cases, want []string
	for i := range 300 {
		a, b, c := number(), number(), new(big.Int).Add(number(), big.NewInt(1))
		switch i % 5 {
		case 0:
			a.Mul(a.Quo(a, c), c) // no rest
		case 1:
			a = power(18)
		}
		whole := new(big.Int).Mul(a, b)
		down, rest := new(big.Int).QuoRem(whole, c, new(big.Int))
		if down.Cmp(power(29)) > 0 && down.Cmp(power(31)) < 0 {
			continue // what doubles make of the limit is not the point
		}
		up := new(big.Int).Set(down)
		if rest.Sign() > 0 {
			up.Add(up, big.NewInt(1))
		}
		cases = append(cases, fmt.Sprintf("(%d, '%v'::hugeint, '%v'::hugeint, '%v'::hugeint)", i, a, b, c))
		if down.Cmp(power(30)) > 0 {
			want = append(want, fmt.Sprintf("%d|null|null", i))
			continue
		}
		want = append(want, fmt.Sprintf("%d|%v|%v", i, down, up))
	}
	got := lines(t, db, "select i, intermediate.mul_div_down(a, b, c)::varchar, intermediate.mul_div_up(a, b, c)::varchar from (values "+strings.Join(cases, ", ")+") as t (i, a, b, c) order by i")
	if len(want) < 250 {
		t.Fatalf("only %d cases", len(want))
	}
	equalLines(t, got, want...)
}

// TestMacros calls every macro for people on a working and on a published
// database, and holds what they give against the marts and against loops.
func TestMacros(t *testing.T) {
	t.Parallel()
	db := database(t)
	series := seriesOf()
	fillSeries(t, db, map[string][]price{"daily": series["daily-a"], "gaps": series["gaps-b"], "lost": series["loss-and-back-a"], "rising": series["rising-c"]})
	asOf := date("2024-03-31")
	run(t, db, Options{AsOf: asOf, RiskFreeRate: ptr(0.03)})
	path := filepath.Join(t.TempDir(), "published.duckdb")
	publish(t, db, path)
	published, err := models.OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = published.Close() }()
	list, err := model.Macros(models.Files)
	if err != nil {
		t.Fatal(err)
	}
	for name, db := range map[string]*sql.DB{"working": db, "published": published} {
		t.Run(name, func(t *testing.T) {
			t.Run("each is documented", func(t *testing.T) {
				for _, m := range list {
					if !m.IsTable() {
						continue
					}
					got := one[string](t, db, "select comment from duckdb_functions() where function_type = 'table_macro' and schema_name = 'marts' and function_name = ?", m.Name)
					if got != m.Header.Sentence {
						t.Errorf("%s is described as %q", m.Name, got)
					}
				}
			})
			t.Run("performance_between", func(t *testing.T) { performanceBetween(t, db, asOf) })
			t.Run("drawdowns", func(t *testing.T) {
				equalLines(t, lines(t, db, "select episode, depth, peak_at, days from marts.drawdowns('gaps', 0.02)"),
					lines(t, db, "select episode, depth, peak_at, days from marts.drawdowns where vault_id = 'gaps' and depth <= -0.02 order by depth")...)
			})
			t.Run("compare", func(t *testing.T) {
				equalLines(t, lines(t, db, "select period, value_a, value_b, difference from marts.compare('daily', 'rising') where metric = 'apy'"),
					lines(t, db, `
						select a.period, a.apy, b.apy, a.apy - b.apy
						from marts.performance as a inner join marts.performance as b using (period)
						where a.vault_id = 'daily' and b.vault_id = 'rising' order by a.period_position`)...)
				equalLines(t, lines(t, db, "select count(*), count(distinct metric) from marts.compare('daily', 'rising')"),
					fmt.Sprintf("%d|%d", len(periodNames)*len(metricNames), len(metricNames)))
				equalLines(t, lines(t, db, "select reason_b from marts.compare('daily', 'rising') where metric = 'sortino_ratio' and period = 'itd'"), "no_downside")
			})
			t.Run("rolling_metric", func(t *testing.T) { rollingMetric(t, db) })
			t.Run("as_of", func(t *testing.T) {
				equalLines(t, lines(t, db, "select vault_id, observed_at, share_price, total_return, apy_30d from marts.as_of('2024-03-31') order by vault_id"),
					lines(t, db, `
						select vault_id, end_at, share_price, total_return, apy_30d from marts.performance
						inner join marts.share_prices using (vault_id)
						inner join (select vault_id, apy as apy_30d from marts.performance where period = '30d') using (vault_id)
						where period = 'itd' and observed_at = end_at order by vault_id`)...)
			})
		})
	}
	// a past day: what a run as of then printed
	then := lines(t, db, "select vault_id, observed_at, total_return, current_drawdown, apy_30d, volatility_30d from marts.as_of('2023-12-31')")
	run(t, db, Options{AsOf: date("2023-12-31")})
	got := lines(t, db, `
		select itd.vault_id, itd.end_at, itd.total_return, itd.current_drawdown, month.apy, month.volatility
		from marts.performance as itd inner join marts.performance as month using (vault_id)
		where itd.period = 'itd' and month.period = '30d' order by all`)
	if len(got) != 4 || len(then) != 4 {
		t.Fatalf("%d vaults of %d", len(got), len(then))
	}
	for i := range got {
		a, b := strings.Split(got[i], "|"), strings.Split(then[i], "|")
		if !slices.EqualFunc(a, b, sameCell) {
			t.Errorf("as of then %s, the run said %s", then[i], got[i])
		}
	}
}

// performanceBetween takes the days of a period, which must give its figures.
func performanceBetween(t *testing.T, db *sql.DB, asOf time.Time) {
	t.Helper()
	for _, days := range []int{30, 90, 365} {
		from := asOf.AddDate(0, 0, -days).Format(time.DateOnly)
		got := lines(t, db, fmt.Sprintf(`
			select start_at, end_at, returns_count, elapsed_days, total_return, apy, volatility, sharpe_ratio_zero, sortino_ratio, max_drawdown, best_day, worst_day
			from marts.performance_between('daily', '%s', '2024-03-31')`, from))
		want := lines(t, db, fmt.Sprintf(`
			select start_at, end_at, returns_count, elapsed_days, total_return, apy, volatility, sharpe_ratio_zero, sortino_ratio, max_drawdown, best_day, worst_day
			from marts.performance where vault_id = 'daily' and period = '%dd'`, days))
		if !slices.EqualFunc(strings.Split(got[0], "|"), strings.Split(want[0], "|"), sameCell) {
			t.Errorf("%d days: got %s, want %s", days, got[0], want[0])
		}
	}
	for days, want := range map[string]string{
		"'2022-01-01', '2024-03-31'": "no_anchor", "'2024-03-31', '2024-04-05'": "no_price_in_period", "'2020-01-01', '2021-01-01'": "insufficient_data",
	} {
		equalLines(t, lines(t, db, "select reason, total_return, max_drawdown from marts.performance_between('daily', "+days+")"), want+"|null|null")
	}
	if reasons := lines(t, db, "select distinct reason from marts.performance_between('lost', (select max(price_date) from marts.share_prices where vault_id = 'lost' and share_price = 0), '2024-03-31')"); reasons[0] != "bad_anchor_price" {
		t.Errorf("from a price of zero: %v", reasons)
	}
}

// rollingMetric compares with marts.rolling where that has the window.
func rollingMetric(t *testing.T, db *sql.DB) {
	t.Helper()
	for _, metric := range []string{"apy", "volatility", "sharpe_ratio_zero", "max_drawdown"} {
		for _, vault := range []string{"daily", "gaps", "rising"} {
			wrong := lines(t, db, fmt.Sprintf(`
				select observed_at, value, %[1]s from marts.rolling_metric('%[2]s', '%[1]s', 30)
				full join (select observed_at, %[1]s from marts.rolling where vault_id = '%[2]s' and days = 30) using (observed_at)
				where (value is null) != (%[1]s is null) or abs(value - %[1]s) > 1e-11 + 1e-9 * abs(value) limit 3`, metric, vault))
			if len(wrong) > 0 {
				t.Errorf("%s of %s: %v", metric, vault, wrong)
			}
		}
	}
	if n := one[int](t, db, "select count(value) from marts.rolling_metric('daily', 'win_rate', 14) where value between 0.1 and 0.9"); n < 300 {
		t.Errorf("%d windows of 14 days", n)
	}
	_, err := db.ExecContext(t.Context(), "select count(value) from marts.rolling_metric('daily', 'luck', 30)")
	if err == nil || !strings.Contains(err.Error(), "luck does not roll") {
		t.Errorf("an unknown metric: %v", err)
	}
}
