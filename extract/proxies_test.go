package extract

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/discover"
	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/testchain"
	"github.com/vaultperf/vaultperf/extract/vault"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// A counted is a node behind which another answers. It counts requests, and calls
// something once so many have come.
type counted struct {
	*httptest.Server
	count atomic.Int64
	mu    sync.Mutex
	left  int64
	then  func()
}

func newCounted(t *testing.T, to string) *counted {
	t.Helper()
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	c := &counted{left: math.MaxInt64}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) } // who asked has gone
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.count.Add(1)
		c.mu.Lock()
		if c.left--; c.left == 0 {
			c.then()
		}
		c.mu.Unlock()
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(c.Close)
	return c
}

// after has something called at the n-th request from now on.
func (c *counted) after(n int64, then func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left, c.then = n, then
}

// TestNodeWithoutStateOfProxies: a node that has thrown the state away, or does not let
// it be read, still serves logs, and is asked again.
func TestNodeWithoutStateOfProxies(t *testing.T) {
	n := extracttest.NewFakeNode(t, 300)
	want := honest(t, nodeOptions(n))
	for _, refusal := range []string{
		`"code":-32000,"message":"missing trie node 0123 (path ) <nil>"`,
		`"code":-32602,"message":"invalid argument 2: no such thing"`,
		`"code":-32099,"message":"a refusal that nobody has seen"`,
	} {
		withoutStorage(t, n, want, refusal)
	}
}

func withoutStorage(t *testing.T, n *extracttest.FakeNode, want, refusal string) {
	t.Helper()
	n.Fault = func(w http.ResponseWriter, method string, requests []extracttest.FakeRequest) bool {
		if method != "eth_getStorageAt" {
			return false
		}
		var answers []string
		for _, q := range requests {
			answers = append(answers, fmt.Sprintf(`{"id":%s,"error":{%s}}`, q.ID, refusal))
		}
		_, _ = fmt.Fprintf(w, "[%s]", strings.Join(answers, ","))
		return true
	}
	opt := nodeOptions(n)
	var notices []string
	opt.Notice = func(text string) { notices = append(notices, text) }
	if got := honest(t, opt); got != want {
		t.Errorf("%s: got\n%s\nwant\n%s", refusal, got, want)
	}
	if len(notices) != 2 || !strings.Contains(notices[0], "whether it stands behind a proxy is not known") {
		t.Errorf("notices %q, want one of each vault", notices)
	}
}

