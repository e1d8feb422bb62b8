package rpc

import (
	"math"
	"net/netip"
	"net/url"
	"sync"
	"time"
)

// Bounds of how many requests an endpoint gets at once: additive increase with
// its good answers, multiplicative decrease when it is throttling or late.
const (
	firstConcurrency = 4
	goodForMore      = 20
)

// longestSilence ends the doubling of how long an endpoint is passed over.
const longestSilence = 5 * time.Minute

// An endpoint is one URL and what was learnt about it. Its fields are guarded
// by the pool's lock.
type endpoint struct {
	url    *url.URL
	secret secret
	name   string // masked, unique in the pool
	isNear bool   // on this machine: to pack and unpack an answer takes longer than to send it

	window   window
	inFlight int
	limit    int // requests at once
	most     int
	good     int // answers since limit changed
	cutAt    time.Time
	needed   float64 // requests at once that use up the rate, smoothed; 0 without a rate

	blockedUntil time.Time // it asked to wait, or does not answer
	failures     int       // in a row
	throttled    int       // answers in a row
	maxBatch     int       // learnt
	closed       *Error    // not used any more, and why
	last         *Error

	// one that fell silent is passed over for a while, as long as another answers
	silentUntil time.Time
	silentSince time.Time
	silences    int // in a row
	isNoticed   bool

	isChecking  bool
	checking    sync.Mutex
	servesChain bool // serves the chain that is wanted
	checked     bool // and has the anchor
}

// isNear says whether a URL is of this machine.
func isNear(u *url.URL) bool {
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}

// take reserves an endpoint for a request of n calls, or says how long to wait;
// 0: until something changes.
func (e *endpoint) take(n int, now time.Time) (ok bool, wait time.Duration) {
	if e.inFlight >= e.limit {
		return false, 0
	}
	if ok, wait = e.window.take(n, now); ok {
		e.inFlight++
	}
	return ok, wait
}

// settle notes how a request went that was sent at start.
func (e *endpoint) release(n int, err *Error, start, now time.Time, pause time.Duration) {
	e.inFlight--
	e.window.answered(n, now)
	if err == nil || err.Class == Wait {
		e.needed += (e.window.requests(now.Sub(start), n) - e.needed) / 8
	}
	if err != nil {
		e.last = err
	}
	switch {
	case err == nil:
		e.answered(now)
	case err.Class == Wait:
		e.failures = 0
		e.throttled++
		e.slower(start, now, int(math.Ceil(e.needed)))
		if err.retryAfter > 0 {
			e.block(now.Add(err.retryAfter))
		}
	case err.isClosed, err.Class == Quota:
		e.closed = err
	case err.Class == Rotate:
		if err.isTimeout {
			e.slower(start, now, 1)
		}
		// one bad answer is no reason to leave an endpoint alone
		if e.failures++; e.failures >= 3 && err.Status == 0 {
			e.block(now.Add(backoff(pause, e.failures-3)))
			e.checked = false // what comes back may be another node
		}
	default:
		e.answered(now) // a refusal is an answer
	}
}

// silence has an endpoint passed over, each time for longer; what was on its way
// together counts once.
func (e *endpoint) silence(start, now time.Time, first time.Duration) {
	if start.Before(e.silentSince) {
		return
	}
	e.silentSince = now
	e.silentUntil = now.Add(min(longestSilence, first<<min(e.silences, 10)))
	e.silences++
	e.checked = false // a short question shows whether it is back
}

// isSilent says whether to pass an endpoint over; where one that was silent is being
// checked, that is for one request to wait for.
func (e *endpoint) isSilent(now time.Time) bool {
	return e.silentUntil.After(now) || e.silences > 0 && e.isChecking
}

func (e *endpoint) answered(now time.Time) {
	e.failures, e.throttled = 0, 0
	if now.After(e.silentUntil) {
		e.silences = 0
	}
	if e.good++; e.good >= goodForMore && e.limit < e.most {
		e.limit++
		e.good = 0
	}
}

// slower halves the requests at once, only once for all that were on their way
// together, but lets there be least. Where a rate is set, that is what holds an endpoint
// that throttles back: fewer at once than use it up would only add each answer's way to
// the time.
func (e *endpoint) slower(start, now time.Time, least int) {
	if start.Before(e.cutAt) {
		return
	}
	e.limit = min(e.most, max(1, least, e.limit/2))
	e.good = 0
	e.cutAt = now
}

func (e *endpoint) block(until time.Time) {
	if until.After(e.blockedUntil) {
		e.blockedUntil = until
	}
}

// batch is how many calls the endpoint takes in one request.
func (e *endpoint) batch() int {
	if e.window.places > 0 {
		return min(e.maxBatch, e.window.places)
	}
	return e.maxBatch
}
