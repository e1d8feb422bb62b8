package rpc

import "net/http"

const replayHost = "replay.invalid"

type recorder struct {
	dir   string
	chain uint64
	next  http.RoundTripper
	pool  *Pool
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) { return r.next.RoundTrip(req) }

type replayer struct {
	dir   string
	chain uint64
}

func (r *replayer) RoundTrip(req *http.Request) (*http.Response, error) { return nil, http.ErrNotSupported }
