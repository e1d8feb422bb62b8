//go:build !race

package realvaults

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// TestLagoonAtOnce plays v0.6.0 with all that decides on its fees: deposits and
// redemptions at once, several a day and two in a block, with a fee and a haircut each,
// so that the total before a valuation is one that no event states; a high-water mark
// that is set down after a loss; lower rates; another part for the protocol, of all vaults
// and of this one; a day without a flow; an end after which the contract pays out itself.
func TestLagoonAtOnce(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "lagoon at once")
		p := newLagoonPlay(w, sharedCode(t, "lagoon"), true)
		dice := w.dice
		p.lossDay = 7
		rates := lagoonRates{ManagementRate: 200, PerformanceRate: 2000, EntryRate: uint16(dice.between(1, 20)), ExitRate: uint16(dice.between(1, 10)), HaircutRate: uint16(dice.between(100, 2000))}
		w.startDay(0)
		p.vault.send(p.admin, "updateRates", rates)
		p.vault.send(p.safe, "updateTotalAssetsLifespan", 20*3600)
		const days = 16
		for k := range days {
			w.startDay(k)
			p.playAtOnce(k, rates)
			p.close(k, w.endDay(k))
		}
		w.finish(days)
		p.findFees(p.receiver, p.protocol)
		f := w.runCommand(days-1, p.vault)
		c := newComparison("lagoon at once")
		p.judgeFees(c, f, p.parts())
		p.judgeReceivers(c, f)
		p.judgeEntriesAndExits(c, f)
		p.judgeProofs(c, f)
		c.conclude(t)
	})
}

// playAtOnce is one day: what waits is valued and settled, then users come and go until
// the valuation expires.
func (p *lagoonPlay) playAtOnce(k int, rates lagoonRates) {
	w, dice := p.w, p.w.dice
	switch k {
	case 4:
		p.registry.send(p.admin, "updateCustomRate", p.vault, int(dice.between(1, 30))*77, true)
	case 6:
		p.registry.send(p.admin, "updateDefaultRate", int(dice.between(1, 20))*100)
	case 9: // the mark falls to the price after the loss
		p.vault.send(p.safe, "resetHighWaterMark")
		p.resets = append(p.resets, w.head)
	case 10:
		p.registry.send(p.admin, "updateCustomRate", p.vault, 0, false)
	case 11:
		rates.ManagementRate, rates.PerformanceRate, rates.EntryRate, rates.ExitRate = 33, 777, 0, rates.ExitRate-1
		p.vault.send(p.admin, "updateRates", rates)
	case 15:
		p.end(k)
		return
	}
	for i, u := range p.users {
		shares := p.shares(u)
		switch {
		case p.isBusy(u) || k == 12 || k == 14:
		case k == 0 || dice.chance(200):
			p.request(u, true, dice.odd(13))
		case i > 0 && shares.Sign() > 0 && dice.chance(200):
			p.request(u, false, dice.part(shares, 100_000, 700_000))
		}
	}
	w.pass(3000)
	p.settle(k)
	p.claim(k)
	for range dice.between(0, 5) {
		p.comeOrGo()
		w.pass(2000)
	}
	w.together(func() {
		p.comeOrGo()
		p.comeOrGo()
	})
	p.vault.send(p.safe, "expireTotalAssets")
}

// comeOrGo lets one user deposit or redeem without waiting.
func (p *lagoonPlay) comeOrGo() {
	dice := p.w.dice
	u := pick(dice, p.users)
	if shares := p.shares(u); shares.Sign() > 0 && dice.chance(600) {
		p.vault.send(u, "syncRedeem", dice.part(shares, 1000, 300_000), u, new(big.Int))
		return
	}
	p.vault.send(u, "syncDeposit", dice.odd(int(dice.between(4, 12))), u, common.Address{})
}

