package rpc

import "time"

// A window keeps an endpoint's rate as the endpoint itself counts it. A call
// takes its place when it is sent and gives it back one span after its answer
// came. Between the two lies the moment at which the server counted it,
// whatever the network did, so that no span at the server holds more calls than
// there are places. A token bucket would let two bursts meet in one second. A
// fraction of a call per second beyond whole ones is not used.
type window struct {
	places int // 0: no limit
	span   time.Duration
	taken  int
	back   []giveBack // in the order of time
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

// take reserves n places, or says how long until some are given back; 0 if only
// an answer can free them.
func (w *window) take(n int, now time.Time) (ok bool, wait time.Duration) {
	if w.places == 0 {
		return true, 0
	}
	for len(w.back) > 0 && !w.back[0].at.After(now) {
		w.taken -= w.back[0].places
		w.back = w.back[1:]
	}
	if w.taken+min(n, w.places) <= w.places {
		w.taken += n
		return true, 0
	}
	if len(w.back) > 0 {
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
