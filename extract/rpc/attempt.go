package rpc

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// longestBackoff ends the doubling of waits.
const longestBackoff = 30 * time.Second

// backoff is a random part of the first wait, doubled round times: many who wait
// do not come back together.
func backoff(first time.Duration, round int) time.Duration {
	longest := min(longestBackoff, first<<min(round, 10))
	return longest/10 + rand.N(longest*9/10+1)
}

// How often a request is tried when nodes keep giving the same answer.
const (
	mostUnknown = 3
	mostNotYet  = 5
)

// An attempt is the history of one request over all endpoints.
type attempt struct {
	skip  map[*endpoint]bool // have failed it in this round
	never map[*endpoint]bool // cannot serve it
	round int
	began time.Time

	failed, unknown, notYet int
	last                    *Error
	lacking                 *endpoint // cannot serve some calls of a batch
	gaveUp                  bool      // nothing was done for too long, by this request or any other
}

func newAttempt() *attempt {
	return &attempt{skip: map[*endpoint]bool{}, never: map[*endpoint]bool{}, began: time.Now()}
}

// again says whether to retry a request that failed on e.
func (p *Pool) again(t *attempt, e *endpoint, err *Error) bool {
	t.last = err
	t.skip[e] = true
	if err.Class == Wait || err.Class == Rotate {
		if t.gaveUp = p.timeLeft(t) <= 0; t.gaveUp {
			return false
		}
	}
	switch err.Class {
	case Wait:
		return true
	case Rotate:
		if t.failed++; err.isTimeout {
			t.failed++ // each costs a minute
		}
		return t.failed < p.opt.Tries
	case NotYet:
		t.notYet++
		return t.notYet < mostNotYet
	case Unknown:
		t.unknown++
		return t.unknown < mostUnknown
	case Quota:
		return true // if there is another endpoint
	case StateMissing, Refused:
		t.never[e] = true
		return p.hasOther(t)
	default:
		return false
	}
}

// defaultGiveUpAfter is how long endpoints may only fail.
const defaultGiveUpAfter = 3 * time.Minute

// progress notes that calls of a request are done, answered or refused for good. That
// an endpoint says which chain it serves is none: some say that and nothing else.
func (p *Pool) progress(t *attempt) {
	t.failed, t.unknown, t.notYet, t.round = 0, 0, 0, 0
	p.mu.Lock()
	defer p.mu.Unlock()
	p.progressAt, p.stuckSince = time.Now(), time.Time{}
}

// timeLeft is how long a request that has failed may go on, unless a call is done
// before. Time in which nothing was asked does not count.
func (p *Pool) timeLeft(t *attempt) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stuckSince.IsZero() {
		if p.stuckSince = t.began; p.progressAt.After(t.began) {
			p.stuckSince = p.progressAt
		}
	}
	return p.opt.GiveUpAfter - time.Since(p.stuckSince)
}

func (p *Pool) hasOther(t *attempt) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.endpoints {
		if e.closed == nil && !t.never[e] {
			return true
		}
	}
	return false
}

// hasUnasked says whether an endpoint that can serve a request was not asked yet.
func (p *Pool) hasUnasked(t *attempt, asked map[*endpoint]bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.ContainsFunc(p.endpoints, func(e *endpoint) bool {
		return e.closed == nil && !t.never[e] && !t.skip[e] && !asked[e]
	})
}

// exhausted is the error of a request that is not retried.
func (p *Pool) exhausted(t *attempt) error {
	if t.gaveUp {
		return p.gaveUp()
	}
	if t.last.Class == Rotate && t.last.Status == 0 && !t.last.isTimeout || t.last.Class == Quota {
		return p.noEndpoint()
	}
	return t.last
}

// gaveUp is the error if no call was done for too long.
func (p *Pool) gaveUp() error {
	err := p.noEndpoint()
	err.After = p.opt.GiveUpAfter
	return err
}

func (p *Pool) noEndpoint() *NoEndpointError {
	p.mu.Lock()
	defer p.mu.Unlock()
	err := &NoEndpointError{ChainID: p.opt.ChainID}
	for _, e := range p.endpoints {
		if e.last != nil {
			err.Errors = append(err.Errors, e.last)
		}
	}
	return err
}

