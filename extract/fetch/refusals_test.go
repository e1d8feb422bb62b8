package fetch

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/extract/blocks"
	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/vault"
)

// TestNodeRealRefusals has the fetcher ask for the blocks that somebody asked a
// provider for, and be answered as the provider answered: a limit of blocks,
// then a thousand at a time.
func TestNodeRealRefusals(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(extracttest.SharedData(t), "rotki-test-caching", "getlogs_requests_responses.json"))
	if err != nil {
		t.Fatal(err)
	}
	type filterParams struct {
		FromBlock, ToBlock string
		Address            []string
		Topics             []string
	}
	var recorded []struct {
		Host     string
		Request  struct{ Params []json.RawMessage }
		Response struct{ Result, Error json.RawMessage }
	}
	if err := json.Unmarshal(text, &recorded); err != nil {
		t.Fatal(err)
	}
	answers := map[[2]int]json.RawMessage{}
	var whole filterParams
	var refusal json.RawMessage
	for _, r := range recorded {
		if r.Host != "1rpc.io" {
			continue
		}
		var p filterParams
		if err := json.Unmarshal(r.Request.Params[0], &p); err != nil {
			t.Fatal(err)
		}
		if r.Response.Error != nil {
			whole, refusal = p, r.Response.Error
			continue
		}
		answers[[2]int{extracttest.Number(p.FromBlock), extracttest.Number(p.ToBlock)}] = r.Response.Result
	}
	if len(answers) != 11 || refusal == nil {
		t.Fatalf("%d answers, refusal %s", len(answers), refusal)
	}
	counts := map[[2]int]int{}
	refused := 0
	n := extracttest.NewFakeNode(t, 100_000)
	n.Fault = func(w http.ResponseWriter, method string, requests []extracttest.FakeRequest) bool {
		if method != "eth_getLogs" {
			return false
		}
		var p filterParams
		_ = json.Unmarshal(mapTopics(requests[0].Params[0]), &p)
		key := [2]int{extracttest.Number(p.FromBlock), extracttest.Number(p.ToBlock)}
		if result, isRecorded := answers[key]; isRecorded {
			counts[key]++
			_, _ = fmt.Fprintf(w, `{"jsonrpc":"2.0","result":%s,"id":%s}`, result, requests[0].ID)
			return true
		}
		refused++
		_, _ = fmt.Fprintf(w, `{"jsonrpc":"2.0","error":%s,"id":%s}`, refusal, requests[0].ID)
		return true
	}
	pool, err := rpc.Dial(t.Context(), rpc.Options{ChainID: 1, URLs: []string{n.URL}})
	if err != nil {
		t.Fatal(err)
	}
	address, err := vault.ParseAddress(whole.Address[0])
	if err != nil {
		t.Fatal(err)
	}
	f := &fetcher{Chain: &Chain{opt: Options{ChainID: 1, Pool: pool, Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}}, size: map[string]uint64{"": 1 << 20}, most: map[string]uint64{}}
	p := WorkRange{Span: blocks.Span{From: uint64(extracttest.Number(whole.FromBlock)), To: uint64(extracttest.Number(whole.ToBlock))}, Filters: []vault.Filter{vault.NewFilter(address, nil, 0)}}
	out := make(chan chunk, 20)
	if err := f.request(t.Context(), p, out); err != nil {
		t.Fatal(err)
	}
	next := p.From
	for len(out) > 0 {
		u := <-out
		if u.From != next {
			t.Errorf("blocks from %d, want from %d", u.From, next)
		}
		next = u.To + 1
	}
	if next != p.To+1 || len(counts) != 11 || refused != 1 {
		t.Errorf("up to %d of %d, %d requests as recorded, %d refused", next-1, p.To, len(counts), refused)
	}
}

// mapTopics leaves out the topics, which others wrote in another form.
func mapTopics(raw json.RawMessage) json.RawMessage {
	var all map[string]json.RawMessage
	_ = json.Unmarshal(raw, &all)
	delete(all, "topics")
	text, _ := json.Marshal(all)
	return text
}
