package extract

import (
	"math/big"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/family"
)

// TestDetect has a contract for each family that answers what identifies it, and
// what any ERC-4626 vault answers where the family is one.
func TestDetect(t *testing.T) {
	at := map[string]common.Address{}
	answerAll := func(b *testBlock, names ...string) common.Address {
		contract := b.deploy(fixture(0))
		for _, name := range names {
			data, known := withArguments[name]
			if !known {
				data = selector(name + "()")
			}
			b.call(contract, setAnswer(data, modeReturn, big.NewInt(1)))
		}
		return contract
	}
	families := family.Detectable()
	c := startChain(t, len(families)+2, 3600, false, nil, func(i int, b *testBlock) {
		switch {
		case i <= len(families):
			f := families[i-1]
			names := slices.Clone(f.Answers)
			if f.Asset == "asset" {
				names = append(names, "totalAssets", "totalSupply", "convertToAssets", "decimals", "owner", "asset")
			}
			at[f.Name] = answerAll(b, names...)
		case i == len(families)+1:
			at[""] = answerAll(b, "name", "symbol", "decimals", "totalSupply")
		default:
			// answers whatever is asked, as some proxies do
			at["anything"] = answerAll(b, nobodys, "asset", "totalAssets", "convertToAssets")
		}
	})
	for name, contract := range at {
		if name == "anything" {
			name = ""
		}
		f, _, err := detect(t.Context(), &poster{url: c.url}, contract, int64(c.tip))
		if err != nil || f.Name != name {
			t.Errorf("got %q, %v, want %q", f.Name, err, name)
		}
	}
}

// TestAccountantIsFollowed: a Veda vault's hook names the accountant, which must
// name the vault.
func TestAccountantIsFollowed(t *testing.T) {
	var vault, teller, accountant, other common.Address
	c := startChain(t, 2, 3600, false, nil, func(i int, b *testBlock) {
		set := func(at common.Address, name string, to common.Address) {
			b.call(at, setAnswer(selector(name+"()"), modeReturn, new(big.Int).SetBytes(to[:])))
		}
		if i == 1 {
			vault, teller, accountant, other = b.deploy(fixture(0)), b.deploy(fixture(0)), b.deploy(fixture(0)), b.deploy(fixture(0))
			return
		}
		set(vault, "hook", teller)
		set(teller, "accountant", accountant)
		set(accountant, "vault", vault)
		set(other, "hook", teller)
	})
	f, _ := family.Of("veda")
	got, ok, err := accountantOf(t.Context(), &poster{url: c.url}, *f.Accountant, vault, 2)
	if err != nil || !ok || got != accountant {
		t.Errorf("got %s, %v, %v, want %s", got, ok, err, accountant)
	}
	if _, ok, err := accountantOf(t.Context(), &poster{url: c.url}, *f.Accountant, other, 2); ok || err != nil {
		t.Errorf("another vault's accountant was taken: %v, %v", ok, err)
	}
}

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
		if got, ok := textOf(c.data); got != c.want || ok != c.ok {
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
		addressList(data)
	})
}
