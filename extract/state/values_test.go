package state

import (
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/family"
)

func TestTexts(t *testing.T) {
	word := func(n byte) []byte { return common.LeftPadBytes([]byte{n}, 32) }
	text := func(s string) []byte {
		return slices.Concat(word(32), word(byte(len(s))), common.RightPadBytes([]byte(s), padded(len(s))))
	}
	for _, c := range []struct {
		data []byte
		want string
		ok   bool
	}{
		{text("alUSD"), "alUSD", true},
		{text("alUSD")[:69], "alUSD", true}, // without its padding
		{common.RightPadBytes([]byte("MKR"), 32), "MKR", true},
		{text("alUSD")[:67], "", false},
		{slices.Concat(word(255), word(5)), "", false},
		{slices.Concat(word(32), common.RightPadBytes([]byte{0xff}, 32)), "", false},
		{common.RightPadBytes([]byte{0xff, 0xfe}, 32), "0xfffe", true},
		{nil, "", false},
	} {
		if got, ok := TextOf(c.data); got != c.want || ok != c.ok {
			t.Errorf("%x: got %q, %v, want %q, %v", c.data, got, ok, c.want, c.ok)
		}
	}
}

// FuzzAnswers: whatever a contract at the address returns, nothing is read beyond
// its end.
func FuzzAnswers(f *testing.F) {
	f.Add(encodeCalls([]call3{{multicall3, []byte{1, 2, 3, 4}}})[4:], 1)
	f.Fuzz(func(t *testing.T, data []byte, n int) {
		if n < 0 || n > 100 {
			return
		}
		answers, err := decodeAnswers(data, n)
		if err == nil && len(answers) != n {
			t.Errorf("%d answers, want %d", len(answers), n)
		}
		for _, k := range []family.Kind{family.KindInteger, family.KindAddress, family.KindText, family.KindIntegers, family.KindAddresses, family.KindAddressList} {
			valueOf(k, data)
		}
		AddressList(data)
	})
}
