//go:build !race

package realvaults

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// TestSUSDe plays Ethena's staked dollar. What can go wrong: rewards vest over eight
// hours; shares that leave by a cooldown are burned at once and paid a week later from
// a silo; a sanctioned holder's shares are burned and made anew for another.
func TestSUSDe(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "susde")
		p := newStakedPlay(w, sharedCode(t, "savings"))
		const days = 42
		playDays(w, days, p)
		f := w.runCommand(days-1, p.vault)
		c := newComparison("susde")
		p.judge(c, f)
		p.judgeFees(c, f, nil)
		p.judgeClaims(c, f, map[string]string{"proportional_claim": "held", "fully_liquid": notHeld})
		p.judgeJumps(c, f)
		p.judgeWarnings(c, f, nil)
		p.judgeCooldowns(c, f)
		x := p.exitOn(p.last())
		c.exact("maxWithdraw under a cooldown", "last day", x.answer.String(), x.worth.String())
		c.exact("redeem under a cooldown", "last day", p.vault.fails(x.holder, "redeem(uint256,address,address)", num(1000), x.holder, x.holder), "OperationNotAllowed")
		p.judgeNothingProved(c, f)
		c.note("roles are discovered", f.names("owner", p.owner) && f.names("silo", p.silo), "not both in\n%s", f.config)
		c.conclude(t)
	})
}

// A stakedPlay is the vault, its holders and its story.
type stakedPlay struct {
	*book
	owner, rewarder common.Address
	silo            common.Address
	users           []common.Address
	seizeDay        int
	waiting         map[common.Address]int // day of the last cooldown
	cooldowns       []cooldown
}

func newStakedPlay(w *world, all artifacts) *stakedPlay {
	u := w.users
	p := &stakedPlay{owner: u[0], rewarder: u[1], users: u[2:8], seizeDay: 20 + int(w.dice.between(0, 5)), waiting: map[common.Address]int{}}
	d, plain := newDeployer(w, p.owner, all), newDeployer(w, p.owner, plainCode(w.t))
	coin := plain.deploy("Coin", "USDe", 18)
	vault := d.deploy("StakedUSDeV2", coin, p.rewarder, p.owner)
	p.book = newBook(w, vault, coin, 18, 18)
	p.dust = num(3) // one that is worth no share by the next block is refused
	p.silo = vault.ask(w.head, "silo")[0].(common.Address)
	vault.send(p.owner, "grantRole", [32]byte(crypto.Keccak256Hash([]byte("BLACKLIST_MANAGER_ROLE"))), p.owner)
	vault.send(p.owner, "setCooldownDuration", 0)
	for _, u := range append([]common.Address{p.rewarder}, p.users...) {
		coin.send(p.owner, "mint", u, power(30))
		coin.send(u, "approve", vault, maxUint(256))
	}
	return p
}

func (p *stakedPlay) play(k int) {
	dice := p.w.dice
	if k == 0 {
		for _, u := range p.users {
			p.deposit(u, dice.odd(24))
		}
		return
	}
	if k == 9 {
		p.vault.send(p.owner, "setCooldownDuration", 7*daySeconds)
	}
	if k == 5 || k == 33 { // hours after the last price that was read
		p.w.pass(30_000)
		p.give(p.users[k%3], p.users[4], dice.part(p.shares(p.users[k%3]), 10_000, 300_000))
	}
	p.vault.send(p.rewarder, "transferInRewards", dice.part(p.vault.now("totalAssets"), 200, 600))
	if k == p.seizeDay {
		p.seize(p.users[5], p.users[4])
	}
	if dice.chance(300) {
		return
	}
	p.w.pass(40_000)
	if k < 9 {
		p.anything(p.users[:3], p.users[3:5], 23)
		return
	}
	u := pick(dice, p.users[:4])
	switch p.unstake(k); {
	case dice.chance(400):
		p.deposit(u, dice.odd(23))
	case dice.chance(300):
		p.give(u, pick(dice, p.users[:4]), dice.part(p.shares(u), 1000, 300_000))
	case p.waiting[u] == 0:
		p.coolDown(k, u)
	}
}

// coolDown burns a part of a holder's shares, whose worth waits in the silo.
func (p *stakedPlay) coolDown(k int, u common.Address) {
	shares := p.w.dice.part(p.shares(u), 50_000, 500_000)
	p.flow("withdrawal", u, p.silo, func() { p.vault.send(u, "cooldownShares", shares) })
	p.waiting[u] = k
	p.cooldowns = append(p.cooldowns, cooldown{fmt.Sprintf("%d %s %s", p.w.head, lower(u), shares), u, "waiting"})
}

// unstake lets one whose cooldown is over take the assets.
func (p *stakedPlay) unstake(k int) {
	for _, u := range p.users {
		if since := p.waiting[u]; since > 0 && k > since+8 {
			p.vault.send(u, "unstake", u)
			p.waiting[u] = 0
			for i := range p.cooldowns {
				if p.cooldowns[i].who == u {
					p.cooldowns[i].status = "settled"
				}
			}
			return
		}
	}
}

