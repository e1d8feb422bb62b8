package decode

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
)

// Reasons for which a log is not decoded.
const (
	unknownEvent = "unknown_event"
	undecodable  = "undecodable"
)

// An undecodedError says why a log is not one of its family's events.
type undecodedError struct{ reason, detail string }

// Error gives the reason and its detail.
func (e *undecodedError) Error() string { return e.reason + ": " + e.detail }

// find picks the event of a log, whose topics must be whole words. If the family has the
// event only with other indexed flags, the log is unknown.
func (s Set) find(topics [][]byte) (*Event, *undecodedError) {
	if len(topics) == 0 {
		return nil, &undecodedError{unknownEvent, "no topics"}
	}
	for i, topic := range topics {
		if len(topic) != common.HashLength {
			return nil, &undecodedError{undecodable, fmt.Sprintf("topic%d has %d bytes, want 32", i, len(topic))}
		}
	}
	variants := s[common.Hash(topics[0])]
	if len(variants) == 0 {
		return nil, &undecodedError{unknownEvent, "topic0 0x" + hex.EncodeToString(topics[0])}
	}
	for _, e := range variants {
		if len(e.topics) == len(topics)-1 {
			return e, nil
		}
	}
	want := make([]string, len(variants))
	for i, e := range variants {
		want[i] = strconv.Itoa(len(e.topics) + 1)
	}
	return nil, &undecodedError{undecodable, fmt.Sprintf("%s has %d topics, want %s", variants[0].Signature, len(topics), strings.Join(want, " or "))}
}

// appendArguments adds a log's arguments to dst as one JSON object, in the order
// of the signature: integers as decimal strings, addresses and bytes as
// lower-case hex, tuples and arrays as arrays.
//
// It is stricter than go-ethereum in two ways: data must be whole words, and an integer
// must fit its type, where go-ethereum accepts a uint40 of more than 40 bits. Words
// beyond the last argument are allowed.
func (e *Event) appendArguments(dst []byte, topics [][]byte, data []byte) ([]byte, error) {
	if len(data)%32 != 0 {
		return dst, fmt.Errorf("data has %d bytes, want whole words of 32", len(data))
	}
	if whole, ok := e.appendWords(dst, topics, data); ok {
		return whole, nil
	}
	indexed, err := unpack(e.topics, slices.Concat(topics[1:]...))
	if err != nil {
		return dst, fmt.Errorf("topics: %w", err)
	}
	others, err := unpack(e.data, data)
	if err != nil {
		return dst, fmt.Errorf("data: %w", err)
	}
	dst = append(dst, '{')
	for i, argument := range e.arguments {
		from := &others
		if argument.indexed {
			from = &indexed
		}
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendValue(append(dst, argument.key...), (*from)[0])
		*from = (*from)[1:]
	}
	return append(dst, '}'), nil
}

func unpack(arguments abi.Arguments, data []byte) ([]any, error) {
	if len(arguments) == 0 {
		return nil, nil
	}
	values, err := arguments.Unpack(data)
	if err != nil {
		return nil, err
	}
	for i, value := range values {
		n, isBig := value.(*big.Int)
		typ := arguments[i].Type
		limit := typ.Size
		if typ.T == abi.IntTy {
			limit--
		}
		if isBig && n.BitLen() > limit {
			return nil, fmt.Errorf("%s does not fit %s", arguments[i].Name, typ.String())
		}
	}
	return values, nil
}

// appendValue adds, as JSON, a value that go-ethereum unpacked.
func appendValue(dst []byte, value any) []byte {
	switch v := value.(type) {
	case *big.Int:
		return append(v.Append(append(dst, '"'), 10), '"')
	case common.Address:
		return appendHex(dst, v[:])
	case bool:
		return strconv.AppendBool(dst, v)
	case uint8:
		return appendUint(dst, uint64(v))
	case uint16:
		return appendUint(dst, uint64(v))
	case uint32:
		return appendUint(dst, uint64(v))
	case uint64:
		return appendUint(dst, v)
	case []byte:
		return appendHex(dst, v)
	case string:
		return appendText(dst, v)
	}
	return appendReflected(dst, reflect.ValueOf(value))
}

// appendReflected adds the values of types that go-ethereum makes: fixed bytes,
// arrays, tuples and small signed integers.
func appendReflected(dst []byte, v reflect.Value) []byte {
	kind := v.Kind()
	isList := kind == reflect.Array || kind == reflect.Slice
	switch {
	case isList && v.Type().Elem().Kind() == reflect.Uint8:
		fixed := make([]byte, v.Len())
		reflect.Copy(reflect.ValueOf(fixed), v)
		return appendHex(dst, fixed)
	case isList:
		return appendList(dst, v.Len(), v.Index)
	case kind == reflect.Struct:
		return appendList(dst, v.NumField(), v.Field)
	default:
		return append(strconv.AppendInt(append(dst, '"'), v.Int(), 10), '"')
	}
}

func appendList(dst []byte, n int, at func(int) reflect.Value) []byte {
	dst = append(dst, '[')
	for i := range n {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendValue(dst, at(i).Interface())
	}
	return append(dst, ']')
}

func appendUint(dst []byte, n uint64) []byte {
	return append(strconv.AppendUint(append(dst, '"'), n, 10), '"')
}

func appendHex(dst, b []byte) []byte {
	dst = append(dst, `"0x`...)
	return append(hex.AppendEncode(dst, b), '"')
}

// appendText adds text that anybody may have put on the chain, as a JSON string of valid
// UTF-8.
func appendText(dst []byte, text string) []byte {
	quoted, err := json.Marshal(strings.ToValidUTF8(text, string(utf8.RuneError)))
	if err != nil { // cannot happen: every string can be marshalled
		return append(dst, `""`...)
	}
	return append(dst, quoted...)
}
