package extract

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/decode"
	"github.com/vaultperf/vaultperf/extract/discover"
	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/state"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

func TestNodeLogs(t *testing.T) {
	n := extracttest.NewFakeNode(t, 3000)
	db := sqltest.Open(t)
	files := mustRun(t, db, nodeOptions(n))
	if len(files) != 1 || files[0].Kind != "logs" || files[0].Format != "eth_getLogs" || files[0].State != "new" || files[0].New != 8000 || files[0].Read != 8000 {
		t.Fatalf("got %+v", files)
	}
	// 2000 blocks have logs, 4 of the vaults' each; of the six of a block the fifth is of no known event
	got := sqltest.Query(t, db, `
select 'logs ' || count(*) || ' ' || count(distinct block_number) || ' ' || min(block_timestamp)::varchar || ' ' || max(block_number) from raw.logs
union all select 'events ' || count(*) || ' ' || min(event) || ' ' || max(event) from raw.events
union all select 'undecoded ' || count(*) || ' ' || min(reason) from raw.undecoded
union all select 'files ' || path || ' ' || rows_read || ' ' || rows_new || ' ' || state from raw.files`)
	want := fmt.Sprintf("logs 8000 2000 2023-11-14 22:13:32+00 2999\nevents 6000 Transfer Transfer\nundecoded 2000 unknown_event\nfiles %s (chain 1) 8000 8000 new\n", n.URL)
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	logs, results := decodedAgain(t, db)
	if logs != results {
		t.Errorf("decoded as they came\n%s\nand again from the table\n%s", logs, results)
	}
}

// decodedAgain compares what was decoded in passing with what decode makes of
// the stored logs.
func decodedAgain(t *testing.T, db *sql.DB) (inline, again string) {
	t.Helper()
	inline = sqltest.Query(t, db, nodeDigests)
	err := store.InTransaction(t.Context(), db, func(conn *sql.Conn) error {
		for _, q := range []string{"delete from raw.events", "delete from raw.undecoded"} {
			if _, err := conn.ExecContext(t.Context(), q); err != nil {
				return err
			}
		}
		return decode.Logs(t.Context(), conn, nodeOptions().Vaults)
	})
	if err != nil {
		t.Fatal(err)
	}
	return inline, sqltest.Query(t, db, nodeDigests)
}

func TestNodeSecondRunAsksLittle(t *testing.T) {
	n := extracttest.NewFakeNode(t, 3000)
	db := sqltest.Open(t)
	mustRun(t, db, nodeOptions(n))
	before := sqltest.Query(t, db, nodeDigests)
	n.Requests = 0
	files := mustRun(t, db, nodeOptions(n))
	if n.Requests > 3 || files[0].New != 0 || files[0].State != "unchanged" || sqltest.Query(t, db, nodeDigests) != before {
		t.Errorf("%d requests, %+v", n.Requests, files)
	}
}

func TestNodeGoesOnWhereItWas(t *testing.T) {
	n := extracttest.NewFakeNode(t, 3000)
	whole := honest(t, nodeOptions(n))
	n.Finalized = 1234
	db := sqltest.Open(t)
	mustRun(t, db, nodeOptions(n))
	n.Finalized = 3000
	n.Ranges = nil
	files := mustRun(t, db, nodeOptions(n))
	first := slices.MinFunc(n.Ranges, func(a, b [2]int) int { return a[0] - b[0] })[0]
	if files[0].State != "extended" || first != 1235 {
		t.Errorf("%+v, ranges %v", files, n.Ranges)
	}
	if got := sqltest.Query(t, db, nodeDigests); got != whole {
		t.Errorf("got\n%s\nwant\n%s", got, whole)
	}
}

func TestNodeAddsAVaultLater(t *testing.T) {
	n := extracttest.NewFakeNode(t, 3000)
	opt := nodeOptions(n)
	whole := honest(t, opt)
	db := sqltest.Open(t)
	one := opt
	one.Vaults = opt.Vaults[:1]
	mustRun(t, db, one)
	n.Finalized, n.Head = 3000, 3000
	files := mustRun(t, db, opt)
	if files[0].New != 4000 {
		t.Errorf("%+v, want the other vault's 4000 logs", files)
	}
	if got := sqltest.Query(t, db, nodeDigests); got != whole {
		t.Errorf("got\n%s\nwant\n%s", got, whole)
	}
}

// TestDepthIsOfTheFirstBlockNeeded: a node that has pruned what was before a vault is
// deep enough for it, and says where it begins.
func TestDepthIsOfTheFirstBlockNeeded(t *testing.T) {
	f := extracttest.NewFakeNode(t, 3000)
	f.Fault = func(w http.ResponseWriter, method string, requests []extracttest.FakeRequest) bool {
		if method != "eth_getCode" {
			return false
		}
		answers := make([]map[string]any, len(requests))
		for i, q := range requests {
			answers[i] = map[string]any{"jsonrpc": "2.0", "id": q.ID}
			switch at := extracttest.Number(string(q.Params[1])); {
			case at < 400:
				answers[i]["error"] = map[string]any{"code": -32000, "message": "missing trie node"}
			case at < 500:
				answers[i]["result"] = "0x"
			default:
				answers[i]["result"] = "0x6001"
			}
		}
		var answer any = answers
		if len(answers) == 1 {
			answer = answers[0]
		}
		_ = json.NewEncoder(w).Encode(answer)
		return true
	}
	opt := nodeOptions(f)
	opt.Nodes[0].Archive = true
	r := &runner{opt: opt}
	link, err := r.dial(t.Context(), opt.Nodes[0])
	if err != nil {
		t.Fatal(err)
	}
	if first, err := discover.FirstCode(t.Context(), link.pool, 1, common.HexToAddress(extracttest.LagoonAddress), 3000); err != nil || first != 500 {
		t.Errorf("the first block is %d, %v, want 500", first, err)
	}
	vaults := make([]discover.Known, len(opt.Vaults))
	for i, v := range opt.Vaults {
		vaults[i].Vault = v
	}
	vaults[0].First, vaults[1].StartBlock = 500, 600
	if err := checkDepth(t.Context(), opt.Nodes[0], link, vaults); err != nil {
		t.Errorf("vaults from block 500 on: %v", err)
	}
	vaults[1].StartBlock = 300
	var pruned *state.PrunedError
	if err := checkDepth(t.Context(), opt.Nodes[0], link, vaults); !errors.As(err, &pruned) || pruned.Since != 400 {
		t.Errorf("vaults from block 300 on: %v, want a PrunedError since 400", err)
	}
}
