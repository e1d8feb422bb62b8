package rpc

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sharedData is a folder of real traffic that is not part of the project.
func sharedData(t *testing.T, parts ...string) []byte {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("../shared is absent: real traffic is not tested")
	}
	text, err := os.ReadFile(filepath.Join(append([]string{dir}, parts...)...))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// askRecorded asks for logs and is answered by what was recorded, but for the
// id.
func askRecorded(t *testing.T, q Query, result json.RawMessage) {
	t.Helper()
	n := newNode(t, 7, nil)
	n.fault = func(w http.ResponseWriter, _ []byte, requests []wireRequest) bool {
		if requests[0].Method != methodLogs {
			return false
		}
		_, _ = fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":%s}`, requests[0].ID, result)
		return true
	}
	set, err := dial(t, Options{}, n).Logs(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var want []wireLog
	if err := json.Unmarshal(result, &want); err != nil {
		t.Fatal(err)
	}
	if len(set.Logs) != len(want) {
		t.Fatalf("%d logs, want %d", len(set.Logs), len(want))
	}
	for i, l := range set.Logs {
		want[i].Address, want[i].Data = strings.ToLower(want[i].Address), strings.ToLower(want[i].Data)
		if got := l.wire(); fmt.Sprint(got) != fmt.Sprint(want[i]) {
			t.Errorf("log %d is\n%v\nwant\n%v", i, got, want[i])
		}
	}
}

func TestRealAnswers(t *testing.T) {
	var recorded []struct {
		Host    string
		Request struct {
			Params []struct {
				Topics             []*string
				Address            []string
				FromBlock, ToBlock string
			}
		}
		Response struct{ Result json.RawMessage }
	}
	if err := json.Unmarshal(sharedData(t, "rotki-test-caching", "getlogs_requests_responses.json"), &recorded); err != nil {
		t.Fatal(err)
	}
	answered := 0
	for _, r := range recorded {
		if len(r.Request.Params) == 0 || r.Response.Result == nil {
			continue
		}
		answered++
		p := r.Request.Params[0]
		var q Query
		if _, err := fmt.Sscanf(p.FromBlock+" "+p.ToBlock, "0x%x 0x%x", &q.From, &q.To); err != nil {
			t.Fatal(err)
		}
		b, _ := unhex(p.Address[0])
		q.Addresses = []Address{Address(b)}
		for _, topic := range p.Topics {
			var position []Word
			if topic != nil {
				b, _ := unhex(*topic)
				position = []Word{Word(b)}
			}
			q.Topics = append(q.Topics, position)
		}
		askRecorded(t, q, r.Response.Result)
	}
	if answered != 14 {
		t.Errorf("%d answers, want 14", answered)
	}
}

// TestRealBlock is the whole block 18,000,000 of Ethereum: its header, and its
// 291 logs of many contracts.
func TestRealBlock(t *testing.T) {
	var answers []struct{ Result json.RawMessage }
	if err := json.Unmarshal(sharedData(t, "indexsupply-shovel", "logs-18000000.json"), &answers); err != nil {
		t.Fatal(err)
	}
	var logs []wireLog
	if err := json.Unmarshal(answers[1].Result, &logs); err != nil || len(logs) != 291 {
		t.Fatal(len(logs), err)
	}
	q := Query{From: 18_000_000, To: 18_000_000}
	for _, l := range logs {
		b, _ := unhex(l.Address)
		if a := Address(b); !slices.Contains(q.Addresses, a) {
			q.Addresses = append(q.Addresses, a)
		}
	}
	askRecorded(t, q, answers[1].Result)

	if err := json.Unmarshal(sharedData(t, "indexsupply-shovel", "block-18000000.json"), &answers); err != nil {
		t.Fatal(err)
	}
	block, err := ParseBlock(answers[0].Result)
	if err != nil {
		t.Fatal(err)
	}
	if block.Number != 18_000_000 || block.Time != 1693066895 || fmt.Sprintf("0x%x", block.Hash) != logs[0].BlockHash {
		t.Errorf("got %+v", block)
	}
}

// TestRealRefusals classifies what providers answered when the methods failed.
func TestRealRefusals(t *testing.T) {
	var bodies []struct {
		Host, Method string
		Error        struct {
			Code    int
			Message string
			Data    json.RawMessage
		}
	}
	if err := json.Unmarshal(sharedData(t, "rotki-test-caching", "jsonrpc_error_bodies.json"), &bodies); err != nil {
		t.Fatal(err)
	}
	for _, b := range bodies {
		want := StateMissing
		switch b.Method {
		case "eth_call":
			want = Revert
		case methodLogs:
			want = SplitRange
		}
		if got, _ := Classify(b.Method, 200, b.Error.Code, b.Error.Message, b.Error.Data); got != want {
			t.Errorf("%s, %s: %s: got %s, want %s", b.Host, b.Method, b.Error.Message, got, want)
		}
	}
	if len(bodies) != 16 {
		t.Errorf("%d bodies, want 16", len(bodies))
	}
}
