package transform

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// seriesFrom is the first day of the random series, seriesDays their length: over
// a year, across a leap day and a turn of the year.
var seriesFrom = date("2023-01-15")

const seriesDays = 442 // to 2024-03-31

// seriesOf makes price series of many shapes, the same each time, named by
// shape. They run to 2024-03-31 unless their shape is to end earlier.
func seriesOf() map[string][]price {
	out := map[string][]price{}
	for seed := range uint64(3) {
		random := rand.New(rand.NewPCG(seed, 20250904))
		name := func(shape string) string { return shape + "-" + string(rune('a'+seed)) }
		out[name("daily")] = walk(random, everyDay(12*time.Hour), 0.005)
		out[name("gaps")] = walk(random, some(random, everyDay(9*time.Hour), 0.5), 0.01)
		out[name("busy")] = walk(random, several(random), 0.002)
		out[name("midnight")] = walk(random, everyDay(0), 0.003)
		out[name("steps")] = steps(random)
		out[name("losing")] = drift(walk(random, everyDay(20*time.Hour), 0.01), -0.004)
		out[name("rising")] = rising(random)
		out[name("reads-fail")] = failing(random, walk(random, everyDay(7*time.Hour), 0.004))
		out[name("repeated")] = repeated(random, walk(random, some(random, everyDay(15*time.Hour), 0.9), 0.004))
		out[name("loss-and-back")] = lossAndBack(random)
	}
	days := everyDay(12 * time.Hour)
	random := rand.New(rand.NewPCG(99, 20250904))
	out["constant-growth"] = drift(walk(random, days, 0), 0.0001)
	out["flat"] = walk(random, days, 0)
	out["hole"] = append(walk(random, days[:200], 0.01), walk(random, days[251:], 0.01)...)
	out["hole-at-end"] = append(walk(random, days[:380], 0.01), walk(random, days[431:], 0.01)...)
	out["ended"] = walk(random, days[:400], 0.01)
	out["young"] = walk(random, days[seriesDays-8:], 0.01)
	out["young-in-march"] = walk(random, days[seriesDays-30:], 0.01)
	early := slices.Clone(days)
	for i := 420; i < seriesDays; i++ {
		early[i] = early[i].Add(-time.Second) // a second short of whole days since the others
	}
	out["second-early"] = walk(random, early, 0.01)
	out["one-mark"] = walk(random, days[seriesDays-1:], 0.01)
	out["two-marks-one-day"] = walk(random, []time.Time{days[seriesDays-1], days[seriesDays-1].Add(time.Hour)}, 0.01)
	out["two-marks"] = walk(random, days[seriesDays-2:], 0.01)
	out["tenfold"] = append(walk(random, days[:441], 0.01), price{days[441], ptr(500.0)})
	out["from-nothing"] = append([]price{{days[0], ptr(0.0)}}, walk(random, days[1:], 0.01)...)
	out["total-loss"] = append(walk(random, days[:441], 0.01), price{days[441], ptr(0.0)})
	out["steepest"] = []price{{days[440], ptr(1.0)}, {days[440].Add(time.Hour), ptr(0.9999999)}, {days[441], ptr(6.98)}}
	out["near-five-thousand"] = times(walk(random, days, 0.003), 5000)
	out["tiny"] = times(walk(random, days, 0.003), 1e-9)
	return out
}

func ptr[T any](v T) *T { return &v }

func everyDay(at time.Duration) []time.Time {
	var out []time.Time
	for day := range seriesDays {
		out = append(out, seriesFrom.AddDate(0, 0, day).Add(at))
	}
	return out
}

// some keeps a share of the times, the last always.
func some(random *rand.Rand, times []time.Time, share float64) []time.Time {
	var out []time.Time
	for i, at := range times {
		if random.Float64() < share || i == len(times)-1 {
			out = append(out, at)
		}
	}
	return out
}

// several are none to five times a day, to the microsecond.
func several(random *rand.Rand) []time.Time {
	var out []time.Time
	for day := range seriesDays {
		at := seriesFrom.AddDate(0, 0, day)
		for range random.IntN(6) {
			at = at.Add(time.Duration(1+random.Int64N(4*3600*1e6)) * time.Microsecond)
			out = append(out, at)
		}
	}
	return append(out, seriesFrom.AddDate(0, 0, seriesDays-1).Add(23*time.Hour))
}

func walk(random *rand.Rand, times []time.Time, step float64) []price {
	var out []price
	value := 1.0
	for _, at := range times {
		out = append(out, price{at, ptr(value)})
		value *= math.Exp(step * random.NormFloat64())
	}
	return out
}

// drift multiplies by (1 + perMark) from mark to mark.
func drift(prices []price, perMark float64) []price {
	factor := 1.0
	for i := range prices {
		*prices[i].price *= factor
		factor *= 1 + perMark
	}
	return prices
}

func times(prices []price, factor float64) []price {
	out := make([]price, len(prices))
	for i, p := range prices {
		out[i] = p
		if p.price != nil {
			out[i].price = ptr(*p.price * factor)
		}
	}
	return out
}

// steps stand still but for a change each week.
func steps(random *rand.Rand) []price {
	prices := walk(random, everyDay(18*time.Hour), 0.01)
	for i := range prices {
		*prices[i].price = *prices[i/7*7].price
	}
	return prices
}

func rising(random *rand.Rand) []price {
	prices := walk(random, everyDay(6*time.Hour), 0)
	value := 1.0
	for i := range prices {
		*prices[i].price = value
		value *= 1 + 0.001*random.Float64()
	}
	return prices
}

// failing makes some reads fail, but not the first.
func failing(random *rand.Rand, prices []price) []price {
	for i := range prices {
		if i > 0 && random.Float64() < 0.2 {
			prices[i].price = nil
		}
	}
	return prices
}

// repeated reads some prices twice at one moment: mostly the same price, at
// times another.
func repeated(random *rand.Rand, prices []price) []price {
	var out []price
	for _, p := range prices {
		out = append(out, p)
		switch random.IntN(5) {
		case 0:
			out = append(out, price{p.at, ptr(*p.price * (1 + 1e-10))})
		case 1:
			out = append(out, price{p.at, ptr(*p.price * 1.01)})
		}
	}
	return out
}

// lossAndBack falls to zero for some days of last winter.
func lossAndBack(random *rand.Rand) []price {
	prices := walk(random, everyDay(12*time.Hour), 0.01)
	from := 330 + random.IntN(80)
	for i := from; i < from+10; i++ {
		*prices[i].price = 0
	}
	return prices
}
