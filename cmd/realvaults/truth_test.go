//go:build !race

package realvaults

import (
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
)

// A book is what a vault and its asset answer about the played days. It keeps only
// where something happened; how much is asked of the chain.
type book struct {
	w             *world
	vault, asset  *contract
	assetDecimals int
	shareDecimals int
	probe         *big.Int // shares of which convertToAssets is the price

	days  []day
	flows []flow
	moves []move
	fees  []mint
	own   map[common.Address]bool // accounts that are no investors
	other map[common.Address]bool // holders besides the users

	// of vaults in which shares or assets wait: what a holder has with them, and what
	// it paid in or took out when its requests were settled; else nil
	heldBy func(holder common.Address, block uint64) *big.Int
	cashBy map[common.Address][]cashFlow

	dust    *big.Int // the least deposit, which may be worth no share
	checked []string // levels that cannot be proved of the family

	exits map[int]*exit // of days that were asked about

	// days whose published assets and supply are those before what was settled
	isBeforeFlows map[int]bool
}

// A day is a UTC day at its last block.
type day struct {
	number         int
	block          uint64
	price          float64 // assets per share, in whole units of both
	assets, supply *big.Int
}

// A flow is a deposit or withdrawal by which a holder's shares and a payer's assets
// change. A holder has at most one in a block.
type flow struct {
	block  uint64
	kind   string
	holder common.Address
	payer  common.Address // or who is paid

	assets, shares *big.Int // of a settlement, which has no holder; else nil
}

// A move is shares that one holder sends another.
type move struct {
	block    uint64
	from, to common.Address
	shares   *big.Int
}

// A mint is shares made for a fee.
type mint struct {
	block    uint64
	receiver common.Address
	shares   *big.Int
}

func newBook(w *world, vault, asset *contract, assetDecimals, shareDecimals int) *book {
	return &book{
		w: w, vault: vault, asset: asset, assetDecimals: assetDecimals, shareDecimals: shareDecimals, probe: power(shareDecimals + 12),
		dust: num(1), isBeforeFlows: map[int]bool{}, exits: map[int]*exit{}, own: map[common.Address]bool{vault.address: true}, other: map[common.Address]bool{},
	}
}

// price is what a share is worth at a block.
func (b *book) price(block uint64) float64 {
	b.w.t.Helper()
	converted := b.vault.at(block, "convertToAssets", b.probe)
	price := new(big.Rat).SetFrac(mul(converted, power(b.shareDecimals)), mul(b.probe, power(b.assetDecimals)))
	f, _ := price.Float64()
	return f
}

// close writes down day k at the given block, its last.
func (b *book) close(k int, block uint64) {
	b.w.t.Helper()
	b.days = append(b.days, day{k, block, b.price(block), b.vault.at(block, "totalAssets"), b.vault.at(block, "totalSupply")})
}

// shares is a holder's balance now.
func (b *book) shares(holder common.Address) *big.Int {
	b.w.t.Helper()
	return b.vault.now("balanceOf", holder)
}

// flow writes down a flow of the block that comes next, or of the current one if it
// was just mined.
func (b *book) flow(kind string, holder, payer common.Address, act func()) {
	b.w.t.Helper()
	act()
	block := b.w.head
	if b.w.isHolding {
		block++
	}
	b.flows = append(b.flows, flow{block: block, kind: kind, holder: holder, payer: payer})
}

func (b *book) deposit(from common.Address, assets *big.Int) {
	b.w.t.Helper()
	b.flow("deposit", from, from, func() { b.vault.send(from, "deposit(uint256,address)", assets, from) })
}

// depositFor lets one account pay for another's shares.
func (b *book) depositFor(payer, holder common.Address, assets *big.Int) {
	b.w.t.Helper()
	b.flow("deposit", holder, payer, func() { b.vault.send(payer, "deposit(uint256,address)", assets, holder) })
}

func (b *book) mintShares(from common.Address, shares *big.Int) {
	b.w.t.Helper()
	b.flow("deposit", from, from, func() { b.vault.send(from, "mint(uint256,address)", shares, from) })
}

func (b *book) withdraw(from common.Address, assets *big.Int) {
	b.w.t.Helper()
	b.flow("withdrawal", from, from, func() { b.vault.send(from, "withdraw(uint256,address,address)", assets, from, from) })
}

