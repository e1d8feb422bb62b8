package extract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/ethclient"

	"github.com/vaultperf/vaultperf/extract/discover"
	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/prove"
	"github.com/vaultperf/vaultperf/extract/testchain"
	"github.com/vaultperf/vaultperf/extract/vault"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

func TestRunFromANode(t *testing.T) {
	c, _ := extracttest.StartDevchain(t)
	opt := Options{
		Now:   c.LastDay.AddDate(1, 0, 0),
		Nodes: []Node{{ChainID: testchain.ChainID, URLs: []string{c.URL}, Archive: true, Verify: 3}},
	}
	for _, v := range c.Vaults {
		one := extracttest.DevVault(v)
		one.Family, one.AssetDecimals, one.ShareDecimals, one.Safe = discover.FamilyAuto, -1, -1, ""
		opt.Vaults = append(opt.Vaults, one)
	}
	var last NodeProgress
	opt.NodeProgress = func(p NodeProgress) { last = p }
	opt.Notice = func(text string) { t.Log(text) }
	db := sqltest.Open(t)
	if _, err := Run(t.Context(), db, opt); err != nil {
		t.Fatal(err)
	}
	got := sqltest.Query(t, db, "select concat_ws(' ', vault_id, family, asset_decimals, share_decimals, safe is not null) from raw.vaults order by config_position")
	want := ""
	for _, v := range c.Vaults {
		want += fmt.Sprintln(v.ID, v.Family, v.AssetDecimals, v.ShareDecimals, v.Safe != common.Address{})
	}
	if got != want {
		t.Errorf("vaults are\n%swant\n%s", got, want)
	}
	if got := sqltest.Query(t, db, "select distinct concat_ws(' ', level, verdict, detail) from raw.verifications where verdict <> 'proved'"); got != "" {
		t.Errorf("not proved:\n%s", got)
	}
	// the beacon, which no config names, is followed: an upgrade of synthetic-good
	// would be a log of its
	followed := sqltest.Query(t, db, fmt.Sprintf("select role || ' ' || is_complete from raw.contracts inner join raw.spans using (chain_id, address) where vault_id = 'synthetic-good' and address = '%s'", strings.ToLower(c.Beacon.Hex())))
	if followed != "beacon true\n" {
		t.Errorf("the beacon is %q", followed)
	}
	// every contract is complete up to the last final block, the shared ones too, and
	// no vault is asked for before its making
	for _, v := range c.Vaults {
		starts := sqltest.Query(t, db, fmt.Sprintf("select min(from_block) > 0 and min(from_block) <= %d from raw.spans where address = '%s'", v.Deployed.Block, strings.ToLower(v.Address.Hex())))
		if starts != "true\n" {
			t.Errorf("%s: not asked for from a block up to %d on", v.ID, v.Deployed.Block)
		}
	}
	const reach = "select count(*) || ' ' || count(distinct to_block) || ' ' || bool_and(is_complete and from_block > 0) from raw.spans where file_id = 0"
	const contracts = "select count(distinct address) || ' 1 true' from raw.contracts"
	if got, want := sqltest.Query(t, db, reach), sqltest.Query(t, db, contracts); got != want {
		t.Errorf("complete are %s, want %s", got, want)
	}
	if last.Stage != "verify" {
		t.Errorf("the last progress is %+v", last)
	}
	const counts = "select (select count(*) from raw.logs) || ' ' || (select count(*) from raw.states) || ' ' || (select count(*) from raw.headers) || ' ' || (select count(*) from raw.verified_blocks) || ' ' || (select count(*) from raw.contracts)"
	before := sqltest.Query(t, db, counts)
	requests := countRequests(t, c.URL, func(url string) {
		opt.Nodes[0].URLs = []string{url}
		if _, err := Run(t.Context(), db, opt); err != nil {
			t.Fatal(err)
		}
	})
	if after := sqltest.Query(t, db, counts); after != before || requests > 3 {
		t.Errorf("a second run made %s of %s in %d requests", after, before, requests)
	}
}

