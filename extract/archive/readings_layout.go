package archive

import (
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/snippet"
)

// The columns of files whose rows are read one by one. Those of a reading's price are
// share_price, or share_price_raw, or total_assets with total_supply.
const (
	colVault = iota
	colObservedAt
	colChainID
	colBlockNumber
	colSharePrice
	colSharePriceRaw
	colTotalAssets
	colTotalSupply
	colTotalAssetsUSD
	colLostAssets
	colIdleAssets
	colWithdrawableAssets
	colUtilisation
	colMarket
	colVenue
	colAssets
	colSupply
	colBorrow
	colLiquidity
	colCollateral
	colCollateralAmount
	colLoanToken
	colToken
	colPrice
	colQuoteToken
	columnCount
)

// readingColumns names the columns as the config and the documentation do.
var readingColumns = [columnCount]string{
	"vault", "observed_at", "chain_id", "block_number",
	"share_price", "share_price_raw", "total_assets", "total_supply", "total_assets_usd",
	"lost_assets", "idle_assets", "withdrawable_assets", "utilisation",
	"market", "venue", "assets", "supply", "borrow", "liquidity", "collateral", "collateral_amount", "loan_token",
	"token", "price", "quote_token",
}

// A readingRow is one row's cells as text; an empty cell and a null are "".
type readingRow [columnCount]string

// A readingLayout says where a file has the columns of its rows.
type readingLayout struct {
	names  [columnCount]string // as the file calls them
	at     [columnCount]int    // position in the file, -1 where it has none
	forms  [][]int             // the sets of columns that give a price, best first; a row without a complete one is a failed read
	unread [columnCount]bool   // ignored, even if the file has it
	units  [columnCount]string // of the columns that have one
	where  []condition         // what a row must have to be read
}

// priceForms are the sets of columns that give a price, best first.
var priceForms = [][]int{{colSharePrice}, {colSharePriceRaw}, {colTotalAssets, colTotalSupply}, {colTotalAssetsUSD, colTotalSupply}}

// isReadings says whether a file with these columns is meant to contain readings. It
// requires less than importReadings does, so that the refusal of a file can name the
// missing column.
func isReadings(columns []string, archive Archive) bool {
	has := func(column int) bool {
		field := readingColumns[column]
		header, mapped := archive.Columns[field]
		return mapped && header != "" || !mapped && slices.Contains(columns, field)
	}
	return has(colObservedAt) || slices.ContainsFunc(priceForms, func(form []int) bool {
		return !slices.ContainsFunc(form, func(column int) bool { return !has(column) })
	})
}

// newReadingLayout finds the columns of a kind of row among a file's. Its errors do not
// name the file.
func newReadingLayout(columns []string, archive Archive) (readingLayout, *input.Error) {
	l := readingLayout{}
	kind, _ := rowKindOf(archive.Kind)
	for i, field := range readingColumns {
		header, mapped := archive.Columns[field]
		if !mapped {
			header = field
		}
		l.names[i] = header
		l.units[i] = archive.Rows.unitOf(field)
		if mapped && header == "" || !slices.Contains(kind.columns, i) {
			l.at[i], l.unread[i] = -1, true
			continue
		}
		l.at[i] = slices.Index(columns, header)
		if mapped && l.at[i] < 0 {
			return l, &input.Error{Want: "a column " + snippet.Quoted(header) + " for " + field, Got: columnList(columns)}
		}
	}
	if l.units[colTotalAssets] == unitUSD {
		l.names[colTotalAssetsUSD], l.at[colTotalAssetsUSD] = l.names[colTotalAssets], l.at[colTotalAssets]
		l.unread[colTotalAssetsUSD] = l.unread[colTotalAssets]
		l.at[colTotalAssets], l.unread[colTotalAssets] = -1, true
	}
	l.setConditions(columns, archive.Rows.Where)
	if slices.Contains(kind.columns, colVault) && !l.has(colVault) && archive.Vault == "" {
		return l, &input.Error{Want: "a column vault, or the archive's vault in the config", Got: columnList(columns)}
	}
	if !l.has(colObservedAt) {
		return l, &input.Error{Want: "a column observed_at", Got: columnList(columns)}
	}
	if want := kind.missing(&l, archive); want != "" {
		return l, &input.Error{Want: want, Got: columnList(columns)}
	}
	return l, nil
}

func (l *readingLayout) has(columns ...int) bool {
	return !slices.ContainsFunc(columns, func(c int) bool { return l.at[c] < 0 })
}

// choosePrice determines which price forms a file's rows may have, and says whether the
// file has the columns of any. Those are the forms that the config maps, or else all,
// since the rows of a file may differ. If the config maps one price column the unmapped
// ones are not read, since they may be in other units.
func (l *readingLayout) choosePrice(archive Archive) bool {
	isMapped := func(column int) bool {
		if l.units[colTotalAssets] == unitUSD {
			switch column {
			case colTotalAssets:
				return false
			case colTotalAssetsUSD:
				column = colTotalAssets
			}
		}
		return archive.Columns[readingColumns[column]] != ""
	}
	for _, form := range priceForms {
		if !slices.ContainsFunc(form, func(c int) bool { return !isMapped(c) }) {
			l.forms = append(l.forms, form)
		}
	}
	if len(l.forms) > 0 {
		for _, column := range []int{colSharePrice, colSharePriceRaw} {
			if !isMapped(column) {
				l.at[column], l.unread[column] = -1, true
			}
		}
		return true
	}
	l.forms = priceForms
	return slices.ContainsFunc(priceForms, func(form []int) bool { return l.has(form...) })
}

// columnList shows the columns that a refused file has.
func columnList(columns []string) string {
	if len(columns) == 0 {
		return "no columns"
	}
	names := make([]string, 0, len(columns))
	for i, name := range columns {
		if i == 20 {
			names = append(names, "…")
			break
		}
		names = append(names, snippet.Line(name))
	}
	return "columns " + strings.Join(names, ", ")
}
