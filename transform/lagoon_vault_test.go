package transform

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"testing"
	"time"
)

const (
	nobody   = "0x0000000000000000000000000000000000000000"
	silo     = "0x00000000000000000000000000000000000051f0"
	receiver = "0x000000000000000000000000000000000000fee1"
	protocol = "0x000000000000000000000000000000000000fee2"
	user     = "0x0000000000000000000000000000000000000123"
)

// A log is one event of a contract with its arguments as decode writes them.
type chainLog struct {
	block, index int64
	tx, event    string
	at           *time.Time // nil: the archive has no block times
	arguments    map[string]any
}

// A valuation is what a Lagoon vault was worth when its manager said so: after
// the fees minted for it, before the flows settled at it.
type valuation struct {
	at             time.Time
	assets, supply *big.Int
	hasLeg         bool // something was settled at it
}

// price is the exact price per share in units of the asset.
func (v valuation) price() *big.Rat {
	shares := new(big.Int).Add(v.supply, offset)
	return new(big.Rat).SetFrac(mul(add(v.assets, 1), offset), shares)
}

// offset is the virtual supply: 10 ^ (18 share decimals - 6 asset decimals).
var offset = new(big.Int).Exp(big.NewInt(10), big.NewInt(12), nil)

var wholeShare = new(big.Int).Exp(big.NewInt(10), big.NewInt(18), nil)

// A request waits for a settlement: of assets to be deposited, or of shares to
// be redeemed.
type request struct {
	who    string
	amount *big.Int
}

// lagoonVault acts as the contract of Lagoon v0.5 does, in exact integers.
type lagoonVault struct {
	address                   string
	assets, supply            *big.Int
	highWaterMark             *big.Int // of one share, in raw units of the asset
	lastFee                   time.Time
	management, performance   int64 // rates in basis points
	protocolShare             int64
	deposits, redemptions     []request // waiting in the silo
	depositEpoch, redeemEpoch int64     // that a request of now belongs to: odd, even
	// that the next settlement of its kind is numbered with
	depositSettle, redeemSettle int64
	block, index, transaction   int64
	now                         time.Time
	logs                        []chainLog
	valuations                  []valuation
	fees                        []feeTaken
	flows                       []flowOf

	balances  map[string]*big.Int // of shares, by account
	claimable map[string]*big.Int // settled shares that wait in the vault, by controller
	book      []booking
}

func newLagoonVault(address string, opened time.Time) *lagoonVault {
	v := &lagoonVault{
		address: address, assets: big.NewInt(0), supply: big.NewInt(0), highWaterMark: big.NewInt(1_000_000), lastFee: opened,
		management: 200, performance: 2000, protocolShare: 1000,
		depositEpoch: 1, redeemEpoch: 2, depositSettle: 1, redeemSettle: 2, block: 22_000_000,
		balances: map[string]*big.Int{}, claimable: map[string]*big.Int{},
	}
	v.begin(opened)
	v.emit("StateUpdated", "state", "0")
	return v
}

// begin starts a transaction in a later block.
func (v *lagoonVault) begin(at time.Time) {
	v.block += 7
	v.index = 40
	v.now = at
	v.transaction++
}

// next starts another transaction in the same block.
func (v *lagoonVault) next() { v.transaction++ }

func (v *lagoonVault) emit(event string, arguments ...string) {
	named := map[string]any{}
	for i := 0; i < len(arguments); i += 2 {
		named[arguments[i]] = arguments[i+1]
	}
	at := v.now
	v.index += 3
	v.logs = append(v.logs, chainLog{
		block: v.block, index: v.index, tx: fmt.Sprintf("0x%064x", v.transaction), event: event, at: &at, arguments: named,
	})
}

func (v *lagoonVault) transfer(from, to string, shares *big.Int) {
	v.emit("Transfer", "from", from, "to", to, "value", shares.String())
	if from == nobody {
		v.supply = new(big.Int).Add(v.supply, shares)
	} else {
		v.balances[from] = new(big.Int).Sub(v.balance(from), shares)
	}
	if to == nobody {
		v.supply = new(big.Int).Sub(v.supply, shares)
	} else {
		v.balances[to] = new(big.Int).Add(v.balance(to), shares)
	}
}

