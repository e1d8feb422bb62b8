package rpc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/vaultperf/vaultperf/crash"
)

// Options say which endpoints serve a chain and how they may be used. A zero value means
// the default named at each field.
type Options struct {
	ChainID           uint64
	URLs              []string      // of one chain, in the order of preference; http or https, with their keys
	RequestsPerSecond float64       // calls to one endpoint, each of a batch counted; 0: no limit
	MaxBatch          int           // calls in one request; 100
	Concurrency       int           // most requests to one endpoint at once; 16
	Timeout           time.Duration // of one try; 60 s
	MaxBody           int64         // bytes of one answer, unpacked; 64 MiB
	Tries             int           // of a request that fails for reasons other than its own; 8
	Backoff           time.Duration // before the second try, doubled with each further one; 100 ms
	GiveUpAfter       time.Duration // of failures, throttling included, without one call that is done; 3 min

	// Record is a folder to record requests and answers in, without keys. Replay is
	// such a folder to answer from instead of the network, and URLs are ignored. Both
	// send one request at a time, so that the order is always the same.
	Record, Replay string

	Transport http.RoundTripper // nil: one of net/http
	Notice    func(text string) // receives messages about throttling, failover and the like; may be nil

	checkTimeout time.Duration // of the first requests to an endpoint; 10 s, or Timeout if that is shorter
	passOver     time.Duration // how long an unresponsive endpoint is skipped at first; 30 s
}

// A Pool is the endpoints of one chain. Its methods may be called concurrently.
type Pool struct {
	opt       Options
	client    *http.Client
	endpoints []*endpoint

	mu         sync.Mutex
	changed    chan struct{} // closed when an endpoint may have become free
	stats      Stats
	anchor     *Block    // the block that every endpoint must have; nil: none yet
	progressAt time.Time // when a call was last done
	stuckSince time.Time // no call was done since, and some have failed; zero: none has
}

// A Block identifies a block.
type Block struct {
	Number uint64
	Hash   Word
	Time   int64 // Unix seconds
}

// Stats count what a pool has done.
type Stats struct {
	Requests  int64 // HTTP requests
	Calls     int64 // JSON-RPC calls in them
	Throttled int64 // calls refused for their rate
	Failed    int64 // requests without a usable answer
	Bytes     int64 // of answers, unpacked
}

// New makes a pool without sending any request: an endpoint's chain is checked before its
// first use. Errors do not show URLs.
func New(opt Options) (*Pool, error) {
	opt = opt.filled()
	p := &Pool{opt: opt, changed: make(chan struct{})}
	var recorded []string
	if opt.Replay != "" {
		var err error
		if recorded, err = recordedEndpoints(recordingOf(opt.Replay, opt.ChainID)); err != nil {
			return nil, err
		}
		opt.URLs = nil
		for i := range recorded {
			opt.URLs = append(opt.URLs, fmt.Sprintf("http://%s:%d", replayHost, i+1))
		}
	}
	names := map[string]int{}
	for i, raw := range opt.URLs {
		u, secret, err := newSecret(raw)
		if err != nil {
			return nil, fmt.Errorf("endpoint %d of chain %d: %w", i+1, opt.ChainID, err)
		}
		name := secret.name
		if names[name]++; names[name] > 1 {
			name += " (" + strconv.Itoa(names[name]) + ")"
		}
		if recorded != nil {
			name = recorded[i]
		}
		p.endpoints = append(p.endpoints, &endpoint{
			url: u, secret: secret, name: name, isNear: isNear(u),
			window: newWindow(opt.RequestsPerSecond), checking: make(chan struct{}, 1),
			limit: min(firstConcurrency, opt.Concurrency), most: opt.Concurrency, maxBatch: opt.MaxBatch,
		})
	}
	if len(p.endpoints) == 0 {
		return nil, fmt.Errorf("chain %d: want at least one endpoint", opt.ChainID)
	}
	transport, err := p.transport()
	if err != nil {
		return nil, err
	}
	p.client = &http.Client{
		Transport: transport,
		// a redirect would change the request and pass the key on
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return p, nil
}

// transport is the network, possibly recorded, or a replay.
func (p *Pool) transport() (http.RoundTripper, error) {
	if p.opt.Replay != "" {
		return &replayer{dir: recordingOf(p.opt.Replay, p.opt.ChainID)}, nil
	}
	next := p.opt.Transport
	if next == nil {
		next = newTransport(p.opt.Concurrency)
	}
	if p.opt.Record != "" {
		return newRecorder(recordingOf(p.opt.Record, p.opt.ChainID), p.endpoints, next, p.opt.MaxBody)
	}
	return next, nil
}

func (o Options) filled() Options {
	if o.MaxBatch <= 0 {
		o.MaxBatch = 100
	}
	o.MaxBatch = min(o.MaxBatch, largestBatch)
	if o.Concurrency <= 0 {
		o.Concurrency = 16
	}
	if o.Timeout <= 0 {
		o.Timeout = time.Minute
	}
	if o.MaxBody <= 0 {
		o.MaxBody = 64 << 20
	}
	if o.Tries <= 0 {
		o.Tries = 8
	}
	if o.Backoff <= 0 {
		o.Backoff = 100 * time.Millisecond
	}
	if o.GiveUpAfter <= 0 {
		o.GiveUpAfter = defaultGiveUpAfter
	}
	if o.checkTimeout <= 0 {
		o.checkTimeout = min(10*time.Second, o.Timeout)
	}
	if o.passOver <= 0 {
		o.passOver = 30 * time.Second
	}
	if o.Record != "" || o.Replay != "" {
		o.Concurrency = 1
	}
	if o.Replay != "" {
		o.RequestsPerSecond = 0
	}
	return o
}

func newTransport(connections int) http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = connections
	t.ReadBufferSize = 64 << 10
	return t
}

