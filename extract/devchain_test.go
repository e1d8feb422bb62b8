package extract

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/ethclient"

	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/testchain"
)

// twoYears is the test chain of two years, made once for all tests.
var twoYears = sync.OnceValues(func() (*testchain.Chain, error) { return testchain.Start(context.Background(), testchain.Options{}) })

func startDevchain(t testing.TB) (*testchain.Chain, *rpc.Pool) {
	t.Helper()
	if raceDetector {
		t.Skip("the EVM is too slow under the race detector; make test runs this without it")
	}
	c, err := twoYears()
	if errors.Is(err, testchain.ErrNotCompiled) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	pool, err := rpc.Dial(t.Context(), rpc.Options{ChainID: testchain.ChainID, URLs: []string{c.URL}})
	if err != nil {
		t.Fatal(err)
	}
	return c, pool
}

func devVault(v *testchain.Vault) Vault {
	lower := func(a common.Address) string {
		if a == (common.Address{}) {
			return ""
		}
		return strings.ToLower(a.Hex())
	}
	return Vault{
		ID: v.ID, Name: v.Name, ChainID: testchain.ChainID, Address: lower(v.Address), Family: v.Family, AssetSymbol: "USD",
		AssetDecimals: v.AssetDecimals, ShareDecimals: v.ShareDecimals, Safe: lower(v.Safe),
	}
}

