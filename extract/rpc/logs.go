package rpc

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// An Address is a contract's or an account's.
type Address [20]byte

// A Word is a topic or a hash.
type Word [32]byte

// A Query selects logs of some blocks.
type Query struct {
	From, To  uint64    // both included
	Addresses []Address // any of these, at least one
	Topics    [][]Word  // by position, any of these; an empty position matches anything
}

// A Log is one event log, its bytes as the chain has them.
type Log struct {
	Block, TxIndex, Index uint64
	Time                  int64 // of the block, Unix seconds; 0: the node does not say
	Address               Address
	BlockHash, TxHash     Word
	Topics                [4]Word
	TopicCount            int
	Data                  []byte
}

// LogSet is the answer to a Query: its logs by block and index, each once.
type LogSet struct {
	Logs      []Log
	Endpoint  string // masked: who answered
	Bytes     int64  // of the answer
	Duplicate int    // identical logs that were repeated

	slab []byte // memory of the logs' data
}

// spareLogs recycles the memory of answers that are done with.
var spareLogs = sync.Pool{New: func() any { return new([]Log) }}

// Free recycles the logs' memory. They must not be used afterwards.
func (set *LogSet) Free() {
	clear(set.Logs) // do not keep the data alive
	spare := set.Logs[:0]
	set.Logs = nil
	spareLogs.Put(&spare)
}

// Logs asks for logs, with the same retries as Batch. An answer is rejected and requested
// again if it does not fit the query: if it has a log outside the range or the filter, a
// removed log, two different logs in one place, or two hashes of one block.
//
// The error is the context's, a *NoEndpointError, or a *Error. The caller can recover from
// SplitRange and SplitAddress.
func (p *Pool) Logs(ctx context.Context, q Query) (*LogSet, error) {
	r, err := newRequest(Call{methodLogs, []any{q.params()}}, 0)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", methodLogs, err)
	}
	t := newAttempt()
	timeouts, asked := 0, map[*endpoint]bool{}
	for {
		e, n, err := p.reserve(ctx, 1, t, true)
		if err != nil {
			return nil, err
		}
		asked[e] = true
		start := time.Now()
		set, failed := p.logs(ctx, e, q, r, body)
		p.release(e, n, failed, start)
		if failed == nil {
			p.progress(t)
			return set, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if failed.isTimeout {
			if timeouts++; timeouts >= mostTimeouts && (p.timeLeft(t) <= 0 || !p.hasUnasked(t, asked)) {
				return nil, failed
			}
		}
		if !p.again(t, e, failed) {
			if isOwn(failed.Class) { // the next request will be another
				p.progress(t)
			}
			return nil, p.exhausted(t)
		}
	}
}

// mostTimeouts is how often logs are asked for that do not arrive in time: the caller
// may ask for fewer, while there is time left for that. Only an endpoint that was not asked
// at all is tried before: fewer logs are no help where the others hang.
const mostTimeouts = 2

// scanBuffers recycles the windows of scanners.
var scanBuffers = sync.Pool{New: func() any { return new(make([]byte, 64<<10)) }}

func (p *Pool) logs(ctx context.Context, e *endpoint, q Query, r request, body []byte) (*LogSet, *Error) {
	buf := scanBuffers.Get().(*[]byte)
	defer scanBuffers.Put(buf)
	set := &LogSet{Logs: *spareLogs.Get().(*[]Log), Endpoint: e.name}
	failed := p.send(ctx, e, methodLogs, body, func(in io.Reader, _ http.Header) *Error {
		s := newScanner(in, *buf)
		failed := p.readLogs(s, e, q, r, set)
		set.Bytes = s.offset + int64(s.r)
		*buf = s.buf
		return failed
	})
	if failed != nil && failed.Class == SplitBatch {
		failed.Class = SplitRange // a batch of one: the answer was too large
	}
	if len(*buf) > 4<<20 {
		*buf = make([]byte, 64<<10)
	}
	return set, failed
}

