package extract

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/vaultperf/vaultperf/extract/rpc"
)

// words are the words that a topic of a shared contract's log must hold one of:
// the vault's accounts, Euler's sub-accounts of them, and the pool's id.
func (c Contract) words(v Vault) []rpc.Word {
	w := wantedContract{family: c.Family, accounts: v.accounts()}
	if c.PoolID != "" {
		w.pools = []string{c.PoolID}
	}
	var words []rpc.Word
	for _, topic := range w.topics() {
		if word := rpc.Word(topic); !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return words
}

// recordReach writes to raw.spans from where to where all logs of each contract
// are held that the vaults need: what every filter of it covers. Until it is
// called nothing counts as complete, so that a night that broke off proves
// nothing.
func (n *chain) recordReach(ctx context.Context) error {
	filters, err := filtersOf(n.vaults)
	if err != nil {
		return err
	}
	have, err := n.covered(ctx)
	if err != nil {
		return err
	}
	whole, lacking := map[rpc.Address]span{}, map[rpc.Address][]span{}
	for _, f := range filters {
		wants := span{f.from, n.head.Number}
		if _, known := whole[f.address]; !known {
			whole[f.address] = noSpan
		}
		whole[f.address] = whole[f.address].include(wants)
		lacking[f.address] = append(lacking[f.address], wants.without(have[f.digest])...)
	}
	return inTransaction(ctx, n.db, func(conn *sql.Conn) error {
		if err := n.forgetReach(ctx, conn); err != nil {
			return err
		}
		for address, wants := range whole {
			for _, s := range wants.without(lacking[address]) {
				_, err := conn.ExecContext(ctx, `
insert into raw.spans
select 0, 'node', $1, $2, count(*), $3, $4, true
from raw.logs
where chain_id = $1 and address = unhex($5) and block_number between $3 and $4`,
					int64(n.node.ChainID), fmt.Sprintf("0x%x", address), int64(s.from), int64(s.to), fmt.Sprintf("%x", address))
				if err != nil {
					return fmt.Errorf("record what is complete: %w", err)
				}
			}
		}
		return nil
	})
}

// An execer is a database or one of its connections.
type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func (n *chain) forgetReach(ctx context.Context, db execer) error {
	if _, err := db.ExecContext(ctx, "delete from raw.spans where file_id = 0 and chain_id = ?", int64(n.node.ChainID)); err != nil {
		return fmt.Errorf("record what is complete: %w", err)
	}
	return nil
}