// TestDevchainLateStartIsNamed: a vault whose logs are asked for from a block after its making
// is not complete, and the config's word is named as the likely cause.
func TestDevchainLateStartIsNamed(t *testing.T) {
	c, _ := extracttest.StartDevchain(t)
	v := c.Vault("synthetic-plain")
	late := extracttest.DevVault(v)
	late.Safe, late.StartBlock = "", v.Deployed.Block+900
	db := sqltest.Open(t)
	_, err := Run(t.Context(), db, Options{
		Vaults: []vault.Vault{late}, Now: c.LastDay.AddDate(1, 0, 0),
		Nodes: []Node{{ChainID: testchain.ChainID, URLs: []string{c.URL}, Archive: true, Verify: 3}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := sqltest.Query(t, db, "select verdict || ' ' || detail from raw.verifications where level = 'L3'")
	if want := fmt.Sprintf("start_block %d on: was the vault made before?", late.StartBlock); !strings.HasPrefix(got, "unproved") || !strings.Contains(got, want) {
		t.Errorf("got %s, want it unproved, with %q", got, want)
	}
}

// countRequests serves a URL in front of another and counts.
func countRequests(t *testing.T, to string, work func(url string)) int64 {
	t.Helper()
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	var n atomic.Int64
	proxy := httputil.NewSingleHostReverseProxy(target)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		proxy.ServeHTTP(w, r)
	}))
	defer server.Close()
	work(server.URL)
	return n.Load()
}

