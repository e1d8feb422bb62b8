package testchain

import (
	"math/big"

	"github.com/ethereum/go-ethereum/common"
)

// A lendingModel is what one account has supplied to the lending pool and owes it.
type lendingModel struct {
	pool, aToken, debtToken common.Address
	rate                    int64 // basis points per year, simple
	supplied                map[common.Address]*big.Int
	principal               map[common.Address]*big.Int
	since                   map[common.Address]uint64
}

func (m *lendingModel) debt(who common.Address, now uint64) *big.Int {
	principal := amount(m.principal, who)
	seconds := sub(num(int64(now)), num(int64(m.since[who])))
	return add(principal, div(mul(mul(principal, num(m.rate)), seconds), mul(basisPoints, year)))
}

func (m *lendingModel) borrow(who common.Address, assets *big.Int, now uint64) {
	m.principal[who] = add(m.debt(who, now), assets)
	m.since[who] = now
}

// repay pays at most the whole debt.
func (m *lendingModel) repay(who common.Address, assets *big.Int, now uint64) (paid *big.Int) {
	debt := m.debt(who, now)
	paid = least(assets, debt)
	m.principal[who], m.since[who] = sub(debt, paid), now
	return paid
}
