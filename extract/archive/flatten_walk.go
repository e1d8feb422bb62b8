package archive

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// An object holds those members of a JSON object by which its kind is recognised.
type object struct {
	keys    []string // each once
	members map[string][]byte
	lines   map[string]int64 // where the member's value begins
}

func (o object) has(key string) bool { return o.members[key] != nil }

// isSet says whether a member is present and not null.
func (o object) isSet(key string) bool { return o.has(key) && string(o.members[key]) != "null" }

func (o object) chain(outer string) string {
	for _, key := range []string{"chain_id", "chainId"} {
		if o.isSet(key) {
			return strings.Trim(string(o.members[key]), `"`)
		}
	}
	return outer
}

// mostDepth is how deep logs may be nested in answers, batches, receipts and wrappers;
// four or five levels are usual. Every level costs another scan of its contents.
const mostDepth = 16

func (w *walker) walk(value []byte, line int64, chain string) error {
	w.depth++
	defer func() { w.depth-- }()
	if w.depth > mostDepth {
		return w.refuse(line, fmt.Sprintf("logs at most %d levels deep", mostDepth), string(value[:min(len(value), 200)]))
	}
	if len(value) == 0 || value[0] != '[' && value[0] != '{' {
		return w.refuse(line, someLogs, string(value))
	}
	if value[0] == '[' {
		w.answers++
		return w.elements(value, line, chain)
	}
	if isLog(value) {
		return w.emit(value, line, chain)
	}
	o, err := w.object(value, line)
	if err != nil {
		return err
	}
	chain = o.chain(chain)
	switch {
	case o.has("topics") || o.has("data") && (o.has("logIndex") || o.has("log_index")):
		return w.emit(value, line, chain)
	case o.isSet("error"):
		return w.refuse(line, someLogs, "an error in place of an answer: "+compact(o.members["error"]))
	case o.has("logs"):
		return w.inside(o, "logs", chain, "logs as a list")
	case o.has("result"):
		return w.inside(o, "result", chain, "an answer with a result")
	case o.has("parentHash"), o.has("parent_hash"):
		w.blocks++
		return nil
	}
	return w.wrapper(o, line, chain)
}

// someLogs is what a JSON file must contain somewhere.
const someLogs = "logs, receipts, or answers with either"

func compact(value []byte) string { return strings.Join(strings.Fields(string(value)), " ") }

// isLog quickly recognises logs as nodes write them.
func isLog(value []byte) bool {
	return bytes.HasPrefix(value, []byte(`{"address":"`)) && bytes.Contains(value[:min(len(value), 400)], []byte(`"topics":[`)) &&
		bytes.IndexByte(value[1:], '{') < 0 && !bytes.Contains(value, []byte(`chain`))
}

func (w *walker) inside(o object, key, chain, want string) error {
	value := o.members[key]
	if len(value) == 0 || value[0] != '[' && value[0] != '{' {
		return w.refuse(o.lines[key], want, string(value))
	}
	return w.walk(value, o.lines[key], chain)
}

// wrapper walks the contents of an object with a chain id or a known member name. A
// request that is stored next to its answer is skipped.
func (w *walker) wrapper(o object, line int64, chain string) error {
	walked := false
	for _, key := range o.keys {
		member := o.members[key]
		isNested := len(member) > 0 && (member[0] == '{' || member[0] == '[')
		if key == "request" || key == "params" || !isNested || chain == "" && !slices.Contains(wrapping, key) {
			continue
		}
		walked = true
		if err := w.walk(member, o.lines[key], chain); err != nil {
			return err
		}
	}
	if !walked {
		return w.refuse(line, someLogs, "an object with "+strings.Join(o.keys, ", "))
	}
	return nil
}

func (w *walker) elements(list []byte, line int64, chain string) error {
	i := 1
	for {
		start := i
		i = skipSpace(list, i)
		line += int64(bytes.Count(list[start:i], []byte{'\n'}))
		if i >= len(list) {
			return w.refuse(line, "JSON that can be parsed", "a list without an end")
		}
		if list[i] == ']' {
			return nil
		}
		if list[i] == ',' {
			i++
			continue
		}
		var at scanner
		at.value(list[i:])
		if at.i == 0 {
			return w.refuse(line, "JSON that can be parsed", string(list[i:]))
		}
		element := list[i : i+at.i]
		if err := w.walk(element, line, chain); err != nil {
			return err
		}
		line += int64(bytes.Count(element, []byte{'\n'}))
		i += at.i
	}
}

// object finds an object's members without parsing their values.
func (w *walker) object(value []byte, line int64) (object, error) {
	o := object{members: map[string][]byte{}, lines: map[string]int64{}}
	counted := 0 // bytes whose newlines are in line
	malformed := func(i int) (object, error) {
		return o, w.refuse(line+int64(bytes.Count(value[counted:min(i, len(value))], []byte{'\n'})), "JSON that can be parsed", string(value[min(i, len(value)):]))
	}
	i := 1
	for {
		i = skipSpace(value, i)
		if i < len(value) && value[i] == '}' {
			return o, nil
		}
		if i < len(value) && value[i] == ',' {
			i = skipSpace(value, i+1)
		}
		var at scanner
		if i >= len(value) || value[i] != '"' || !at.value(value[i:]) {
			return malformed(i)
		}
		var key string
		if err := json.Unmarshal(value[i:i+at.i], &key); err != nil {
			return malformed(i)
		}
		i = skipSpace(value, i+at.i)
		if i >= len(value) || value[i] != ':' {
			return malformed(i)
		}
		i = skipSpace(value, i+1)
		at = scanner{}
		at.value(value[i:])
		if at.i == 0 {
			return malformed(i)
		}
		line += int64(bytes.Count(value[counted:i], []byte{'\n'}))
		counted = i
		if !o.has(key) {
			o.keys = append(o.keys, key)
		}
		o.members[key], o.lines[key] = bytes.TrimSpace(value[i:i+at.i]), line
		i += at.i
	}
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r') {
		i++
	}
	return i
}

// emit writes one log as one line.
func (w *walker) emit(log []byte, line int64, chain string) error {
	body := bytes.TrimLeft(log[1:], " \t\r\n")
	if bytes.ContainsAny(body, "\n\r") {
		body = bytes.ReplaceAll(bytes.ReplaceAll(body, []byte{'\n'}, []byte{' '}), []byte{'\r'}, []byte{' '})
	}
	encoded, err := json.Marshal(chain)
	if err != nil {
		return err
	}
	w.logs++
	_, _ = fmt.Fprintf(w.out, `{"@line":%d,"@chain":%s,`, line, encoded)
	_, _ = w.out.Write(body)
	return w.out.WriteByte('\n')
}
