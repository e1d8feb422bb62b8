// Package memnet is a network in memory with one server. Waiting on it is seen by
// synctest, so that a test's clock stands still while the machine is busy, and goes on
// at once where all wait.
package memnet

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
)

// Serve serves handler until the test's end. The transport reaches it, whatever the
// host of a request.
func Serve(t testing.TB, handler http.Handler) (*httptest.Server, http.RoundTripper) {
	open, closeAll := context.WithCancel(t.Context())
	network := pipes{make(chan net.Conn), open, closeAll}
	server := httptest.NewUnstartedServer(handler)
	_ = server.Listener.Close()
	server.Listener = network
	server.Start()
	t.Cleanup(server.Close)
	transport := &http.Transport{
		MaxIdleConnsPerHost: 16,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			mine, theirs := net.Pipe()
			select {
			case network.ends <- theirs:
				return mine, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return server, transport
}

type pipes struct {
	ends  chan net.Conn
	open  context.Context
	close context.CancelFunc // may be called twice
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case end := <-p.ends:
		return end, nil
	case <-p.open.Done():
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error { p.close(); return nil }

func (p pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }
