//go:build !race

package realvaults

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
)

// TestLagoon plays Lagoon's v0.5.1, which is upgraded to v0.6.0 half way. What can go
// wrong: the price is a valuation that fees are minted at before anything is settled;
// requests wait, are cancelled, are claimed in parts or not at all; a pause; a Safe that
// has too little when a redemption is due; changed fees; a loss.
func TestLagoon(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "lagoon")
		p := newLagoonPlay(w, sharedCode(t, "lagoon"), false)
		p.upgradeDay, p.investDay = 24, 14
		c := newComparison("lagoon")
		f := p.playAll(47)
		p.judgeAll(c, f, map[string]string{"proportional_claim": "held", "redemption_at_true_value": "broken", "fully_liquid": "broken", "never_borrows": "not provable"})
		c.conclude(t)
	})
}

// TestLagoonV6 plays v0.6.0 from the start, with fees on entry and exit, and a haircut
// on shares that are redeemed without waiting.
func TestLagoonV6(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "lagoon v0.6")
		p := newLagoonPlay(w, sharedCode(t, "lagoon"), true)
		p.syncDay = 22
		c := newComparison("lagoon v0.6")
		f := p.playAll(37)
		p.judgeAll(c, f, map[string]string{"proportional_claim": "held", "redemption_at_true_value": "held", "fully_liquid": p.liquid(), "never_borrows": "not provable"})
		c.conclude(t)
	})
}

// TestSmallLagoon plays a vault of a few hundred dollars in which nothing flows after
// the start, so that the virtual amounts in the contract's price can be seen.
func TestSmallLagoon(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "small lagoon")
		p := newLagoonPlay(w, sharedCode(t, "lagoon"), false)
		w.startDay(0)
		for _, u := range p.users {
			p.request(u, true, w.dice.odd(8))
		}
		p.settle(0)
		p.close(0, w.endDay(0))
		const days = 12
		for k := 1; k < days; k++ {
			w.startDay(k)
			w.pass(9000)
			p.settle(k)
			p.close(k, w.endDay(k))
		}
		w.finish(days)
		c := newComparison("lagoon, small")
		p.judgeDays(c, w.runCommand(days-1, p.vault))
		c.conclude(t)
	})
}

// A lagoonPlay is the vault behind its proxy and who acts on it.
type lagoonPlay struct {
	*book
	v6                             *contract // nil: not yet upgraded
	deployer                       *deployer
	registry                       *contract
	admin, safe, valuer            common.Address
	receiver, protocol, venue      common.Address
	silo                           common.Address
	users                          []common.Address
	hasEntryFee                    bool
	upgradeDay, investDay, lossDay int
	syncDay, lastDay               int
	requests                       []*lagoonRequest
	settlements                    []lagoonSettlement
	cash                           map[common.Address][]cashFlow
	shocks                         []shock
	invested                       *big.Int
	upgraded                       uint64   // the block from which on the code is v0.6.0
	resets                         []uint64 // blocks that set the high-water mark down
}

// A lagoonRequest waits for a settlement, and then to be claimed.
type lagoonRequest struct {
	block        uint64
	who          common.Address
	isDeposit    bool
	amount       *big.Int
	status       string
	settledBlock uint64
	realised     float64 // assets per share, of a redemption
	passedOver   int
	isClaimed    bool
}

// A lagoonSettlement is a valuation that was accepted.
type lagoonSettlement struct {
	block          uint64
	assets, supply *big.Int // that the price is of: after fees, before flows
}

// lagoonRates are those of v0.6.0, in basis points.
type lagoonRates struct{ ManagementRate, PerformanceRate, EntryRate, ExitRate, HaircutRate uint16 }

