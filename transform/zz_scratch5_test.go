package transform

import (
	"fmt"
	"os"
	"testing"
	"time"

	models "github.com/vaultperf/vaultperf/sql"
)

func TestScratchJSON(t *testing.T) {
	if os.Getenv("FIG") == "" {
		t.Skip()
	}
	data, _ := os.ReadFile(os.Getenv("FIG"))
	p := t.TempDir() + "/x.duckdb"
	os.WriteFile(p, data, 0o600)
	db, err := models.Open(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	exec(t, db, "set threads = 1")
	for _, q := range []string{
		"create or replace table metrics.x as select arguments->>'from' as a, arguments->>'to' as b, (arguments->>'value')::bignum as c from staging.events where event = 'Transfer'",
		"create or replace table metrics.x as select arguments->>'from' as a, arguments->>'to' as b, (arguments->>'value') as c from staging.events where event = 'Transfer'",
		"create or replace table metrics.x as select f[1] as a, f[2] as b, f[3]::bignum as c from (select json_extract_string(arguments, ['from', 'to', 'value']) as f from staging.events where event = 'Transfer')",
		"create or replace table metrics.x as select f[1] as a, f[2] as b, f[3] as c from (select json_extract_string(arguments, ['from', 'to', 'value']) as f from staging.events where event = 'Transfer')",
		"create or replace table metrics.x as select c::bignum as c from (select '123456789012345678901' as c from staging.events where event = 'Transfer')",
		"create or replace table metrics.x as select block_at, address from staging.events where event = 'Transfer'",
	} {
		best := time.Duration(1 << 60)
		for range 12 {
			s := cpuNow()
			exec(t, db, q)
			best = min(best, cpuNow()-s)
		}
		fmt.Printf("%8.2f ms %s\n", float64(best.Microseconds())/1000, q)
	}
}
