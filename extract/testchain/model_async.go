package testchain

import (
	"math/big"

	"github.com/ethereum/go-ethereum/common"
)

// Rates are fee rates in basis points: of assets per year, and of the gain over
// the high-water mark.
type Rates struct{ Management, Performance uint16 }

type epoch struct {
	settle            uint64
	deposits, redeems map[common.Address]*big.Int
}

// A settle is the price at which its requests were taken: the assets and the
// supply before its own leg.
type settle struct {
	supply, assets, pendingAssets, pendingShares *big.Int
}

// An asyncVault is what the asynchronous vault must do, by the rules of Lagoon
// v0.5 and in its integers.
type asyncVault struct {
	self, silo, safe, feeReceiver, protocol common.Address

	asset, shares *ledger
	assets        *big.Int // totalAssets()
	proposal      *big.Int // nil: none

	depositEpoch, depositSettle, depositsSettled uint64
	redeemEpoch, redeemSettle, redeemsSettled    uint64
	epochs                                       map[uint64]*epoch
	settles                                      map[uint64]*settle
	lastDeposit, lastRedeem                      map[common.Address]uint64

	highWaterMark *big.Int
	lastFees      uint64 // unix time
	rates, old    Rates
	ratesFrom     uint64
	cooldown      uint64
	protocolRate  int64 // basis points

	expires, lifespan uint64
}

func newAsyncVault(self, silo common.Address, asset *ledger) *asyncVault {
	return &asyncVault{
		self: self, silo: silo, asset: asset, shares: newLedger(), assets: zero(),
		depositEpoch: 1, depositSettle: 1, redeemEpoch: 2, redeemSettle: 2,
		epochs: map[uint64]*epoch{}, settles: map[uint64]*settle{},
		lastDeposit: map[common.Address]uint64{}, lastRedeem: map[common.Address]uint64{},
		highWaterMark: units(1),
	}
}

func (v *asyncVault) epoch(id uint64) *epoch {
	if v.epochs[id] == nil {
		v.epochs[id] = &epoch{deposits: map[common.Address]*big.Int{}, redeems: map[common.Address]*big.Int{}}
	}
	return v.epochs[id]
}

func (v *asyncVault) settle(id uint64) *settle {
	if v.settles[id] == nil {
		v.settles[id] = &settle{zero(), zero(), zero(), zero()}
	}
	return v.settles[id]
}

func (v *asyncVault) toShares(assets *big.Int) *big.Int {
	return mulDiv(assets, add(v.shares.supply, shareOffset), add(v.assets, one))
}

// toAssets is convertToAssets(shares).
func (v *asyncVault) toAssets(shares *big.Int) *big.Int {
	return mulDiv(shares, add(v.assets, one), add(v.shares.supply, shareOffset))
}

func (v *asyncVault) ratesAt(now uint64) Rates {
	if v.ratesFrom <= now {
		return v.rates
	}
	return v.old
}

func amount(of map[common.Address]*big.Int, who common.Address) *big.Int {
	if n := of[who]; n != nil {
		return n
	}
	return zero()
}

// claimableAssets is what of a controller's last deposit was settled and not yet
// claimed, in the asset.
func (v *asyncVault) claimableAssets(who common.Address) *big.Int {
	if id := v.lastDeposit[who]; id <= v.depositsSettled {
		return amount(v.epoch(id).deposits, who)
	}
	return zero()
}

// claimableShares is what of a controller's last redemption was settled and not
// yet claimed, in shares.
func (v *asyncVault) claimableShares(who common.Address) *big.Int {
	if id := v.lastRedeem[who]; id <= v.redeemsSettled {
		return amount(v.epoch(id).redeems, who)
	}
	return zero()
}

// mayDeposit says whether a controller may request a deposit now: only one epoch's
// request may wait.
func (v *asyncVault) mayDeposit(who common.Address, now uint64) bool {
	id := v.lastDeposit[who]
	waits := id > v.depositsSettled && amount(v.epoch(id).deposits, who).Sign() > 0
	return now >= v.expires && (id == v.depositEpoch || !waits)
}

func (v *asyncVault) mayRedeem(who common.Address) bool {
	id := v.lastRedeem[who]
	waits := id > v.redeemsSettled && amount(v.epoch(id).redeems, who).Sign() > 0
	return id == v.redeemEpoch || !waits
}

// requestDeposit claims first, as the contract does, and returns the request's id
// and the shares claimed.
func (v *asyncVault) requestDeposit(who common.Address, assets *big.Int) (id uint64, claimed *big.Int) {
	claimed = v.claimShares(who)
	id = v.depositEpoch
	v.lastDeposit[who] = id
	v.asset.move(who, v.silo, assets)
	v.epoch(id).deposits[who] = add(amount(v.epoch(id).deposits, who), assets)
	return id, claimed
}

func (v *asyncVault) cancelDeposit(who common.Address) (id uint64, assets *big.Int) {
	id = v.lastDeposit[who]
	assets = amount(v.epoch(id).deposits, who)
	v.epoch(id).deposits[who] = zero()
	v.asset.move(v.silo, who, assets)
	return id, assets
}

func (v *asyncVault) requestRedeem(who common.Address, shares *big.Int) (id uint64, claimed *big.Int) {
	claimed = v.claimAssets(who)
	id = v.redeemEpoch
	v.lastRedeem[who] = id
	v.shares.move(who, v.silo, shares)
	v.epoch(id).redeems[who] = add(amount(v.epoch(id).redeems, who), shares)
	return id, claimed
}

