package report

import "math"

// drawdowns writes every episode, the deepest first.
func (b *book) drawdowns() error {
	s := b.begin(sheetDrawdowns, layout{
		widths:    []float64{6, 11, 17, 17, 17, 17, 10, 10, 10, 15, 15, 15, 9},
		landscape: true, header: 1, columns: 2,
	})
	unit := assetUnit(b.vault)
	s.headers(40,
		"No.\t", "Depth\t", "Peak (UTC)\t", "First below (UTC)\t", "Trough (UTC)\t", "Recovery (UTC)\t", "Days to trough\t",
		"Days to recover\t", "Days in all\t", "Peak price"+unit+"\t", "Trough price"+unit+"\t", "\tState", "Order in time\t")
	episodes := worst(b.vault.Drawdowns, len(b.vault.Drawdowns))
	deepest, highest := 0.0, 0.0
	for _, e := range episodes {
		deepest, highest = max(deepest, math.Abs(e.Depth)), max(highest, e.PeakPrice)
	}
	depth := look{format: percentColumn(deepest), color: lossColor}
	moment, days, price := plain.with(dateTimeFormat[:16]), plain.with("#,##0.0"), plain.with(priceFormat(highest))
	for i := range episodes {
		e := &episodes[i]
		state := "recovered"
		if e.RecoveryAt == nil {
			state = "not recovered"
		}
		s.line(rowHeight,
			s.integer(plain, int64(i+1)), s.number(depth, &e.Depth),
			s.moment(moment, &e.PeakAt), s.moment(moment, &e.FirstBelowAt), s.moment(moment, &e.TroughAt), s.moment(moment, e.RecoveryAt),
			s.number(days, &e.DaysToTrough), s.number(days, e.DaysToRecover), s.number(days, &e.Days),
			s.number(price, &e.PeakPrice), s.number(price, &e.TroughPrice), s.label(after, state), s.integer(plain, int64(e.Episode)))
	}
	s.filter(1, 13, max(s.row, 1))
	if words := drawdownsTable(b.vault).Words; words != "" {
		s.skip()
		s.line(rowHeight, s.text(plain, words))
	}
	return s.end()
}
