package archive

import (
	"math/big"
	"strings"
	"time"

	"github.com/vaultperf/vaultperf/extract/snippet"
	"github.com/vaultperf/vaultperf/extract/vault"
)

// factColumns are what a reading may say of a vault beside its price.
var factColumns = []int{colLostAssets, colIdleAssets, colWithdrawableAssets, colUtilisation}

const wantPart = "a fraction (0.93), or per cent (93%) or with units"

// mostUtilised is the highest utilisation that is read: debts can exceed what was lent,
// but a larger number is one of per cent that nobody said is one.
const mostUtilised = 2

// A readingFact is what a reading says of what stands behind a price: an amount in raw
// units of the asset, or in US dollars, or a fraction.
type readingFact struct {
	vault         string
	at            time.Time
	name          string
	amount        *big.Int
	usd, fraction any // nil or a float64
}

// takeFacts reads what a row says beside its price, and with it the assets that the
// vault claims to have.
func (r *readings) takeFacts(line int64, cells *readingRow, of *vault.Vault, at time.Time, values amounts) ([]readingFact, error) {
	var facts []readingFact
	for _, column := range factColumns {
		text := cells[column]
		if isEmptyNumber(text) {
			continue
		}
		f := readingFact{vault: of.ID, at: at, name: readingColumns[column]}
		if column == colUtilisation {
			part, err := r.part(line, column, text)
			if err != nil {
				return nil, err
			}
			f.fraction = part
		} else {
			var err error
			if f.amount, f.usd, _, err = r.amount(line, column, text, of.AssetDecimals); err != nil {
				return nil, err
			}
		}
		facts = append(facts, f)
	}
	if len(facts) > 0 && (values.assets != nil || values.assetsUSD != nil) {
		facts = append(facts, readingFact{vault: of.ID, at: at, name: readingColumns[colTotalAssets], amount: values.assets, usd: values.assetsUSD})
	}
	return facts, nil
}

// amount reads an amount of the asset in its column's unit: raw, or US dollars.
func (r *readings) amount(line int64, column int, text string, decimals int) (n *big.Int, usd any, inexact bool, err error) {
	want, ok := wantInteger, false
	switch r.layout.units[column] {
	case unitUSD:
		var number float64
		number, ok = parsePrice(text)
		want, usd = wantPrice, number
	case unitAsset:
		n, inexact, ok = parseDecimal(text, decimals)
		want = wantDecimal
	default:
		n, inexact, ok = parseInteger(text)
	}
	if !ok {
		return nil, nil, false, r.refuseCell(line, column, want, text)
	}
	return n, usd, inexact, nil
}

// number reads an amount that is only compared with others of its row.
func (r *readings) number(line int64, column int, text string) (any, error) {
	if isEmptyNumber(text) {
		return nil, nil
	}
	number, ok := parsePrice(text)
	if !ok {
		return nil, r.refuseCell(line, column, wantPrice, text)
	}
	return number, nil
}

// part reads a fraction, or a number of per cent where the unit or the text says so.
func (r *readings) part(line int64, column int, text string) (float64, error) {
	if r.layout.units[column] == unitPercent && !strings.HasSuffix(text, "%") {
		text += "%"
	}
	part, _, ok := parsePrinted(text)
	if !ok || part < 0 || part > mostUtilised {
		return 0, r.refuseCell(line, column, wantPart, text)
	}
	return part, nil
}

// isEmptyNumber says whether a cell says that there is no number.
func isEmptyNumber(text string) bool { return isNoValue(text) || strings.EqualFold(text, "nan") }

// keepFacts appends the facts of the row that was placed last.
func (r *readings) keepFacts(facts []readingFact, areAlone bool) error {
	for _, f := range facts {
		if err := r.addFact(r.in.id, r.last, f.vault, f.at, areAlone, f.name, nullable(f.amount), f.usd, f.fraction); err != nil {
			return err
		}
	}
	return nil
}

// A rowKind is a kind of file whose rows are read one by one: which columns its rows may
// have, what a file of it must have, and where its rows go.
type rowKind struct {
	columns []int
	table   string
	missing func(l *readingLayout, archive Archive) (want string) // empty: nothing
	take    func(r *readings, line int64, cells *readingRow) error
}

// rowKindOf is the kind of row of an archive's kind; a file of readings needs none.
func rowKindOf(kind string) (rowKind, bool) {
	switch kind {
	case "":
		return rowKind{
			append([]int{
				colVault, colObservedAt, colChainID, colBlockNumber,
				colSharePrice, colSharePriceRaw, colTotalAssets, colTotalSupply, colTotalAssetsUSD,
			}, factColumns...),
			"readings", missingOfReadings, (*readings).takeReading,
		}, true
	case kindMarkets:
		return rowKind{
			[]int{
				colMarket, colObservedAt, colSupply, colBorrow, colLiquidity, colUtilisation,
				colCollateral, colCollateralAmount, colLoanToken, colChainID,
			},
			"markets", missingOfMarkets, (*readings).takeMarket,
		}, true
	case kindAllocations:
		return rowKind{
			[]int{colVault, colMarket, colVenue, colObservedAt, colAssets, colChainID},
			"allocations", missingOfAllocations, (*readings).takeAllocation,
		}, true
	case kindPrices:
		return rowKind{
			[]int{colToken, colObservedAt, colPrice, colQuoteToken, colChainID},
			"token_prices", missingOfPrices, (*readings).takePrice,
		}, true
	}
	return rowKind{}, false
}

// ColumnsOf are the columns that files of an archive's kind may have, in the order of the
// documentation.
func ColumnsOf(kind string) []string {
	if kind == kindSite {
		return SiteColumns
	}
	ofKind, _ := rowKindOf(kind)
	var names []string
	for _, column := range ofKind.columns {
		names = append(names, readingColumns[column])
	}
	return names
}