// Dial makes a pool and asks every endpoint for its chain. Those that serve
// another chain are not used; those that do not answer are asked again when
// they are needed. The error is a *NoEndpointError if none can be used.
func Dial(ctx context.Context, opt Options) (*Pool, error) {
	p, err := New(opt)
	if err != nil {
		return nil, err
	}
	var wait sync.WaitGroup
	for _, e := range p.endpoints {
		if opt.Record == "" && opt.Replay == "" {
			wait.Go(func() {
				defer crash.Watch()
				_ = p.check(ctx, e) // the result is stored in e
			})
			continue
		}
		_ = p.check(ctx, e)
	}
	wait.Wait()
	if _, _, err := p.reserve(ctx, 1, newAttempt(), false); err != nil {
		var failed *Error
		if errors.As(err, &failed) {
			err = p.noEndpoint()
		}
		return nil, err
	}
	p.mu.Lock()
	p.stuckSince = time.Time{} // the work begins when the caller asks
	p.mu.Unlock()
	return p, nil
}

// ChainID is the id of the pool's chain.
func (p *Pool) ChainID() uint64 { return p.opt.ChainID }

// Concurrency is how many requests can be in flight at once.
func (p *Pool) Concurrency() int { return p.opt.Concurrency }

// Endpoints are the masked names, in the order of preference.
func (p *Pool) Endpoints() []string {
	names := make([]string, len(p.endpoints))
	for i, e := range p.endpoints {
		names[i] = e.name
	}
	return names
}

// Stats are the counts so far.
func (p *Pool) Stats() Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stats
}

func (p *Pool) notice(format string, args ...any) {
	if p.opt.Notice != nil {
		p.opt.Notice(fmt.Sprintf(format, args...))
	}
}

// Anchor makes every endpoint prove, before it is used again, that it has this block. An
// endpoint that is behind would answer without the latest logs, and one on another fork
// with different logs. from, if not empty, is the endpoint that returned the block.
func (p *Pool) Anchor(b Block, from string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.anchor = &b
	for _, e := range p.endpoints {
		e.checked = e.checked && e.name == from
	}
}

// check makes sure that an endpoint serves the chain and has the anchor, unless it was
// checked before.
func (p *Pool) check(ctx context.Context, e *endpoint) *Error {
	began := time.Now()
	select {
	case e.checking <- struct{}{}:
		defer func() { <-e.checking }()
	case <-ctx.Done():
		return &Error{Class: Fatal, Message: ctx.Err().Error(), Endpoint: e.name}
	}
	p.mu.Lock()
	if e.silentSince.After(began) { // another goroutine's check failed while this one waited
		last := *e.last
		p.mu.Unlock()
		return &last
	}
	e.isChecking = true
	defer func() {
		p.mu.Lock()
		e.isChecking = false
		p.mu.Unlock()
	}()
	isChecked, closed, servesChain, anchor := e.checked, e.closed, e.servesChain && e.failures == 0, p.anchor
	p.mu.Unlock()
	if isChecked || closed != nil {
		return closed
	}
	if !servesChain {
		if failed := p.checkChain(ctx, e); failed != nil {
			return failed
		}
	}
	if anchor != nil {
		if failed := p.checkAnchor(ctx, e, *anchor); failed != nil {
			return failed
		}
	}
	p.mu.Lock()
	e.servesChain, e.checked = true, true
	p.mu.Unlock()
	return nil
}

