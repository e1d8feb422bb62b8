//go:build !race

package realvaults

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
)

// TestERC7540 plays two vaults of ERC-7540: the reference one, in which deposits and
// redemptions wait until its owner fulfils them, and one in which only redemptions wait,
// and are burned when they are claimed. What can go wrong: assets of pending deposits
// lie in the vault and are not its holders'; shares wait in the vault's own account,
// before they are claimed and after they were given up; only claims say what was paid.
// The reference vault burns no share, so that its price falls with every redemption.
func TestERC7540(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "erc7540")
		all := sharedCode(t, "erc7540")
		plays := []*requestPlay{
			newRequestPlay(w, all, "erc7540, both wait", "FullyAsyncVault", w.users[2:8], "Both", "both"),
			newRequestPlay(w, all, "erc7540, redemptions wait", "BurnRedeem", w.users[8:14], "Burn", "burn"),
		}
		const days = 38
		playDays(w, days, plays...)
		f := w.runCommand(days-1, plays[0].vault, plays[1].vault)
		for _, p := range plays {
			c := newComparison(p.family)
			p.judgeAll(c, f)
			c.conclude(t)
		}
	})
}

// A requestPlay is one vault, its holders and their requests.
type requestPlay struct {
	*book
	family       string
	owner        common.Address
	users        []common.Address
	depositsWait bool
	requests     []*heldRequest
	claims       []string // block and assets of each
}

// A heldRequest is one that waits to be fulfilled, and then to be claimed.
type heldRequest struct {
	block       uint64
	day         int
	who         common.Address
	isDeposit   bool
	amount      *big.Int
	isFulfilled bool
	isClaimed   bool
}

func newRequestPlay(w *world, all artifacts, family, code string, users []common.Address, name, symbol string) *requestPlay {
	owner := w.users[0]
	d := newDeployer(w, owner, all)
	coin := newDeployer(w, owner, plainCode(w.t)).deploy("Coin", "USDR", 6)
	p := &requestPlay{family: family, owner: owner, users: users, depositsWait: code == "FullyAsyncVault"}
	vault := d.deploy(code, coin, name, symbol)
	p.book = newBook(w, vault, coin, 6, int(vault.now("decimals").Int64()))
	p.cashBy, p.heldBy = map[common.Address][]cashFlow{}, p.heldAndWaiting
	p.other[vault.address] = true
	for _, u := range users {
		coin.send(owner, "mint", u, power(15))
		coin.send(u, "approve", vault, maxUint(256))
		vault.send(u, "approve", vault, maxUint(256)) // of shares, to give them up
	}
	return p
}

func (p *requestPlay) play(k int) {
	dice := p.w.dice
	if k > 1 { // what it earns
		p.asset.send(p.owner, "mint", p.vault, dice.part(p.vault.now("totalAssets"), 100, 500))
	}
	p.fulfil(k)
	for _, u := range p.users {
		if p.isBusy(u) {
			continue
		}
		shares := p.shares(u)
		switch n := dice.between(0, 99); {
		case k == 0 || n < 15:
			p.deposit(k, u, dice.odd(12))
		case shares.Sign() > 0 && (n < 30 || k == 37):
			amount := dice.part(shares, 100_000, 600_000)
			p.vault.send(u, "requestRedeem", amount, u, u)
			p.requests = append(p.requests, &heldRequest{block: p.w.head, day: k, who: u, amount: amount})
		}
	}
	p.w.pass(20_000)
}

func (p *requestPlay) isBusy(u common.Address) bool {
	for _, q := range p.requests {
		if q.who == u && !q.isClaimed {
			return true
		}
	}
	return false
}

// deposit asks for a deposit, or does it at once.
func (p *requestPlay) deposit(k int, u common.Address, assets *big.Int) {
	if p.depositsWait {
		p.vault.send(u, "requestDeposit", assets, u, u)
		p.requests = append(p.requests, &heldRequest{block: p.w.head, day: k, who: u, isDeposit: true, amount: assets})
		return
	}
	p.vault.send(u, "deposit", assets, u)
	p.noteClaim(assets)
	p.noteCash(u, new(big.Int).Neg(assets))
}

