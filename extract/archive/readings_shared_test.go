package archive

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// TestReadingsAlmanak imports alUSD's published settlements, a JSON array whose
// supplies from 10^21 on are floats. Price = assets * 10^12 / supply on every row.
func TestReadingsAlmanak(t *testing.T) {
	content, err := os.ReadFile("../../../shared/data/almanak-yield-tracker/price.json")
	if err != nil {
		t.Skip("needs ../shared/data/almanak-yield-tracker beside the repository")
	}
	conn := sqltest.OpenConn(t)
	got, err := importInto(t.Context(), t, conn, readingsFile(t, "price.json", content, Archive{Vault: "alusd", ChainID: 1, Columns: map[string]string{
		"observed_at": "timestamp", "share_price": "pricePerShare", "total_assets": "totalAssets", "total_supply": "totalSupply",
	}}))
	if err != nil || got.read != 134 || got.kept != 134 {
		t.Fatalf("%+v, %v", got, err)
	}
	sqltest.EqualLines(t, sqltest.Lines(t, conn, `
select
    min(line), max(line), count(*) filter (is_inexact), min(total_supply::varchar::double), round(arg_max(share_price, observed_at), 10),
    max(abs(total_assets::varchar::double * 1e12 / total_supply::varchar::double / share_price - 1)) < 1e-15
from raw.readings`), "2|1066|131|1e+18|1.0190940944|true")
}

func BenchmarkReadings(b *testing.B) {
	const rows = 200_000
	random := rand.New(rand.NewPCG(1, 2))
	var csv, lines strings.Builder
	csv.WriteString("vault,observed_at,total_assets,total_supply\n")
	for i := range rows {
		assets, supply := random.Uint64N(1e15), random.Uint64N(1e18)
		fmt.Fprintf(&csv, "%s,%d,%d,%d000\n", alusd, 1_700_000_000+i, assets, supply)
		fmt.Fprintf(&lines, `{"vault":%q,"observed_at":%d,"total_assets":"%d","total_supply":"%d000"}`+"\n", alusd, 1_700_000_000+i, assets, supply)
	}
	for name, text := range map[string]string{"csv": csv.String(), "ndjson": lines.String()} {
		b.Run(name, func(b *testing.B) {
			conn := sqltest.OpenConn(b)
			in := readingsFile(b, name, []byte(text), Archive{})
			for b.Loop() {
				sqltest.Exec(b, conn, "delete from raw.readings")
				if _, err := importInto(b.Context(), b, conn, in); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
