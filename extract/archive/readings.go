package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strings"
	"time"

	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/snippet"
	"github.com/vaultperf/vaultperf/extract/vault"
	models "github.com/vaultperf/vaultperf/sql"
)

// importReadings adds a file's rows, of readings or of another kind, to the raw table of
// their kind within conn's transaction. Rows of vaults that are not configured are set
// aside unread. Failed reads are set aside too, and stored without amounts. If any other row cannot be read the whole file is refused
// with an *InputError, and the caller rolls back.
func importReadings(ctx context.Context, conn *sql.Conn, s source, in fileInput) (counts, error) {
	r := newReadings(in)
	if err := r.setDateFormat(); err != nil {
		return counts{}, err
	}
	var err error
	if s.container == inParquet {
		err = r.importParquet(ctx, conn)
	} else {
		err = r.write(ctx, conn, func() error { return r.readText(ctx, s) })
	}
	if err != nil {
		return counts{}, err
	}
	return r.counts, nil
}

// readings turns the rows of one file into rows of a raw table, that of its kind.
type readings struct {
	in        fileInput
	kind      rowKind
	layout    readingLayout
	counts    counts
	byID      map[string]*vault.Vault
	byAddress map[string][]*vault.Vault
	add       func(values ...any) error
	addInUSD  func(values ...any) error
	dates     dateFormat // nil: the usual ones
	addFact   func(values ...any) error
	unseen    []string // keys to choose rows by that no object of JSON has had
	last      int64    // position of the last row
}

func newReadings(in fileInput) *readings {
	kind, _ := rowKindOf(in.archive.Kind)
	r := &readings{
		in:        in,
		kind:      kind,
		counts:    counts{aside: map[string]*aside{}},
		byID:      make(map[string]*vault.Vault, len(in.vaults)),
		byAddress: make(map[string][]*vault.Vault, len(in.vaults)),
	}
	for i := range in.vaults {
		v := &in.vaults[i]
		r.byID[v.ID] = v
		address := strings.ToLower(v.Address)
		r.byAddress[address] = append(r.byAddress[address], v)
	}
	return r
}

// setColumns determines the layout once the file's columns are known.
func (r *readings) setColumns(columns []string) error {
	l, refusal := newReadingLayout(columns, r.in.archive)
	if refusal != nil {
		return r.refuse(0, refusal.Want, refusal.Got)
	}
	r.layout = l
	return nil
}

// write appends the rows that fill passes to r.take, what readings state in US dollars,
// which models convert, and what they say stands behind a price. An error in the file is
// returned as it is, without a mention of the append that it ended.
func (r *readings) write(ctx context.Context, conn *sql.Conn, fill func() error) error {
	var unreadable error
	err := models.Append(ctx, conn, "raw", r.kind.table, func(add func(values ...any) error) error {
		r.add = add
		return models.Append(ctx, conn, "raw", "usd_readings", func(add func(values ...any) error) error {
			r.addInUSD = add
			return models.Append(ctx, conn, "raw", "reading_facts", func(add func(values ...any) error) error {
				r.addFact = add
				unreadable = fill()
				return unreadable
			})
		})
	})
	var refusal *input.Error
	if errors.As(unreadable, &refusal) {
		return refusal
	}
	return err
}

// take counts one row and appends it, unless its vault is not configured.
func (r *readings) take(line int64, cells *readingRow) error {
	r.counts.read++
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return r.kind.take(r, line, cells)
}

// place is where a row stands, or the next number: several objects of an array may stand
// on one line.
func (r *readings) place(line int64) int64 {
	r.last = max(line, r.last+1)
	return r.last
}

func (r *readings) keep(values ...any) error {
	r.counts.kept++
	r.counts.new++
	return r.add(values...)
}

