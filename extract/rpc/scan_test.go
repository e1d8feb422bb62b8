package rpc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
)

// wireLog is a log as encoding/json reads it: what the scanner is compared with.
type wireLog struct {
	Address                                        string
	Topics                                         []string
	Data                                           string
	BlockNumber, TransactionHash, TransactionIndex string
	BlockHash, LogIndex                            string
}

func (l Log) wire() wireLog {
	w := wireLog{
		Address: fmt.Sprintf("0x%x", l.Address), Topics: []string{}, Data: fmt.Sprintf("0x%x", l.Data),
		BlockNumber: fmt.Sprintf("%#x", l.Block), TransactionHash: fmt.Sprintf("0x%x", l.TxHash), TransactionIndex: fmt.Sprintf("%#x", l.TxIndex),
		BlockHash: fmt.Sprintf("0x%x", l.BlockHash), LogIndex: fmt.Sprintf("%#x", l.Index),
	}
	for _, topic := range l.Topics[:l.TopicCount] {
		w.Topics = append(w.Topics, fmt.Sprintf("0x%x", topic))
	}
	return w
}

func randomLogs(random *rand.Rand, n int) []wireLog {
	hex := func(bytes int) string {
		var b strings.Builder
		b.WriteString("0x")
		for range 2 * bytes {
			b.WriteByte("0123456789abcdef"[random.IntN(16)])
		}
		return b.String()
	}
	logs := []wireLog{}
	for i := range n {
		l := wireLog{
			Address: hex(20), Topics: []string{}, Data: hex(32 * random.IntN(10)), BlockNumber: fmt.Sprintf("%#x", 1000+i), TransactionHash: hex(32),
			TransactionIndex: fmt.Sprintf("%#x", random.IntN(300)), BlockHash: hex(32), LogIndex: fmt.Sprintf("%#x", i),
		}
		for range random.IntN(5) {
			l.Topics = append(l.Topics, hex(32))
		}
		if i%50 == 7 {
			l.Data = hex(100_000)
		}
		logs = append(logs, l)
	}
	return logs
}

// MarshalJSON has the keys as nodes write them, in one order or another.
func (l wireLog) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{
		"address": l.Address, "topics": l.Topics, "data": l.Data, "blockNumber": l.BlockNumber, "transactionHash": l.TransactionHash,
		"transactionIndex": l.TransactionIndex, "blockHash": l.BlockHash, "logIndex": l.LogIndex, "removed": false,
		"unknown": map[string]any{"a \" quote": []any{1, "two\\", nil, true, map[string]any{}}},
	})
}

// TestScannerReadsWhatJSONReads, however the bytes come.
func TestScannerReadsWhatJSONReads(t *testing.T) {
	want := randomLogs(rand.New(rand.NewPCG(1, 1)), 120)
	compact, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "result": want})
	if err != nil {
		t.Fatal(err)
	}
	var spaced bytes.Buffer
	if err := json.Indent(&spaced, compact, "\r\n", " \t"); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(2, 2))
	for name, text := range map[string][]byte{"compact": compact, "spaced": spaced.Bytes()} {
		for how, reader := range map[string]func() io.Reader{
			"whole":         func() io.Reader { return bytes.NewReader(text) },
			"byte by byte":  func() io.Reader { return iotest.OneByteReader(bytes.NewReader(text)) },
			"half of each":  func() io.Reader { return iotest.HalfReader(bytes.NewReader(text)) },
			"end with data": func() io.Reader { return iotest.DataErrReader(bytes.NewReader(text)) },
			"at random":     func() io.Reader { return &randomReader{bytes.NewReader(text), random} },
		} {
			t.Run(name+"/"+how, func(t *testing.T) {
				set := &LogSet{}
				s := newScanner(reader(), make([]byte, 64))
				p := &Pool{}
				q := Query{From: 0, To: 1 << 40}
				for _, l := range want {
					b, _ := unhex(l.Address)
					q.Addresses = append(q.Addresses, Address(b))
				}
				if failed := p.readLogs(s, &endpoint{}, q, request{ID: 1}, set); failed != nil {
					t.Fatal(failed)
				}
				if len(set.Logs) != len(want) {
					t.Fatalf("%d logs, want %d", len(set.Logs), len(want))
				}
				for i, l := range set.Logs {
					if got := l.wire(); fmt.Sprint(got) != fmt.Sprint(want[i]) {
						t.Fatalf("log %d is\n%v\nwant\n%v", i, got, want[i])
					}
				}
			})
		}
	}
}

type randomReader struct {
	from   io.Reader
	random *rand.Rand
}

func (r *randomReader) Read(b []byte) (int, error) {
	return r.from.Read(b[:min(len(b), r.random.IntN(300))])
}

// TestScannerRefusesWhatJSONRefuses: cut anywhere, an answer is never taken.
func TestScannerRefusesWhatJSONRefuses(t *testing.T) {
	logs := randomLogs(rand.New(rand.NewPCG(3, 3)), 3)
	text, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "result": logs})
	if err != nil {
		t.Fatal(err)
	}
	var q Query
	q.To = 1 << 40
	for _, l := range logs {
		b, _ := unhex(l.Address)
		q.Addresses = append(q.Addresses, Address(b))
	}
	read := func(text []byte) *Error {
		return (&Pool{}).readLogs(newScanner(bytes.NewReader(text), make([]byte, 64)), &endpoint{}, q, request{ID: 1}, &LogSet{})
	}
	if failed := read(text); failed != nil {
		t.Fatal(failed)
	}
	for end := range text {
		if read(text[:end]) == nil {
			t.Fatalf("taken, though it ends after %d of %d bytes", end, len(text))
		}
	}
	if read(append(bytes.Clone(text), "{}"...)) == nil {
		t.Error("two answers were taken for one")
	}
}

// FuzzLogs: what the scanner takes, encoding/json takes too, with as many logs.
func FuzzLogs(f *testing.F) {
	text, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "result": randomLogs(rand.New(rand.NewPCG(3, 3)), 2)})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"id":1,"result":[]}`))
	f.Add([]byte(`{"id":"1","result":null}`))
	f.Add([]byte(`{"error":{"code":-32005,"message":"query returned more than 10000 results"},"id":1}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		set := &LogSet{}
		s := newScanner(bytes.NewReader(text), make([]byte, 64))
		if failed := (&Pool{}).readLogs(s, &endpoint{}, Query{}, request{ID: 1}, set); failed != nil {
			return
		}
		var answer struct{ Result []json.RawMessage }
		if err := json.Unmarshal(text, &answer); err != nil && json.Valid(text) {
			t.Errorf("taken, but not by encoding/json: %v", err)
		}
	})
}
