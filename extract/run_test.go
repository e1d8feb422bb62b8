package extract

import (
	"database/sql"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/vault"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// nodeOptions ask the nodes for both vaults, the first of them first.
func nodeOptions(nodes ...*extracttest.FakeNode) Options {
	opt := Options{
		Vaults: []vault.Vault{
			{ID: "v", Name: "V", ChainID: 1, Address: extracttest.LagoonAddress, Family: "erc4626", AssetDecimals: 6, ShareDecimals: 18},
			{ID: "o", Name: "O", ChainID: 1, Address: extracttest.OtherAddress, Family: "erc4626", AssetDecimals: 6, ShareDecimals: 18},
		},
		Now:   time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		Nodes: []Node{{ChainID: 1, backoff: time.Millisecond}},
	}
	for _, n := range nodes {
		opt.Nodes[0].URLs = append(opt.Nodes[0].URLs, n.URL)
	}
	return opt
}

// nodeDigests are of all that a node's logs become in the database, whatever
// requests they came by. Coverage is joined, because its pieces differ.
const nodeDigests = `
select 'logs ' || count(*) || ' ' || coalesce(md5(string_agg(
    concat_ws(' ', chain_id, block_number, log_index, hex(block_hash), epoch(block_timestamp), hex(transaction_hash), transaction_index,
        hex(address), hex(topic0), hex(topic1), hex(topic2), hex(topic3), hex(data)), ';' order by chain_id, block_number, log_index)), '')
from raw.logs
union all
select 'events ' || count(*) || ' ' || coalesce(md5(string_agg(concat_ws(' ', block_number, log_index, transaction_hash, address, event, signature, arguments), ';' order by block_number, log_index)), '')
from raw.events
union all
select 'undecoded ' || count(*) || ' ' || coalesce(md5(string_agg(concat_ws(' ', block_number, log_index, reason, detail), ';' order by block_number, log_index)), '')
from raw.undecoded
union all
select 'covered ' || sum(to_block - from_block + 1) || ' ' || min(from_block) || ' ' || max(to_block) || ' ' || sum(logs) || ' ' || count(distinct filter)
from raw.coverage`

func mustRun(t testing.TB, db *sql.DB, opt Options) []input.File {
	t.Helper()
	files, err := Run(t.Context(), db, opt)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// honest is what a node without faults gives.
func honest(t *testing.T, opt Options) string {
	t.Helper()
	db := sqltest.Open(t)
	mustRun(t, db, opt)
	return sqltest.Query(t, db, nodeDigests)
}