func (r *readings) takeReading(line int64, cells *readingRow) error {
	vault, err := r.vault(line, cells)
	if err != nil || vault == nil {
		return err
	}
	at, err := r.time(line, cells, vault)
	if err != nil {
		return err
	}
	var block any
	if text := cells[colBlockNumber]; text != "" {
		n, ok := parseInt64(text)
		if !ok {
			return r.refuseCell(line, colBlockNumber, "a block number", text)
		}
		block = n
	}
	values, err := r.amounts(line, cells, vault)
	if err != nil {
		return err
	}
	facts, err := r.takeFacts(line, cells, vault, at, values)
	if err != nil {
		return err
	}
	reason, why := emptyPrice, r.failure(cells, values)
	if len(facts) > 0 && why != "" {
		r.place(line)
		r.counts.kept++ // for what it says beside a price
		r.counts.new++
		return r.keepFacts(facts, true)
	}
	if price, isKnown := values.inUnits(vault); why == "" && isKnown && !isPossible(price) {
		reason, why = priceOutOfRange, fmt.Sprintf("a price of %.3g is not between %g and %g", price, leastPrice, mostPrice)
	}
	if why != "" {
		values = amounts{}
		r.setAside(reason, line, vault.ID+" at "+at.Format(time.RFC3339)+": "+why)
	} else {
		r.counts.kept++
		r.counts.new++
	}
	r.place(line)
	if why == "" {
		if err := r.keepFacts(facts, false); err != nil {
			return err
		}
	}
	if values.priceUSD != nil || values.assetsUSD != nil {
		values.inexact = values.inexact || values.priceUSD != nil || values.assets == nil
		if err := r.addInUSD(r.in.id, r.last, values.priceUSD, values.assetsUSD); err != nil {
			return err
		}
	}
	return r.add(r.in.id, r.last, vault.ID, at, block, values.price,
		nullable(values.priceRaw), nullable(values.assets), nullable(values.supply), values.inexact)
}

// chain is the chain id of a row, or else the archive's; 0: not said.
func (r *readings) chain(line int64, cells *readingRow) (uint64, error) {
	text := cells[colChainID]
	if text == "" {
		return r.in.archive.ChainID, nil
	}
	n, ok := parseInt64(text)
	if !ok {
		return 0, r.refuseCell(line, colChainID, "a chain id", text)
	}
	return uint64(n), nil
}

// vault finds the vault of a row; nil if it is not configured, which is counted. An
// address needs its chain only if several configured vaults share the address.
func (r *readings) vault(line int64, cells *readingRow) (*vault.Vault, error) {
	chain, err := r.chain(line, cells)
	if err != nil {
		return nil, err
	}
	name := cells[colVault]
	if name == "" {
		return nil, r.refuseCell(line, colVault, "a vault's id or address", name)
	}
	candidates := r.byAddress[strings.ToLower(name)]
	if v := r.byID[name]; v != nil {
		candidates = []*vault.Vault{v}
	}
	if chain == 0 && len(candidates) > 1 {
		return nil, r.refuse(line, fmt.Sprintf("a chain id, as %d vaults have this address", len(candidates)), snippet.Quoted(name))
	}
	for _, v := range candidates {
		if chain == 0 || v.ChainID == chain {
			return v, nil
		}
	}
	example := "vault " + snippet.Quoted(name)
	if chain != 0 {
		example += fmt.Sprintf(" on chain %d", chain)
	}
	r.setAside(vaultNotConfigured, line, example)
	return nil, nil
}

// time reads when a row was observed, of a vault or of nothing older than Ethereum (nil).
func (r *readings) time(line int64, cells *readingRow, of *vault.Vault) (time.Time, error) {
	text := cells[colObservedAt]
	at, ok := parseTime(text)
	want := wantTime
	if r.dates != nil {
		at, ok = r.dates.parse(text)
		want = "a time as " + snippet.Quoted(r.in.archive.Rows.DateFormat)
	}
	if !ok {
		return at, r.refuseCell(line, colObservedAt, want, text)
	}
	var f family.Family
	if of != nil {
		f, _ = family.Of(of.Family)
	}
	if f.PredatesChains {
		if at.Before(firstReadingAt) || at.Unix() == 0 && isDigits(text) {
			return at, r.refuseCell(line, colObservedAt, "a time from "+firstReadingAt.Format(time.DateOnly)+" on", text)
		}
	} else if at.Before(firstBlockAt) {
		return at, r.refuseCell(line, colObservedAt, "a time from "+firstBlockAt.Format(time.DateOnly)+" on, when Ethereum began", text)
	}
	if at.After(r.in.now) {
		return at, r.refuseCell(line, colObservedAt, "a time not after "+r.in.now.UTC().Format(time.RFC3339), text)
	}
	return at, nil
}

