package rpc

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"unicode/utf8"
)

// A recording is a folder per chain with one gzipped JSON file per answer. A file is named
// by the digest of its request and by how often that was sent before, so that a replay
// depends on no other order.

// replayHost is where a replay's requests seem to go; the domain cannot exist.
const replayHost = "replay.invalid"

// endpointsFile names the endpoints that were recorded, masked.
const endpointsFile = "endpoints.json"

// An exchanged is one request and its outcome.
type exchanged struct {
	Endpoint   string          `json:"endpoint"`
	Request    json.RawMessage `json:"request"`
	Status     int             `json:"status,omitempty"` // 0: no answer
	RetryAfter string          `json:"retry_after,omitempty"`
	Body       string          `json:"body,omitempty"`
	Bytes      []byte          `json:"bytes,omitempty"` // the body, if it is not text
	Error      string          `json:"error,omitempty"` // why it is incomplete
	IsTimeout  bool            `json:"is_timeout,omitempty"`
}

func recordingOf(dir string, chain uint64) string {
	return filepath.Join(dir, "chain-"+strconv.FormatUint(chain, 10))
}

func recordingFile(dir string, body []byte, times int) string {
	return filepath.Join(dir, fmt.Sprintf("%.16x-%03d.json.gz", sha256.Sum256(body), times))
}

// A counter counts how often each request was sent.
type counter struct {
	mu    sync.Mutex
	times map[[32]byte]int
}

func (c *counter) next(body []byte) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.times == nil {
		c.times = map[[32]byte]int{}
	}
	key := sha256.Sum256(body)
	c.times[key]++
	return c.times[key] - 1
}

// A recorder records what passes through it.
type recorder struct {
	dir     string
	next    http.RoundTripper
	most    int64
	secrets map[string]recorded // by URL
	counter counter
}

type recorded struct {
	name   string
	secret secret
}

// newRecorder begins a recording, or refuses to mix two.
func newRecorder(dir string, endpoints []*endpoint, next http.RoundTripper, most int64) (*recorder, error) {
	if _, err := os.Stat(filepath.Join(dir, endpointsFile)); err == nil {
		return nil, fmt.Errorf("record: %s already holds a recording", dir)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	r := &recorder{dir: dir, next: next, most: most, secrets: map[string]recorded{}}
	var names []string
	for _, e := range endpoints {
		names = append(names, e.name)
		r.secrets[e.url.String()] = recorded{e.name, e.secret}
	}
	text, err := json.Marshal(names)
	if err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, endpointsFile), append(text, '\n'), 0o644); err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	return r, nil
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	who := r.secrets[req.URL.String()]
	sent := req.Clone(req.Context())
	sent.Body = io.NopCloser(bytes.NewReader(body))
	x := exchanged{Endpoint: who.name, Request: body}
	resp, err := r.next.RoundTrip(sent)
	var text []byte
	failed := err
	if err == nil {
		text, failed = io.ReadAll(io.LimitReader(resp.Body, r.most+1))
		failed = errors.Join(failed, resp.Body.Close())
		x.Status, x.RetryAfter = resp.StatusCode, resp.Header.Get("Retry-After")
		if hidden := who.secret.hide(string(text)); utf8.ValidString(hidden) {
			x.Body = hidden
		} else {
			x.Bytes = []byte(hidden)
		}
	}
	if failed != nil {
		var network net.Error
		x.Error = who.secret.hide(failed.Error())
		x.IsTimeout = errors.As(failed, &network) && network.Timeout()
	}
	if err := r.write(body, x); err != nil {
		return nil, &recordingError{err}
	}
	if err != nil {
		return nil, err
	}
	resp.Body = &readThenFail{Reader: bytes.NewReader(text), err: failed}
	return resp, nil
}

func (r *recorder) write(body []byte, x exchanged) error {
	text, err := json.Marshal(x)
	if err != nil {
		return err
	}
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, err = w.Write(text)
	if err := errors.Join(err, w.Close()); err != nil {
		return err
	}
	return os.WriteFile(recordingFile(r.dir, body, r.counter.next(body)), zipped.Bytes(), 0o644)
}

// A recordingError says that a recording cannot be written, or lacks a request.
type recordingError struct{ err error }

func (e *recordingError) Error() string { return e.err.Error() }

func (e *recordingError) Unwrap() error { return e.err }

// readThenFail is a body that ends with the error it ended with when it was recorded.
type readThenFail struct {
	*bytes.Reader
	err error
}

func (r *readThenFail) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	if errors.Is(err, io.EOF) && r.err != nil {
		err = r.err
	}
	return n, err
}

func (r *readThenFail) Close() error { return nil }

// recordedEndpoints are the masked names of the endpoints of a recording.
func recordedEndpoints(dir string) ([]string, error) {
	text, err := os.ReadFile(filepath.Join(dir, endpointsFile))
	if err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	var names []string
	if err := json.Unmarshal(text, &names); err != nil || len(names) == 0 {
		return nil, fmt.Errorf("replay: %s: want the names of endpoints", filepath.Join(dir, endpointsFile))
	}
	return names, nil
}

// A replayer answers from a recording.
type replayer struct {
	dir     string
	counter counter
}

func (r *replayer) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	x, err := r.find(body)
	if err != nil {
		return nil, &recordingError{err}
	}
	var failed error
	if x.Error != "" {
		failed = &replayedError{x.Error, x.IsTimeout}
	}
	if x.Status == 0 {
		return nil, failed
	}
	text := []byte(x.Body)
	if len(x.Bytes) > 0 {
		text = x.Bytes
	}
	resp := &http.Response{
		StatusCode: x.Status, Status: http.StatusText(x.Status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: &readThenFail{bytes.NewReader(text), failed}, ContentLength: -1, Request: req,
	}
	if x.RetryAfter != "" {
		resp.Header.Set("Retry-After", x.RetryAfter)
	}
	return resp, nil
}

// find reads the answer to a request; the last one if it is sent more often than it was
// recorded.
func (r *replayer) find(body []byte) (exchanged, error) {
	var x exchanged
	for times := r.counter.next(body); times >= 0; times-- {
		zipped, err := os.ReadFile(recordingFile(r.dir, body, times))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return x, fmt.Errorf("replay: %w", err)
		}
		in, err := gzip.NewReader(bytes.NewReader(zipped))
		if err == nil {
			err = json.NewDecoder(in).Decode(&x)
		}
		if err != nil {
			return x, fmt.Errorf("replay %s: %w", recordingFile(r.dir, body, times), err)
		}
		return x, nil
	}
	return x, fmt.Errorf("the recording has no answer to %s", body[:min(len(body), 200)])
}

type replayedError struct {
	text      string
	isTimeout bool
}

func (e *replayedError) Error() string { return e.text }

func (e *replayedError) Timeout() bool { return e.isTimeout }

func (e *replayedError) Temporary() bool { return false }
