package rpc

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/vaultperf/vaultperf/crash"
)

// Call makes one call. The error is a *Error if a node refused it, or a *NoEndpointError.
func (p *Pool) Call(ctx context.Context, method string, params ...any) (json.RawMessage, error) {
	results, err := p.Batch(ctx, []Call{{Method: method, Params: params}})
	if err != nil {
		return nil, err
	}
	if results[0].Err != nil {
		return nil, results[0].Err
	}
	return results[0].Value, nil
}

// Batch makes many calls, in as many requests as the endpoints' limits require, and returns
// the answers in the same order. Transient errors are retried, at the next endpoint or
// later, so that a Result's error is final. A Result is never null: if null means that the
// node does not have a block yet, the error is NotYet.
//
// The error is the context's, a *NoEndpointError, or a *Error for reasons other than the
// calls themselves; then there are no results.
func (p *Pool) Batch(ctx context.Context, calls []Call) ([]Result, error) {
	results := make([]Result, len(calls))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, 2*p.opt.Concurrency*len(p.endpoints)))
	if p.opt.Record != "" || p.opt.Replay != "" {
		group.SetLimit(1)
	}
	size := min(p.opt.MaxBatch, max(1, p.largest()))
	for from := 0; from < len(calls); from += size {
		pending := make([]int, min(size, len(calls)-from))
		for i := range pending {
			pending[i] = from + i
		}
		group.Go(func() error {
			defer crash.Watch()
			return p.drain(ctx, calls, results, pending, newAttempt())
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return results, nil
}

// largest is the size of batch that the endpoints are known to accept.
func (p *Pool) largest() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.endpoints {
		if e.closed == nil {
			return e.batch()
		}
	}
	return 1
}

// drain sends requests until each pending call has its result.
func (p *Pool) drain(ctx context.Context, calls []Call, results []Result, pending []int, t *attempt) error {
	most := len(pending)
	var elsewhere []int // calls that the endpoints of t.never cannot serve
	for len(pending) > 0 {
		e, n, err := p.reserve(ctx, min(most, len(pending)), t, true)
		var last *Error
		if err != nil {
			if !errors.As(err, &last) || !isOwn(last.Class) {
				return err
			}
			for _, i := range pending { // no endpoint can serve them
				results[i] = Result{Err: last, Endpoint: last.Endpoint}
			}
			return nil
		}
		sent := pending[:n]
		start := time.Now()
		answers, failed := p.exchange(ctx, e, calls, sent)
		if failed == nil {
			p.release(e, n, throttled(answers), start)
			again, others, err := p.sort(t, e, results, sent, answers)
			if err != nil {
				return err
			}
			elsewhere = append(elsewhere, others...)
			pending = append(again, pending[n:]...)
			continue
		}
		p.release(e, n, failed, start)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		switch {
		case failed.Class == SplitBatch && n > 1:
			p.learnBatch(e, n, failed)
		case n > 1 && isOwn(failed.Class):
			most = 1 // one of the calls failed; sent alone it shows which
		case p.again(t, e, failed):
		case n == 1 && isOwn(failed.Class):
			results[sent[0]] = Result{Err: failed, Endpoint: e.name}
			p.progress(t)
			pending = pending[1:]
			clear(t.never)
			clear(t.skip)
		default:
			return p.exhausted(t)
		}
	}
	if len(elsewhere) > 0 {
		other := newAttempt()
		for e := range t.never {
			other.never[e] = true
		}
		other.never[t.lacking] = true
		other.last = t.last
		return p.drain(ctx, calls, results, elsewhere, other)
	}
	return nil
}

// isOwn says whether an error is of the call, not of the endpoint.
func isOwn(c Class) bool {
	switch c {
	case SplitRange, SplitAddress, SplitBatch, StateMissing, NotYet, Refused, Revert, Fatal, Unknown:
		return true
	default:
		return false
	}
}

// throttled is the first error in an answered batch that shows its endpoint is overloaded.
func throttled(answers []Result) *Error {
	for _, a := range answers {
		if a.Err != nil && (a.Err.Class == Wait || a.Err.Class == Quota) {
			return a.Err
		}
	}
	return nil
}

// sort stores the final results. Other calls are to be made again, or elsewhere if another
// endpoint may have the answer.
func (p *Pool) sort(t *attempt, e *endpoint, results []Result, sent []int, answers []Result) (again, elsewhere []int, err error) {
	worth := map[Class]bool{}
	for k, i := range sent {
		failed := answers[k].Err
		if failed == nil {
			results[i] = answers[k]
			continue
		}
		switch failed.Class {
		case StateMissing, Refused:
			t.lacking, t.last = e, failed
			if p.hasOther(&attempt{never: map[*endpoint]bool{e: true}}) && !t.never[e] {
				elsewhere = append(elsewhere, i)
				continue
			}
		case Wait, Quota, Rotate, NotYet, Unknown:
			if _, isKnown := worth[failed.Class]; !isKnown {
				worth[failed.Class] = p.again(t, e, failed)
			}
			if worth[failed.Class] {
				again = append(again, i)
				continue
			}
			if !isOwn(failed.Class) {
				return nil, nil, p.exhausted(t)
			}
		default: // final
		}
		results[i] = answers[k]
	}
	if len(again)+len(elsewhere) < len(sent) {
		p.progress(t)
	}
	return again, elsewhere, nil
}

// learnBatch notes that an endpoint does not accept n calls at once.
func (p *Pool) learnBatch(e *endpoint, n int, failed *Error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	size := n / 2
	if hint := int(failed.Hint.Blocks); hint > 0 && hint < n {
		size = hint
	}
	e.maxBatch = min(e.maxBatch, size)
}

// exchange sends some calls in one request and sorts the answers by id. The caller has
// reserved the endpoint and releases it. An error concerns the request as a whole.
func (p *Pool) exchange(ctx context.Context, e *endpoint, calls []Call, which []int) ([]Result, *Error) {
	requests := make([]request, len(which))
	for k, i := range which {
		r, err := newRequest(calls[i], k)
		if err != nil {
			return nil, &Error{Class: Fatal, Message: err.Error(), Endpoint: e.name}
		}
		requests[k] = r
	}
	var form any = requests
	if len(requests) == 1 {
		form = requests[0]
	}
	body, err := json.Marshal(form)
	if err != nil {
		return nil, &Error{Class: Fatal, Message: err.Error(), Endpoint: e.name}
	}
	method := requests[0].Method
	var results []Result
	failed := p.send(ctx, e, method, body, func(in io.Reader, header http.Header) *Error {
		text, err := io.ReadAll(in)
		if err != nil {
			return &Error{Class: Rotate, Message: p.clean(e, err.Error())}
		}
		var failed *Error
		results, failed = p.match(e, requests, text)
		for _, r := range results {
			if r.Err != nil { // the Retry-After header applies to all calls
				r.Err.retryAfter = retryAfter(header)
			}
		}
		return failed
	})
	if failed != nil && failed.Class == SplitBatch && len(which) == 1 && method == methodLogs {
		failed.Class = SplitRange
	}
	return results, failed
}

// An answer is one element of a JSON-RPC response.
type answer struct {
	ID     json.RawMessage `json:"id"`
	Result json.RawMessage `json:"result"`
	Error  json.RawMessage `json:"error"`
}

// match assigns the answers to the requests.
func (p *Pool) match(e *endpoint, requests []request, text []byte) ([]Result, *Error) {
	bad := func(format string, args ...any) *Error {
		return &Error{Class: Rotate, Message: p.clean(e, fmt.Sprintf(format, args...))}
	}
	text = bytes.TrimSpace(text)
	if len(text) == 0 {
		return nil, bad("an empty answer")
	}
	var answers []answer
	if text[0] == '[' {
		if err := json.Unmarshal(text, &answers); err != nil {
			return nil, bad("not JSON: %v", err)
		}
	} else {
		var one answer
		if err := json.Unmarshal(text, &one); err != nil {
			return nil, bad("not JSON (%v): %s", err, firstWords(text))
		}
		// a batch that is refused as a whole gets a single error
		said, isError := parseError(one.Error)
		if !isError && one.Result == nil {
			said, isError = findError(text)
		}
		if isError && (len(requests) > 1 || !idIs(one.ID, requests[0].ID)) {
			return nil, p.failure(e, requests[0].Method, 200, said)
		}
		answers = []answer{one}
	}
	results := make([]Result, len(requests))
	for _, a := range answers {
		k := -1
		for i, r := range requests {
			if idIs(a.ID, r.ID) {
				k = i
				break
			}
		}
		said, isError := parseError(a.Error)
		switch {
		case k < 0 && isError && (len(a.ID) == 0 || string(a.ID) == "null"):
			return nil, p.failure(e, requests[0].Method, 200, said)
		case k < 0:
			return nil, bad("an answer with the id %s, which was not asked", firstWords(a.ID))
		case results[k].Endpoint != "":
			return nil, bad("two answers with the id %s", a.ID)
		}
		results[k] = p.result(e, requests[k].Method, a)
	}
	for k := range results {
		if results[k].Endpoint == "" {
			results[k] = Result{Endpoint: e.name, Err: bad("no answer in the batch")}
			results[k].Err.Endpoint, results[k].Err.Status = e.name, 200
		}
	}
	return results, nil
}

func (p *Pool) result(e *endpoint, method string, a answer) Result {
	if said, isError := parseError(a.Error); isError {
		return Result{Endpoint: e.name, Err: p.failure(e, method, 200, said)}
	}
	if len(a.Result) == 0 || string(a.Result) == "null" {
		failed := &Error{Class: Rotate, Status: 200, Message: "an answer of null to " + method, Endpoint: e.name}
		if isOfBlock(method) {
			failed.Class = NotYet
		}
		return Result{Endpoint: e.name, Err: failed}
	}
	return Result{Endpoint: e.name, Value: a.Result}
}

// isOfBlock says whether null means that the node does not have the block or
// the transaction.
func isOfBlock(method string) bool {
	return strings.HasPrefix(method, "eth_getBlock") || strings.HasPrefix(method, "eth_getTransaction")
}

// idIs compares a returned id, which some proxies turn into text.
func idIs(raw json.RawMessage, want uint64) bool {
	got, err := strconv.ParseUint(strings.Trim(string(raw), `"`), 10, 64)
	return err == nil && got == want
}

func firstWords(text []byte) string {
	return string(text[:min(len(text), 120)])
}