// reserve waits until an endpoint can accept up to n calls of the request, and returns it
// with their number. It prefers the first endpoint that can serve the request. Those that
// failed in this round are tried again in the next one, after a pause. The caller must
// release the endpoint unless isKept is false: then it is only looked up.
func (p *Pool) reserve(ctx context.Context, n int, t *attempt, isKept bool) (*endpoint, int, error) {
	for {
		e, blocked, isNewRound := p.candidate(t)
		switch {
		case isNewRound:
			left := p.timeLeft(t)
			if left <= 0 {
				return nil, 0, p.gaveUp()
			}
			t.round++
			clear(t.skip)
			if err := p.sleep(ctx, min(left, backoff(p.opt.Backoff, p.doublings(t)))); err != nil {
				return nil, 0, err
			}
			continue
		case e == nil && t.last != nil && len(t.never) > 0:
			return nil, 0, t.last
		case e == nil:
			return nil, 0, p.noEndpoint()
		case blocked > 0:
			if left := p.timeLeft(t); blocked > left {
				return nil, 0, p.tooLong(e, blocked, left)
			}
			if err := p.sleep(ctx, blocked); err != nil {
				return nil, 0, err
			}
			continue
		}
		if err := p.check(ctx, e); err != nil {
			if ctx.Err() != nil {
				return nil, 0, ctx.Err()
			}
			if !p.again(t, e, err) {
				return nil, 0, p.exhausted(t)
			}
			continue
		}
		if !isKept {
			return e, 0, nil
		}
		var size int
		isGone := false
		err := p.wait(ctx, func(now time.Time) (bool, time.Duration) {
			if isGone = e.closed != nil || !e.checked || e.blockedUntil.After(now); isGone {
				return true, 0 // look again
			}
			size = min(n, e.batch())
			return e.take(size, now)
		})
		if err != nil {
			if !isGone && size > 0 {
				p.unreserve(e, size)
			}
			return nil, 0, err
		}
		if !isGone {
			return e, size, nil
		}
	}
}

// doublings says how often a request's wait is doubled: once per round, but not if only
// this request is being throttled while an endpoint answers others.
func (p *Pool) doublings(t *attempt) int {
	n := t.round - 1
	if t.last.Class != Wait {
		return n
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.endpoints {
		if e.closed == nil && !t.never[e] {
			n = min(n, e.throttled)
		}
	}
	return n
}

// tooLong is the error if an endpoint would be waited for in vain.
func (p *Pool) tooLong(e *endpoint, blocked, left time.Duration) error {
	p.mu.Lock()
	last := e.last
	p.mu.Unlock()
	if last == nil || last.retryAfter == 0 {
		return p.gaveUp()
	}
	err := *last
	err.Message += fmt.Sprintf(" (it asks to wait %s, longer than give_up_after leaves, %s)",
		blocked.Round(time.Second), max(0, left).Round(time.Second))
	return &NoEndpointError{ChainID: p.opt.ChainID, Errors: []*Error{&err}}
}

// unreserve releases calls that were reserved but not sent.
func (p *Pool) unreserve(e *endpoint, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e.inFlight--
	e.window.answered(n, time.Now())
}

// candidate is the endpoint to use next: the first that is not blocked, or else the one
// that will be free first, with the time until then. If all remaining ones have failed in
// this round, a new round may begin. A silent endpoint is skipped as long as another
// answers.
func (p *Pool) candidate(t *attempt) (e *endpoint, blocked time.Duration, isNewRound bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	answers := func(e *endpoint) bool { return e.closed == nil && !t.never[e] && !e.isSilent(now) && e.failures < 3 }
	passOver := slices.ContainsFunc(p.endpoints, answers)
	for _, other := range p.endpoints {
		if other.closed != nil || t.never[other] || passOver && other.isSilent(now) {
			continue
		}
		if t.skip[other] {
			isNewRound = true
			continue
		}
		wait := max(0, other.blockedUntil.Sub(now))
		if wait == 0 || p.opt.Replay != "" {
			return other, 0, false
		}
		if e == nil || wait < blocked {
			e, blocked = other, wait
		}
	}
	return e, blocked, isNewRound
}

// sleep waits, except in a replay.
func (p *Pool) sleep(ctx context.Context, d time.Duration) error {
	if p.opt.Replay != "" {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
