package decode

import (
	"math/big"
	"math/rand/v2"
	"testing"
)

// TestWordsAreAsGoEthereumHasThem decodes random arguments of every event both ways.
func TestWordsAreAsGoEthereumHasThem(t *testing.T) {
	sets, err := Sets()
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 4))
	word := func() []byte { // of any length, so that it often fits a narrow type
		var w [32]byte
		n := rng.IntN(33)
		for i := 32 - n; i < 32; i++ {
			w[i] = byte(rng.Uint32())
		}
		if n > 0 && rng.IntN(3) == 0 {
			for i := 32 - n; i < 32; i++ {
				w[i] = []byte{0, 0xff}[rng.IntN(2)]
			}
		}
		return w[:]
	}
	taken, left := map[string]bool{}, 0
	for _, set := range sets {
		for _, variants := range set {
			for _, e := range variants {
				for range 300 {
					topics := [][]byte{e.topic0[:]}
					for range e.topics {
						topics = append(topics, word())
					}
					var data []byte
					for range len(e.data) - rng.IntN(8)/7 + rng.IntN(8)/7 {
						data = append(data, word()...)
					}
					got, ok := e.appendWords(nil, topics, data)
					if !ok {
						left++
						continue
					}
					taken[e.Signature] = true
					slow := *e
					slow.isWords = false
					want, err := slow.appendArguments(nil, topics, data)
					if err != nil || string(got) != string(want) {
						t.Fatalf("%s of %x and %x: got %s, want %s, %v", e.Signature, topics[1:], data, got, want, err)
					}
				}
			}
		}
	}
	if len(taken) < 100 || left == 0 {
		t.Errorf("%d events taken, %d logs left to go-ethereum", len(taken), left)
	}
}

func TestAppendDecimal(t *testing.T) {
	check := func(n *big.Int) {
		var word [32]byte
		if got := string(appendDecimal(nil, n.FillBytes(word[:]))); got != n.String() {
			t.Errorf("got %s, want %s", got, n)
		}
	}
	one := big.NewInt(1)
	ten := big.NewInt(1)
	for range 78 { // powers of ten and their neighbours, up to 256 bits
		check(new(big.Int).Sub(ten, one))
		check(ten)
		check(new(big.Int).Add(ten, one))
		ten = new(big.Int).Mul(ten, big.NewInt(10))
	}
	for bit := range uint(257) {
		check(new(big.Int).Sub(new(big.Int).Lsh(one, bit), one))
	}
}
