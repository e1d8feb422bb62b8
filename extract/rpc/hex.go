package rpc

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/vaultperf/vaultperf/extract/snippet"
)

// A Quantity is a number as nodes write it: a hex string, or a plain JSON number by some.
type Quantity uint64

// UnmarshalJSON takes "0x1b4" and 436.
func (q *Quantity) UnmarshalJSON(text []byte) error {
	s := string(text)
	if unquoted, err := strconv.Unquote(s); err == nil {
		s = unquoted
	}
	n, err := strconv.ParseUint(s, 0, 63)
	if err != nil {
		return fmt.Errorf("want a number, got %s", snippet.Of(string(text), 40))
	}
	*q = Quantity(n)
	return nil
}

// HexNumber writes a number as nodes expect it.
func HexNumber(n int64) string { return "0x" + strconv.FormatInt(n, 16) }

// HexData reads the bytes that a node writes as hex.
func HexData(value json.RawMessage) ([]byte, error) {
	var data hexutil.Bytes
	if err := json.Unmarshal(value, &data); err != nil {
		return nil, fmt.Errorf("want hex, got %s", snippet.Of(string(value), 40))
	}
	return data, nil
}

// HexText writes bytes as lower-case hex with 0x.
func HexText(data []byte) string {
	return "0x" + common.Bytes2Hex(data)
}
