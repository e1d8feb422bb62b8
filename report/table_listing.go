package report

import "strings"

// listingTables are the page's listings, and a sentence that names those of
// which events tell nothing.
func (d *Data) listingTables(v *Vault) (tables []table, untold string) {
	told := map[string]bool{}
	for _, l := range v.Listings {
		told[l.id] = true
		tables = append(tables, d.listingTable(v, l))
	}
	var missing []string
	for i := range listings {
		if !told[listings[i].id] && !listings[i].asked {
			missing = append(missing, strings.ToLower(listings[i].title))
		}
	}
	if len(missing) > 0 {
		untold = "The archive holds no events that tell of " + strings.Join(missing, ", ") + "."
	}
	return tables, untold
}

func (d *Data) listingTable(v *Vault, l listed) table {
	t := table{ID: l.id, Title: l.title, Caption: strings.ReplaceAll(l.caption, "{asset}", Text(v.AssetSymbol, 16))}
	if len(l.columns) > 10 { // else the last columns would lie beyond the page
		t.Class = "many"
	}
	for i, c := range l.columns {
		head := words(c.head)
		if i > 0 && (c.kind.isNumber() || c.kind.isTime()) {
			head = number(c.head)
		}
		t.Head = append(t.Head, head)
	}
	why := &explained{data: d}
	for _, values := range l.rows[:min(len(l.rows), l.most)] {
		if first := l.rows[0][0].at; l.latest && first != nil && !values[0].at.Equal(*first) {
			break
		}
		r := row{Head: why.listed(l.columns[0], values[0])}
		for i, value := range values[1:] {
			r.Cells = append(r.Cells, why.listed(l.columns[i+1], value))
		}
		t.Rows = append(t.Rows, r)
	}
	t.Notes = why.notes()
	if more := len(l.rows) - len(t.Rows); more > 0 {
		t.Notes = append(t.Notes, note{"", Counted(int64(more), "more row") + " in the workbook."})
	}
	return t
}

// listed is one cell of a listing.
func (e *explained) listed(c listColumn, v listValue) cell {
	switch {
	case c.kind.isNumber() && v.number == nil || c.kind.isTime() && v.at == nil:
		return e.reason(v.reason)
	case c.kind.isNumber():
		out := number(c.kind.print(v.number))
		if *v.number < 0 && c.kind != asRatio {
			out.Class += " loss"
		}
		return out
	case c.kind == asMoment:
		return cell{Text: Date(v.at), Title: DateTime(v.at), Class: "n"}
	case c.kind == asDate:
		return number(Date(v.at))
	case v.text == "":
		return words(Dash)
	case c.kind == asWords:
		return words(Words(v.text))
	case c.kind == asPeriod:
		return words(PeriodLabel(v.text))
	case c.kind == asShort, c.kind == asTerm && strings.HasPrefix(v.text, "0x"):
		return cell{Text: Middle(v.text, 13), Title: Text(v.text, 80), Class: "code"}
	case c.kind == asVerdict:
		return cell{Text: Words(v.text), Class: verdictClass(v.text)}
	}
	return words(Text(v.text, 300))
}

// print writes a number as its kind is written.
func (k listKind) print(x *float64) string {
	switch k {
	case asPercent:
		return Percent(x)
	case asPrice:
		return Price(x)
	case asRatio:
		return Ratio(x)
	case asDays:
		return Days(x)
	case asCount:
		return Count(int64(*x))
	default:
		return Amount(x)
	}
}

// verdictClass colours a verdict; what cannot be proved has no colour.
func verdictClass(verdict string) string {
	switch verdict {
	case "held", "proved":
		return "good"
	case "broken", "failed":
		return "bad"
	default:
		return ""
	}
}
