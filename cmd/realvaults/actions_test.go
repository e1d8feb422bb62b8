//go:build !race

package realvaults

import "github.com/ethereum/go-ethereum/common"

// anything is one thing, or two in a block, that a user of a vault without requests may
// do: one of the first users, who do most, or of the others. Amounts of the asset have
// up to so many digits. What the vault would refuse is not done.
func (b *book) anything(first, others []common.Address, digits int) {
	b.w.t.Helper()
	dice := b.w.dice
	u, v := pick(dice, first), pick(dice, others)
	shares := b.shares(u)
	few, worth := dice.part(shares, 1000, 500_000), dice.part(b.vault.now("convertToAssets", shares), 1000, 500_000)
	dust := b.dust
	if b.price(b.w.head) == 1 { // a moment later one unit may be worth no share, which some refuse
		dust = mul(dust, num(2))
	}
	canRedeem := few.Sign() > 0 && b.vault.fails(u, "redeem(uint256,address,address)", few, u, u) == ""
	switch n := dice.between(0, 10); {
	case n < 2 || shares.Sign() == 0:
		b.deposit(u, dice.odd(digits-int(dice.between(0, 3))))
	case n == 2:
		b.mintShares(v, dice.part(shares, 1000, 300_000))
	case n == 3:
		b.depositFor(u, v, dice.odd(digits-1))
	case n == 4 && canRedeem:
		b.redeem(u, few)
	case n == 5 && b.vault.fails(u, "withdraw(uint256,address,address)", worth, u, u) == "":
		b.withdraw(u, worth)
	case n == 6:
		b.give(u, v, few)
	case n == 7 && b.vault.fails(v, "deposit(uint256,address)", dust, v) == "":
		b.deposit(v, dust)
	case n == 8 && canRedeem:
		b.redeemBy(v, u, b.w.users[0], few)
	case n > 8 && canRedeem:
		b.w.together(func() {
			b.deposit(v, dice.odd(digits-2))
			b.redeem(u, few)
		})
	}
}
