package rpc

import (
	"math"
	"net/netip"
	"net/url"
	"time"
)

// Bounds of an endpoint's concurrent requests: additive increase with good answers,
// multiplicative decrease when it throttles or is slow.
const (
	firstConcurrency = 4
	goodForMore      = 20
)

// longestSilence bounds how long an unresponsive endpoint is skipped, which doubles each
// time.
const longestSilence = 5 * time.Minute

// An endpoint is one URL and what was learnt about it. Its fields are guarded by the pool's
// lock.
type endpoint struct {
	url    *url.URL
	secret secret
	name   string // masked, unique in the pool
	isNear bool   // on this machine, where compressing an answer takes longer than sending it

	window   window
	inFlight int
	limit    int // requests at once
	most     int
	good     int // answers since limit changed
	cutAt    time.Time
	needed   float64 // concurrent requests that use up the rate, smoothed; 0 without a rate

	blockedUntil time.Time // because it asked to wait, or does not answer
	failures     int       // in a row
	throttled    int       // answers in a row
	maxBatch     int       // learnt
	closed       *Error    // not used any more, and why
	last         *Error

	// an endpoint that stopped answering is skipped for a while, as long as another answers
	silentUntil time.Time
	silentSince time.Time
	silences    int // in a row
	isNoticed   bool

	isChecking  bool
	checking    chan struct{} // holds one who checks it
	servesChain bool          // has been found to serve the pool's chain
	checked     bool          // and has the anchor
}

// isNear says whether a URL is of this machine.
func isNear(u *url.URL) bool {
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}

// take reserves an endpoint for a request of n calls, or returns how long to wait; 0: until
// something changes.
func (e *endpoint) take(n int, now time.Time) (ok bool, wait time.Duration) {
	if e.inFlight >= e.limit {
		return false, 0
	}
	if ok, wait = e.window.take(n, now); ok {
		e.inFlight++
	}
	return ok, wait
}

// release records the outcome of a request that was sent at start.
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
		// one bad answer is no reason to pause an endpoint
		if e.failures++; e.failures >= 3 && err.Status == 0 {
			e.block(now.Add(backoff(pause, e.failures-3)))
			e.checked = false // what answers next may be another node
		}
	default:
		e.answered(now) // a refusal is an answer
	}
}

// silence makes an endpoint be skipped, for longer each time. Failures of requests that
// were in flight together count once.
func (e *endpoint) silence(start, now time.Time, first time.Duration) {
	if start.Before(e.silentSince) {
		return
	}
	e.silentSince = now
	e.silentUntil = now.Add(min(longestSilence, first<<min(e.silences, 10)))
	e.silences++
	e.checked = false // a short request will show whether it is back
}

// isSilent says whether to skip an endpoint because it stopped answering. While one request
// checks whether it is back, the others skip it.
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

// slower halves the number of concurrent requests, once for all that were in flight
// together, but not below least. If a rate is set, it already limits an endpoint that
// throttles: fewer concurrent requests than use up the rate would only add latency.
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

// batch is how many calls the endpoint accepts in one request.
func (e *endpoint) batch() int {
	if e.window.places > 0 {
		return min(e.maxBatch, e.window.places)
	}
	return e.maxBatch
}
