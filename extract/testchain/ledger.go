package testchain

import (
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
)

// A ledger is what a token's balances must be. Nothing here asks the chain.
type ledger struct {
	balances map[common.Address]*big.Int
	supply   *big.Int
}

func newLedger() *ledger {
	return &ledger{balances: map[common.Address]*big.Int{}, supply: zero()}
}

func (l *ledger) of(account common.Address) *big.Int {
	if balance := l.balances[account]; balance != nil {
		return balance
	}
	return zero()
}

func (l *ledger) mint(to common.Address, value *big.Int) {
	l.balances[to] = add(l.of(to), value)
	l.supply = add(l.supply, value)
}

func (l *ledger) burn(from common.Address, value *big.Int) {
	l.take(from, value)
	l.supply = sub(l.supply, value)
}

func (l *ledger) move(from, to common.Address, value *big.Int) {
	l.take(from, value)
	l.balances[to] = add(l.of(to), value)
}

func (l *ledger) take(from common.Address, value *big.Int) {
	rest := sub(l.of(from), value)
	if rest.Sign() < 0 {
		panic(fmt.Sprintf("%s has %s, takes %s", from, l.of(from), value)) // a fault of the script
	}
	l.balances[from] = rest
}

// holders are the balances that are not zero.
func (l *ledger) holders() map[common.Address]*big.Int {
	all := map[common.Address]*big.Int{}
	for who, balance := range l.balances {
		if balance.Sign() != 0 {
			all[who] = balance
		}
	}
	return all
}
