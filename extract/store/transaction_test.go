package store

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// TestBrokenOffTransactionLeavesNothing breaks transactions off at every moment, and
// uses the connection again: whatever was under way, none is open, and what was not
// committed is gone.
func TestBrokenOffTransactionLeavesNothing(t *testing.T) {
	db := sqltest.Open(t)
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(t.Context(), "create table raw.tries (n integer)"); err != nil {
		t.Fatal(err)
	}
	try := func(ctx context.Context, n int) error {
		return InTransaction(ctx, db, func(conn *sql.Conn) error {
			_, err := conn.ExecContext(ctx, "insert into raw.tries select ? from range(1000)", n)
			return err
		})
	}
	start := time.Now()
	if err := try(t.Context(), -1); err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	broken := 0
	for n := range 400 { // after up to twice the time that one took
		ctx, cancel := context.WithTimeout(t.Context(), took*time.Duration(n)/200)
		before := try(ctx, n)
		cancel()
		if before != nil {
			broken++
		}
		if err := try(t.Context(), -1); err != nil {
			t.Fatalf("try %d gave %v, and then: %v", n, before, err)
		}
	}
	// once its work is done and nothing is committed, at whatever speed
	ctx, cancel := context.WithCancel(t.Context())
	err := InTransaction(ctx, db, func(conn *sql.Conn) error {
		_, err := conn.ExecContext(ctx, "insert into raw.tries values (-2)")
		cancel()
		return err
	})
	if err == nil {
		t.Error("a transaction that was broken off before its commit gave no error")
	}
	if err := try(t.Context(), -1); err != nil {
		t.Fatalf("after one that was broken off before its commit: %v", err)
	}
	if broken == 0 { // the first has no time at all
		t.Error("none was broken off")
	}
	t.Logf("%d of 400 were broken off", broken)
	if got := sqltest.Query(t, db, "select count(*)::varchar from (select n from raw.tries group by n having count(*) % 1000 <> 0)"); got != "0\n" {
		t.Errorf("%s tries are there in part", got)
	}
}