func (v *lagoonVault) balance(account string) *big.Int {
	if balance := v.balances[account]; balance != nil {
		return balance
	}
	return big.NewInt(0)
}

// requestDeposit moves assets to the silo; it is no flow of the vault yet.
func (v *lagoonVault) requestDeposit(assets *big.Int) { v.requestDepositBy(user, assets) }

func (v *lagoonVault) requestDepositBy(who string, assets *big.Int) {
	v.deposits = append(v.deposits, request{who, assets})
	v.emit("DepositRequest", "controller", who, "owner", who, "requestId", fmt.Sprint(v.depositEpoch), "sender", who, "assets", assets.String())
}

// cancelDeposit gives back all that its controller asked to deposit.
func (v *lagoonVault) cancelDeposit(who string) {
	v.deposits = slices.DeleteFunc(v.deposits, func(r request) bool { return r.who == who })
	v.emit("DepositRequestCanceled", "requestId", fmt.Sprint(v.depositEpoch), "controller", who)
}

func (v *lagoonVault) requestRedeem(shares *big.Int) { v.requestRedeemBy(user, user, shares) }

// requestRedeemBy moves an owner's shares to the silo; its controller gets the
// assets.
func (v *lagoonVault) requestRedeemBy(owner, controller string, shares *big.Int) {
	v.redemptions = append(v.redemptions, request{controller, shares})
	v.transfer(owner, silo, shares)
	v.moved(owner, controller, shares)
	v.emit("RedeemRequest", "controller", controller, "owner", owner, "requestId", fmt.Sprint(v.redeemEpoch), "sender", owner, "shares", shares.String())
}

func sumOf(requests []request) *big.Int {
	sum := big.NewInt(0)
	for _, r := range requests {
		sum.Add(sum, r.amount)
	}
	return sum
}

// settle takes the manager's word for the assets at work, takes the fees, and
// settles what waits: deposits if asked to, then redemptions.
func (v *lagoonVault) settle(worth *big.Int, deposits bool) {
	v.emit("TotalAssetsUpdated", "totalAssets", worth.String())
	v.assets = new(big.Int).Set(worth)
	v.takeFees()
	pendingAssets, pendingShares := sumOf(v.deposits), sumOf(v.redemptions)
	deposits = deposits && pendingAssets.Sign() > 0
	v.valuations = append(v.valuations, valuation{v.now, v.assets, v.supply, deposits || pendingShares.Sign() > 0})
	if pendingAssets.Sign() > 0 {
		v.depositEpoch += 2
	}
	if deposits {
		shares := v.sharesFor(pendingAssets)
		v.transfer(nobody, v.address, shares)
		v.assets = new(big.Int).Add(v.assets, pendingAssets)
		v.emitLeg("SettleDeposit", v.depositEpoch-2, &v.depositSettle, "assetsDeposited", pendingAssets, "sharesMinted", shares)
		v.flowed("settled_deposit", pendingAssets, shares)
		for _, r := range v.deposits {
			part := new(big.Rat).SetFrac(mul(shares, r.amount), pendingAssets)
			v.flow(r.who, part, new(big.Rat).Neg(new(big.Rat).SetInt(r.amount)))
			whole := new(big.Int).Quo(part.Num(), part.Denom())
			if before := v.claimable[r.who]; before != nil {
				whole.Add(whole, before)
			}
			v.claimable[r.who] = whole
		}
		v.deposits = nil
	}
	if pendingShares.Sign() > 0 {
		v.redeemEpoch += 2
		assets := v.assetsFor(pendingShares)
		v.transfer(silo, nobody, pendingShares)
		v.assets = new(big.Int).Sub(v.assets, assets)
		v.emitLeg("SettleRedeem", v.redeemEpoch-2, &v.redeemSettle, "assetsWithdrawed", assets, "sharesBurned", pendingShares)
		v.flowed("settled_redemption", new(big.Int).Neg(assets), new(big.Int).Neg(pendingShares))
		for _, r := range v.redemptions {
			v.flow(r.who, new(big.Rat).Neg(new(big.Rat).SetInt(r.amount)), new(big.Rat).SetFrac(mul(assets, r.amount), pendingShares))
		}
		v.redemptions = nil
	}
}