func newLagoonPlay(w *world, all artifacts, isSix bool) *lagoonPlay {
	u := w.users
	p := &lagoonPlay{
		admin: u[0], safe: u[1], valuer: u[2], receiver: u[3], protocol: u[4], venue: u[5], users: u[6:13], hasEntryFee: isSix,
		upgradeDay: -9, investDay: -9, syncDay: -9, lossDay: 29 + 2*int(w.dice.between(0, 1)), cash: map[common.Address][]cashFlow{},
	}
	d := newDeployer(w, p.admin, all)
	p.deployer = d
	coin := newDeployer(w, p.admin, plainCode(w.t)).deploy("Coin", "USDL", 6)
	p.registry = d.deploy("FeeRegistry", false)
	p.registry.send(p.admin, "initialize", p.admin, p.protocol)
	p.registry.send(p.admin, "updateDefaultRate", int(w.dice.between(5, 20))*100)
	var code *contract
	init := []any{coin, "Played Lagoon", "plUSD", p.safe, p.admin, p.valuer, p.admin, p.receiver, int(w.dice.between(50, 200)), int(w.dice.between(1000, 2000))}
	if isSix {
		code = d.deploy("LagoonVault", true)
		init = append(init, 0, 20, 10, 50, p.admin, common.Address{}, 0, common.Address{}, 1) // for all; entry, exit, haircut; …; the high-water mark may be reset
	} else {
		code = d.deploy("src/v0.5.1/Vault.sol:Vault", true)
		init = append(init, 0, 5*daySeconds) // no whitelist; rates are announced five days before
	}
	proxy := d.deploy("T.sol:P", code, p.admin, []byte{})
	vault := proxy.as(code)
	vault.send(p.admin, "initialize", append(encode(w, 32), encode(w, init...)...), p.registry, coin)
	p.book = newBook(w, vault, coin, 6, 18)
	if isSix {
		p.v6 = vault
		vault.send(p.safe, "updateMaxCap", maxUint(255))
	}
	p.silo = crypto.CreateAddress(vault.address, 2) // the first that the proxy creates is its admin
	p.own[p.silo], p.own[p.receiver], p.own[p.protocol] = true, true, true
	p.other[p.silo], p.other[vault.address] = true, true
	coin.send(p.safe, "approve", vault, maxUint(256))
	for _, u := range p.users {
		coin.send(p.admin, "mint", u, power(15))
		coin.send(u, "approve", vault, maxUint(256))
	}
	return p
}

func (p *lagoonPlay) playAll(days int) *figures {
	p.lastDay = days - 1
	playDays(p.w, days, p)
	p.findFees(p.receiver, p.protocol)
	return p.w.runCommand(days-1, p.vault)
}

func (p *lagoonPlay) play(k int) {
	switch k {
	case p.upgradeDay:
		p.upgrade()
	case p.upgradeDay + 4:
		if p.v6 != nil && !p.hasEntryFee {
			p.vault.send(p.admin, "updateRates", lagoonRates{ManagementRate: 40, PerformanceRate: 900})
		}
	case p.syncDay + 1:
		p.vault.send(p.safe, "expireTotalAssets")
		p.vault.send(p.safe, "updateTotalAssetsLifespan", 0)
	case p.investDay: // all that the Safe has
		p.invested = p.asset.now("balanceOf", p.safe)
		p.asset.send(p.safe, "transfer", p.venue, p.invested)
	case p.investDay + 7:
		if p.investDay > 0 {
			p.asset.send(p.venue, "transfer", p.safe, p.invested)
		}
	case 9:
		p.vault.send(p.admin, "pause")
		if why := p.vault.fails(p.users[0], "requestDeposit(uint256,address,address)", num(1000), p.users[0], p.users[0]); why == "" {
			p.w.t.Fatal("a paused vault takes requests")
		}
		return
	case 10:
		p.vault.send(p.admin, "unpause")
	}
	if k == p.syncDay {
		p.goAtOnce()
		return
	}
	p.ask(k)
	if k%2 == 1 {
		p.w.pass(9000)
		p.settle(k)
		p.claim(k)
	}
}

// ask lets users request deposits and redemptions.
func (p *lagoonPlay) ask(k int) {
	dice := p.w.dice
	for i, u := range p.users {
		if p.isBusy(u) {
			continue
		}
		shares := p.shares(u)
		switch n := dice.between(0, 99); {
		case k == p.investDay || k == p.investDay+1 || i == 0 && k == p.lastDay:
			if shares.Sign() > 0 {
				p.request(u, false, dice.part(shares, 300_000, 700_000))
			}
		case k == 0 || n < 15:
			p.request(u, true, dice.odd(13))
		case i > 0 && shares.Sign() > 0 && n < 30:
			p.request(u, false, dice.part(shares, 100_000, 700_000))
		case shares.Sign() > 0 && n < 35:
			p.give(u, pick(dice, p.users), dice.part(shares, 1000, 100_000))
		case n < 38 && p.v6 == nil:
			p.request(u, true, dice.odd(9))
			p.vault.send(u, "cancelRequestDeposit")
			p.requests = p.requests[:len(p.requests)-1]
		}
	}
}

// goAtOnce lets one user redeem and another deposit without waiting, at the last price.
func (p *lagoonPlay) goAtOnce() {
	comes, goes := p.users[1], p.users[0]
	p.flow("sync_deposit", comes, comes, func() {
		p.vault.send(comes, "syncDeposit", p.w.dice.odd(12), comes, common.Address{})
	})
	p.w.pass(5000)
	p.flow("sync_withdrawal", goes, goes, func() {
		p.vault.send(goes, "syncRedeem", p.w.dice.part(p.shares(goes), 200_000, 600_000), goes, new(big.Int))
	})
}

