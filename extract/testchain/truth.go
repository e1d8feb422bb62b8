package testchain

import (
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/common"
)

// A Point is where in the chain something happened.
type Point struct {
	Block uint64
	Time  time.Time // the block's, UTC
	Tx    common.Hash
}

// A Settlement is one accepted valuation of an asynchronous vault: what must have
// happened, by the rules, in exact integers. The order of the fields is the order
// of the steps.
type Settlement struct {
	Point
	Method   string // settleDeposit, settleRedeem or close
	Proposed Point

	TotalAssets         *big.Int // as proposed, before the flows
	SupplyBefore        *big.Int
	ManagementFee       *big.Int // in the asset
	PerformanceFee      *big.Int // in the asset
	ManagerShares       *big.Int // minted to the fee receiver
	ProtocolShares      *big.Int // minted to the protocol's
	SupplyAfterFees     *big.Int
	Price               *big.Int // convertToAssets(1e18) after fees, before flows
	HighWaterMarkBefore *big.Int
	HighWaterMark       *big.Int // after fees

	Deposited     *big.Int
	SharesMinted  *big.Int // for them, to the vault itself
	Withdrawn     *big.Int
	SharesBurned  *big.Int
	RedeemSkipped bool // redemptions waited and the Safe held too little

	AssetsAfter *big.Int // totalAssets() after the flows
	SupplyAfter *big.Int
	PriceAfter  *big.Int // convertToAssets(1e18) after the flows
	PriceFine   *big.Int // convertToAssets(1e30) after the flows
}

// A Request is a user's request and what became of it.
type Request struct {
	Point
	Kind    string // deposit or redeem
	Who     common.Address
	ID      uint64
	Amount  *big.Int // assets of a deposit, shares of a redemption
	Settled Point    // zero: it still waits, or was cancelled
	IsVoid  bool     // cancelled

	Promised *big.Int // assets of a redemption that a queue will pay; else nil
	Discount int64    // of these, in basis points of what the shares were worth
}

// A Claim is a user's taking of what was settled before.
type Claim struct {
	Point
	Kind           string // deposit: shares are taken; redeem: assets are
	Who            common.Address
	Assets, Shares *big.Int
}

// A Flow is a deposit or a withdrawal that needs no settlement: sync_deposit and
// closed_withdraw of an asynchronous vault, deposit and withdraw of the others. Shares of
// the rated one also come and go for no assets: seized, given, bridged_out, bridged_in.
type Flow struct {
	Point
	Kind           string
	Who            common.Address
	Assets, Shares *big.Int // no assets: those of another coin than the vault's
	PriceFine      *big.Int // as of a Close, after it
}

// A RatePost is a new rate of the rated vault, of the asset's decimals.
type RatePost struct {
	Point
	Before, Rate *big.Int
	Pauses       bool // out of bounds or too early
}

// A FeeClaim is what the rated vault paid of the fees that it owed.
type FeeClaim struct {
	Point
	Receiver common.Address
	Assets   *big.Int
}

// A Change is a change of who may do what, or of a term of the vault.
type Change struct {
	Point
	Contract  common.Address
	Event     string
	Before    string // address or number; empty: none
	After     string
	Effective time.Time // of fee rates: when they apply; else the block's time
}

// An Incident is something built in that figures and claims must show.
type Incident struct {
	Kind   string // loss, recovery, donation, spike, spike_reverted, stale, borrow, paused, waiting_redemption, redeem_skipped, upgrade, discount
	From   Point  // when it happened
	To     Point  // when it ended, or when a valuation first showed it; zero: at once
	Amount *big.Int
	Note   string
}

// A Trade is a swap of the share against the asset on a market.
type Trade struct {
	Point
	Pool           common.Address
	Sold           bool // the trader sold shares
	Shares, Assets *big.Int
	SqrtPriceX96   *big.Int // of a RangePool, after; else nil
}

// An Allocation is a move between the Safe and a venue.
type Allocation struct {
	Point
	Venue  common.Address
	Supply bool // else a withdrawal
	Assets *big.Int
	Shares *big.Int // of the venue; nil: the venue has none
}

// A Debt is a borrowing or a repayment by the Safe.
type Debt struct {
	Point
	Repaid bool
	Amount *big.Int
	After  *big.Int // what is owed after it
}

// A Close is the state at a UTC day's last block.
type Close struct {
	Day         time.Time
	Block       uint64
	Time        time.Time
	TotalAssets *big.Int // nil: the vault knows none
	TotalSupply *big.Int
	PriceFine   *big.Int // convertToAssets(1e30); 1e18 of a plain vault; 1e12 times the rate
	SafeIdle    *big.Int // the Safe's balance of the asset; nil: no Safe
	Debt        *big.Int // what the Safe owes; nil: no Safe
	Venues      map[common.Address]*big.Int
	FeesOwed    *big.Int // of the rated vault
	IsPaused    bool     // its accountant
}

// A Truth is everything that was built into one vault. The generator computes it
// from the rules while it acts; nothing of it is read from the chain.
type Truth struct {
	Settlements []*Settlement
	Requests    []*Request
	Claims      []Claim
	Flows       []Flow
	Rates       []RatePost
	FeeClaims   []FeeClaim
	Changes     []Change
	Incidents   []Incident
	Trades      []Trade
	Allocations []Allocation
	Debts       []Debt
	Closes      []Close
	Balances    map[common.Address]*big.Int // of shares at the end; all that are not zero
}