// claimShares gives a controller all that it may claim of its deposits.
func (v *asyncVault) claimShares(who common.Address) *big.Int {
	assets := v.claimableAssets(who)
	if assets.Sign() == 0 {
		return zero()
	}
	id := v.lastDeposit[who]
	at := v.settle(v.epoch(id).settle)
	shares := mulDiv(assets, add(at.supply, shareOffset), add(at.assets, one))
	v.epoch(id).deposits[who] = zero()
	v.shares.move(v.self, who, shares)
	return shares
}

// claimAssets gives a controller all that it may claim of its redemptions.
func (v *asyncVault) claimAssets(who common.Address) *big.Int {
	shares := v.claimableShares(who)
	if shares.Sign() == 0 {
		return zero()
	}
	id := v.lastRedeem[who]
	at := v.settle(v.epoch(id).settle)
	assets := mulDiv(shares, add(at.assets, one), add(at.supply, shareOffset))
	v.epoch(id).redeems[who] = zero()
	v.asset.move(v.self, who, assets)
	return assets
}

func (v *asyncVault) syncDeposit(who common.Address, assets *big.Int) (shares *big.Int) {
	shares = v.toShares(assets)
	v.asset.move(who, v.safe, assets)
	v.assets = add(v.assets, assets)
	v.shares.mint(who, shares)
	return shares
}

// sell is a redemption in the closed vault, where nothing is claimable.
func (v *asyncVault) sell(who common.Address, shares *big.Int) (assets *big.Int) {
	assets = v.toAssets(shares)
	v.assets = sub(v.assets, assets)
	v.shares.burn(who, shares)
	v.asset.move(v.self, who, assets)
	return assets
}

func (v *asyncVault) propose(assets *big.Int) {
	v.epoch(v.depositEpoch).settle = v.depositSettle
	v.epoch(v.redeemEpoch).settle = v.redeemSettle
	if waiting := v.asset.of(v.silo); waiting.Sign() > 0 {
		v.depositEpoch += 2
		v.settle(v.depositSettle).pendingAssets = waiting
	}
	if waiting := v.shares.of(v.silo); waiting.Sign() > 0 {
		v.redeemEpoch += 2
		v.settle(v.redeemSettle).pendingShares = waiting
	}
	v.proposal = assets
}

// accept makes the proposal the vault's assets and takes fees; what it did is
// added to s.
func (v *asyncVault) accept(now uint64, s *Settlement) {
	v.assets, v.proposal = v.proposal, nil
	v.expires = now + v.lifespan
	s.TotalAssets, s.SupplyBefore = v.assets, v.shares.supply
	v.takeFees(now, s)
	s.SupplyAfterFees = v.shares.supply
	s.Price = v.toAssets(shareUnit)
}

var (
	basisPoints = num(10_000)
	year        = num(365 * 86_400)
)

func (v *asyncVault) takeFees(now uint64, s *Settlement) {
	rates := v.ratesAt(now)
	supply := v.shares.supply
	yearly := mulDivUp(v.assets, num(int64(rates.Management)), basisPoints)
	s.ManagementFee = mulDivUp(yearly, sub(num(int64(now)), num(int64(v.lastFees))), year)
	s.PerformanceFee = zero()
	price := mulDivUp(shareUnit, sub(add(v.assets, one), s.ManagementFee), add(supply, shareOffset))
	if less(v.highWaterMark, price) {
		gain := mulDivUp(sub(price, v.highWaterMark), supply, shareUnit)
		s.PerformanceFee = mulDivUp(gain, num(int64(rates.Performance)), basisPoints)
	}
	fees := add(s.ManagementFee, s.PerformanceFee)
	shares := mulDivUp(fees, add(supply, shareOffset), add(sub(v.assets, fees), one))
	s.ProtocolShares = mulDivUp(shares, num(v.protocolRate), basisPoints)
	s.ManagerShares = sub(shares, s.ProtocolShares)
	if s.ManagerShares.Sign() > 0 {
		v.shares.mint(v.feeReceiver, s.ManagerShares)
		v.shares.mint(v.protocol, s.ProtocolShares)
	} else {
		s.ProtocolShares = zero()
	}
	s.HighWaterMarkBefore = v.highWaterMark
	if price := v.toAssets(shareUnit); less(v.highWaterMark, price) {
		v.highWaterMark = price
	}
	s.HighWaterMark = v.highWaterMark
	v.lastFees = now
}

// settleDeposits is the deposit leg; what it did is added to s.
func (v *asyncVault) settleDeposits(s *Settlement) {
	s.Deposited, s.SharesMinted = zero(), zero()
	at := v.settle(v.depositSettle)
	if at.pendingAssets.Sign() == 0 {
		return
	}
	s.Deposited, s.SharesMinted = at.pendingAssets, v.toShares(at.pendingAssets)
	at.assets, at.supply = v.assets, v.shares.supply
	v.shares.mint(v.self, s.SharesMinted)
	v.assets = add(v.assets, s.Deposited)
	v.depositSettle += 2
	v.depositsSettled = v.depositEpoch - 2
	v.asset.move(v.silo, v.safe, s.Deposited)
}

// settleRedeems is the redeem leg, which does nothing when the Safe holds too
// little.
func (v *asyncVault) settleRedeems(s *Settlement) {
	s.Withdrawn, s.SharesBurned = zero(), zero()
	at := v.settle(v.redeemSettle)
	assets := v.toAssets(at.pendingShares)
	if assets.Sign() == 0 {
		return
	}
	if less(v.asset.of(v.safe), assets) {
		s.RedeemSkipped = true
		return
	}
	s.Withdrawn, s.SharesBurned = assets, at.pendingShares
	at.assets, at.supply = v.assets, v.shares.supply
	v.shares.burn(v.silo, s.SharesBurned)
	v.assets = sub(v.assets, assets)
	v.redeemSettle += 2
	v.redeemsSettled = v.redeemEpoch - 2
	v.asset.move(v.safe, v.self, assets)
}
