package discover

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/state"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
)

// FollowFromStart gives contracts with powers over a chain's vaults their own first
// block. A beacon, a factory, a timelock or a Safe may be older than the vault it governs,
// and who was made its owner then still is. A block that no run has found is asked of the
// node where that is an archive; where it has pruned the state, the vault's start block
// stays.
func FollowFromStart(ctx context.Context, db *sql.DB, node rpc.Caller, head rpc.Block, all []Known, chainID uint64, isArchive bool) ([]Known, error) {
	firsts, err := recallFirsts(ctx, db, chainID)
	if err != nil {
		return nil, err
	}
	var facts []vaultFacts
	find := func(address string) (uint64, error) {
		address = strings.ToLower(address)
		first, isKnown := firsts[address]
		if isKnown || !isArchive {
			return uint64(first), nil
		}
		first, isTold, err := firstOf(ctx, node, chainID, address, int64(head.Number))
		if err != nil {
			return 0, fmt.Errorf("find the first block of %s: %w", address, err)
		}
		firsts[address] = first
		if isTold {
			facts = append(facts, vaultFacts{vault.Vault{ChainID: chainID, Address: address}, []fact{{fieldFirstBlock, "", first}}})
		}
		return uint64(first), nil
	}
	all = slices.Clone(all)
	for i := range all {
		v := &all[i]
		if v.ChainID != chainID || v.StartBlock == 0 { // followed from the chain's first block
			continue
		}
		if v.Safe != "" && v.SafeStart == 0 {
			if v.SafeStart, err = find(v.Safe); err != nil {
				return nil, err
			}
		}
		v.Contracts = slices.Clone(v.Contracts)
		for k := range v.Contracts {
			c := &v.Contracts[k]
			if c.StartBlock > 0 || c.Shared || !vault.HasPowers(c.Role) {
				continue
			}
			if c.StartBlock, err = find(c.Address); err != nil {
				return nil, err
			}
		}
	}
	if len(facts) == 0 {
		return all, nil
	}
	return all, store.InTransaction(ctx, db, func(conn *sql.Conn) error {
		return keepFacts(ctx, conn, int64(head.Number), time.Unix(head.Time, 0).UTC(), facts...)
	})
}

// firstOf is the first block with code at an address, 0 where it has none; isTold is
// false if the node's state does not reach back that far.
func firstOf(ctx context.Context, node rpc.Caller, chainID uint64, address string, head int64) (first int64, isTold bool, err error) {
	at := common.HexToAddress(address)
	hashes, err := state.Codes(ctx, node, chainID, at, head)
	if err == nil && hashes[0] != (common.Hash{}) {
		first, err = FirstCode(ctx, node, chainID, at, head)
	}
	var pruned *state.PrunedError
	if errors.As(err, &pruned) {
		return 0, false, nil
	}
	return first, err == nil, err
}

// recallFirsts are the first blocks of a chain's contracts that earlier runs found; 0:
// there was no code.
func recallFirsts(ctx context.Context, db *sql.DB, chainID uint64) (map[string]int64, error) {
	firsts := map[string]int64{}
	err := store.Each(ctx, db, `
select address, max_by(value, block_number)::bigint
from raw.states
where chain_id = $1 and field = $2
group by address`, []any{int64(chainID), fieldFirstBlock}, func(rows *sql.Rows) error {
		var address string
		var first int64
		if err := rows.Scan(&address, &first); err != nil {
			return err
		}
		firsts[address] = first
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find the contracts' first blocks: %w", err)
	}
	return firsts, nil
}