// isBusy says whether a user's request waits or is not claimed.
func (p *lagoonPlay) isBusy(u common.Address) bool {
	return slices.ContainsFunc(p.requests, func(r *lagoonRequest) bool { return r.who == u && !r.isClaimed })
}

func (p *lagoonPlay) request(u common.Address, isDeposit bool, amount *big.Int) {
	method := "requestRedeem(uint256,address,address)"
	if isDeposit {
		method = "requestDeposit(uint256,address,address)"
	}
	p.vault.send(u, method, amount, u, u)
	p.requests = append(p.requests, &lagoonRequest{block: p.w.head, who: u, isDeposit: isDeposit, amount: amount, status: "waiting"})
}

// settle values the vault and lets the Safe accept that.
func (p *lagoonPlay) settle(k int) {
	w, dice := p.w, p.w.dice
	before := p.vault.now("totalAssets")
	valued := add(before, dice.part(before, 300, 900))
	if k == p.lossDay {
		loss := dice.part(before, 12_000, 20_000)
		valued = sub(before, loss)
		p.shocks = append(p.shocks, shock{k, "step_down", new(big.Int).Neg(loss)})
	}
	if d := sub(valued, before); d.Sign() > 0 {
		p.asset.send(p.admin, "mint", p.safe, d)
	} else if d.Sign() < 0 {
		p.asset.send(p.admin, "burn", p.safe, new(big.Int).Neg(d))
	}
	if k == p.syncDay-1 { // the valuation to come holds for two days
		p.vault.send(p.safe, "updateTotalAssetsLifespan", 2*daySeconds)
	}
	p.vault.send(p.valuer, "updateNewTotalAssets", valued)
	w.pass(3000)
	method := "settleDeposit"
	if k%6 == 5 && p.vault.fails(p.safe, "settleRedeem", valued) == "" {
		method = "settleRedeem"
	}
	p.vault.send(p.safe, method, valued)
	p.noteSettlement(k, valued)
}

// noteSettlement writes down what the block that was just mined did, as the balances
// of the vault, its silo and the receivers of fees show it.
func (p *lagoonPlay) noteSettlement(k int, valued *big.Int) {
	block := p.w.head
	manager, protocol := change(p.vault, p.receiver, block), change(p.vault, p.protocol, block)
	settled, burned := change(p.vault, p.vault.address, block), new(big.Int).Neg(change(p.vault, p.silo, block))
	came, paid := new(big.Int).Neg(change(p.asset, p.silo, block)), change(p.asset, p.vault.address, block)
	fees := add(manager, protocol)
	if p.v6 != nil { // the receivers also have what was taken on entry and exit
		part := p.parts()[block]
		fees = new(big.Int)
		if part.management != nil {
			fees = add(part.management, part.performance)
		}
	}
	supply := add(p.vault.at(block-1, "totalSupply"), fees)
	if supply.Sign() == 0 { // the first price is of what was settled at it
		valued, supply = p.vault.now("totalAssets"), p.vault.now("totalSupply")
	}
	p.settlements = append(p.settlements, lagoonSettlement{block, valued, supply})
	p.isBeforeFlows[k] = true
	if came.Sign() > 0 {
		p.flows = append(p.flows, flow{block: block, kind: "settled_deposit", assets: came, shares: settled})
	}
	if burned.Sign() > 0 {
		p.flows = append(p.flows, flow{block: block, kind: "settled_redemption", assets: new(big.Int).Neg(paid), shares: new(big.Int).Neg(burned)})
	}
	for _, q := range p.requests {
		if q.status != "waiting" {
			continue
		}
		pending := "pendingRedeemRequest"
		if q.isDeposit {
			pending = "pendingDepositRequest"
		}
		if p.vault.at(block, pending, 0, q.who).Sign() > 0 {
			if !q.isDeposit {
				q.passedOver++
			}
			continue
		}
		q.status, q.settledBlock = "settled", block
		amount := -units(q.amount, p.assetDecimals)
		if !q.isDeposit {
			q.realised = units(paid, p.assetDecimals) / units(burned, p.shareDecimals)
			f, _ := new(big.Rat).SetFrac(mul(paid, q.amount), mul(burned, power(p.assetDecimals))).Float64()
			amount = f
		}
		p.cash[q.who] = append(p.cash[q.who], cashFlow{p.w.timeOf(block), block, amount})
	}
}

