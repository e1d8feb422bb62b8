package testchain

import "time"

// Start and End bound the history: two years of UTC days, both ends included.
var (
	firstDay = time.Date(2023, 9, 1, 0, 0, 0, 0, time.UTC)
	lastDay  = time.Date(2025, 9, 4, 0, 0, 0, 0, time.UTC)
)

const (
	slotsPerDay = 6
	slotLength  = 24 * 3600 / slotsPerDay
	slotSeconds = 12 // blocks lie on multiples of it after midnight, as after the merge

	// After the last day come blocks without transactions but one, so that the
	// finalized one lies behind the whole history and the head behind that.
	tailBlocks    = 96
	tailFinalized = 32
	tailSafe      = 64
	beyondSlot    = -81 // the slot of a block behind them both that has a transaction
)

// A moment is one block: when, and which slot of which day it is. Negative slots
// are in the tail.
type moment struct {
	time uint64 // unix
	day  time.Time
	slot int
}

func (m moment) is(date string, slot int) bool {
	return m.slot == slot && m.day.Format(time.DateOnly) == date
}

func (m moment) within(from, to string) bool {
	day := m.day.Format(time.DateOnly)
	return from <= day && day < to
}

// moments are the blocks after the genesis block, up to the day until. Some days
// begin with a block at midnight and some end with one a second before.
func moments(d dice, until time.Time) []moment {
	var all []moment
	for day := firstDay; !day.After(until); day = day.AddDate(0, 0, 1) {
		for slot := range slotsPerDay {
			offset := slot*slotLength + slotSeconds*(1+d.one(slotLength/slotSeconds-2))
			switch {
			case slot == 0 && day.Day() == 14 && day != firstDay:
				offset = 0
			case slot == slotsPerDay-1 && (day.Day() == 21 || day.Equal(until)):
				offset = 24*3600 - 1
			}
			all = append(all, moment{time: uint64(day.Unix() + int64(offset)), day: day, slot: slot})
		}
	}
	tail := until.AddDate(0, 0, 1)
	for i := range tailBlocks {
		all = append(all, moment{time: uint64(tail.Unix()) + uint64(i+1)*slotSeconds, day: tail, slot: -1 - i})
	}
	return all
}