// readLogs reads a whole answer to eth_getLogs.
func (p *Pool) readLogs(s *scanner, e *endpoint, q Query, r request, set *LogSet) *Error {
	bad := func(text string) *Error { return &Error{Class: Rotate, Message: p.clean(e, text)} }
	var id, failure []byte
	isNull, isThere := false, false
	if c := s.next(); c == 0 && s.err == nil {
		return bad("an empty answer")
	}
	s.object(func(key []byte) {
		switch string(key) {
		case "id":
			s.skip(&id)
		case "error":
			s.skip(&failure)
		case "result":
			isThere = true
			if isNull = s.isNull(); !isNull {
				s.array(func() { set.read(s) })
			}
		default:
			s.skip(nil)
		}
	})
	if s.err == nil && s.next() != 0 {
		s.fail("more than one answer")
	}
	if s.err != nil {
		return bad(s.err.Error())
	}
	if said, isError := parseError(failure); isError {
		return p.failure(e, methodLogs, 200, said)
	}
	switch {
	case !idIs(id, r.ID):
		return bad(fmt.Sprintf("an answer with the id %s, which was not asked", firstWords(id)))
	case isNull, !isThere:
		return bad("an answer of null to " + methodLogs)
	}
	if err := set.settle(q); err != nil {
		return bad(err.Error())
	}
	return nil
}

// read reads one log.
func (set *LogSet) read(s *scanner) {
	set.Logs = append(set.Logs, Log{})
	l := &set.Logs[len(set.Logs)-1]
	var has, isRemoved int
	const every = 1<<8 - 1
	s.object(func(key []byte) {
		switch string(key) {
		case "address":
			s.fixed(l.Address[:])
			has |= 1
		case "topics":
			s.array(func() {
				if l.TopicCount == len(l.Topics) {
					s.fail("more than 4 topics")
					return
				}
				s.fixed(l.Topics[l.TopicCount][:])
				l.TopicCount++
			})
			has |= 2
		case "data":
			l.Data = set.data(s)
			has |= 4
		case "blockNumber":
			l.Block = s.quantity()
			has |= 8
		case "blockHash":
			s.fixed(l.BlockHash[:])
			has |= 16
		case "transactionHash":
			s.fixed(l.TxHash[:])
			has |= 32
		case "transactionIndex":
			l.TxIndex = s.quantity()
			has |= 64
		case "logIndex":
			l.Index = s.quantity()
			has |= 128
		case "blockTimestamp":
			l.Time = s.time()
		case "removed":
			if string(s.word()) == "true" {
				isRemoved = 1
			}
		default:
			s.skip(nil)
		}
	})
	switch {
	case s.err != nil:
	case has != every:
		s.fail("a log without all of address, topics, data, block, transaction and index")
	case isRemoved != 0:
		s.fail("a removed log in block %d", l.Block)
	}
}

// data reads hex of any length. Empty data is 0x; "" is an error.
func (set *LogSet) data(s *scanner) []byte {
	text := s.text()
	if s.err != nil {
		return nil
	}
	n := (len(text) - 2) / 2
	if len(text) < 2 || len(text)%2 != 0 {
		s.fail("want 0x and whole bytes, got %q", firstWords(text))
		return nil
	}
	if set.slab == nil || len(set.slab)+n > cap(set.slab) {
		set.slab = make([]byte, 0, max(64<<10, n))
	}
	from := len(set.slab)
	set.slab = set.slab[:from+n]
	b := set.slab[from : from+n : from+n]
	if !fromHex(b, text) {
		s.fail("want hex, got %q", firstWords(text))
	}
	return b
}

// time reads seconds, or milliseconds as on some chains.
func (s *scanner) time() int64 {
	if s.isNull() {
		return 0
	}
	at := s.quantity()
	if at > 1e11 {
		at /= 1000
	}
	if at > 1e11 {
		s.fail("want a block time in seconds or milliseconds")
		return 0
	}
	return int64(at)
}

// params are the filter as eth_getLogs expects it. Trailing positions without a topic are
// omitted, because some nodes answer differently to [t, null].
func (q Query) params() any {
	filter := struct {
		From    string   `json:"fromBlock"`
		To      string   `json:"toBlock"`
		Address []string `json:"address"`
		Topics  []any    `json:"topics,omitempty"`
	}{From: fmt.Sprintf("%#x", q.From), To: fmt.Sprintf("%#x", q.To)}
	for _, a := range q.Addresses {
		filter.Address = append(filter.Address, fmt.Sprintf("0x%x", a))
	}
	last := 0
	for _, words := range q.Topics {
		if len(words) == 0 {
			filter.Topics = append(filter.Topics, nil)
			continue
		}
		var position []string
		for _, w := range words {
			position = append(position, fmt.Sprintf("0x%x", w))
		}
		filter.Topics = append(filter.Topics, position)
		last = len(filter.Topics)
	}
	filter.Topics = filter.Topics[:last]
	return filter
}

