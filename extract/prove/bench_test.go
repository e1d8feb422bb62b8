package prove

import (
	"fmt"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/testchain"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// BenchmarkVerifyL2 verifies every block of the chain by its receipts. The target
// is 500 blocks a second on two cores.
func BenchmarkVerifyL2(b *testing.B) {
	c, pool := extracttest.StartDevchain(b)
	for b.Loop() {
		v := &verifier{
			conn: sqltest.OpenConn(b), node: pool, opt: Options{ChainID: testchain.ChainID, To: int64(c.Head), Level: 2},
			spans: map[string]logRange{},
		}
		var due []storedBlock
		for n := int64(1); n <= int64(c.Head); n++ {
			due = append(due, storedBlock{number: n, logs: 1, digest: fmt.Sprint(n)})
		}
		start := time.Now()
		if err := v.verifyAll(b.Context(), due); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(due))/time.Since(start).Seconds(), "blocks/s")
	}
}
