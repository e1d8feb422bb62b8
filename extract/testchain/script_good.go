package testchain

// goodFund is the well-behaved vault: valued and settled twice a week, redemptions
// paid at the next settlement, steady yield, no debt, nobody's rights changed after
// the first days.
func goodFund(w *world) *fund {
	f := newFund(w, terms{
		id: "synthetic-good", name: "Synthetic Steady USD", symbol: "ssUSD", born: "2023-09-04",
		valuations: "Monday Thursday", rates: Rates{100, 1_000}, cooldown: 7 * 86_400,
		holders: 7, first: 600_000, asks: 380, depositShare: 640, markets: true, amplification: 200,
	})
	f.script = func() {
		// Once a month a tenth of one venue moves to the other.
		if f.at.slot == 1 && f.at.day.Day() == 17 {
			from, to := f.venues[0], f.venues[1]
			if f.at.day.Month()%2 == 0 {
				from, to = to, from
			}
			if assets := part(from.worth(f.safe.address), 1_000); assets.Sign() > 0 {
				f.takeFrom(from, assets)
				f.supplyTo(to, assets)
			}
		}
	}
	return f
}