// Takes says whether a log matches the query.
func (q Query) Takes(l *Log) bool {
	if l.Block < q.From || l.Block > q.To || !slices.Contains(q.Addresses, l.Address) {
		return false
	}
	for i, words := range q.Topics {
		if len(words) > 0 && (i >= l.TopicCount || !slices.Contains(words, l.Topics[i])) {
			return false
		}
	}
	return true
}

// validate checks that the logs are those of the query, and orders them.
func (set *LogSet) settle(q Query) error {
	for i := range set.Logs {
		if l := &set.Logs[i]; !q.Takes(l) {
			return fmt.Errorf("a log that was not asked for: block %d, log %d of 0x%x", l.Block, l.Index, l.Address)
		}
	}
	return set.order()
}

// order sorts the logs and removes repeated ones.
func (set *LogSet) order() error {
	if set.isInOrder() {
		return nil
	}
	position := func(a, b Log) int { return cmp.Or(cmp.Compare(a.Block, b.Block), cmp.Compare(a.Index, b.Index)) }
	if !slices.IsSortedFunc(set.Logs, position) {
		slices.SortStableFunc(set.Logs, position)
	}
	kept := set.Logs[:0]
	for i, l := range set.Logs {
		if i == 0 || len(kept) == 0 {
			kept = append(kept, l)
			continue
		}
		last := &kept[len(kept)-1]
		if last.Block == l.Block && (last.BlockHash != l.BlockHash || last.Time != l.Time) {
			return fmt.Errorf("two hashes or times of block %d", l.Block)
		}
		if position(*last, l) == 0 {
			if !last.equal(&l) {
				return fmt.Errorf("two logs at block %d, log %d", l.Block, l.Index)
			}
			set.Duplicate++
			continue
		}
		kept = append(kept, l)
	}
	set.Logs = kept
	return nil
}

// isInOrder says whether there is nothing to sort, remove or reject, as in nearly every
// answer. It copies no logs, which are large.
func (set *LogSet) isInOrder() bool {
	for i := 1; i < len(set.Logs); i++ {
		last, l := &set.Logs[i-1], &set.Logs[i]
		isNext := l.Block > last.Block ||
			l.Block == last.Block && l.Index > last.Index && l.BlockHash == last.BlockHash && l.Time == last.Time
		if !isNext {
			return false
		}
	}
	return true
}

func (l *Log) equal(o *Log) bool {
	return l.Address == o.Address && l.TxHash == o.TxHash && l.TxIndex == o.TxIndex &&
		l.TopicCount == o.TopicCount && l.Topics == o.Topics && bytes.Equal(l.Data, o.Data)
}

// BlockLogs are a query's logs of the block From, taken from its receipts: the fallback if
// even one block's logs are too many for eth_getLogs. The query's To is ignored.
func (p *Pool) BlockLogs(ctx context.Context, q Query) (*LogSet, error) {
	q.To = q.From
	results, err := p.Batch(ctx, []Call{{"eth_getBlockReceipts", []any{fmt.Sprintf("%#x", q.From)}}})
	if err != nil {
		return nil, err
	}
	if results[0].Err != nil {
		return nil, results[0].Err
	}
	set := &LogSet{Endpoint: results[0].Endpoint, Bytes: int64(len(results[0].Value))}
	s := newScanner(bytes.NewReader(results[0].Value), make([]byte, 64<<10))
	s.array(func() {
		s.object(func(key []byte) {
			if string(key) == "logs" {
				s.array(func() { set.read(s) })
				return
			}
			s.skip(nil)
		})
	})
	if s.err != nil {
		return nil, fmt.Errorf("read receipts of block %d from %s: %w", q.From, set.Endpoint, s.err)
	}
	for i := range set.Logs {
		if set.Logs[i].Block != q.From {
			return nil, errors.New("receipts of another block than was asked for")
		}
	}
	set.Logs = slices.DeleteFunc(set.Logs, func(l Log) bool { return !q.Takes(&l) })
	return set, set.order()
}