// emitLeg numbers a settlement by the settlements of its kind before it.
func (v *lagoonVault) emitLeg(event string, epoch int64, number *int64, assetsName string, assets *big.Int, sharesName string, shares *big.Int) {
	v.emit(event, "epochId", fmt.Sprint(epoch), "settledId", fmt.Sprint(*number), "totalAssets", v.assets.String(), "totalSupply", v.supply.String(),
		assetsName, assets.String(), sharesName, shares.String())
	*number += 2
}

// takeFees mints the management and performance fees to the manager and the
// protocol, and lifts the high-water mark.
func (v *lagoonVault) takeFees() {
	seconds := int64(v.now.Sub(v.lastFee).Seconds())
	v.lastFee = v.now
	fee := newFeeTaken(v.assets, v.supply, v.highWaterMark, seconds, v.management, v.performance)
	fee.at, fee.toManager, fee.toProtocol = v.now, big.NewInt(0), big.NewInt(0)
	if fee.shares.Sign() > 0 {
		toProtocol := ceilDiv(mul(fee.shares, big.NewInt(v.protocolShare)), big.NewInt(10_000))
		if toManager := new(big.Int).Sub(fee.shares, toProtocol); toManager.Sign() > 0 {
			fee.toManager, fee.toProtocol = toManager, toProtocol
			v.transfer(nobody, receiver, toManager)
			v.minted(receiver, toManager)
			v.transfer(nobody, protocol, toProtocol)
			v.minted(protocol, toProtocol)
		}
	}
	v.fees = append(v.fees, fee)
	perShare := mul(wholeShare, add(v.assets, 1))
	perShare.Div(perShare, new(big.Int).Add(v.supply, offset))
	if perShare.Cmp(v.highWaterMark) > 0 {
		v.emit("HighWaterMarkUpdated", "oldHighWaterMark", v.highWaterMark.String(), "newHighWaterMark", perShare.String())
		v.highWaterMark = perShare
	}
}

// A feeTaken is what one valuation cost the holders.
type feeTaken struct {
	at                      time.Time
	assets, before, mark    *big.Int // total assets, supply and high-water mark before it
	management, performance *big.Int // fees in raw units of the asset
	shares                  *big.Int // that pay both
	toManager, toProtocol   *big.Int
}

// newFeeTaken is the contract's formula for both fees and the shares that pay
// them, rounded up at each step.
func newFeeTaken(assets, supply, highWaterMark *big.Int, seconds, management, performance int64) feeTaken {
	tenThousand := big.NewInt(10_000)
	held := ceilDiv(mul(assets, big.NewInt(management)), tenThousand)
	managementFee := ceilDiv(mul(held, big.NewInt(seconds)), big.NewInt(31_536_000))
	shares := new(big.Int).Add(supply, offset)
	rest := new(big.Int).Sub(add(assets, 1), managementFee)
	perShare := ceilDiv(mul(wholeShare, rest), shares)
	performanceFee := big.NewInt(0)
	if gain := new(big.Int).Sub(perShare, highWaterMark); gain.Sign() > 0 {
		profit := ceilDiv(mul(gain, supply), wholeShare)
		performanceFee = ceilDiv(mul(profit, big.NewInt(performance)), tenThousand)
	}
	fee := new(big.Int).Add(managementFee, performanceFee)
	return feeTaken{
		assets: assets, before: supply, mark: highWaterMark, management: managementFee, performance: performanceFee,
		shares: ceilDiv(mul(fee, shares), add(new(big.Int).Sub(assets, fee), 1)),
	}
}

// syncDeposit mints at the last valuation, at once.
func (v *lagoonVault) syncDeposit(assets *big.Int) {
	shares := v.sharesFor(assets)
	v.assets = new(big.Int).Add(v.assets, assets)
	v.transfer(nobody, user, shares)
	v.flow(user, new(big.Rat).SetInt(shares), new(big.Rat).Neg(new(big.Rat).SetInt(assets)))
	v.emit("DepositSync", "sender", user, "owner", user, "assets", assets.String(), "shares", shares.String())
	v.flowed("sync_deposit", assets, shares)
}

