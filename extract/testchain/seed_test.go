package testchain

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"
)

// wantTip is the hash of the whole chain of seed 0. Where a change of the script,
// of a contract or of the compiler is meant, it is the new one, and what was
// exported before is to be exported again.
const wantTip = "0x5db45bf314d13d9e0af7f298f37ba5a48f6911e3a5e2a1b411552ef9dd9f9e9a"

func TestTheChainIsTheSameEverywhere(t *testing.T) {
	if c := startWhole(t); c.Tip.Hex() != wantTip {
		t.Errorf("tip %s, want %s", c.Tip, wantTip)
	}
}

func TestSameSeedSameTip(t *testing.T) {
	opt := Options{Seed: 7, Until: time.Date(2023, 11, 30, 0, 0, 0, 0, time.UTC)}
	first, err := build(t.Context(), opt)
	needCompiled(t, err)
	if err != nil {
		t.Fatal(err)
	}
	again, err := build(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	if first.chain.Tip != again.chain.Tip {
		t.Errorf("tips %s and %s", first.chain.Tip, again.chain.Tip)
	}
	if !reflect.DeepEqual(first.chain, again.chain) {
		t.Error("the same blocks, another truth")
	}
	opt.Seed = 8
	other, err := build(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	if first.chain.Tip == other.chain.Tip {
		t.Error("another seed, the same tip")
	}
}

// Other seeds make chains of which the script's deeds hold too.
func TestOtherSeedsWork(t *testing.T) {
	if testing.Short() {
		t.Skip("a whole chain takes seconds")
	}
	h, err := build(t.Context(), Options{Seed: 1})
	needCompiled(t, err)
	if err != nil {
		t.Fatal(err)
	}
	checkTroubles(t, h.chain)
}

func TestStartRefuses(t *testing.T) {
	_, err := contracts()
	needCompiled(t, err)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	short := time.Date(2023, 9, 2, 0, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		ctx  context.Context
		opt  Options
		want string
	}{
		"NotADay": {t.Context(), Options{Until: short.Add(time.Hour)}, "until: want a UTC day from 2023-09-01 to 2025-09-04"},
		"TooLate": {t.Context(), Options{Until: lastDay.AddDate(0, 0, 1)}, "until: want a UTC day"},
		"NoPort":  {t.Context(), Options{Until: short, Addr: "localhost"}, "serve the chain: addr: "},
		"Stopped": {gone, Options{Until: short}, "context canceled"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c, err := Start(test.ctx, test.opt)
			if err == nil {
				_ = c.Close()
				t.Fatal("started")
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}