// TestProxiesAreReadAtOnce: one request asks for the slots of all vaults, and a refusal
// of one vault's says nothing of another's.
func TestProxiesAreReadAtOnce(t *testing.T) {
	n := extracttest.NewFakeNode(t, 300)
	batches := 0
	n.Fault = func(w http.ResponseWriter, method string, requests []extracttest.FakeRequest) bool {
		if method != "eth_getStorageAt" {
			return false
		}
		batches++
		var answers []string
		for _, q := range requests {
			answer := fmt.Sprintf(`"result":"0x%064x"`, 0)
			switch {
			case strings.Contains(string(q.Params[0]), extracttest.LagoonAddress):
				answer = `"error":{"code":-32000,"message":"missing trie node 0123 (path ) <nil>"}`
			case strings.Contains(string(q.Params[1]), common.HexToHash("0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103").Hex()):
				answer = fmt.Sprintf(`"result":"0x%064s"`, extracttest.Stranger[2:])
			}
			answers = append(answers, fmt.Sprintf(`{"id":%s,%s}`, q.ID, answer))
		}
		_, _ = fmt.Fprintf(w, "[%s]", strings.Join(answers, ","))
		return true
	}
	opt := nodeOptions(n)
	var notices []string
	opt.Notice = func(text string) { notices = append(notices, text) }
	db := sqltest.Open(t)
	mustRun(t, db, opt)
	if batches != 1 {
		t.Errorf("%d requests for slots, want 1", batches)
	}
	if len(notices) != 1 || !strings.Contains(notices[0], "vault "+opt.Vaults[0].ID+": whether it stands behind a proxy is not known") {
		t.Errorf("notices %q, want one of vault %s", notices, opt.Vaults[0].ID)
	}
	const found = "select address || ' ' || text from raw.states where field = 'proxy.admin' union all select address || ' ' || role from raw.contracts where role = 'proxy_admin'"
	if got, want := sqltest.Query(t, db, found), extracttest.OtherAddress+" "+extracttest.Stranger+"\n"+extracttest.Stranger+" proxy_admin\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestProxyOfAContractToCome: an address without code says nothing of a proxy, so it is
// asked again until there is some; then not any more, unless the vault logs a change.
func TestProxyOfAContractToCome(t *testing.T) {
	n := extracttest.NewFakeNode(t, 300)
	n.HasNoCode = true
	db := sqltest.Open(t)
	const known = "select count(distinct address) from raw.states where field = 'proxy.beacon'"
	expect := func(want int, facts string) {
		t.Helper()
		before := n.Methods["eth_getStorageAt"]
		mustRun(t, db, nodeOptions(n))
		if got := n.Methods["eth_getStorageAt"] - before; got != want {
			t.Errorf("%d slots were read, want %d", got, want)
		}
		if got := sqltest.Query(t, db, known); got != facts+"\n" {
			t.Errorf("the proxies of %s vaults are known, want %s", got, facts)
		}
	}
	expect(6, "0")
	n.HasNoCode = false
	expect(6, "2")
	expect(0, "2")
	const change = "insert into raw.events values (1, 1000, 0, null, ?, 'BeaconUpgraded', 'BeaconUpgraded(address)', '{}')"
	if _, err := db.ExecContext(t.Context(), change, extracttest.LagoonAddress); err != nil {
		t.Fatal(err)
	}
	expect(3, "2")
}

// TestDevchainAutoBrokenOff breaks off first runs of vaults whose family is found
// out. What the next run has must be what one run alone has, from the vault's first
// block on.
func TestDevchainAutoBrokenOff(t *testing.T) {
	c, _ := extracttest.StartDevchain(t)
	opt := Options{Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Nodes: []Node{{ChainID: testchain.ChainID, URLs: []string{c.URL}}}}
	for _, v := range c.Vaults {
		one := extracttest.DevVault(v)
		one.Family, one.AssetDecimals, one.ShareDecimals, one.Safe = discover.FamilyAuto, -1, -1, ""
		opt.Vaults = append(opt.Vaults, one)
	}
	const covered = "select md5(string_agg(concat_ws(' ', filter, least_block), ';' order by filter)) from (select filter, min(from_block) as least_block from raw.coverage group by filter)"
	front := newCounted(t, c.URL)
	opt.Nodes[0].URLs = []string{front.URL}
	db := sqltest.Open(t)
	mustRun(t, db, opt)
	whole := front.count.Load()
	want, wantCovered := sqltest.Query(t, db, nodeDigests), sqltest.Query(t, db, covered)
	random := rand.New(rand.NewPCG(3, 1))
	rounds := 6
	if testing.Short() {
		rounds = 2
	}
	broken := 0
	for range rounds {
		db := sqltest.Open(t)
		for range 2 { // of which the first has all to do, so that it is broken off
			ctx, cancel := context.WithCancel(t.Context())
			front.after(1+random.Int64N(whole/2), cancel)
			if _, err := Run(ctx, db, opt); err != nil {
				broken++
			}
			cancel()
		}
		front.after(math.MaxInt64, nil)
		mustRun(t, db, opt)
		if got := sqltest.Query(t, db, covered); got != wantCovered {
			t.Errorf("coverage begins elsewhere: %s", sqltest.Query(t, db, "select concat_ws(' ', filter[:6], min(from_block)) from raw.coverage group by filter"))
		}
		if got := sqltest.Query(t, db, nodeDigests); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		if got := sqltest.Query(t, db, "select count(*) - count(distinct (chain_id, block_number, address, field, argument)) from raw.states"); got != "0\n" {
			t.Errorf("%s reads are there twice", got)
		}
	}
	if broken < rounds {
		t.Errorf("only %d runs were interrupted", broken)
	}
	// what a config said once is forgotten with it
	db = sqltest.Open(t)
	late := opt
	late.Vaults = append([]vault.Vault(nil), opt.Vaults...)
	for i := range late.Vaults {
		late.Vaults[i].StartBlock = c.Finalized - 100
	}
	mustRun(t, db, late)
	mustRun(t, db, opt)
	if got := sqltest.Query(t, db, covered); got != wantCovered {
		t.Error("a start_block that was taken away still holds")
	}
}

// TestDevchainAutoAsksAgain: the proxy of a vault whose family was found out is read
// again after the vault has logged a change of its beacon, and then not any more.
func TestDevchainAutoAsksAgain(t *testing.T) {
	c, _ := extracttest.StartDevchain(t)
	one := extracttest.DevVault(c.Vault("synthetic-good"))
	one.Family = discover.FamilyAuto
	db := sqltest.Open(t)
	run := func() int64 {
		return countRequests(t, c.URL, func(url string) {
			mustRun(t, db, Options{Vaults: []vault.Vault{one}, Now: c.LastDay.AddDate(1, 0, 0), Nodes: []Node{{ChainID: testchain.ChainID, URLs: []string{url}}}})
		})
	}
	run()
	idle := run()
	const change = "insert into raw.events values (?, ?, 0, null, ?, 'BeaconUpgraded', 'BeaconUpgraded(address)', '{}')"
	if _, err := db.ExecContext(t.Context(), change, testchain.ChainID, c.Finalized, one.Address); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "update raw.states set block_number = block_number - 1 where field like 'proxy.%'"); err != nil {
		t.Fatal(err)
	}
	if got := run(); got <= idle {
		t.Errorf("%d requests after a change, and %d in a run without one", got, idle)
	}
	if got := run(); got != idle {
		t.Errorf("%d requests in the run after, %d in one without a change", got, idle)
	}
}
