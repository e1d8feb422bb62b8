package rpc

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// methodLogs is the method whose refusals differ most between providers.
const methodLogs = "eth_getLogs"

// Classify says what a refusal of a method means, given the HTTP status, the JSON-RPC code
// (0: none), the message and the data. Providers use one code for opposite things and
// change it between versions, so the message takes precedence over the code.
func Classify(method string, status, code int, message string, data []byte) (Class, Hint) {
	text := start(message)
	if !bytes.HasPrefix(data, []byte(`"0x`)) { // a revert's reason is no hint
		text += " " + start(string(data))
	}
	text = strings.TrimSpace(strings.ToLower(text))
	class := classOf(method, status, code, text)
	var hint Hint
	if class == SplitRange || class == SplitBatch {
		hint = findHint(text, data)
	}
	return class, hint
}

// start is the beginning of a message, in which a node says what it has to say: some
// send whole pages, and to search those takes seconds.
func start(text string) string {
	const enough = 2000
	return text[:min(len(text), enough)]
}

func classOf(method string, status, code int, text string) Class {
	isCall := method == "eth_call" || method == "eth_estimateGas"
	switch {
	case status == http.StatusPaymentRequired, saysQuota.MatchString(text):
		return Quota
	case isCall && (code == 3 || saysRevert.MatchString(text)):
		return Revert
	case code == 4444, code == -32043, saysStateMissing.MatchString(text):
		return StateMissing
	case saysOutOfReach.MatchString(text):
		return outOfReach(text)
	case saysNotYet.MatchString(text):
		return NotYet
	case saysSplitAddress.MatchString(text):
		return SplitAddress
	case saysSplitBatch.MatchString(text):
		return SplitBatch
	case status == http.StatusTooManyRequests, code == 429, code == 42903, saysWait.MatchString(text):
		return Wait
	case method == methodLogs && (code == -32005 && strings.TrimSpace(text) == "limit exceeded" || saysNoLogs.MatchString(text)):
		return Refused
	case saysSplitRange.MatchString(text), code == -32008, method == methodLogs && saysSplitLogs.MatchString(text):
		return SplitRange
	}
	return classOfCode(status, code, text)
}

// classOfCode classifies refusals whose message does not decide.
func classOfCode(status, code int, text string) Class {
	switch {
	case code == -32601, saysRefused.MatchString(text):
		return Refused
	case saysRotate.MatchString(text):
		return Rotate
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusNotFound, status == http.StatusMethodNotAllowed:
		return Refused
	case status == http.StatusRequestEntityTooLarge:
		return SplitRange
	case code == -32603, code == 0 && status != http.StatusOK && status != http.StatusBadRequest:
		return Rotate // 5xx and 408, whatever the body says
	case code == -32602, code == -32600, code == -32700, status == http.StatusBadRequest:
		return Fatal
	case code == -32005:
		return Wait // EIP-1474: limit exceeded
	}
	return Unknown
}

// Messages of nodes and providers, in lower case and followed by the data. They come from
// the error lists and issues of other extractors; see TestClassify.
var (
	saysQuota = anyOf(
		`monthly (capacity|quota|request|usage)`, `(capacity|quota) limit exceeded`, `settings/billing`,
		`payment required`, `out of credits`, `quota (is )?exceeded`, `exceeded .{0,30}quota`,
	)
	saysRevert = anyOf(
		`execution reverted`, `\breverted\b`, `vm execution error`, `out of gas`, `invalid opcode`, `invalid jump`,
		`stack (underflow|limit)`, `bad instruction`, `gas uint64 overflow`, `write protection`,
	)
	saysStateMissing = anyOf(
		`missing trie node`, `historical state .{0,80}not available`, `metadata is not found`, `layer stale`,
		`no state available`, `pruned history`, `history (has been|is|was) pruned`, `requested data is not available`,
		`no historical rpc is available`, `state .{0,80}(is )?(not available|pruned|unavailable|missing)`,
		`(block|state|data|receipts?) .{0,40}pruned`, `archive (node|request|data).{0,40}(required|not|only|upgrade)`,
		`old data not available`, `required historical state`, `no (historical )?state (found|for)`, `state histories .{0,40}not .{0,20}indexed`,
		`running with state pruning`,
	)
	// of a block before those whose state is kept, or after the head
	saysOutOfReach = regexp.MustCompile(`block height is (\d+) but requested was (\d+)`)
	saysNotYet     = anyOf(
		`header not found`, `unknown block`, `does not have the requested block`, `(finalized|safe) block not found`,
		`beyond (the )?current head`, `block .{0,30}not found`, `cannot query unfinalized`, `(after|greater than|beyond) (the )?(last accepted|latest|head) block`,
		`from block is greater than latest`, `block is out of range`,
	)
	saysSplitAddress = anyOf(
		`less number of address`, `query contains \d+ filters`, `max addresses or topics`, `too many address`,
		`(number of|max\w*) addresses`, `addresses .{0,30}(limit|exceed|maximum)`,
	)
	saysSplitBatch = anyOf(
		`batch (limit|size)`, `batch (is )?too large`, `max(imum)? batch`, `methods in the batch`, `too many (calls|requests) in .{0,10}batch`,
		`batch .{0,30}(not (supported|allowed)|exceed|limit)`, `batch requests?.{0,20}(max|limit)`,
	)
	saysWait = anyOf(
		`compute units`, `request rate`, `rate.?limit`, `request limit reached`, `requests? per (second|minute|hour|day)`, `/(second|sec|minute) `,
		`too many requests`, `not enough cups`, `throughput`, `call rate`, `retry in \d`, `slow down`, `exceeded .{0,40}per second`,
		`concurrent requests`, `request count exceeded`, `throttl`,
	)
	// ranges of blocks, numbers of results, sizes and times of answers
	saysSplitRange = anyOf(
		`block range`, `blocks? range`, `range (limit|threshold)`, `range \d+ (exceeds|is bigger)`, `max(imum)? range`, `exceeds? max(imum)? (results|block)`,
		`query returned more than`, `(log )?response size`, `too many (logs|results|blocks)`, `query timeout`, `request timed out`,
		`response (is )?too (large|big)`, `logs matched`, `exceeds limit of \d+`, `limited to (a )?[\d,]+k? (block|range)`,
		`requested blocks`, `at most [\d,]+k? blocks`, `range is too (large|wide)`, `ranges over [\d,]+`, `smaller than size`,
		`exceeded max allowed`, `blocks distance`, `max is [\d,]+k? blocks`, `block range (greater|exceeds)`, `narrow your filter`,
		`exceeded max limit of`, `returned more than`, `range too (large|wide|big)`,
	)
	// only of eth_getLogs: a smaller request may help
	saysSplitLogs = anyOf(`no backend is currently healthy`, `timed? ?out`, `timeout exceeded`)
	saysNoLogs    = anyOf(`please specify an? address`, `specify address in your request`, `eth_getlogs .{0,20}(disabled|not (available|supported|allowed))`)
	saysRefused   = anyOf(
		`method .{0,60}(not found|not supported|not available|not allowed|does not exist|unavailable|disabled|not whitelisted|is not)`,
		`unsupported method`, `not implemented`, `unauthori[sz]ed`, `forbidden`, `invalid (api|project|access).{0,3}(key|id|token)`, `must be authenticated`,
	)
	saysRotate = anyOf(
		`empty reader set`, `internal (json-rpc|server)? ?error`, `execution aborted`, `no backend`, `bad gateway`, `service unavailable`,
		`gateway time`, `temporar`, `try again`, `connection (reset|refused)`, `upstream`, `eof$`, `timed? ?out`, `timeout`, `overloaded`, `server busy`,
	)
)

