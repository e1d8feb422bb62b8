package rpc

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// largestBatch bounds the ids of a batch.
const largestBatch = 1 << 14

// request is one call as it is sent.
type request struct {
	Version string          `json:"jsonrpc"`
	ID      uint64          `json:"id"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
}

// newRequest derives a call's id from its content and its position in the batch. The answer
// to another call has another id, and the same call always has the same one, so that
// recordings can be replayed.
func newRequest(c Call, position int) (request, error) {
	params := []byte("[]")
	if len(c.Params) > 0 {
		var err error
		if params, err = json.Marshal(c.Params); err != nil {
			return request{}, fmt.Errorf("write %s: %w", c.Method, err)
		}
	}
	hash := fnv.New32a()
	_, _ = io.WriteString(hash, c.Method) // never fails
	_, _ = hash.Write(params)
	id := uint64(hash.Sum32())<<14 | uint64(position)
	return request{"2.0", id, c.Method, params}, nil
}

// send posts body to an endpoint and passes the decompressed answer to read, with an error
// at its end if it is too large. A failure without an answer becomes an *Error here.
func (p *Pool) send(ctx context.Context, e *endpoint, method string, body []byte, read func(io.Reader, http.Header) *Error) *Error {
	try, cancel := context.WithTimeout(ctx, p.opt.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(try, http.MethodPost, e.url.String(), bytes.NewReader(body))
	if err != nil {
		return p.broken(try, e, 0, err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "vaultperf")
	if e.isNear {
		req.Header.Set("Accept-Encoding", "identity")
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return p.broken(try, e, 0, err)
	}
	defer func() {
		_, _ = io.CopyN(io.Discard, resp.Body, 64<<10) // so that the connection can be used again
		_ = resp.Body.Close()                          // read to the end or abandoned
	}()
	limited := &limitedReader{from: resp.Body, left: p.opt.MaxBody}
	defer func() {
		p.mu.Lock()
		p.stats.Bytes += p.opt.MaxBody - limited.left
		p.mu.Unlock()
	}()
	if resp.StatusCode != http.StatusOK {
		return p.refused(try, e, method, resp, limited)
	}
	failed := read(limited, resp.Header)
	switch {
	case limited.err != nil:
		return p.broken(try, e, resp.StatusCode, limited.err)
	case failed == nil:
		return nil
	}
	failed.Endpoint, failed.Status = e.name, resp.StatusCode
	failed.retryAfter = retryAfter(resp.Header)
	return failed
}

// broken is the error for an answer that did not arrive, or only in part.
func (p *Pool) broken(ctx context.Context, e *endpoint, status int, err error) *Error {
	failed := &Error{Class: Rotate, Status: status, Endpoint: e.name}
	var network net.Error
	var recording *recordingError
	switch {
	case errors.As(err, &recording):
		failed.Class, failed.Message = Fatal, recording.Error()
		return failed
	case errors.Is(err, errTooLarge):
		failed.Class = SplitBatch // or fewer blocks; the caller decides
		failed.Message = fmt.Sprintf("the answer is larger than %d MiB", p.opt.MaxBody>>20)
		return failed
	case errors.Is(ctx.Err(), context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		failed.isTimeout = true
		failed.Message = fmt.Sprintf("no whole answer within %s", p.opt.Timeout)
		return failed
	}
	failed.Message = p.clean(e, err.Error())
	return failed
}

// refused is the error for an HTTP status other than 200. Many providers explain it in a
// JSON-RPC error.
func (p *Pool) refused(ctx context.Context, e *endpoint, method string, resp *http.Response, body io.Reader) *Error {
	text, err := io.ReadAll(io.LimitReader(body, 64<<10))
	if err != nil {
		return p.broken(ctx, e, resp.StatusCode, err)
	}
	said := wireError{Message: http.StatusText(resp.StatusCode)}
	if found, ok := findError(text); ok {
		said = found
	} else if plain := strings.TrimSpace(string(text)); plain != "" && !strings.HasPrefix(plain, "<") {
		said.Message = plain
	}
	failed := p.failure(e, method, resp.StatusCode, said)
	failed.retryAfter = retryAfter(resp.Header)
	return failed
}

// failure classifies an error that a node wrote.
func (p *Pool) failure(e *endpoint, method string, status int, said wireError) *Error {
	class, hint := Classify(method, status, said.Code, said.Message, said.Data)
	failed := &Error{
		Class: class, Code: said.Code, Status: status, Hint: hint,
		Message: p.clean(e, said.Message), Data: said.payload(), Endpoint: e.name,
	}
	if failed.Message == "" {
		failed.Message = "an error without a message"
	}
	if class != Revert && len(said.Data) > 0 && string(said.Data) != "null" {
		failed.Message = p.clean(e, said.Message+" "+string(said.Data))
	}
	// a key that is invalid for one method is invalid for all
	failed.isClosed = class == Refused && (status == http.StatusUnauthorized || status == http.StatusForbidden || status == http.StatusNotFound)
	return failed
}

func (p *Pool) clean(e *endpoint, text string) string { return harmless(e.secret.hide(text)) }

// retryAfter is how long a server asks to wait; 0: it does not say.
func retryAfter(h http.Header) time.Duration {
	text := h.Get("Retry-After")
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && seconds > 0 && seconds < 1e9 {
		return time.Duration(seconds * float64(time.Second))
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}

var errTooLarge = errors.New("the answer is too large")

// A limitedReader fails after left bytes and remembers why it ended early.
type limitedReader struct {
	from io.Reader
	left int64
	err  error
}

func (r *limitedReader) Read(b []byte) (int, error) {
	if r.left <= 0 {
		r.err = errTooLarge
		return 0, r.err
	}
	n, err := r.from.Read(b[:min(int64(len(b)), r.left)])
	r.left -= int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

// A wireError is a JSON-RPC error in any of the forms that nodes write.
type wireError struct {
	Code    int
	Message string
	Data    json.RawMessage
}

// findError looks for the error in a JSON-RPC answer, or in a body that is only an error.
func findError(text []byte) (wireError, bool) {
	text = bytes.TrimSpace(text)
	if len(text) > 0 && text[0] == '[' {
		var list []json.RawMessage
		if json.Unmarshal(text, &list) != nil || len(list) == 0 {
			return wireError{}, false
		}
		text = list[0]
	}
	var answer map[string]json.RawMessage
	if json.Unmarshal(text, &answer) != nil {
		return wireError{}, false
	}
	if raw, ok := answer["error"]; ok {
		return parseError(raw)
	}
	if _, ok := answer["message"]; ok {
		return parseError(text)
	}
	return wireError{}, false
}

// parseError reads an error object, or an error that is only text. Codes may be text, too.
func parseError(raw json.RawMessage) (wireError, bool) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" || string(raw) == "false" {
		return wireError{}, false
	}
	var object struct {
		Code    json.RawMessage
		Message json.RawMessage
		Data    json.RawMessage
	}
	if raw[0] != '{' || json.Unmarshal(raw, &object) != nil {
		return wireError{Message: plain(raw)}, true
	}
	code, err := strconv.ParseFloat(plain(object.Code), 64)
	if err != nil {
		code = 0
	}
	return wireError{int(code), plain(object.Message), object.Data}, true
}

// plain is JSON text without its quotes.
func plain(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}

// payload is the bytes of hex data, as in reverts, or else the JSON.
func (e wireError) payload() []byte {
	if b, ok := unhex(plain(e.Data)); ok {
		return b
	}
	if string(e.Data) == "null" {
		return nil
	}
	return e.Data
}

// unhex reads 0x and an even number of digits.
func unhex(text string) ([]byte, bool) {
	digits, ok := strings.CutPrefix(text, "0x")
	if !ok || len(digits)%2 != 0 {
		return nil, false
	}
	b := make([]byte, len(digits)/2)
	for i := range b {
		high, low := nibbles[digits[2*i]], nibbles[digits[2*i+1]]
		if high|low == noNibble {
			return nil, false
		}
		b[i] = high<<4 | low
	}
	return b, true
}

// noNibble marks a character that is not a hex digit; or-ing it with a digit keeps the mark.
const noNibble = 0xff

var nibbles = func() (table [256]byte) {
	for i := range table {
		table[i] = noNibble
	}
	for i := range byte(10) {
		table['0'+i] = i
	}
	for i := range byte(6) {
		table['a'+i], table['A'+i] = 10+i, 10+i
	}
	return table
}()
