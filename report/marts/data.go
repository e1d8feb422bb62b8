// Package marts reads everything a report shows from the database's marts: all
// vaults' figures, and the series of those that get a page. It computes nothing,
// and words nothing.
package marts

import "time"

// Data is everything a report shows, read once from marts.*.
//
// A *float64, *int64 or *time.Time that is nil is NULL there: undefined, not
// zero. Fractions are fractions; losses and drawdowns are negative; times are
// UTC. Names, symbols and notes come from chains and strangers and are hostile:
// package view makes them fit to show.
type Data struct {
	AsOf           time.Time             // midnight UTC of the as-of day
	Until          time.Time             // the first moment not seen
	RiskFreeRate   *float64              // fraction per year; nil: none, or a series
	RiskFreeSeries string                // name of the benchmark of dated rates; empty: none
	MinTotalAssets *float64              // the start rule, in the asset
	Vaults         []*Vault              // all configured vaults, in the config's order
	Metrics        []Metric              // in their order of display
	Columns        map[string]Definition // by mart and column, as in "fees.fee_assets"; of those that hold numbers
	Reasons        []Reason              // sorted by code
	Warnings       []Warning             // of the whole run; a vault has its own
	Imports        []Import              // sorted by path
	Thresholds     map[string]float64    // of verdicts, by name
	RankedCount    int64                 // vaults that have a Place
}

// A Vault is one configured vault. Its series (Prices, Closes, Drawdowns, Months,
// Years, Rolling) are read only if it has a page.
type Vault struct {
	ID            string
	Slug          string // its folder's name: safe and unique
	HasPage       bool   // it has a reading and is among the largest
	Position      int
	ChainID       int64
	Address       string
	Name          string
	Family        string // its name for people, or its code where it has none
	AssetSymbol   string
	AssetDecimals int
	ShareDecimals int
	Safe          string // or empty
	SourceNote    string // what the files of its prices say of themselves, or empty
	Status        string // live, stale, closed or no_reading
	IsFlat        bool   // read but unchanged for 7 days or more

	FirstAt      *time.Time // inception
	LastAt       *time.Time // last price point
	LastChangeAt *time.Time
	SharePrice   *float64
	TotalAssets  *float64 // in the asset
	BlockNumber  *int64   // of the last price point

	ReadingsCount      int64
	PricesCount        int64
	DaysCount          int64 // calendar days, first to last price point inclusive
	DaysWithPrice      int64
	InexactPoints      int64    // of which the source wrote an amount as a decimal, a float or in USD
	Coverage           *float64 // DaysWithPrice / DaysCount
	LongestGapDays     *float64
	LargestTotalAssets *float64
	StartRuleApplied   bool

	LostAssets  *float64   // counted as lost though the price counts them, in the asset; nil: the vault counts none
	LostShare   *float64   // LostAssets / TotalAssets
	Paused      string     // its contracts that are paused, or empty
	PausedSince *time.Time // when the first of them was first seen so

	CooldownDays  *float64 // from the burn of shares to their payment; nil: the vault has no such rule
	WaitingShares *float64 // whose redemption is not known to be settled; nil: none

	Backing    Backing      // what stands behind the price at the end of the as-of day
	Ineligible []Ineligible // why it has no place in a ranking, the gravest first; none: it may have one

	Place          *int64   // by the headline Sharpe ratio since inception; nil: it has none
	DeflatedSharpe *float64 // of the same period

	Periods  []Period // 10, or none without a price; in their order of display
	Warnings []Warning
	Spark    []Spark // some 40 prices over its life, for a sparkline

	Prices    []PricePoint // by time
	Closes    []*float64   // the last price of each of Weeks weeks, the oldest first; nil: it has none. None at all: nil
	Drawdowns []Drawdown
	Months    []Month
	Years     []Year
	Rolling   []Rolling
	Listings  map[string][][]Field // rows by Listing.ID, in their order; of those with a row
}

// A Backing is the verdict on a price, and its evidence. Amounts are in the asset.
type Backing struct {
	Verdict       string     // unbacked, impaired, illiquid, backed or unknown; empty: unknown
	Reason        string     // a code of Data.Reasons
	Since         *time.Time // the first day of this verdict without another; nil: it was never another
	LastVerdict   string     // the last but unknown, or empty
	LastVerdictOn *time.Time // the last day of it
	IsSynchronous bool       // it redeems in the transaction that asks

	ClaimedAssets     *float64
	KnownLoss         *float64 // LostAssets and BadDebt
	KnownLossShare    *float64
	LostAssets        *float64
	BadDebt           *float64
	StuckAssets       *float64 // where nothing comes out
	StuckShare        *float64
	ValuedShare       *float64 // of which something tells the worth
	WorstUtilisation  *float64
	WorstMarket       string // or empty
	WorstCollateral   string // of it, or empty
	OldestRequestDays *float64

	LookedAt    string // names of facts, by comma
	NotLookedAt string
}