// fulfil lets the owner fulfil what waited for a day, or time do it, and users claim
// what waited for longer.
func (p *requestPlay) fulfil(k int) {
	for _, q := range p.requests {
		switch {
		case q.isClaimed || k < q.day+1 || p.w.dice.chance(300):
		case !q.isFulfilled && q.isDeposit:
			p.vault.send(p.owner, "fulfillDeposit", q.who, q.amount)
			p.noteCash(q.who, new(big.Int).Neg(q.amount)) // from now on it has shares for them
			q.isFulfilled = true
		case !q.isFulfilled:
			p.vault.send(p.owner, "fulfillRedeem", q.who, q.amount)
			q.isFulfilled = true
		default:
			p.claim(q)
		}
	}
}

// claim lets a user take all that a request gives.
func (p *requestPlay) claim(q *heldRequest) {
	before := p.asset.now("balanceOf", q.who)
	q.isClaimed = true
	if q.isDeposit {
		p.vault.send(q.who, "deposit(uint256,address,address)", q.amount, q.who, q.who)
		p.noteClaim(q.amount)
		return
	}
	p.vault.send(q.who, "redeem(uint256,address,address)", q.amount, q.who, q.who)
	paid := sub(p.asset.now("balanceOf", q.who), before)
	p.noteClaim(paid)
	p.noteCash(q.who, paid)
}

// noteClaim writes down what a claim in the block that was just mined paid.
func (p *requestPlay) noteClaim(assets *big.Int) {
	p.claims = append(p.claims, fmt.Sprintf("%d %s", p.w.head, assets))
}

// noteCash writes down what a holder got in that block, or, negative, paid in.
func (p *requestPlay) noteCash(u common.Address, assets *big.Int) {
	p.cashBy[u] = append(p.cashBy[u], cashFlow{p.w.timeOf(p.w.head), p.w.head, units(assets, p.assetDecimals)})
}

// heldAndWaiting is what a holder has in shares, with those that it may claim and those
// that it has given up and was not paid for yet.
func (p *requestPlay) heldAndWaiting(holder common.Address, block uint64) *big.Int {
	sum := add(p.vault.at(block, "balanceOf", holder), p.vault.at(block, "pendingRedeemRequest", 0, holder))
	sum = add(sum, p.vault.at(block, "claimableRedeemRequest", 0, holder))
	if p.depositsWait {
		return add(sum, p.vault.at(block, "maxMint", holder))
	}
	return sum
}

// checkShares fails where the holders' shares are not all that there are.
func (p *requestPlay) checkShares() {
	end, sum := p.last(), new(big.Int)
	for _, u := range p.users {
		sum.Add(sum, p.held(u, end.block))
	}
	if sum.Cmp(end.supply) != 0 {
		p.w.t.Errorf("%s: holders have %s of %s shares", p.family, sum, end.supply)
	}
}

func (p *requestPlay) judgeAll(c *comparison, f *figures) {
	p.judgeDays(c, f)
	p.judgeHolders(c, f)
	p.judgeInvestors(c, f)
	p.judgeClaims(c, f, map[string]string{"proportional_claim": "held", "fully_liquid": notHeld})
	var shocks []shock
	if p.depositsWait {
		shocks = []shock{{kind: "step_down"}} // what is redeemed keeps its shares
	} else {
		p.judgeJumps(c, f)
		p.checkShares()
	}
	p.judgeWarnings(c, f, shocks)
	var paid, told, asked []string
	for _, r := range f.of("flows", p.vault) {
		if assets := r.text("assets_raw"); assets != "" {
			paid = append(paid, r.text("block_number")+" "+strings.TrimPrefix(assets, "-"))
		}
	}
	c.sets("flows' assets", paid, p.claims)
	for _, r := range f.of("redemptions", p.vault) {
		told = append(told, strings.Join([]string{r.text("block_number"), r.text("controller"), r.text("shares_raw"), r.text("status")}, " "))
	}
	for _, q := range p.requests {
		status := "waiting" // no event tells that it may be claimed
		if q.isClaimed {
			status = "settled"
		}
		if !q.isDeposit {
			asked = append(asked, fmt.Sprintf("%d %s %s %s", q.block, lower(q.who), q.amount, status))
		}
	}
	c.sets("redemptions", told, asked)
}
