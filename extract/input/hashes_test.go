package input

import (
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// TestCheckBlockHashes: a block has one hash, though its logs come from a file and a node.
func TestCheckBlockHashes(t *testing.T) {
	db := sqltest.Open(t)
	for id, path := range []string{"logs.json", "http://node (chain 1)"} {
		_, err := db.ExecContext(t.Context(), "insert into raw.files values (?, ?, 'logs', 'rpc', '', 0, '', 'new', '', 0, 0, 0, 0)", id+1, path)
		if err != nil {
			t.Fatal(err)
		}
	}
	put := func(block, index, file int, hash string) {
		t.Helper()
		_, err := db.ExecContext(t.Context(), "insert into raw.logs (chain_id, block_number, log_index, block_hash, address, topic0, data, file_id) values (1, ?, ?, unhex(?), '\\x01'::blob, '\\x02'::blob, ''::blob, ?)",
			block, index, strings.Repeat(hash, 32), file)
		if err != nil {
			t.Fatal(err)
		}
	}
	check := func(from, to int64) error {
		return store.InTransaction(t.Context(), db, func(conn *sql.Conn) error { return CheckBlockHashes(t.Context(), conn, 1, from, to) })
	}
	put(5, 0, 1, "aa")
	put(5, 3, 2, "aa")
	put(6, 1, 2, "bb")
	if err := check(1, 9); err != nil {
		t.Errorf("blocks of one hash each: %v", err)
	}
	put(6, 4, 1, "cc")
	var refused *Error
	if err := check(6, 6); !errors.As(err, &refused) || refused.File != "logs.json" || !strings.Contains(refused.Want, "as log 1 of http://node (chain 1) has it") {
		t.Errorf("got %v, want the file refused", err)
	}
	if err := check(1, 5); err != nil {
		t.Errorf("other blocks: %v", err)
	}
}