func (p *Pool) checkChain(ctx context.Context, e *endpoint) *Error {
	return p.ask(ctx, e, Call{Method: "eth_chainId"}, func(value string) *Error {
		if value == fmt.Sprintf("%#x", p.opt.ChainID) {
			return nil
		}
		failed := &Error{
			Class: Refused, isClosed: true,
			Message: fmt.Sprintf("serves chain %s, want %#x", harmless(value), p.opt.ChainID),
		}
		return failed
	})
}

func (p *Pool) checkAnchor(ctx context.Context, e *endpoint, anchor Block) *Error {
	return p.ask(ctx, e, Call{"eth_getBlockByNumber", []any{fmt.Sprintf("%#x", anchor.Number), false}}, func(value string) *Error {
		block, err := ParseBlock([]byte(value))
		switch {
		case err != nil:
			return &Error{Class: Rotate, Message: p.clean(e, err.Error())}
		case block.Hash != anchor.Hash:
			return &Error{Class: NotYet, Message: fmt.Sprintf("has another block %d than the other endpoints", anchor.Number)}
		}
		return nil
	})
}

// ask sends one call to one endpoint, without retries.
func (p *Pool) ask(ctx context.Context, e *endpoint, call Call, judge func(value string) *Error) *Error {
	if err := p.wait(ctx, func(now time.Time) (bool, time.Duration) { return e.take(1, now) }); err != nil {
		return &Error{Class: Fatal, Message: err.Error(), Endpoint: e.name}
	}
	start := time.Now()
	try, cancel := context.WithTimeout(ctx, p.opt.checkTimeout)
	defer cancel()
	answers, failed := p.exchange(try, e, []Call{call}, []int{0})
	if failed != nil && failed.isTimeout {
		failed.Message = fmt.Sprintf("no whole answer within %s", p.opt.checkTimeout)
	}
	if failed == nil {
		failed = answers[0].Err
	}
	if failed == nil {
		if failed = judge(strings.Trim(string(answers[0].Value), `"`)); failed != nil {
			failed.Endpoint, failed.Status = e.name, http.StatusOK
		}
	}
	p.release(e, 1, failed, start)
	return failed
}

// ParseBlock reads the block that eth_getBlockByNumber answers with.
func ParseBlock(value []byte) (Block, error) {
	var b Block
	has := 0
	s := newScanner(bytes.NewReader(value), make([]byte, 4096))
	s.object(func(key []byte) {
		switch string(key) {
		case "number":
			b.Number = s.quantity()
			has |= 1
		case "hash":
			s.fixed(b.Hash[:])
			has |= 2
		case "timestamp":
			b.Time = s.time()
			has |= 4
		default:
			s.skip(nil)
		}
	})
	if s.err == nil && has != 7 {
		s.err = errors.New("want number, hash and timestamp")
	}
	if s.err != nil {
		return b, fmt.Errorf("read a block: %w", s.err)
	}
	return b, nil
}

// release frees an endpoint after a request.
func (p *Pool) release(e *endpoint, n int, err *Error, start time.Time) {
	p.mu.Lock()
	wasClosed := e.closed != nil
	now := time.Now()
	e.release(n, err, start, now, p.opt.Backoff)
	isSilent := false
	if err != nil && err.Class == Rotate && (err.isTimeout || e.isChecking && err.Status == 0) {
		e.silence(start, now, p.opt.passOver)
		isSilent = len(p.endpoints) > 1 && !e.isNoticed
		e.isNoticed = e.isNoticed || isSilent
	}
	p.stats.Requests++
	p.stats.Calls += int64(n)
	if err != nil && err.Class == Wait {
		p.stats.Throttled++
	} else if err != nil && err.Class == Rotate {
		p.stats.Failed++
	}
	isClosed := e.closed != nil && !wasClosed
	close(p.changed)
	p.changed = make(chan struct{})
	p.mu.Unlock()
	if isClosed {
		p.notice("%v; it is not used any more", err)
	}
	if isSilent {
		p.notice("%v; it is passed over for a while, as long as another answers", err)
	}
}

// wait calls take under the lock until it succeeds.
func (p *Pool) wait(ctx context.Context, take func(now time.Time) (ok bool, wait time.Duration)) error {
	for {
		p.mu.Lock()
		ok, wait := take(time.Now())
		changed := p.changed
		p.mu.Unlock()
		if ok {
			return ctx.Err()
		}
		if wait <= 0 {
			wait = time.Hour // a change will end the wait before that
		}
		timer := time.NewTimer(wait)
		select {
		case <-changed:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}