// An Ineligible is one reason for which a vault has no place in a ranking.
type Ineligible struct {
	Code    string
	Badge   string // in a word or two
	Meaning string // in a sentence
}

// A PricePoint is the price that stands for a day (or, first, the inception), with
// the return since the one before.
type PricePoint struct {
	At             time.Time
	Date           time.Time
	SharePrice     float64
	TotalAssets    *float64 // in the asset
	TotalSupply    *float64 // in shares
	TotalAssetsRaw string   // exact integer, or empty
	TotalSupplyRaw string   // exact integer, or empty
	BlockNumber    *int64
	IsInception    bool
	Source         string // as in marts.share_prices
	IsInexact      bool
	PreviousAt     *time.Time // nil on the first
	ElapsedSeconds *float64   // nil on the first
	Return         *float64   // nil on the first
	Drawdown       *float64   // against the highest so far; nil on the first
}

// A Value is a metric's number, or the reason why it has none.
type Value struct {
	Number *float64
	Reason string // a code of Data.Reasons; empty if Number is there
}

// A Period is one window's figures.
type Period struct {
	Period       string // 1d 7d 30d 90d 180d 365d mtd qtd ytd itd
	StartAt      *time.Time
	EndAt        *time.Time
	ElapsedDays  *float64
	IsPartial    bool // a calendar period of a vault younger than it
	ReturnsCount int64
	Values       map[string]Value // by Metric.Name
}

// A Drawdown is one fall below a peak.
type Drawdown struct {
	Episode       int // 1 is the first in time
	Depth         float64
	PeakAt        time.Time
	FirstBelowAt  time.Time
	TroughAt      time.Time
	RecoveryAt    *time.Time // nil while open
	PeakPrice     float64
	TroughPrice   float64
	DaysToTrough  float64
	DaysToRecover *float64
	Days          float64 // peak to recovery, or to the last price point
	IsOpen        bool
}

// A Month is one calendar month's return.
type Month struct {
	Month     time.Time // its first day
	Return    *float64
	Reason    string
	IsPartial bool // the record covers only a part of it
	SpansGap  bool // the return also covers those before it that have no price point
}

// A Year is one calendar year's return.
type Year struct {
	Year      int
	Return    *float64
	Reason    string
	IsPartial bool // the record covers only a part of it
	SpansGap  bool // the return also covers those before it that have no price point
}

// Rolling is the APY over the days that end at a price point.
type Rolling struct {
	At     time.Time
	Days   int
	APY    *float64
	Reason string
}

// A Spark is one point of a sparkline.
type Spark struct {
	At         time.Time
	SharePrice float64
}

// A Metric is the definition of one column of marts.performance.
type Metric struct {
	Name       string
	Label      string
	Group      string // returns, risk-adjusted, downside, drawdown, tails, shape or counts
	Definition string
	Formula    string
	Unit       string // fraction, fraction per year, ratio, probability, days or count
	Source     string
	NullWhen   string
}

// A Definition is what a mart's column holds, as the header of its model says it.
type Definition struct {
	Text string
	Unit string
	File string // of the model, below the project's root
}

// A Reason explains why a figure is undefined.
type Reason struct{ Code, Meaning string }

// A Warning is a sentence the reader must see.
type Warning struct {
	Code    string
	Message string
	Rows    int64
}

// An Import is one archived file and what it gave.
type Import struct {
	Path     string
	Kind     string
	Format   string
	SHA256   string
	Bytes    int64
	Note     string
	Read     int64
	Kept     int64
	Filtered int64
	SetAside int64
	After    int64 // left for a later run
	Reasons  []SetAside
}

// SetAside counts the rows of a file that were set aside for one reason.
type SetAside struct {
	Reason    string
	Rows      int64
	FirstLine int64
	Example   string
}

// Period returns the vault's figures of a period, or nil.
func (v *Vault) Period(name string) *Period {
	for i := range v.Periods {
		if v.Periods[i].Period == name {
			return &v.Periods[i]
		}
	}
	return nil
}

// Value returns a metric of a period; without the period it has neither number
// nor reason.
func (v *Vault) Value(period, metric string) Value {
	if p := v.Period(period); p != nil {
		return p.Values[metric]
	}
	return Value{}
}

// Metric returns a metric's definition, or one that has only its name.
func (d *Data) Metric(name string) Metric {
	for _, m := range d.Metrics {
		if m.Name == name {
			return m
		}
	}
	return Metric{Name: name}
}

// Meaning returns what a reason's code stands for, or nothing if it is unknown.
func (d *Data) Meaning(code string) string {
	for _, r := range d.Reasons {
		if r.Code == code {
			return r.Meaning
		}
	}
	return ""
}