// seize bans a holder and gives its shares to another.
func (p *stakedPlay) seize(from, to common.Address) {
	p.vault.send(p.owner, "addToBlacklist", from, true)
	shares := p.shares(from)
	p.vault.send(p.owner, "redistributeLockedAmount", from, to)
	p.moves = append(p.moves, move{p.w.head, from, to, shares})
}

// A cooldown is a request to redeem: its block, who asked and for how many shares.
type cooldown struct {
	what   string
	who    common.Address
	status string
}

// judgeCooldowns compares the requests to redeem: each cooldown is one, settled when it
// is paid.
func (p *stakedPlay) judgeCooldowns(c *comparison, f *figures) {
	var got, want []string
	for _, r := range f.of("redemptions", p.vault) {
		got = append(got, r.text("block_number")+" "+r.text("controller")+" "+r.text("shares_raw")+" "+r.text("status"))
	}
	for _, x := range p.cooldowns {
		want = append(want, x.what+" "+x.status)
	}
	c.sets("redemptions", got, want)
}

// TestSavings plays Sky's two savings tokens on one chain. What can go wrong: the price
// follows the clock and nothing else; the rate changes; no asset lies in the vault.
func TestSavings(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "savings")
		all := sharedCode(t, "savings")
		susds, sdai := newSUSDSPlay(w, all), newSDAIPlay(w, all)
		const days = 40
		playDays(w, days, susds, sdai)
		f := w.runCommand(days-1, susds.vault, sdai.vault)
		for _, p := range []*savingsPlay{susds, sdai} {
			c := newComparison(p.family)
			p.judge(c, f)
			p.judgeFees(c, f, nil)
			p.judgeJumps(c, f)
			p.judgeWarnings(c, f, nil)
			p.judgeExits(c, f)
			c.conclude(t)
		}
	})
}

// A savingsPlay is one of the two and its holders.
type savingsPlay struct {
	*book
	family  string
	users   []common.Address
	setRate func(rate *big.Int)
}

// rate is a factor a second, of so many thousandths a year: 1e27 and the interest.
func rate(thousandths int64) *big.Int {
	return add(power(27), mulDiv(power(27), num(thousandths), num(1000*365*daySeconds)))
}

func newSUSDSPlay(w *world, all artifacts) *savingsPlay {
	owner := w.users[0]
	d := newDeployer(w, owner, all)
	vat, usds := d.deploy("Vat"), d.deploy("Usds")
	join := d.deploy("UsdsJoin", vat, usds)
	code := d.deploy("SUsds", join, w.users[1])
	vault := d.deploy("P", code, code.data("initialize", nil)).as(code)
	p := &savingsPlay{book: newBook(w, vault, usds, 18, 18), family: "susds", users: w.users[2:8]}
	p.setRate = func(rate *big.Int) {
		vault.send(owner, "drip")
		w.together(func() { // the rate only changes where nothing has accrued since
			vault.send(owner, "drip")
			vault.send(owner, "file", [32]byte([]byte("ssr"+string(make([]byte, 29)))), rate)
		})
	}
	p.setRate(rate(60))
	p.fund()
	return p
}

func newSDAIPlay(w *world, all artifacts) *savingsPlay {
	owner := w.users[0]
	d := newDeployer(w, owner, all)
	vat, dai := d.deploy("Vat"), d.deploy("Dai")
	pot, join := d.deploy("Pot", vat), d.deploy("DaiJoin", vat, dai)
	vault := d.deploy("SavingsDai", join, pot)
	vat.send(owner, "suck", owner, join, power(75)) // what stands behind the users' coins
	p := &savingsPlay{book: newBook(w, vault, dai, 18, 18), family: "sdai", users: w.users[8:14]}
	p.setRate = func(rate *big.Int) {
		pot.send(owner, "drip")
		pot.send(owner, "setDsr", rate)
	}
	p.setRate(rate(80))
	p.fund()
	return p
}

// fund gives users the asset.
func (p *savingsPlay) fund() {
	p.dust = num(3) // one that is worth no share by the next block is refused
	for _, u := range p.users {
		p.asset.send(u, "mint", u, power(30))
		p.asset.send(u, "approve", p.vault, maxUint(256))
	}
}

func (p *savingsPlay) play(k int) {
	dice := p.w.dice
	switch k {
	case 0:
		for _, u := range p.users[:3] {
			p.deposit(u, dice.odd(24))
		}
		return
	case 5, 33: // hours after the last price that was read
		p.w.pass(30_000)
		p.give(p.users[k%3], p.users[4], dice.part(p.shares(p.users[k%3]), 10_000, 300_000))
	case 15, 28:
		p.setRate(rate(dice.between(10, 150)))
	}
	if dice.chance(500) {
		p.w.pass(20_000)
		p.anything(p.users[:3], p.users[3:], 23)
	}
}