// A feeTaken is what v0.6 says itself of a fee.
type feeTaken struct {
	block                     uint64
	kind                      int64 // 0 management, 1 performance, 2 entry, 3 exit
	shares, manager, protocol *big.Int
}

// feesTaken are all that the vault logged, and haircuts the shares it burned of those
// who left at once.
func (p *lagoonPlay) feesTaken() (fees []feeTaken, haircuts map[uint64][]*big.Int) {
	t := p.w.t
	t.Helper()
	logs, err := p.w.node.eth.FilterLogs(t.Context(), ethereum.FilterQuery{FromBlock: num(0), Addresses: []common.Address{p.vault.address}, Topics: [][]common.Hash{{
		crypto.Keccak256Hash([]byte("FeeTaken(uint8,uint256,uint16,uint40,uint256,uint256)")),
		crypto.Keccak256Hash([]byte("HaircutTaken(address,uint256,uint16)")),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	word := func(log types.Log, n int) *big.Int { return new(big.Int).SetBytes(log.Data[32*n : 32*n+32]) }
	haircuts = map[uint64][]*big.Int{}
	for _, log := range logs {
		if len(log.Data) == 2*32 {
			haircuts[log.BlockNumber] = append(haircuts[log.BlockNumber], word(log, 0))
			continue
		}
		fees = append(fees, feeTaken{log.BlockNumber, log.Topics[1].Big().Int64(), word(log, 0), word(log, 3), word(log, 4)})
	}
	return fees, haircuts
}

// parts are what each settlement's fees were for, of v0.6. Those on entry and exit are
// in none.
func (p *lagoonPlay) parts() map[uint64]feePart {
	parts := map[uint64]feePart{}
	fees, _ := p.feesTaken()
	for _, f := range fees {
		part, ok := parts[f.block]
		if !ok {
			part = feePart{new(big.Int), new(big.Int)}
		}
		switch f.kind {
		case 0:
			part.management.Add(part.management, f.shares)
		case 1:
			part.performance.Add(part.performance, f.shares)
		default:
			continue
		}
		parts[f.block] = part
	}
	return parts
}

// claim lets users take what was settled, now and then only half of it at first.
func (p *lagoonPlay) claim(k int) {
	dice := p.w.dice
	for _, q := range p.requests {
		if q.status != "settled" || q.isClaimed || (k > 30 && dice.chance(300)) {
			continue
		}
		most, method := "maxRedeem", "redeem(uint256,address,address)"
		if q.isDeposit {
			most, method = "maxDeposit", "deposit(uint256,address,address)"
		}
		if dice.chance(300) {
			p.vault.send(q.who, method, dice.part(p.vault.now(most, q.who), 100_000, 800_000), q.who, q.who)
		}
		p.vault.send(q.who, method, p.vault.now(most, q.who), q.who, q.who)
		q.isClaimed = true
	}
}

// upgrade puts v0.6.0 behind the proxy, which takes rates that were announced as those in
// force.
func (p *lagoonPlay) upgrade() {
	w := p.w
	p.vault.send(p.admin, "updateRates", struct{ ManagementRate, PerformanceRate uint16 }{60, 1100})
	slot := "0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103" // ERC-1967, of the proxy's admin
	var word hexutil.Bytes
	w.node.must(w.t, &word, "eth_getStorageAt", p.vault.address, slot, "latest")
	signature := crypto.Keccak256([]byte("upgradeAndCall(address,address,bytes)"))[:4]
	code := p.deployer.deploy("LagoonVault", true)
	arguments := encode(w, p.vault, code, "") // nothing is to be called
	proxyAdmin := common.BytesToAddress(word)
	w.send("upgrade", p.admin, &proxyAdmin, append(signature, arguments...))
	p.vault = p.vault.as(code)
	p.v6, p.upgraded = p.vault, w.head
	p.vault.send(p.safe, "updateMaxCap", maxUint(255)) // it is 0 after an upgrade
}

// heldAndWaiting is what a holder has in shares, with those that wait to be claimed or redeemed.
func (p *lagoonPlay) heldAndWaiting(holder common.Address, block uint64) *big.Int {
	sum := p.vault.at(block, "balanceOf", holder)
	sum = add(sum, p.vault.at(block, "maxMint", holder))
	return add(sum, p.vault.at(block, "pendingRedeemRequest", 0, holder))
}

func (p *lagoonPlay) judgeAll(c *comparison, f *figures, verdicts map[string]string) {
	p.heldBy, p.cashBy = p.heldAndWaiting, p.cash
	p.judge(c, f)
	p.judgeSettlements(c, f)
	p.judgeFees(c, f, p.parts())
	p.judgeReceivers(c, f)
	p.judgeProofs(c, f)
	if p.hasEntryFee {
		p.judgeEntriesAndExits(c, f)
	}
	p.judgeRequests(c, f)
	p.judgeClaims(c, f, verdicts)
	p.judgeJumps(c, f, p.shocks...)
	p.judgeWarnings(c, f, p.shocks)
}

// liquid is whether all shares could be redeemed in the end: no request waits, and the
// Safe, which pays, holds what all of them are worth.
func (p *lagoonPlay) liquid() string {
	end := p.last().block
	for _, u := range p.users {
		if p.vault.at(end, "pendingRedeemRequest", 0, u).Sign() > 0 {
			return notHeld
		}
	}
	atHand, total := p.asset.at(end, "balanceOf", p.safe), p.vault.at(end, "totalAssets")
	if mul(atHand, num(1000)).Cmp(mul(total, num(999))) < 0 {
		return notHeld
	}
	return "held"
}

// judgeSettlements compares what each settlement's price is of.
func (p *lagoonPlay) judgeSettlements(c *comparison, f *figures) {
	published := map[string]row{}
	for _, r := range f.of("share_prices", p.vault) {
		published[r.text("block_number")] = r
	}
	for _, s := range p.settlements {
		block := fmt.Sprint(s.block)
		c.exact("settlements", "assets in block "+block, published[block].text("total_assets_raw"), s.assets.String())
		c.exact("settlements", "supply in block "+block, published[block].text("total_supply_raw"), s.supply.String())
	}
}

// judgeReceivers compares to whom fees went.
func (p *lagoonPlay) judgeReceivers(c *comparison, f *figures) {
	sums := map[string]*big.Int{"manager_shares_raw": {}, "protocol_shares_raw": {}}
	for _, r := range f.of("fees", p.vault) {
		for column, sum := range sums {
			n, _ := new(big.Int).SetString(r.text(column), 10)
			if n != nil {
				sum.Add(sum, n)
			}
		}
	}
	end := p.last().block
	c.exact("fees' receivers", "manager", sums["manager_shares_raw"].String(), p.vault.at(end, "balanceOf", p.receiver).String())
	c.exact("fees' receivers", "protocol", sums["protocol_shares_raw"].String(), p.vault.at(end, "balanceOf", p.protocol).String())
}

// judgeEntriesAndExits compares the fees of those who came or left with what the vault
// says of them itself, and that a haircut is told.
func (p *lagoonPlay) judgeEntriesAndExits(c *comparison, f *figures) {
	var got, want []string
	tellsHaircut := map[uint64]bool{}
	for _, r := range f.of("fees", p.vault) {
		switch r.text("kind") {
		case "entry", "exit", "entry_or_exit":
			got = append(got, strings.Join([]string{r.text("block_number"), r.text("fee_shares_raw"), r.text("manager_shares_raw"), r.text("protocol_shares_raw")}, " "))
		case "haircut":
			n, _ := r.number("block_number")
			tellsHaircut[uint64(n)] = true
		}
	}
	fees, haircuts := p.feesTaken()
	for _, f := range fees {
		if f.kind > 1 {
			want = append(want, fmt.Sprintf("%d %s %s %s", f.block, f.shares, f.manager, f.protocol))
		}
	}
	c.sets("fees on entry and exit", got, want)
	for block, shares := range haircuts {
		c.note("haircuts are told", tellsHaircut[block], "no fee tells of %s shares in block %d", shares, block)
	}
}

// judgeRequests compares what became of every request to redeem.
func (p *lagoonPlay) judgeRequests(c *comparison, f *figures) {
	var got, want []string
	published := map[string]row{}
	for _, r := range f.of("redemptions", p.vault) {
		published[r.text("block_number")] = r
		got = append(got, fmt.Sprintf("%s %s %s %s %s, passed over %s", r.text("block_number"), r.text("controller"), r.text("shares_raw"), r.text("status"), r.text("settled_block"), r.text("times_passed_over")))
	}
	for _, q := range p.requests {
		if q.isDeposit {
			continue
		}
		settled := ""
		if q.status == "settled" {
			settled = fmt.Sprint(q.settledBlock)
			c.near("redemptions' prices", "block "+fmt.Sprint(q.block), published[fmt.Sprint(q.block)], "realised_price", q.realised, q.realised)
		}
		want = append(want, fmt.Sprintf("%d %s %s %s %s, passed over %d", q.block, lower(q.who), q.amount, q.status, settled, q.passedOver))
	}
	c.sets("redemptions", got, want)
}