// amounts are the numbers of one reading; price is nil or a float64.
type amounts struct {
	price                    any
	priceRaw, assets, supply *big.Int
	inexact                  bool
	priceUSD, assetsUSD      any // nil or a float64
}

func (r *readings) amounts(line int64, cells *readingRow, of *vault.Vault) (amounts, error) {
	var a amounts
	price := &a.price
	if r.layout.units[colSharePrice] == unitUSD {
		price = &a.priceUSD
	}
	if text := cells[colSharePrice]; text != "" {
		number, ok := parsePrice(text)
		if !ok {
			return a, r.refuseCell(line, colSharePrice, wantPrice, text)
		}
		*price = number
	}
	if text := cells[colTotalAssetsUSD]; text != "" {
		number, ok := parsePrice(text)
		if !ok {
			return a, r.refuseCell(line, colTotalAssetsUSD, wantPrice, text)
		}
		a.assetsUSD = number
	}
	for i, to := range []**big.Int{&a.priceRaw, &a.assets, &a.supply} {
		text := cells[colSharePriceRaw+i]
		if text == "" {
			continue
		}
		n, inexact, ok := parseInteger(text)
		want := wantInteger
		if r.layout.units[colSharePriceRaw+i] == unitAsset {
			decimals := of.AssetDecimals
			if colSharePriceRaw+i == colTotalSupply {
				decimals = of.ShareDecimals
			}
			n, inexact, ok = parseDecimal(text, decimals)
			want = wantDecimal
		}
		if !ok {
			return a, r.refuseCell(line, colSharePriceRaw+i, want, text)
		}
		*to, a.inexact = n, a.inexact || inexact
	}
	return a, nil
}

// inUnits is the price in units of the asset, as the models will compute it, precise
// enough to tell whether it is possible. One in USD is known only there.
func (a amounts) inUnits(v *vault.Vault) (price float64, isKnown bool) {
	float := func(n *big.Int, decimals int) float64 {
		x, _ := new(big.Float).SetInt(n).Float64()
		return x / math.Pow10(decimals)
	}
	switch {
	case a.price != nil:
		return a.price.(float64), true
	case a.priceRaw != nil:
		return float(a.priceRaw, v.AssetDecimals), true
	case a.assets != nil && a.supply != nil && a.supply.Sign() > 0:
		return float(a.assets, v.AssetDecimals) / float(a.supply, v.ShareDecimals), true
	}
	return 0, false
}

// failure says why a row gives no price: what is missing of the first price form that
// the file has. It is empty if there is a price. Assets divided by no supply are no price.
func (r *readings) failure(cells *readingRow, a amounts) string {
	why := ""
	for _, form := range r.layout.forms {
		lacks := r.lacks(form, cells, a)
		if lacks == "" {
			return ""
		}
		if why == "" && r.layout.has(form...) {
			why = lacks
		}
	}
	if why == "" { // the file has no column of any
		why = "nothing is given"
	}
	return why
}

func (r *readings) lacks(form []int, cells *readingRow, a amounts) string {
	for _, column := range form {
		if cells[column] == "" {
			return snippet.Line(r.layout.names[column]) + " is empty"
		}
	}
	if len(form) > 1 && a.supply.Sign() == 0 {
		return snippet.Line(r.layout.names[colTotalSupply]) + " is 0"
	}
	return ""
}

func (r *readings) setAside(reason string, line int64, example string) {
	r.counts.setAside(reason, line, example)
}

func (r *readings) refuseCell(line int64, column int, want, text string) error {
	return r.refuse(line, snippet.Line(r.layout.names[column])+" as "+want, snippet.Quoted(text))
}

func (r *readings) refuse(line int64, want, got string) error {
	return &input.Error{File: r.in.path, Line: line, Want: want, Got: got}
}

// nullable keeps a nil *big.Int from becoming an interface that is not nil.
func nullable(n *big.Int) any {
	if n == nil {
		return nil
	}
	return n
}
