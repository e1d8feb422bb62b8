//go:build !race

package realvaults

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
)

// A lender is a market of other people's code that a vault's accounts use. What can go
// wrong is the same in all of them: what was supplied earns without a log; others repay
// for us, and we for others; receipts are handed on; collateral is another token, of
// other decimals; a debt is repaid with interest, and another one begins; a liquidation
// leaves a rest that nobody pays.
type lender interface {
	approve(who actor)                         // lets the market take what it is given
	supply(who actor, amount *big.Int)         // of the asset
	withdraw(who actor, amount *big.Int)       // of the asset
	pledge(who actor, amount *big.Int)         // of the other token
	borrow(who actor, amount *big.Int)         // of the asset
	repay(payer, of actor, amount *big.Int)    // nil: all
	give(from, to actor, assets *big.Int) bool // receipts; false: the market has none
	touch()                                    // makes interest count, where the market tells what it is only then
	crash(millionths int64)                    // takes the other token's price down to so many millionths
	liquidate(by, who actor)                   // as much as can be
	supplied(who actor, block uint64) *big.Int // what the market answers
	owed(who actor, block uint64) *big.Int     // likewise
	contracts() []string                       // the config's lines of family, and of address
}

// A silentLender can lend without a log that names who owes.
type silentLender interface {
	borrowSilently(who, to actor, amount *big.Int)
}

// An actor is an account: one that the node signs for, or a contract that it commands.
type actor struct {
	owner   common.Address
	through *contract // nil: the owner itself
}

func (a actor) address() common.Address {
	if a.through != nil {
		return a.through.address
	}
	return a.owner
}

// send lets the actor call a method.
func (a actor) send(c *contract, method string, args ...any) {
	c.w.t.Helper()
	if a.through == nil {
		c.send(a.owner, method, args...)
		return
	}
	a.through.send(a.owner, "exec", c.address, c.data(method, args))
}

// A lendingWorld is a chain with the asset, of 6 decimals, and the other token, of 18.
type lendingWorld struct {
	*world
	d           *deployer // of the accounts and vaults
	coin, other *contract
	admin       common.Address
	whale       actor // has all the market needs
	liquidator  actor
}

func newLendingWorld(t *testing.T, seed uint64, name string) *lendingWorld {
	t.Helper()
	w := newWorld(t, seed, name)
	d, plain := newDeployer(w, w.users[0], sharedCode(t, "lending")), newDeployer(w, w.users[0], plainCode(t))
	lw := &lendingWorld{
		world: w, d: d, admin: w.users[0], coin: plain.deploy("Coin", "USDL", 6), other: plain.deploy("Coin", "OTHL", 18),
		whale: actor{owner: w.users[1]}, liquidator: actor{owner: w.users[2]},
	}
	return lw
}

// fund gives the whale and the liquidator all they need, and lets the market take it.
func (lw *lendingWorld) fund(m lender) {
	lw.t.Helper()
	for _, who := range []actor{lw.whale, lw.liquidator} {
		lw.coin.send(lw.admin, "mint", who.address(), power(14))
		lw.other.send(lw.admin, "mint", who.address(), power(26))
		m.approve(who)
	}
	m.supply(lw.whale, power(13))
}

// A lendingPlay is a vault whose money an account of it has, and its story: one that
// borrows does all that can be done, another only supplies.
type lendingPlay struct {
	*book
	lw       *lendingWorld
	market   lender
	account  actor
	stranger actor
	borrows  bool
	silently bool // by a loan of which no log tells, first of all

	loan      *big.Int // the first
	firstDebt uint64   // its block
	shown     map[int][3]*big.Int
}

func newLendingPlay(lw *lendingWorld, market lender, borrows bool, from int) *lendingPlay {
	vault := lw.d.deploy("V4626", lw.coin)
	p := &lendingPlay{
		book: newBook(lw.world, vault, lw.coin, 6, int(vault.now("decimals").Int64())), lw: lw, market: market, borrows: borrows,
		account: actor{lw.admin, lw.d.deploy("Acct")}, stranger: actor{owner: lw.users[from+1]}, shown: map[int][3]*big.Int{},
	}
	lw.coin.send(lw.admin, "mint", lw.users[from], power(13))
	lw.coin.send(lw.users[from], "approve", vault, maxUint(256))
	lw.coin.send(lw.admin, "mint", p.stranger.address(), power(13))
	lw.other.send(lw.admin, "mint", p.stranger.address(), power(26))
	lw.other.send(lw.admin, "mint", p.account.address(), power(24))
	market.approve(p.account)
	market.approve(p.stranger)
	p.deposit(lw.users[from], lw.dice.odd(12))
	return p
}

// lendingDays is how many days the story has.
const lendingDays = 13

