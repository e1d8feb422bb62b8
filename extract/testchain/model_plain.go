package testchain

import (
	"math/big"

	"github.com/ethereum/go-ethereum/common"
)

// A plainVault is what OpenZeppelin's ERC-4626 vault must hold and give: assets
// are its balance, one virtual share stands against one virtual unit of the asset.
type plainVault struct {
	self   common.Address
	asset  *ledger
	shares *ledger
}

func newPlainVault(self common.Address, asset *ledger) *plainVault {
	return &plainVault{self: self, asset: asset, shares: newLedger()}
}

func (v *plainVault) totalAssets() *big.Int { return v.asset.of(v.self) }

func (v *plainVault) toShares(assets *big.Int) *big.Int {
	return mulDiv(assets, add(v.shares.supply, one), add(v.totalAssets(), one))
}

func (v *plainVault) toSharesUp(assets *big.Int) *big.Int {
	return mulDivUp(assets, add(v.shares.supply, one), add(v.totalAssets(), one))
}

func (v *plainVault) toAssets(shares *big.Int) *big.Int {
	return mulDiv(shares, add(v.totalAssets(), one), add(v.shares.supply, one))
}

func (v *plainVault) deposit(by common.Address, assets *big.Int) (shares *big.Int) {
	shares = v.toShares(assets)
	v.asset.move(by, v.self, assets)
	v.shares.mint(by, shares)
	return shares
}

func (v *plainVault) withdraw(by common.Address, assets *big.Int) (shares *big.Int) {
	shares = v.toSharesUp(assets)
	v.shares.burn(by, shares)
	v.asset.move(v.self, by, assets)
	return shares
}

func (v *plainVault) redeem(by common.Address, shares *big.Int) (assets *big.Int) {
	assets = v.toAssets(shares)
	v.shares.burn(by, shares)
	v.asset.move(v.self, by, assets)
	return assets
}

// worth is what an account's shares are.
func (v *plainVault) worth(account common.Address) *big.Int {
	return v.toAssets(v.shares.of(account))
}
