package state

import (
	"encoding/json"
	"math/big"
	"unicode/utf8"

	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/rpc"
)

// AddressList reads an address[] at the start of an answer.
func AddressList(data []byte) []string {
	if len(data) < 64 {
		return nil
	}
	at, ok := smallInt(data[:32])
	if !ok || at > len(data)-32 {
		return nil
	}
	n, ok := smallInt(data[at : at+32])
	if !ok || n > (len(data)-at-32)/32 {
		return nil
	}
	out := make([]string, 0, n)
	for i := range n {
		text, ok := AddressText(data[at+32+32*i:])
		if !ok {
			return nil
		}
		out = append(out, text)
	}
	return out
}

// longestText bounds the length of names, which contracts can choose freely.
const longestText = 1000

// valueFrom decodes what a read returned.
func valueFrom(r family.Read, data []byte) (n *big.Int, text string, ok bool) {
	if 32*r.Word > len(data) {
		return nil, "", false
	}
	return valueOf(r.Kind, data[32*r.Word:])
}

// valueOf decodes what a function returned into an integer or text. It is not ok if the
// bytes are no value of its kind.
func valueOf(kind family.Kind, data []byte) (n *big.Int, text string, ok bool) {
	switch kind {
	case family.KindInteger:
		if len(data) < 32 {
			return nil, "", false
		}
		return new(big.Int).SetBytes(data[:32]), "", true
	case family.KindAddress:
		text, ok = AddressText(data)
		return nil, text, ok
	case family.KindText:
		text, ok = TextOf(data)
		return nil, text, ok
	case family.KindIntegers, family.KindAddresses:
		text, ok = listOf(data, kind)
		return nil, text, ok
	case family.KindAddressList:
		list := AddressList(data)
		text, err := json.Marshal(list)
		return nil, string(text), list != nil && err == nil
	default:
		return nil, "", false
	}
}

// AddressText reads a word whose upper 12 bytes are zero.
func AddressText(data []byte) (string, bool) {
	if len(data) < 32 || !IsZero(data[:12]) {
		return "", false
	}
	return rpc.HexText(data[12:32]), true
}

func listOf(data []byte, kind family.Kind) (string, bool) {
	if len(data) == 0 || len(data)%32 != 0 || len(data) > 32*64 {
		return "", false
	}
	list := make([]string, 0, len(data)/32)
	for ; len(data) > 0; data = data[32:] {
		if kind == family.KindIntegers {
			list = append(list, new(big.Int).SetBytes(data[:32]).String())
			continue
		}
		text, ok := AddressText(data)
		if !ok {
			return "", false
		}
		list = append(list, text)
	}
	text, err := json.Marshal(list)
	return string(text), err == nil
}

// TextOf reads a string, or the bytes32 that early tokens return. Invalid UTF-8 is returned
// as hex.
func TextOf(data []byte) (string, bool) {
	var raw []byte
	switch {
	case len(data) == 32:
		raw = data
		for len(raw) > 0 && raw[len(raw)-1] == 0 {
			raw = raw[:len(raw)-1]
		}
	case len(data) >= 64:
		at, ok := smallInt(data[:32])
		if !ok || at > len(data)-32 {
			return "", false
		}
		n, ok := smallInt(data[at : at+32])
		if !ok || n > len(data)-32-at {
			return "", false
		}
		raw = data[at+32 : at+32+n]
	default:
		return "", false
	}
	if !utf8.Valid(raw) {
		return rpc.HexText(raw[:min(len(raw), longestText)]), true
	}
	text := string(raw)
	if utf8.RuneCountInString(text) > longestText {
		text = string([]rune(text)[:longestText])
	}
	return text, true
}

// smallInt reads a word that is an offset or length in an answer.
func smallInt(data []byte) (int, bool) {
	if !IsZero(data[:28]) {
		return 0, false
	}
	n := int64(data[28])<<24 | int64(data[29])<<16 | int64(data[30])<<8 | int64(data[31])
	return int(n), n <= 1<<30
}

// IsZero says whether all bytes are zero.
func IsZero(data []byte) bool {
	for _, b := range data {
		if b != 0 {
			return false
		}
	}
	return true
}