// outOfReach tells a block whose state is gone from one that is not there yet, for which
// Anvil has the same words.
func outOfReach(text string) Class {
	m := saysOutOfReach.FindStringSubmatch(text)
	if height, requested := blocks(m[1]), blocks(m[2]); requested > height {
		return NotYet
	}
	return StateMissing
}

// A phrasebook is compiled when a node first refuses something: most runs ask none.
type phrasebook struct{ compiled func() *regexp.Regexp }

func anyOf(patterns ...string) phrasebook {
	return phrasebook{sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(strings.Join(patterns, "|")) })}
}

// MatchString says whether a text has one of the phrases.
func (p phrasebook) MatchString(text string) bool { return p.compiled().MatchString(text) }

var (
	hexRange     = regexp.MustCompile(`\[(0x[0-9a-f]+), ?(0x[0-9a-f]+)\]`)
	decimalRange = regexp.MustCompile(`with the range (\d+)-(\d+)`)
	number       = `(\d[\d,]*k?)`
	mostBlocks   = sync.OnceValue(func() []*regexp.Regexp {
		var list []*regexp.Regexp
		for _, pattern := range []string{
			`up to an? ` + number + ` block`,
			`range limit ` + number,
			`range \d+ exceeds limit of ` + number,
			`max(?:imum)? block range(?: =|:)? ?` + number,
			`limited to (?:an? )?` + number + ` (?:blocks? )?range`,
			`max(?:imum)? range: ` + number,
			`requested blocks is ` + number,
			`at most ` + number + ` blocks`,
			`max is ` + number + ` blocks`,
			`maximum is set to ` + number,
			`smaller than size ` + number,
			`\(maximum ` + number + `\)`,
			`blocks distance: ` + number,
			`ranges over ` + number + ` blocks`,
			`block range (?:greater than|exceeds) ` + number,
			`block range exceeds server limit, narrow your filter: ` + number,
			`batch limit ` + number,
		} {
			list = append(list, regexp.MustCompile(pattern))
		}
		return list
	})
)

// findHint reads the range or size that a refusal suggests.
func findHint(text string, data []byte) Hint {
	var hint Hint
	var object struct{ From, To string }
	if json.Unmarshal(data, &object) == nil && object.From != "" {
		hint.setRange(object.From, object.To)
	} else if m := hexRange.FindStringSubmatch(text); m != nil {
		hint.setRange(m[1], m[2])
	} else if m := decimalRange.FindStringSubmatch(text); m != nil {
		hint.setRange(m[1], m[2])
	}
	for _, pattern := range mostBlocks() {
		if m := pattern.FindStringSubmatch(text); m != nil {
			hint.Blocks = blocks(m[1])
			break
		}
	}
	return hint
}

func (h *Hint) setRange(from, to string) {
	f, err := strconv.ParseUint(from, 0, 64)
	t, err2 := strconv.ParseUint(to, 0, 64)
	if err == nil && err2 == nil {
		h.From, h.To = f, t
	}
}

// blocks reads 10,000 or 10k.
func blocks(text string) uint64 {
	digits, isThousands := strings.CutSuffix(strings.ReplaceAll(text, ",", ""), "k")
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || n > 1<<40 {
		return 0
	}
	if isThousands {
		n *= 1000
	}
	return n
}
