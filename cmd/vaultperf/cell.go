package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/vaultperf/vaultperf/cmd/vaultperf/config"
)

// A cell is one value of a result as lossless text, and what kind of text that is.
type cell struct {
	text string
	kind cellKind
}

type cellKind int

const (
	textCell  cellKind = iota
	floatCell          // text is a JSON number
	exactCell          // an integer or decimal
	boolCell
	nullCell
	nestedCell // text is JSON
)

// newCell writes value, of a column of the given DuckDB type, as text.
func newCell(value any, dbType string) cell {
	switch v := value.(type) {
	case nil:
		return cell{kind: nullCell}
	case bool:
		return cell{strconv.FormatBool(v), boolCell}
	case string:
		return cell{v, textCell}
	case []byte:
		if dbType == "UUID" && len(v) == 16 {
			return cell{fmt.Sprintf("%x-%x-%x-%x-%x", v[:4], v[4:6], v[6:8], v[8:10], v[10:]), textCell}
		}
		return cell{"0x" + hex.EncodeToString(v), textCell}
	case time.Time:
		return cell{timeText(v, dbType), textCell}
	case float32:
		return newFloat(float64(v), 32)
	case float64:
		return newFloat(v, 64)
	case *big.Int:
		return cell{v.String(), exactCell}
	case decimal:
		return cell{v.String(), exactCell}
	}
	switch v := reflect.ValueOf(value); {
	case v.CanInt():
		return cell{strconv.FormatInt(v.Int(), 10), exactCell}
	case v.CanUint():
		return cell{strconv.FormatUint(v.Uint(), 10), exactCell}
	}
	return nested(value)
}

func timeText(t time.Time, dbType string) string {
	switch dbType {
	case "DATE":
		return t.Format(time.DateOnly)
	case "TIME":
		return t.Format("15:04:05.999999")
	case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS":
		return t.Format("2006-01-02T15:04:05.999999999") // of no zone
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// newFloat writes the fewest digits that read back as x. NaN and infinities are
// text.
func newFloat(x float64, bits int) cell {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return cell{strconv.FormatFloat(x, 'g', -1, bits), textCell}
	}
	form := byte('f')
	if a := math.Abs(x); a != 0 && (a < 1e-6 || a >= 1e21) {
		form = 'e'
	}
	return cell{strconv.FormatFloat(x, form, -1, bits), floatCell}
}

// The DuckDB driver's types, known by their methods: only package sql imports the
// driver.
type (
	decimal interface {
		String() string
		Float64() float64
	}
	orderedMap interface {
		Keys() []any
		Values() []any
	}
)

// nested writes a list, struct or map as JSON.
func nested(value any) cell {
	text, err := json.Marshal(plain(value))
	if err != nil {
		return cell{fmt.Sprint(value), textCell}
	}
	return cell{string(text), nestedCell}
}

// plain prepares a nested value for JSON: leaves become cells and map keys text.
func plain(value any) any {
	v := reflect.ValueOf(value)
	switch kind := v.Kind(); {
	case kind == reflect.Map:
		object := map[string]any{}
		for _, key := range v.MapKeys() {
			object[newCell(key.Interface(), "").text] = plain(v.MapIndex(key).Interface())
		}
		return object
	case kind == reflect.Slice && !isLeaf(value):
		list := make([]any, v.Len())
		for i := range list {
			list[i] = plain(v.Index(i).Interface())
		}
		return list
	case kind == reflect.Struct && !isLeaf(value):
		p := reflect.New(v.Type())
		p.Elem().Set(v)
		if m, ok := p.Interface().(orderedMap); ok {
			object := map[string]any{}
			for i, key := range m.Keys() {
				object[newCell(key, "").text] = plain(m.Values()[i])
			}
			return object
		}
		return value // an interval or a union
	}
	return json.RawMessage(newCell(value, "").json())
}

func isLeaf(value any) bool {
	switch value.(type) {
	case time.Time, decimal, []byte:
		return true
	}
	return false
}

// json is the cell as a JSON value. A number of more than 15 digits becomes a
// string, because most readers would round it.
func (c cell) json() string {
	switch c.kind {
	case nullCell:
		return "null"
	case boolCell, floatCell, nestedCell:
		return c.text
	case exactCell:
		if len(strings.Trim(c.text, "-0.")) <= 15 {
			return c.text
		}
	case textCell:
	}
	return jsonString(c.text)
}

// jsonString quotes s, and escapes what a terminal would obey.
func jsonString(s string) string {
	quoted, err := json.Marshal(strings.ToValidUTF8(s, "\uFFFD"))
	if err != nil {
		return `""` // unreachable: every valid string can be encoded
	}
	var b strings.Builder
	for _, r := range string(quoted) {
		switch {
		case !config.IsHarmful(r):
			b.WriteRune(r)
		case r > 0xFFFF:
			// A pair of surrogates, as JSON wants it.
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xD800+(r-0x10000)>>10, 0xDC00+(r-0x10000)&0x3FF)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}
