//go:build !race

package realvaults

import (
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"
)

// The chain's time is the scenario's: days of UTC from genesis on, in which blocks
// lie where the dice put them.

const (
	daySeconds  = 86400
	slotSeconds = 12
)

// startDay goes on to the early hours of day k; day 0 is the genesis block's.
func (w *world) startDay(k int) {
	w.now = max(w.now, genesisTime+uint64(k)*daySeconds+3600)
}

// pass lets up to so many seconds go by.
func (w *world) pass(seconds int64) { w.now += uint64(w.dice.between(0, seconds)) }

// mine makes a block one slot later, with what waits.
func (w *world) mine() {
	w.t.Helper()
	w.now += slotSeconds
	w.node.must(w.t, nil, "evm_setNextBlockTimestamp", w.now)
	w.node.must(w.t, nil, "evm_mine")
	w.head++
}

// endDay ends day k with an empty block in its last quarter of an hour, or on its last
// second, and returns it.
func (w *world) endDay(k int) uint64 {
	w.t.Helper()
	end := genesisTime + uint64(k+1)*daySeconds - 1
	if w.dice.chance(700) {
		end -= uint64(w.dice.between(0, 900))
	}
	if w.now+slotSeconds > end {
		w.t.Fatalf("day %d is over before its last block", k)
	}
	w.now = end - slotSeconds
	w.mine()
	return w.head
}

// A player is a vault and what happens to it: what its users do on day k, and what it
// answers at the day's last block.
type player interface {
	play(k int)
	close(k int, block uint64)
}

// playDays plays so many days, and makes them final.
func playDays[P player](w *world, days int, plays ...P) {
	w.t.Helper()
	passDays(w, days, plays...)
	w.finish(days)
}

// passDays plays so many days.
func passDays[P player](w *world, days int, plays ...P) {
	w.t.Helper()
	for k := range days {
		w.startDay(k)
		for _, p := range plays {
			p.play(k)
		}
		block := w.endDay(k)
		for _, p := range plays {
			p.close(k, block)
		}
	}
}

// finish mines the first blocks of day k, which make all before them final.
func (w *world) finish(k int) {
	w.t.Helper()
	w.startDay(k)
	w.finalize()
}

// finalize mines what makes all blocks so far final.
func (w *world) finalize() {
	w.t.Helper()
	for range 5 {
		w.mine()
	}
}

// date is day k as text.
func date(k int) string {
	return time.Unix(genesisTime+int64(k)*daySeconds, 0).UTC().Format(time.DateOnly)
}

func blockArg(block uint64) string { return hexutil.EncodeUint64(block) }
