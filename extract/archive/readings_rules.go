package archive

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/snippet"
)

// RowRules say how the rows of a file of readings are read, where its columns' names do
// not tell.
type RowRules struct {
	Units      map[string]string // of amounts, by column name of the import; see Units
	Where      map[string]string // the text that rows must have, by column name in the file
	DateFormat string            // of observed_at, as strptime has it; empty: the usual ones
	Comment    string            // what begins a line of CSV that is no row; empty: nothing
}

func (r RowRules) isEmpty() bool {
	return len(r.Units)+len(r.Where) == 0 && r.DateFormat == "" && r.Comment == ""
}

// comment is the sign as the CSV reader wants it; 0: none.
func (r RowRules) comment() rune {
	for _, sign := range r.Comment {
		return sign
	}
	return 0
}

// Units of amounts: the smallest, whole ones of the asset, the share or the token, or US
// dollars; and those of a part of something.
const (
	unitRaw      = "raw"
	unitAsset    = "asset"
	unitUSD      = "usd"
	unitFraction = "fraction"
	unitPercent  = "percent"
)

// Units are those that amounts may have by their column, the usual one first.
var Units = map[string][]string{
	"share_price":         {unitAsset, unitUSD},
	"share_price_raw":     {unitRaw},
	"total_assets":        {unitRaw, unitAsset, unitUSD},
	"total_supply":        {unitRaw, unitAsset},
	"total_assets_usd":    {unitUSD},
	"lost_assets":         {unitRaw, unitAsset, unitUSD},
	"idle_assets":         {unitRaw, unitAsset, unitUSD},
	"withdrawable_assets": {unitRaw, unitAsset, unitUSD},
	"utilisation":         {unitFraction, unitPercent},
	"assets":              {unitRaw, unitAsset, unitUSD},
	"supply":              {unitRaw, unitAsset, unitUSD},
	"borrow":              {unitRaw, unitAsset, unitUSD},
	"liquidity":           {unitRaw, unitAsset, unitUSD},
	"collateral_amount":   {unitAsset},
}

// unitOf is the unit of a column of the import; empty where it has none.
func (r RowRules) unitOf(field string) string {
	if unit := r.Units[field]; unit != "" {
		return unit
	}
	if all := Units[field]; len(all) > 0 {
		return all[0]
	}
	return ""
}

// comment is what begins a line of the job's file that is no row; block times have none.
func (j job) comment() rune {
	if j.blocks {
		return 0
	}
	return j.archive.Rows.comment()
}

// checkRules refuses what only readings and their like may have: rules for their rows,
// which must not be passed over, and several archives that ask for different rows of one
// file.
func (j job) checkRules(kind string) error {
	_, isOfRows := rowKindOf(kind)
	isOfRows = isOfRows || kind == input.KindReadings
	if !isOfRows && j.isOther {
		return &input.Error{File: j.path, Want: "one archive that matches a file of " + kind, Got: "two that ask different things of it"}
	}
	if isOfRows || kind == input.KindBlocks || j.archive.Rows.isEmpty() {
		return nil
	}
	return &input.Error{File: j.path, Want: "readings, which alone have units, where, date_format and comment", Got: kind}
}

// A condition is the text that a row must have in a column.
type condition struct {
	name string
	at   int
	text string
}

// setConditions finds the columns of what is asked of the rows; at is -1 where there is
// none.
func (l *readingLayout) setConditions(columns []string, where map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(where)) {
		l.where = append(l.where, condition{name, slices.Index(columns, name), where[name]})
	}
}

// checkConditions refuses a file whose header lacks a column to choose rows by.
func (r *readings) checkConditions(columns []string) error {
	for _, c := range r.layout.where {
		if c.at < 0 {
			return r.refuseCondition(c.name, columnList(columns))
		}
	}
	return nil
}

func (r *readings) refuseCondition(name, got string) error {
	return r.refuse(0, "a column "+snippet.Quoted(name)+" to choose rows by", got)
}

// isWanted says whether a row of CSV has what is asked of it.
func (r *readings) isWanted(record []string) bool {
	return !slices.ContainsFunc(r.layout.where, func(c condition) bool { return record[c.at] != c.text })
}

// wantsObject says the same of a JSON object; of true, false and anything nested the text
// as written counts.
func (r *readings) wantsObject(fields map[string]json.RawMessage) bool {
	return !slices.ContainsFunc(r.layout.where, func(c condition) bool {
		text, ok := jsonText(fields[c.name])
		if !ok {
			text = string(fields[c.name])
		}
		return text != c.text
	})
}

// wantedSQL says the same of a row of Parquet, in SQL.
func (r *readings) wantedSQL(columns []string) string {
	wanted := []string{"true"}
	for _, c := range r.layout.where {
		wanted = append(wanted, fmt.Sprintf("coalesce(cast(%s as varchar), '') = %s", ident(columns[c.at]), quote(c.text)))
	}
	return strings.Join(wanted, " and ")
}

// filter counts a row that the archive does not ask for.
func (r *readings) filter() {
	r.counts.read++
	r.counts.filtered++
}

func (r *readings) setDateFormat() error {
	format := r.in.archive.Rows.DateFormat
	if format == "" {
		return nil
	}
	dates, err := newDateFormat(format)
	if err != nil {
		return r.refuse(0, "a date_format that can be read", snippet.Of(err.Error(), 120))
	}
	r.dates = dates
	return nil
}