// claimShares hands out all the settled shares of a controller.
func (v *lagoonVault) claimShares(controller, to string) {
	shares := v.claimable[controller]
	if shares == nil || shares.Sign() == 0 {
		return
	}
	delete(v.claimable, controller)
	v.transfer(v.address, to, shares)
	v.moved(controller, to, shares)
	v.emit("Deposit", "sender", controller, "owner", to, "assets", "1", "shares", shares.String())
}

// give moves shares from one holder to another.
func (v *lagoonVault) give(from, to string, shares *big.Int) {
	v.transfer(from, to, shares)
	v.moved(from, to, shares)
}

// claim hands out shares and assets settled earlier, at prices of then.
func (v *lagoonVault) claim(assets, shares *big.Int) {
	v.transfer(v.address, user, shares)
	v.emit("Deposit", "sender", user, "owner", user, "assets", assets.String(), "shares", shares.String())
	v.emit("Withdraw", "sender", user, "receiver", user, "owner", user, "assets", assets.String(), "shares", shares.String())
}

// closeVault settles a last time; from then on redemptions are immediate.
func (v *lagoonVault) closeVault(worth *big.Int) {
	v.settle(worth, true)
	v.emit("StateUpdated", "state", "2")
}

func (v *lagoonVault) withdrawClosed(shares *big.Int) {
	assets := v.assetsFor(shares)
	v.assets = new(big.Int).Sub(v.assets, assets)
	v.transfer(user, nobody, shares)
	v.flow(user, new(big.Rat).Neg(new(big.Rat).SetInt(shares)), new(big.Rat).SetInt(assets))
	v.emit("Withdraw", "sender", user, "receiver", user, "owner", user, "assets", assets.String(), "shares", shares.String())
	v.flowed("withdrawal", new(big.Int).Neg(assets), new(big.Int).Neg(shares))
}

func (v *lagoonVault) sharesFor(assets *big.Int) *big.Int {
	out := mul(assets, new(big.Int).Add(v.supply, offset))
	return out.Div(out, add(v.assets, 1))
}

func (v *lagoonVault) assetsFor(shares *big.Int) *big.Int {
	out := mul(shares, add(v.assets, 1))
	return out.Div(out, new(big.Int).Add(v.supply, offset))
}

func mul(a, b *big.Int) *big.Int { return new(big.Int).Mul(a, b) }

func add(a *big.Int, b int64) *big.Int { return new(big.Int).Add(a, big.NewInt(b)) }

func ceilDiv(a, b *big.Int) *big.Int {
	quotient, rest := new(big.Int).QuoRem(a, b, new(big.Int))
	if rest.Sign() > 0 {
		quotient.Add(quotient, big.NewInt(1))
	}
	return quotient
}

// usd is an amount of the asset in raw units.
func usd(cents int64) *big.Int { return mul(big.NewInt(cents), big.NewInt(10_000)) }

// grow is an amount changed by so many millionths.
func grow(amount *big.Int, millionths int64) *big.Int {
	out := mul(amount, big.NewInt(1_000_000+millionths))
	return out.Div(out, big.NewInt(1_000_000))
}

// addLogs archives a contract's logs, decoded.
func addLogs(t testing.TB, db *sql.DB, file int, contract string, logs []chainLog) {
	t.Helper()
	addFile(t, db, file, "logs")
	appendRows(t, db, "logs", func(add func(...any) error) error {
		for _, l := range logs {
			var at any
			if l.at != nil {
				at = *l.at
			}
			err := add(int64(1), l.block, l.index, nil, at, unhex(t, l.tx), nil, unhex(t, contract), nil, nil, nil, nil, []byte{}, int32(file))
			if err != nil {
				return err
			}
		}
		return nil
	})
	appendRows(t, db, "events", func(add func(...any) error) error {
		for _, l := range logs {
			arguments, err := json.Marshal(l.arguments)
			if err != nil {
				return err
			}
			if err := add(int64(1), l.block, l.index, l.tx, contract, l.event, l.event+"()", arguments); err != nil {
				return err
			}
		}
		return nil
	})
}

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	var out []byte
	if _, err := fmt.Sscanf(text, "0x%x", &out); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return out
}