func missingOfReadings(l *readingLayout, archive Archive) string {
	hasFact := false
	for _, column := range factColumns {
		hasFact = hasFact || l.has(column)
	}
	if l.choosePrice(archive) || hasFact {
		return ""
	}
	return "a column share_price or share_price_raw, or both total_assets and total_supply"
}

func missingOfMarkets(l *readingLayout, _ Archive) string {
	if !l.has(colMarket) {
		return "a column market"
	}
	if !l.has(colUtilisation) && !l.has(colSupply, colBorrow) && !l.has(colSupply, colLiquidity) {
		return "a column utilisation, or supply with borrow or liquidity"
	}
	unit := ""
	for _, column := range []int{colSupply, colBorrow, colLiquidity} {
		if l.has(column) && unit != "" && l.units[column] != unit {
			return "supply, borrow and liquidity in one unit"
		}
		if l.has(column) {
			unit = l.units[column]
		}
	}
	return ""
}

func missingOfAllocations(l *readingLayout, _ Archive) string {
	if !l.has(colMarket) && !l.has(colVenue) {
		return "a column market or venue"
	}
	if !l.has(colAssets) {
		return "a column assets"
	}
	return ""
}

func missingOfPrices(l *readingLayout, _ Archive) string {
	if !l.has(colToken) {
		return "a column token"
	}
	if !l.has(colPrice) {
		return "a column price"
	}
	return ""
}

// takeMarket takes a row of a lending market's state.
func (r *readings) takeMarket(line int64, cells *readingRow) error {
	market, err := r.name(line, colMarket, cells)
	if err != nil {
		return err
	}
	chain, at, err := r.chainAndTime(line, cells)
	if err != nil {
		return err
	}
	var numbers [4]any
	for i, column := range []int{colSupply, colBorrow, colLiquidity, colCollateralAmount} {
		if numbers[i], err = r.number(line, column, cells[column]); err != nil {
			return err
		}
	}
	var utilisation any
	if text := cells[colUtilisation]; !isEmptyNumber(text) {
		if utilisation, err = r.part(line, colUtilisation, text); err != nil {
			return err
		}
	}
	var tokens [2]any
	for i, column := range []int{colCollateral, colLoanToken} {
		if cells[column] == "" {
			continue
		}
		if tokens[i], err = r.name(line, column, cells); err != nil {
			return err
		}
	}
	if utilisation == nil && (numbers[0] == nil || numbers[1] == nil && numbers[2] == nil) {
		r.setAside(emptyValue, line, "market "+snippet.Line(market)+" at "+at.Format(time.RFC3339))
		return nil
	}
	unit := unitRaw
	for _, column := range []int{colSupply, colBorrow, colLiquidity} {
		if r.layout.has(column) {
			unit = r.layout.units[column]
		}
	}
	return r.keep(int32(r.in.id), r.place(line), chain, market, at, unit,
		numbers[0], numbers[1], numbers[2], utilisation, tokens[0], numbers[3], tokens[1])
}

// takeAllocation takes a row of what a vault has in a market or venue.
func (r *readings) takeAllocation(line int64, cells *readingRow) error {
	of, err := r.vault(line, cells)
	if err != nil || of == nil {
		return err
	}
	at, err := r.time(line, cells, of)
	if err != nil {
		return err
	}
	column := colMarket
	if cells[colMarket] == "" {
		column = colVenue
	}
	if !r.layout.has(colVenue) {
		column = colMarket
	}
	market, err := r.name(line, column, cells)
	if err != nil {
		return err
	}
	text := cells[colAssets]
	if isEmptyNumber(text) {
		r.setAside(emptyValue, line, of.ID+" in "+snippet.Line(market)+" at "+at.Format(time.RFC3339))
		return nil
	}
	assets, usd, inexact, err := r.amount(line, colAssets, text, of.AssetDecimals)
	if err != nil {
		return err
	}
	return r.keep(int32(r.in.id), r.place(line), of.ID, market, at, nullable(assets), usd, inexact || usd != nil)
}

// takePrice takes a row of what a token cost.
func (r *readings) takePrice(line int64, cells *readingRow) error {
	token, err := r.name(line, colToken, cells)
	if err != nil {
		return err
	}
	chain, at, err := r.chainAndTime(line, cells)
	if err != nil {
		return err
	}
	var quote any
	if text := cells[colQuoteToken]; text != "" && !strings.EqualFold(text, unitUSD) {
		if quote, err = r.name(line, colQuoteToken, cells); err != nil {
			return err
		}
	}
	price, err := r.number(line, colPrice, cells[colPrice])
	if err != nil {
		return err
	}
	if price == nil || !isPossible(price.(float64)) {
		reason := emptyValue
		if price != nil {
			reason = priceOutOfRange
		}
		r.setAside(reason, line, snippet.Line(token)+" at "+at.Format(time.RFC3339))
		return nil
	}
	return r.keep(int32(r.in.id), r.place(line), chain, token, at, price, quote)
}

func (r *readings) chainAndTime(line int64, cells *readingRow) (chain any, at time.Time, err error) {
	id, err := r.chain(line, cells)
	if err != nil {
		return nil, at, err
	}
	if id != 0 {
		chain = int64(id)
	}
	at, err = r.time(line, cells, nil)
	return chain, at, err
}

// name is the address, id or symbol in a cell; addresses and ids are lower case.
func (r *readings) name(line int64, column int, cells *readingRow) (string, error) {
	text := cells[column]
	if !isSiteName(text) {
		return "", r.refuseCell(line, column, "1 to 100 printable characters", text)
	}
	if lower := strings.ToLower(text); strings.HasPrefix(lower, "0x") {
		return lower, nil
	}
	return text, nil
}
