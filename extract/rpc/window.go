package rpc

import (
	"time"
)

// A window enforces an endpoint's rate limit as the endpoint itself counts it. A call takes
// a place when it is sent and returns it one span after its answer arrived. The server
// counts the call at some moment in between, whatever the network does, so that no span at
// the server contains more calls than there are places; with a token bucket two bursts
// could fall into one second. Calls are also spread evenly over the span, because some
// servers use shorter ones. The fractional part of a rate above one is not used.
type window struct {
	places int // 0: no limit
	span   time.Duration
	taken  int
	back   []giveBack // in the order of time
	next   time.Time  // no call is sent before this
}

type giveBack struct {
	at     time.Time
	places int
}

func newWindow(perSecond float64) window {
	if perSecond <= 0 {
		return window{}
	}
	if perSecond < 1 {
		return window{places: 1, span: time.Duration(float64(time.Second) / perSecond)}
	}
	return window{places: int(perSecond), span: time.Second}
}

// take reserves n places, at most as many as there are. If they are not free it returns
// how long to wait before trying again; 0 if only an answer can free them.
func (w *window) take(n int, now time.Time) (ok bool, wait time.Duration) {
	if w.places == 0 {
		return true, 0
	}
	for len(w.back) > 0 && !w.back[0].at.After(now) {
		w.taken -= w.back[0].places
		w.back = w.back[1:]
	}
	switch {
	case w.next.After(now):
		return false, w.next.Sub(now)
	case w.taken+n <= w.places:
		w.taken += n
		from := now
		if late := now.Sub(w.next); late < w.span/20 { // a timer's delay is not lost
			from = w.next
		}
		w.next = from.Add(w.span * time.Duration(n) / time.Duration(w.places))
		return true, 0
	case len(w.back) > 0:
		return false, w.back[0].at.Sub(now)
	}
	return false, 0
}

// answered starts the span after which n places are free again.
func (w *window) answered(n int, now time.Time) {
	if w.places > 0 {
		w.back = append(w.back, giveBack{now.Add(w.span), n})
	}
}

// requests is how many concurrent requests of n calls use up the rate, if each takes this
// long.
func (w *window) requests(took time.Duration, n int) float64 {
	if w.places == 0 {
		return 0
	}
	return took.Seconds() / w.span.Seconds() * float64(w.places) / float64(n)
}