// TestOmittedLogIsFound has a node whose eth_getLogs leaves out one log, as real ones
// have done.
func TestOmittedLogIsFound(t *testing.T) {
	c, _ := extracttest.StartDevchain(t)
	v := c.Vault("synthetic-plain")
	flow := v.Truth.Flows[len(v.Truth.Flows)/2]
	want := fmt.Sprintf("L0 proved null\nL1 proved null\nL2 unproved %d\nL3 unproved %d\n", flow.Block, flow.Block)
	if got := verdictsWithout(t, c, v, flow.Block, extracttest.Transfer, Node{Archive: true, Verify: 3}); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestFamilyAutoIsReplayed records a run that finds out families, and runs it
// again without a node.
func TestFamilyAutoIsReplayed(t *testing.T) {
	c, _ := extracttest.StartDevchain(t)
	opt := Options{
		Now: c.LastDay.AddDate(1, 0, 0), Record: t.TempDir(),
		Nodes: []Node{{ChainID: testchain.ChainID, URLs: []string{c.URL}}},
	}
	for _, name := range []string{"synthetic-plain", "synthetic-closed"} {
		v := extracttest.DevVault(c.Vault(name))
		v.Family, v.AssetDecimals, v.ShareDecimals, v.Safe = discover.FamilyAuto, -1, -1, ""
		opt.Vaults = append(opt.Vaults, v)
	}
	const found = "select concat_ws(' ', vault_id, family, safe, (select count(*) from raw.logs)) from raw.vaults order by vault_id"
	db := sqltest.Open(t)
	if _, err := Run(t.Context(), db, opt); err != nil {
		t.Fatal(err)
	}
	want := sqltest.Query(t, db, found)
	opt.Record, opt.Replay = "", opt.Record
	opt.Nodes[0].URLs = []string{"http://127.0.0.1:1"}
	db = sqltest.Open(t)
	if _, err := Run(t.Context(), db, opt); err != nil {
		t.Fatal(err)
	}
	if got := sqltest.Query(t, db, found); got != want {
		t.Errorf("replayed\n%s\nwant\n%s", got, want)
	}
}

// TestFamilyAutoLater has a vault whose family was said on an earlier run, and one
// whose id has changed since.
func TestFamilyAutoLater(t *testing.T) {
	c, _ := extracttest.StartDevchain(t)
	v := extracttest.DevVault(c.Vault("synthetic-closed"))
	opt := Options{
		Now: c.LastDay.AddDate(1, 0, 0), Vaults: []vault.Vault{v},
		Nodes: []Node{{ChainID: testchain.ChainID, URLs: []string{c.URL}}},
	}
	db := sqltest.Open(t)
	contracts := func() string {
		t.Helper()
		if _, err := Run(t.Context(), db, opt); err != nil {
			t.Fatal(err)
		}
		return sqltest.Query(t, db, "select concat_ws(' ', role, address) from raw.contracts order by role, address")
	}
	said := contracts()
	opt.Vaults[0].Family, opt.Vaults[0].Safe = discover.FamilyAuto, ""
	found := contracts()
	if found == said || !strings.Contains(found, "beacon") {
		t.Errorf("an auto family after one that was said has only\n%s", found)
	}
	opt.Vaults[0].ID = "renamed"
	again := opt.Vaults[0]
	if _, unknown, err := discover.Recall(t.Context(), db, []vault.Vault{again}); err != nil || len(unknown) > 0 {
		t.Errorf("renamed it is asked for again: %v", err)
	}
	if got := contracts(); got != found {
		t.Errorf("renamed it has\n%swant\n%s", got, found)
	}
}

// TestOmittedOnlyLogIsFound has a node leave out a block's only log, one that changes
// no sum, in a block that no sample holds.
func TestOmittedOnlyLogIsFound(t *testing.T) {
	c, _ := extracttest.StartDevchain(t)
	v := c.Vault("synthetic-closed")
	client, err := ethclient.DialContext(t.Context(), c.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	logs, err := client.FilterLogs(t.Context(), ethereum.FilterQuery{FromBlock: new(big.Int), Addresses: []common.Address{v.Address, v.Safe}})
	if err != nil {
		t.Fatal(err)
	}
	count := map[uint64]int{}
	for _, l := range logs {
		count[l.BlockNumber]++
	}
	at := slices.IndexFunc(logs, func(l types.Log) bool {
		return l.Address == v.Address && l.BlockNumber > logs[0].BlockNumber && count[l.BlockNumber] == 1 && prove.Scramble(l.BlockNumber^prove.SeedOf(testchain.ChainID))&15 != 0 &&
			(l.Topics[0] != extracttest.Transfer || l.Topics[1] != (common.Hash{}) && l.Topics[2] != (common.Hash{}))
	})
	if at < 0 {
		t.Fatal("no block has one log only")
	}
	omitted := logs[at]
	t.Logf("omitted: %s in block %d", omitted.Topics[0], omitted.BlockNumber)
	want := fmt.Sprintf("L0 proved null\nL1 proved null\nL2 unproved %d\nL3 unproved null\n", omitted.BlockNumber)
	if got := verdictsWithout(t, c, v, omitted.BlockNumber, omitted.Topics[0], Node{Verify: 2}); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// verdictsWithout are those of a vault's history from a node whose eth_getLogs leaves
// out a block's logs of one kind, behind an honest front for all else.
func verdictsWithout(t *testing.T, c *testchain.Chain, v *testchain.Vault, block uint64, topic common.Hash, node Node) string {
	t.Helper()
	target, err := url.Parse(c.URL)
	if err != nil {
		t.Fatal(err)
	}
	front, proxy := httputil.NewSingleHostReverseProxy(target), httputil.NewSingleHostReverseProxy(target)
	proxy.ModifyResponse = func(r *http.Response) error {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		_ = r.Body.Close()
		body = omitLogs(body, block, topic)
		r.Body = io.NopCloser(bytes.NewReader(body))
		r.ContentLength = int64(len(body))
		r.Header.Set("Content-Length", fmt.Sprint(len(body)))
		return nil
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		r.Header.Set("Accept-Encoding", "identity")
		if bytes.Contains(body, []byte("eth_getLogs")) {
			proxy.ServeHTTP(w, r)
			return
		}
		front.ServeHTTP(w, r)
	}))
	defer server.Close()
	node.ChainID, node.URLs = testchain.ChainID, []string{server.URL}
	db := sqltest.Open(t)
	_, err = Run(t.Context(), db, Options{Now: c.LastDay.AddDate(1, 0, 0), Vaults: []vault.Vault{extracttest.DevVault(v)}, Nodes: []Node{node}})
	if err != nil {
		t.Fatal(err)
	}
	return sqltest.Query(t, db, "select concat_ws(' ', level, verdict, coalesce(fault_block::varchar, 'null')) from raw.verifications order by level")
}

// omitLogs takes a block's logs of one kind out of an answer.
func omitLogs(body []byte, block uint64, topic common.Hash) []byte {
	var answers []map[string]json.RawMessage
	isBatch := json.Unmarshal(body, &answers) == nil
	if !isBatch {
		answers = make([]map[string]json.RawMessage, 1)
		if json.Unmarshal(body, &answers[0]) != nil {
			return body
		}
	}
	for _, a := range answers {
		var logs []map[string]any
		if json.Unmarshal(a["result"], &logs) != nil {
			continue
		}
		logs = slices.DeleteFunc(logs, func(l map[string]any) bool {
			topics := l["topics"].([]any)
			return l["blockNumber"] == fmt.Sprintf("%#x", block) && topics[0] == topic.Hex()
		})
		a["result"], _ = json.Marshal(logs)
	}
	if isBatch {
		body, _ = json.Marshal(answers)
		return body
	}
	body, _ = json.Marshal(answers[0])
	return body
}