func (p *lendingPlay) play(k int) {
	dice, m := p.w.dice, p.market
	p.w.pass(5000)
	part := func(n *big.Int, low, high int64) *big.Int { return dice.part(n, 1000*low, 1000*high) }
	assets := p.vault.now("totalAssets")
	switch k {
	case 0: // most goes to the account
		actor{p.lw.admin, p.vault}.send(p.asset, "transfer", p.account.address(), part(assets, 700, 800))
	case 1:
		m.supply(p.account, part(assets, 300, 400))
		if p.borrows {
			m.supply(p.stranger, part(assets, 100, 200))
		}
	case 2:
		m.withdraw(p.account, part(assets, 10, 30))
	case 3: // receipts leave, and others come
		if m.give(p.account, p.stranger, part(assets, 10, 20)) && p.borrows {
			m.give(p.stranger, p.account, part(assets, 20, 30))
		}
	case 11:
		m.supply(p.account, part(assets, 10, 30))
	case 12:
		m.withdraw(p.account, part(assets, 3, 8))
	}
	if p.borrows {
		p.owe(k, assets, part)
	}
	m.touch()
}

// owe is the part of a vault that borrows.
func (p *lendingPlay) owe(k int, assets *big.Int, part func(n *big.Int, low, high int64) *big.Int) {
	m := p.market
	loan := p.loan
	switch k {
	case 4:
		loan = part(assets, 100, 150)
		p.loan = loan
		m.withdraw(p.account, nil)
		m.pledge(p.account, mul(loan, mulDiv(power(12), num(5), num(2))))
		if silent, ok := m.(silentLender); ok && p.silently {
			silent.borrowSilently(p.account, p.stranger, loan)
		} else {
			m.borrow(p.account, loan)
		}
		p.firstDebt = p.w.head
	case 5: // a stranger owes too, and we repay some of it
		m.pledge(p.stranger, mul(loan, mulDiv(power(12), num(5), num(2))))
		m.borrow(p.stranger, loan)
		m.repay(p.account, p.stranger, part(loan, 200, 300))
	case 6:
		m.repay(p.stranger, p.account, part(loan, 200, 300))
	case 7:
		m.repay(p.account, p.account, nil)
	case 8: // again, after interest
		m.borrow(p.account, mulDiv(loan, num(3), num(2)))
	case 9:
		m.crash(350_000)
		m.liquidate(p.lw.liquidator, p.account)
	case 10:
		m.crash(1_000_000)
		if m.owed(p.account, p.w.head).Sign() > 0 {
			m.repay(p.account, p.account, nil)
		}
	}
}

// close reports the assets at the day's end, before its last block is mined with what
// was earned until then.
func (p *lendingPlay) close(k int, block uint64) {
	p.book.close(k, block)
	idle := add(p.asset.at(block, "balanceOf", p.vault), p.asset.at(block, "balanceOf", p.account.address()))
	p.shown[k] = [3]*big.Int{idle, p.market.supplied(p.account, block), p.market.owed(p.account, block)}
}

// report tells the vault what its account has, as of now.
func (p *lendingPlay) report() {
	account := p.account
	has := add(p.asset.now("balanceOf", account.address()), p.market.supplied(account, p.w.head))
	p.vault.send(p.lw.admin, "setInvested", sub(has, p.market.owed(account, p.w.head)))
}

// playLending plays the story, with reports at the end of each day.
func playLending(lw *lendingWorld, plays ...*lendingPlay) {
	lw.t.Helper()
	for k := range lendingDays {
		lw.startDay(k)
		for _, p := range plays {
			p.play(k)
		}
		lw.now = genesisTime + uint64(k+1)*daySeconds - 1200
		for _, p := range plays {
			p.report()
		}
		block := lw.endDay(k)
		for _, p := range plays {
			p.close(k, block)
		}
	}
	lw.finish(lendingDays)
}

// runLending runs the command with each vault's account and markets in its config, with
// a node that has old states or with logs alone.
func runLending(lw *lendingWorld, hasStates bool, plays ...*lendingPlay) *figures {
	lw.t.Helper()
	f := newFigures(lw.t)
	var config strings.Builder
	fmt.Fprintf(&config, "as_of = %q\n%s", date(lendingDays-1), lw.nodeBlock(fmt.Sprintf("archive = %t", hasStates), `verify = "L0"`))
	for i, p := range plays {
		found := strings.Replace(lw.discover(f, p.vault), "id = 'pv'", fmt.Sprintf("id = 'pv%d'", i), 1)
		head, rest, _ := strings.Cut(found, "[[vault]]\n")
		fmt.Fprintf(&config, "%s[[vault]]\naccounts = [%q]\n%s", head, lower(p.account.address()), rest)
		for _, line := range p.market.contracts() {
			fmt.Fprintf(&config, "\n[[vault.contract]]\n%s\n", line)
		}
	}
	f.run(config.String())
	return f
}