func (b *book) redeem(from common.Address, shares *big.Int) {
	b.w.t.Helper()
	b.flow("withdrawal", from, from, func() { b.vault.send(from, "redeem(uint256,address,address)", shares, from, from) })
}

// redeemBy lets one account, which its holder allows to, redeem shares and send the
// assets to a third.
func (b *book) redeemBy(spender, holder, receiver common.Address, shares *big.Int) {
	b.w.t.Helper()
	b.vault.send(holder, "approve", spender, shares)
	b.flow("withdrawal", holder, receiver, func() { b.vault.send(spender, "redeem(uint256,address,address)", shares, receiver, holder) })
}

// findFees notes every block in which a receiver of fees, who does nothing else, got
// shares.
func (b *book) findFees(receivers ...common.Address) {
	b.w.t.Helper()
	for _, receiver := range receivers {
		b.own[receiver] = true
		before := new(big.Int)
		for block := b.w.blockOf(b.vault); block <= b.w.head; block++ {
			balance := b.vault.at(block, "balanceOf", receiver)
			if balance.Cmp(before) > 0 {
				b.fees = append(b.fees, mint{block, receiver, sub(balance, before)})
			}
			before = balance
		}
	}
}

// give moves shares from one holder to another.
func (b *book) give(from, to common.Address, shares *big.Int) {
	b.w.t.Helper()
	b.vault.send(from, "transfer", to, shares)
	b.moves = append(b.moves, move{b.w.head, from, to, shares})
}

// change is by how much a token's balance changed in a block.
func change(token *contract, holder common.Address, block uint64) *big.Int {
	token.w.t.Helper()
	return sub(token.at(block, "balanceOf", holder), token.at(block-1, "balanceOf", holder))
}

// amounts are the assets that came in by a flow and the shares that were made for
// them, both negative for a withdrawal.
func (b *book) amounts(f flow) (assets, shares *big.Int) {
	b.w.t.Helper()
	if f.assets != nil {
		return f.assets, f.shares
	}
	return new(big.Int).Neg(change(b.asset, f.payer, f.block)), change(b.vault, f.holder, f.block)
}

// holders are all who have shares at the end, or had.
func (b *book) holders() []common.Address {
	all := maps.Clone(b.other)
	for _, f := range b.flows {
		if f.assets == nil {
			all[f.holder] = true
		}
	}
	for holder := range b.cashBy {
		all[holder] = true
	}
	for _, m := range b.moves {
		all[m.to] = true
	}
	for _, m := range b.fees {
		all[m.receiver] = true
	}
	return slices.SortedFunc(maps.Keys(all), common.Address.Cmp)
}

// A cashFlow is one of an investor's, in units of the asset; negative paid in.
type cashFlow struct {
	at     time.Time
	block  uint64
	amount float64
}

// cashFlows are a holder's, in time. Shares that change hands count at the price that
// the contract gives in their block.
func (b *book) cashFlows(holder common.Address) []cashFlow {
	b.w.t.Helper()
	var all []cashFlow
	note := func(block uint64, amount float64) {
		all = append(all, cashFlow{b.w.timeOf(block), block, amount})
	}
	all = append(all, b.cashBy[holder]...)
	for _, f := range b.flows {
		if f.assets == nil && f.holder == holder {
			assets, _ := b.amounts(f)
			note(f.block, -units(assets, b.assetDecimals))
		}
	}
	for _, m := range b.moves {
		if m.from == m.to {
			continue
		}
		worth := units(m.shares, b.shareDecimals) * b.price(m.block)
		if m.to == holder {
			note(m.block, -worth)
		}
		if m.from == holder {
			note(m.block, worth)
		}
	}
	for _, m := range b.fees {
		if m.receiver == holder {
			note(m.block, -units(m.shares, b.shareDecimals)*b.price(m.block))
		}
	}
	slices.SortStableFunc(all, func(x, y cashFlow) int { return x.at.Compare(y.at) })
	return all
}

// held is what a holder has at a block, with what waits.
func (b *book) held(holder common.Address, block uint64) *big.Int {
	b.w.t.Helper()
	if b.heldBy != nil {
		return b.heldBy(holder, block)
	}
	return b.vault.at(block, "balanceOf", holder)
}

// last is the last day that was closed.
func (b *book) last() day { return b.days[len(b.days)-1] }

func lower(a common.Address) string { return strings.ToLower(a.Hex()) }
