//go:build !race

package realvaults

import (
	"math/big"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
)

// strategyCode is where all of Yearn's strategies find their common code.
var strategyCode = common.HexToAddress("0x2e234dae75c793f67a35089c9d99245e1c58470b")

// TestYearnStrategy plays two of Yearn's tokenized strategies of v3.1, one that reports
// and one that accrues by itself. What can go wrong: a profit is locked as shares of the
// vault's own that are burned little by little; a fee is minted to two receivers at a
// report; a loss burns locked shares before it takes the price down.
func TestYearnStrategy(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "yearn")
		house := newYearnHouse(w, sharedCode(t, "yearn_strategy"))
		plays := []*yearnPlay{
			house.play("Strat", "yearn, reporting", w.users[6:12]), //nolint:misspell // the contract's name
			house.play("Live", "yearn, accruing", w.users[12:18]),
		}
		const days = 42
		playDays(w, days, plays...)
		f := w.runCommand(days-1, plays[0].vault, plays[1].vault)
		for _, p := range plays {
			p.findFees(house.receiver, house.treasury)
			c := newComparison(p.family)
			p.judge(c, f)
			p.judgeFees(c, f, p.allPerformance())
			p.judgeClaims(c, f, map[string]string{"proportional_claim": "held"})
			shocks := []shock{{day: p.lossDay, kind: "step_down"}}
			p.judgeJumps(c, f, shocks...)
			p.judgeWarnings(c, f, shocks)
			p.judgeExits(c, f)
			p.judgeLocked(c, f)
			c.note("roles are discovered", f.names("keeper", house.keeper) && f.names("performanceFeeRecipient", house.receiver) &&
				f.names("management", house.management) && f.names("emergencyAdmin", house.management), "not all in\n%s", f.config)
			c.note("its code is fixed", !strings.Contains(f.config, "upgradable by") && strings.Contains(f.config, "cannot be upgraded"), "said to be upgradable in\n%s", f.config)
			c.conclude(t)
		}
	})
}

// A yearnHouse is what strategies share.
type yearnHouse struct {
	w                            *world
	d                            *deployer
	code                         *contract
	management, receiver, keeper common.Address
	treasury                     common.Address
}

func newYearnHouse(w *world, all artifacts) *yearnHouse {
	u := w.users
	h := &yearnHouse{w: w, d: newDeployer(w, u[0], all), management: u[0], receiver: u[1], keeper: u[2], treasury: u[3]}
	factory := h.d.deploy("MockFactory", int(w.dice.between(500, 2000)), h.treasury)
	h.code = h.d.deploy("TokenizedStrategy", factory)
	var runtime hexutil.Bytes
	w.node.must(w.t, &runtime, "eth_getCode", h.code.address, "latest")
	w.node.must(w.t, nil, "anvil_setCode", strategyCode, runtime)
	return h
}

// A yearnPlay is one strategy, its holders and its story.
type yearnPlay struct {
	*book
	house   *yearnHouse
	family  string
	source  *contract // where its assets work
	users   []common.Address
	lossDay int
}

func (h *yearnHouse) play(name, family string, users []common.Address) *yearnPlay {
	w := h.w
	coin := newDeployer(w, h.management, plainCode(w.t)).deploy("Coin", "Y"+name, 6) // the strategy's symbol follows it
	source := h.d.deploy("Source", coin)
	vault := h.d.deploy(name, coin, source).as(h.code)
	p := &yearnPlay{book: newBook(w, vault, coin, 6, 6), house: h, family: family, source: source, users: users, lossDay: 27 + int(w.dice.between(0, 3))}
	p.dust = num(3)            // one that is worth no share by the next block is refused
	p.checked = []string{"L3"} // shares are burned as time goes by, and no transfer says so
	vault.send(h.management, "setPerformanceFeeRecipient", h.receiver)
	vault.send(h.management, "setPerformanceFee", int(w.dice.between(1000, 2000)))
	vault.send(h.management, "setKeeper", h.keeper)
	vault.send(h.management, "setEmergencyAdmin", h.management)
	for _, u := range users {
		coin.send(u, "mint", u, power(15))
		coin.send(u, "approve", vault, maxUint(256))
	}
	return p
}

func (p *yearnPlay) play(k int) {
	dice := p.w.dice
	if k == 0 {
		for _, u := range p.users[:3] {
			p.deposit(u, dice.odd(12))
		}
		return
	}
	at := p.asset.now("balanceOf", p.source)
	if k == p.lossDay {
		p.asset.send(p.users[0], "burn", p.source, dice.part(at, 20_000, 30_000))
	} else {
		p.asset.send(p.users[0], "mint", p.source, dice.part(at, 100, 500))
	}
	if k == 5 || k == 33 { // hours after the last price that was read, and after a gain
		p.w.pass(20_000)
		p.give(p.users[k%3], p.users[4], dice.part(p.shares(p.users[k%3]), 10_000, 300_000))
	}
	if k%4 == 3 || k == p.lossDay {
		p.vault.send(p.house.keeper, "report")
	}
	if dice.chance(500) {
		p.w.pass(20_000)
		p.anything(p.users[:3], p.users[3:], 11)
	}
}

// judgeLocked compares what waits to be claimed, which nothing does in this family, and
// what the protocol got.
func (p *yearnPlay) judgeLocked(c *comparison, f *figures) {
	rows := f.of("concentration", p.vault)
	if len(rows) != 1 {
		c.note("shares to claim", false, "%d rows", len(rows))
		return
	}
	share, _ := rows[0].number("to_claim_share")
	c.note("shares to claim", share == 0, "got %v, want none", share)
	protocol := new(big.Int)
	for _, r := range f.of("fees", p.vault) {
		if n, ok := new(big.Int).SetString(r.text("protocol_shares_raw"), 10); ok {
			protocol.Add(protocol, n)
		}
	}
	c.exact("fees' receivers", "protocol", protocol.String(), p.vault.at(p.last().block, "balanceOf", p.house.treasury).String())
}