// end closes the vault; then some redeem shares and others withdraw assets from it.
func (p *lagoonPlay) end(k int) {
	p.vault.send(p.admin, "initiateClosing")
	valued := add(p.vault.now("totalAssets"), num(12_345_678))
	p.asset.send(p.admin, "mint", p.safe, mul(valued, num(2))) // haircuts and losses aside, all must be there
	p.vault.send(p.valuer, "updateNewTotalAssets", valued)
	p.vault.send(p.safe, "close", valued)
	p.noteSettlement(k, valued)
	p.claim(k)
	for i, u := range p.users {
		shares := p.shares(u)
		if shares.Sign() == 0 || p.isBusy(u) {
			continue
		}
		if i%2 == 0 {
			p.vault.send(u, "redeem(uint256,address,address)", p.w.dice.part(shares, 10_000, 900_000), u, u)
			continue
		}
		worth := p.vault.now("convertToAssets(uint256)", shares)
		p.vault.send(u, "withdraw(uint256,address,address)", p.w.dice.part(worth, 10_000, 900_000), u, u)
	}
}

// judgeProofs compares what the rules give for each fee with the shares that the
// contract made or burned for it, to the last digit, and that the rule is that of its
// code.
func (p *lagoonPlay) judgeProofs(c *comparison, f *figures) {
	rule := func(block uint64) string {
		if block < p.upgraded {
			return "v0.5"
		}
		return "v0.6"
	}
	var got, want, gotResets, wantResets []string
	for _, r := range f.of("fees", p.vault) {
		if from := r.text("high_water_mark_reset_from"); from != "" {
			gotResets = append(gotResets, r.text("block_number")+" "+from)
		}
		if r.text("kind") == "valuation" && r.text("supply_before_raw") == "0" {
			continue // nothing to take a fee of
		}
		got = append(got, fmt.Sprintf("%s %s %s %s, reproduced %s", r.text("block_number"), r.text("kind"), r.text("rule"), r.text("recomputed_shares_raw"), r.text("is_reproduced")))
	}
	fees, haircuts := p.feesTaken()
	parts := p.parts()
	for _, s := range p.settlements {
		if p.vault.at(s.block-1, "totalSupply").Sign() == 0 {
			continue
		}
		shares := add(change(p.vault, p.receiver, s.block), change(p.vault, p.protocol, s.block))
		if rule(s.block) == "v0.6" { // the receivers also have what was taken on entry and exit
			shares = new(big.Int)
			if part := parts[s.block]; part.management != nil {
				shares = add(part.management, part.performance)
			}
		}
		want = append(want, fmt.Sprintf("%d valuation %s %s, reproduced true", s.block, rule(s.block), shares))
	}
	for _, fee := range fees {
		if fee.kind > 1 {
			want = append(want, fmt.Sprintf("%d %s v0.6 %s, reproduced true", fee.block, map[int64]string{2: "entry", 3: "exit"}[fee.kind], fee.shares))
		}
	}
	for block, all := range haircuts {
		for _, shares := range all {
			want = append(want, fmt.Sprintf("%d haircut v0.6 %s, reproduced true", block, shares))
		}
	}
	c.sets("fees recomputed", got, want)
	for _, block := range p.resets {
		for _, s := range p.settlements {
			if s.block > block {
				wantResets = append(wantResets, fmt.Sprintf("%d %v", s.block, units(p.markBefore(block), p.assetDecimals)))
				break
			}
		}
	}
	c.sets("resets of the high-water mark", gotResets, wantResets)
	var warned, warning []string
	for _, r := range f.of("warnings", p.vault) {
		if r.text("warning") == "high_water_mark_reset" {
			warned = append(warned, r.text("rows"))
		}
	}
	if len(p.resets) > 0 {
		warning = []string{fmt.Sprint(len(p.resets))}
	}
	c.sets("warning of resets", warned, warning)
}

// markBefore is the high-water mark that a block set down, by the vault's own log.
func (p *lagoonPlay) markBefore(block uint64) *big.Int {
	t := p.w.t
	t.Helper()
	at := new(big.Int).SetUint64(block)
	logs, err := p.w.node.eth.FilterLogs(t.Context(), ethereum.FilterQuery{FromBlock: at, ToBlock: at, Addresses: []common.Address{p.vault.address}, Topics: [][]common.Hash{{
		crypto.Keccak256Hash([]byte("HighWaterMarkUpdated(uint256,uint256)")),
	}}})
	if err != nil || len(logs) != 1 {
		t.Fatalf("the mark's logs of block %d: %d, %v", block, len(logs), err)
	}
	before, after := new(big.Int).SetBytes(logs[0].Data[:32]), new(big.Int).SetBytes(logs[0].Data[32:])
	if after.Cmp(before) >= 0 {
		t.Fatalf("block %d does not set the mark down: %s to %s", block, before, after)
	}
	return before
}
