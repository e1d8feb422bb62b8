package discover

import (
	"context"
	"errors"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/state"
	"github.com/vaultperf/vaultperf/extract/vault"
)

// mostNamed bounds how many contracts are asked what they are to a vault.
const mostNamed = 1_000

// findNamed finds the contracts that no function leads to, among those that the logs of a
// contract around the vault name: each is asked what it is, and which vault it is for.
func (d *Discovery) findNamed(ctx context.Context, node rpc.Caller, f family.Family, at common.Address, _ map[string][]byte) error {
	var named []common.Address
	for _, n := range f.Around {
		if len(n.Names) == 0 {
			continue
		}
		next, ok, err := d.walk(ctx, node, n, at)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		from, err := FirstCode(ctx, node, d.ChainID, next, d.Block)
		if errors.As(err, new(*state.PrunedError)) {
			d.note("contracts that the %s names were not looked for: %v", n.Name, err)
			continue
		}
		if err != nil {
			return err
		}
		more, err := addressesIn(ctx, node, next, n.Names, from, d.Block)
		if err != nil {
			return err
		}
		named = append(named, more...)
	}
	if len(named) > mostNamed {
		d.note("of %d contracts that logs name only %d were looked at", len(named), mostNamed)
		named = named[:mostNamed]
	}
	for _, n := range f.Around {
		if n.IsByName() {
			if err := d.findByName(ctx, node, n, at, named); err != nil {
				return err
			}
		}
	}
	return nil
}

// findByName adds those of the contracts named that answer as a neighbour of the vault.
func (d *Discovery) findByName(ctx context.Context, node rpc.Caller, n family.Neighbour, at common.Address, named []common.Address) error {
	var calls []rpc.Call
	for _, one := range named {
		for _, function := range append([]string{n.Vault + "()"}, n.Answers...) {
			// a word more than a function takes does no harm
			calls = append(calls, state.EthCall(one, append(state.Selector(function), make([]byte, 32)...), d.Block))
		}
	}
	isFound := false
	if len(calls) > 0 {
		results, err := node.Batch(ctx, calls)
		if err != nil {
			return err
		}
		asked := 1 + len(n.Answers)
		for i, one := range named {
			isIt := true
			for k, r := range results[asked*i : asked*(i+1)] {
				data, ok, err := state.AnswerOf(r)
				if err != nil {
					return err
				}
				isIt = isIt && ok && len(data) >= 32 && (k > 0 || common.BytesToAddress(data[:32]) == at)
			}
			if isIt {
				isFound = true
				d.add(vault.Contract{Address: rpc.HexText(one[:]), Role: n.Role, Family: n.Family, Name: n.Name})
			}
		}
	}
	if !isFound && len(n.Path) == 0 {
		d.note("no function leads to the %s, and no log names it: name it with role %s and family %s, if there is one", n.Name, n.Role, n.Family)
	}
	return nil
}

// addressesIn are the addresses in the indexed arguments of a contract's events, each once,
// in the order of their first log.
func addressesIn(ctx context.Context, node rpc.Caller, at common.Address, events []string, from, to int64) ([]common.Address, error) {
	topics := make([]common.Hash, len(events))
	for i, event := range events {
		topics[i] = crypto.Keccak256Hash([]byte(event))
	}
	logs, err := logsOf(ctx, node, []common.Address{at}, topics, from, to)
	if err != nil {
		return nil, err
	}
	var found []common.Address
	seen := map[common.Address]bool{}
	for _, l := range logs {
		for _, word := range l.Topics[1:] {
			one := common.BytesToAddress(word[:])
			isAddress := common.BytesToHash(one[:]) == word && one[0]|one[1]|one[2]|one[3] != 0 // a role's number is none
			if isAddress && !seen[one] {
				seen[one] = true
				found = append(found, one)
			}
		}
	}
	return found, nil
}