// placeLine is a contract of the config.
func placeLine(address common.Address, role, family string) string {
	return fmt.Sprintf("address = %q\nrole = %q\nfamily = %q", lower(address), role, family)
}

// who is the vault in words.
func (p *lendingPlay) who() string {
	return fmt.Sprintf("vault that borrows (%t), silently (%t)", p.borrows, p.silently)
}

// places are what is published of each day and kind of place: the sum, and one row.
func (p *lendingPlay) places(f *figures) (sums map[string]float64, rows map[string]row) {
	p.w.t.Helper()
	sums, rows = map[string]float64{}, map[string]row{}
	for _, r := range f.of("allocations", p.vault) {
		assets, _ := r.number("assets")
		key := r.text("price_date")[:len("2025-01-01")] + " " + r.text("kind")
		sums[key] += assets
		rows[key] = r
	}
	return sums, rows
}

// judgeByLogs compares what logs alone tell, which is all but interest: what is nothing
// is exactly nothing, and a debt is told at the very block.
func (p *lendingPlay) judgeByLogs(c *comparison, f *figures) {
	p.w.t.Helper()
	if p.silently {
		return
	}
	sums, _ := p.places(f)
	compared := 0
	for k, d := range p.days {
		total := units(d.assets, 6)
		for i, kind := range []string{"idle", "venue", "debt"} {
			want, got := units(p.shown[k][i], 6), math.Abs(sums[date(k)+" "+kind])
			if _, isThere := sums[date(k)+" idle"]; !isThere {
				continue // nothing moved
			}
			compared++
			isEqual := math.Abs(got-want) <= 0.02*total && (got == 0) == (want == 0)
			c.note(kind+" by logs", isEqual, "%s, %s: got %v, want %v", p.who(), date(k), got, want)
		}
	}
	c.note("days by logs", compared > 0, "%s: none was compared", p.who())
	r := f.claim(p.vault, "never_borrows")
	switch _, isSilent := p.market.(silentLender); {
	case p.borrows:
		c.exact("never_borrows by logs", p.who(), r.text("verdict")+" "+r.text("broken_block"), fmt.Sprintf("broken %d", p.firstDebt))
	case isSilent:
		c.exact("never_borrows by logs", p.who(), r.text("verdict"), "not provable")
	default:
		c.exact("never_borrows by logs", p.who(), r.text("verdict"), "held")
	}
}

// judge compares, on each day, where the assets are and what is owed, with what the
// market and the asset answer.
func (p *lendingPlay) judge(c *comparison, f *figures) {
	p.w.t.Helper()
	sums, published := p.places(f)
	who := p.who()
	for k, d := range p.days {
		total := units(d.assets, 6)
		for i, kind := range []string{"idle", "venue", "debt"} {
			want := units(p.shown[k][i], 6)
			if kind == "debt" {
				want = -want
			}
			got := sums[date(k)+" "+kind]
			c.note(kind, math.Abs(got-want) <= 1e-9*total, "%s, %s: got %v, want %v", who, date(k), got, want)
		}
		r, isThere := published[date(k)+" unknown"]
		share, ok := r.number("share_of_assets")
		c.note("unknown", isThere && ok && math.Abs(share) < 1e-3, "%s, %s: %s", who, date(k), r.text("share_of_assets"))
	}
	verdict, block := "held", ""
	if p.borrows {
		verdict, block = "broken", fmt.Sprint(p.firstDebt)
	}
	borrows, liquid := f.claim(p.vault, "never_borrows"), f.claim(p.vault, "fully_liquid")
	c.exact("never_borrows", who+": "+borrows.text("evidence"), borrows.text("verdict")+" "+borrows.text("broken_block"), verdict+" "+block)
	c.note("fully_liquid", liquid.text("verdict") == "not provable", "%s: %s: %s", who, liquid.text("verdict"), liquid.text("evidence"))
}

// testLending plays a market with a vault that borrows and one that does not.
func testLending(t *testing.T, name string, newMarket func(lw *lendingWorld) lender) {
	t.Helper()
	forSeeds(t, func(t *testing.T, seed uint64) {
		lw := newLendingWorld(t, seed, name)
		m := newMarket(lw)
		lw.fund(m)
		plays := []*lendingPlay{newLendingPlay(lw, m, true, 6), newLendingPlay(lw, m, false, 8)}
		if _, ok := m.(silentLender); ok {
			silent := newLendingPlay(lw, m, true, 10)
			silent.silently = true
			plays = append(plays, silent)
		}
		playLending(lw, plays...)
		c := newComparison(name)
		read, logs := runLending(lw, true, plays...), runLending(lw, false, plays...)
		for _, p := range plays {
			p.judge(c, read)
			p.judgeByLogs(c, logs)
		}
		c.conclude(t)
	})
}