// devHistory is a database with the logs of all vaults and their Safes, and the
// states read.
func devHistory(t testing.TB, c *testchain.Chain, pool *rpc.Pool) (*sql.DB, []Vault) {
	t.Helper()
	db := openTest(t)
	client, err := ethclient.DialContext(t.Context(), c.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	var vaults []Vault
	var contracts []common.Address
	for _, v := range c.Vaults {
		vaults = append(vaults, devVault(v))
		contracts = append(contracts, v.Address)
		if v.Safe != (common.Address{}) {
			contracts = append(contracts, v.Safe)
		}
		hold(t, db, v.Address, c.Head)
	}
	logs, err := client.FilterLogs(t.Context(), ethereum.FilterQuery{FromBlock: new(big.Int), ToBlock: new(big.Int).SetUint64(c.Head), Addresses: contracts})
	if err != nil {
		t.Fatal(err)
	}
	appendLogs(t, db, logs)
	count, err := ReadStates(t.Context(), db, pool, StateOptions{ChainID: testchain.ChainID, Vaults: vaults, To: int64(c.Head)})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", count)
	return db, vaults
}

// TestDevchainStates compares what was read of two years with what the chain's
// rules say, and shows that the price of every settlement is the contract's own.
func TestDevchainStates(t *testing.T) {
	c, pool := startDevchain(t)
	db, _ := devHistory(t, c, pool)
	states := map[string]*big.Int{}
	rows, err := db.QueryContext(t.Context(), "select address, block_number, field, value::varchar from raw.states where status = 'ok' and value is not null")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var address, field, value string
		var block uint64
		if err := rows.Scan(&address, &block, &field, &value); err != nil {
			t.Fatal(err)
		}
		states[fmt.Sprint(address, block, field)], _ = new(big.Int).SetString(value, 10)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	compared := 0
	compare := func(v *testchain.Vault, block uint64, field string, want *big.Int) {
		compared++
		got := states[fmt.Sprint(strings.ToLower(v.Address.Hex()), block, field)]
		if got == nil || got.Cmp(want) != 0 {
			t.Errorf("%s, block %d: %s is %v, want %v", v.ID, block, field, got, want)
		}
	}
	many := new(big.Int).Exp(big.NewInt(10), big.NewInt(30), nil)
	for _, v := range c.Vaults {
		for _, s := range v.Truth.Settlements {
			compare(v, s.Block, "totalAssets", s.AssetsAfter)
			compare(v, s.Block, "totalSupply", s.SupplyAfter)
			compare(v, s.Block, "convertToAssets", s.PriceFine)
			// the price that the totals give, to the last digit of thirty
			price := new(big.Int).Mul(many, new(big.Int).Add(s.AssetsAfter, big.NewInt(1)))
			price.Quo(price, new(big.Int).Add(s.SupplyAfter, big.NewInt(1e12)))
			compare(v, s.Block, "convertToAssets", price)
		}
		for _, d := range v.Truth.Closes {
			compare(v, d.Block, "totalAssets", d.TotalAssets)
			compare(v, d.Block, "totalSupply", d.TotalSupply)
			if v.ShareDecimals == 18 {
				compare(v, d.Block, "convertToAssets", d.PriceFine)
			}
		}
	}
	for _, v := range c.Vaults {
		if v.Safe == (common.Address{}) {
			continue
		}
		owners, threshold := safeNow(v)
		keys := query(t, db, fmt.Sprintf(`
			select max_by(value, block_number) filter (where field = 'safe.getThreshold') || ' of '
				|| array_to_string((max_by(text, block_number) filter (where field = 'safe.getOwners'))::json::varchar[], ' ')
			from raw.states where status = 'ok' and address = '%s'`, strings.ToLower(v.Address.Hex())))
		if want := threshold + " of " + owners + "\n"; keys != want {
			t.Errorf("%s: the Safe's owners are %swant %s", v.ID, keys, want)
		}
	}
	if compared < 9_000 {
		t.Errorf("only %d comparisons", compared)
	}
}

func TestDevchainIsProved(t *testing.T) {
	c, pool := startDevchain(t)
	db, vaults := devHistory(t, c, pool)
	options := VerifyOptions{ChainID: testchain.ChainID, Vaults: vaults, To: int64(c.Head), Level: 3}
	// of a history that is too long for it, not every block is looked at
	short := options
	short.whole = 1000
	all, err := Verify(t.Context(), db, pool, short)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range all {
		if v.Level == "L2" && (v.Verdict != Checked || !regexp.MustCompile(`; \d+ of \d+ other blocks looked at`).MatchString(v.Detail)) {
			t.Errorf("sampled: %+v, want it checked", v)
		}
	}
	start := time.Now()
	if all, err = Verify(t.Context(), db, pool, options); err != nil {
		t.Fatal(err)
	}
	t.Logf("every block looked at in %s", time.Since(start))
	for i := range vaults {
		part := all[4*i : 4*i+4]
		if got := verdicts(part); got != allProved {
			t.Errorf("%s: %s\n%+v", vaults[i].ID, got, part)
		}
	}
	before := pool.Stats().Requests
	count, err := ReadStates(t.Context(), db, pool, StateOptions{ChainID: testchain.ChainID, Vaults: vaults, To: int64(c.Head)})
	if err != nil || count != (StateCount{}) {
		t.Errorf("a second reading did %+v, %v", count, err)
	}
	if _, err := Verify(t.Context(), db, pool, options); err != nil {
		t.Error(err)
	}
	if after := pool.Stats().Requests; after != before {
		t.Errorf("a second run sent %d requests", after-before)
	}

	// a settlement whose supply is not the sum, and one whose assets are not the vault's
	for column, word := range map[string]int{"assets": 0, "supply": 1} {
		good := c.Vault("synthetic-good")
		s := good.Truth.Settlements[len(good.Truth.Settlements)/2]
		_, err := db.ExecContext(t.Context(), `
create or replace temp table kept as select * from raw.logs;
update raw.logs set data = unhex(left(hex(data), `+fmt.Sprint(64*word+62)+`) || 'AB' || substr(hex(data), `+fmt.Sprint(64*word+65)+`))
where block_number = `+fmt.Sprint(s.Block)+` and length(hex(data)) = 256 and hex(topic0) ilike '26be8b1a%' or block_number = `+fmt.Sprint(s.Block)+` and length(hex(data)) = 256 and hex(topic0) ilike 'a8fe241e%'`)
		if err != nil {
			t.Fatal(err)
		}
		all, err := Verify(t.Context(), db, pool, options)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range all {
			if v.VaultID == good.ID && v.Level == "L3" && (v.Verdict != Unproved || v.FaultBlock != int64(s.Block)) {
				t.Errorf("a settlement's %s changed: %+v, want a fault at %d", column, v, s.Block)
			}
		}
		if _, err := db.ExecContext(t.Context(), "delete from raw.logs; insert into raw.logs select * from temp.kept"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDiscover(t *testing.T) {
	c, pool := startDevchain(t)
	for _, v := range c.Vaults {
		d, err := Discover(t.Context(), pool, testchain.ChainID, v.Address.Hex(), int64(c.Head))
		if err != nil {
			t.Errorf("%s: %v", v.ID, err)
			continue
		}
		lower := func(a common.Address) string {
			if a == (common.Address{}) {
				return ""
			}
			return strings.ToLower(a.Hex())
		}
		if d.Family != v.Family || d.Symbol != v.Symbol || d.Name != v.Name || d.Asset != lower(v.Asset) ||
			d.AssetDecimals != v.AssetDecimals || d.ShareDecimals != v.ShareDecimals || d.Safe != lower(v.Safe) ||
			d.FirstBlock != int64(v.Deployed.Block) || d.StartBlock < 1 || d.StartBlock > d.FirstBlock || !d.FirstAt.Equal(v.Deployed.Time) {
			t.Errorf("got %+v\nwant %+v", d, v)
		}
		if d.Proxy.Beacon != lower(v.Beacon) || d.Proxy.Admin != lower(v.ProxyAdmin) {
			t.Errorf("%s: proxy %+v, want beacon %s and admin %s", v.ID, d.Proxy, v.Beacon, v.ProxyAdmin)
		}
		owners, threshold := safeNow(v)
		if strings.Join(d.SafeOwners, " ") != owners || fmt.Sprint(d.SafeThreshold) != threshold {
			t.Errorf("%s: %d of %v owners, want %s of %s", v.ID, d.SafeThreshold, d.SafeOwners, threshold, owners)
		}
	}
	_, err := Discover(t.Context(), pool, testchain.ChainID, c.Asset.Hex(), int64(c.Head))
	if err == nil || !strings.Contains(err.Error(), "no vault family") {
		t.Errorf("the asset: got %v, want no family", err)
	}
	_, err = Discover(t.Context(), pool, testchain.ChainID, testchain.GasBomb.Hex(), int64(c.Head))
	if err == nil || !strings.Contains(err.Error(), "no vault family") {
		t.Errorf("the gas bomb: got %v, want no family", err)
	}
	_, err = Discover(t.Context(), pool, testchain.ChainID, "0x00000000000000000000000000000000000000ff", int64(c.Head))
	if err == nil || !strings.Contains(err.Error(), "no code") {
		t.Errorf("an empty address: got %v, want no code", err)
	}
}

// safeNow are a Safe's owners and threshold, after all that changed.
func safeNow(v *testchain.Vault) (owners, threshold string) {
	var list []string
	for _, o := range v.SafeOwners {
		list = append(list, strings.ToLower(o.Hex()))
	}
	threshold = fmt.Sprint(v.SafeThreshold)
	for _, c := range v.Truth.Changes {
		switch c.Event {
		case "ChangedThreshold":
			threshold = c.After
		case "AddedOwner":
			list = append(list, strings.ToLower(c.After))
		case "RemovedOwner":
			list = slices.DeleteFunc(list, func(o string) bool { return o == strings.ToLower(c.Before) })
		}
	}
	return strings.Join(list, " "), threshold
}

// TestRunFromANode goes the whole way: logs, states and proofs, from a config's
// node, with a family that is found out; then again, for at most three requests.
func TestRunFromANode(t *testing.T) {
	c, _ := startDevchain(t)
	opt := Options{
		Now:   c.LastDay.AddDate(1, 0, 0),
		Nodes: []Node{{ChainID: testchain.ChainID, URLs: []string{c.URL}, Archive: true, Verify: 3}},
	}
	for _, v := range c.Vaults {
		one := devVault(v)
		one.Family, one.AssetDecimals, one.ShareDecimals, one.Safe = FamilyAuto, -1, -1, ""
		opt.Vaults = append(opt.Vaults, one)
	}
	var last NodeProgress
	opt.NodeProgress = func(p NodeProgress) { last = p }
	opt.Notice = func(text string) { t.Log(text) }
	db := openTest(t)
	if _, err := Run(t.Context(), db, opt); err != nil {
		t.Fatal(err)
	}
	got := query(t, db, "select concat_ws(' ', vault_id, family, asset_decimals, share_decimals, safe is not null) from raw.vaults order by config_position")
	want := ""
	for _, v := range c.Vaults {
		want += fmt.Sprintln(v.ID, v.Family, v.AssetDecimals, v.ShareDecimals, v.Safe != common.Address{})
	}
	if got != want {
		t.Errorf("vaults are\n%swant\n%s", got, want)
	}
	if got := query(t, db, "select distinct concat_ws(' ', level, verdict, detail) from raw.verifications where verdict <> 'proved'"); got != "" {
		t.Errorf("not proved:\n%s", got)
	}
	// the beacon, which no config names, is followed: an upgrade of synthetic-good
	// would be a log of its
	followed := query(t, db, fmt.Sprintf("select role || ' ' || is_complete from raw.contracts inner join raw.spans using (chain_id, address) where vault_id = 'synthetic-good' and address = '%s'", strings.ToLower(c.Beacon.Hex())))
	if followed != "beacon true\n" {
		t.Errorf("the beacon is %q", followed)
	}
	// every contract is complete up to the last final block, the shared ones too, and
	// no vault is asked for before its making
	for _, v := range c.Vaults {
		starts := query(t, db, fmt.Sprintf("select min(from_block) > 0 and min(from_block) <= %d from raw.spans where address = '%s'", v.Deployed.Block, strings.ToLower(v.Address.Hex())))
		if starts != "true\n" {
			t.Errorf("%s: not asked for from a block up to %d on", v.ID, v.Deployed.Block)
		}
	}
	const reach = "select count(*) || ' ' || count(distinct to_block) || ' ' || bool_and(is_complete and from_block > 0) from raw.spans where file_id = 0"
	const contracts = "select count(distinct address) || ' 1 true' from raw.contracts"
	if got, want := query(t, db, reach), query(t, db, contracts); got != want {
		t.Errorf("complete are %s, want %s", got, want)
	}
	if last.Stage != "verify" {
		t.Errorf("the last progress is %+v", last)
	}
	const counts = "select (select count(*) from raw.logs) || ' ' || (select count(*) from raw.states) || ' ' || (select count(*) from raw.headers) || ' ' || (select count(*) from raw.verified_blocks) || ' ' || (select count(*) from raw.contracts)"
	before := query(t, db, counts)
	requests := countRequests(t, c.URL, func(url string) {
		opt.Nodes[0].URLs = []string{url}
		if _, err := Run(t.Context(), db, opt); err != nil {
			t.Fatal(err)
		}
	})
	if after := query(t, db, counts); after != before || requests > 3 {
		t.Errorf("a second night made %s of %s in %d requests", after, before, requests)
	}
}

// TestDevchainLateStartIsNamed: a vault whose logs are asked for from a block after its making
// is not complete, and the config's word is named as the likely cause.
func TestDevchainLateStartIsNamed(t *testing.T) {
	c, _ := startDevchain(t)
	v := c.Vault("synthetic-plain")
	late := devVault(v)
	late.Safe, late.StartBlock = "", v.Deployed.Block+900
	db := openTest(t)
	_, err := Run(t.Context(), db, Options{
		Vaults: []Vault{late}, Now: c.LastDay.AddDate(1, 0, 0),
		Nodes: []Node{{ChainID: testchain.ChainID, URLs: []string{c.URL}, Archive: true, Verify: 3}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := query(t, db, "select verdict || ' ' || detail from raw.verifications where level = 'L3'")
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
	c, _ := startDevchain(t)
	v := c.Vault("synthetic-plain")
	flow := v.Truth.Flows[len(v.Truth.Flows)/2]
	want := fmt.Sprintf("L0 proved null\nL1 proved null\nL2 unproved %d\nL3 unproved %d\n", flow.Block, flow.Block)
	if got := verdictsWithout(t, c, v, flow.Block, simTransfer, Node{Archive: true, Verify: 3}); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestFamilyAutoIsReplayed records a night that finds out families, and runs it
// again without a node.
func TestFamilyAutoIsReplayed(t *testing.T) {
	c, _ := startDevchain(t)
	opt := Options{
		Now: c.LastDay.AddDate(1, 0, 0), Record: t.TempDir(),
		Nodes: []Node{{ChainID: testchain.ChainID, URLs: []string{c.URL}}},
	}
	for _, name := range []string{"synthetic-plain", "synthetic-closed"} {
		v := devVault(c.Vault(name))
		v.Family, v.AssetDecimals, v.ShareDecimals, v.Safe = FamilyAuto, -1, -1, ""
		opt.Vaults = append(opt.Vaults, v)
	}
	const found = "select concat_ws(' ', vault_id, family, safe, (select count(*) from raw.logs)) from raw.vaults order by vault_id"
	db := openTest(t)
	if _, err := Run(t.Context(), db, opt); err != nil {
		t.Fatal(err)
	}
	want := query(t, db, found)
	opt.Record, opt.Replay = "", opt.Record
	opt.Nodes[0].URLs = []string{"http://127.0.0.1:1"}
	db = openTest(t)
	if _, err := Run(t.Context(), db, opt); err != nil {
		t.Fatal(err)
	}
	if got := query(t, db, found); got != want {
		t.Errorf("replayed\n%s\nwant\n%s", got, want)
	}
}

// TestFamilyAutoLater has a vault whose family was said on an earlier night, and one
// whose id has changed since.
func TestFamilyAutoLater(t *testing.T) {
	c, _ := startDevchain(t)
	v := devVault(c.Vault("synthetic-closed"))
	opt := Options{
		Now: c.LastDay.AddDate(1, 0, 0), Vaults: []Vault{v},
		Nodes: []Node{{ChainID: testchain.ChainID, URLs: []string{c.URL}}},
	}
	db := openTest(t)
	contracts := func() string {
		t.Helper()
		if _, err := Run(t.Context(), db, opt); err != nil {
			t.Fatal(err)
		}
		return query(t, db, "select concat_ws(' ', role, address) from raw.contracts order by role, address")
	}
	said := contracts()
	opt.Vaults[0].Family, opt.Vaults[0].Safe = FamilyAuto, ""
	found := contracts()
	if found == said || !strings.Contains(found, "beacon") {
		t.Errorf("an auto family after one that was said has only\n%s", found)
	}
	opt.Vaults[0].ID = "renamed"
	again := opt.Vaults[0]
	if _, unknown, err := recallVaults(t.Context(), db, []Vault{again}); err != nil || len(unknown) > 0 {
		t.Errorf("renamed it is asked for again: %v", err)
	}
	if got := contracts(); got != found {
		t.Errorf("renamed it has\n%swant\n%s", got, found)
	}
}

// TestOmittedOnlyLogIsFound has a node leave out a block's only log, one that changes
// no sum, in a block that no sample holds.
func TestOmittedOnlyLogIsFound(t *testing.T) {
	c, _ := startDevchain(t)
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
		return l.Address == v.Address && l.BlockNumber > logs[0].BlockNumber && count[l.BlockNumber] == 1 && scramble(l.BlockNumber^seedOf(testchain.ChainID))&15 != 0 &&
			(l.Topics[0] != simTransfer || l.Topics[1] != (common.Hash{}) && l.Topics[2] != (common.Hash{}))
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
	db := openTest(t)
	_, err = Run(t.Context(), db, Options{Now: c.LastDay.AddDate(1, 0, 0), Vaults: []Vault{devVault(v)}, Nodes: []Node{node}})
	if err != nil {
		t.Fatal(err)
	}
	return query(t, db, "select concat_ws(' ', level, verdict, coalesce(fault_block::varchar, 'null')) from raw.verifications order by level")
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
