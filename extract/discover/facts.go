package discover

import (
	"context"
	"database/sql"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/vaultperf/vaultperf/extract/state"
	"github.com/vaultperf/vaultperf/extract/vault"
	models "github.com/vaultperf/vaultperf/sql"
)

// Names in raw.states of what is discovered about a contract once: the contents of its
// proxy's slots (empty text: nothing), the first block with code, and the first block
// that its history needs.
const (
	fieldProxyImplementation = "proxy.implementation"
	fieldProxyBeacon         = "proxy.beacon"
	fieldProxyAdmin          = "proxy.admin"
	fieldFirstBlock          = "code.first_block"
	fieldStartBlock          = "code.start_block"
	fieldSafeModules         = "safe.modules" // of a Safe: addresses and families, in JSON
)

// A fact is a text or a number, by the kind of its field.
type fact struct {
	field, text string
	number      int64
}

func (p Proxy) facts() []fact {
	return []fact{{fieldProxyImplementation, p.Implementation, 0}, {fieldProxyBeacon, p.Beacon, 0}, {fieldProxyAdmin, p.Admin, 0}}
}

// vaultFacts are what was discovered about one vault.
type vaultFacts struct {
	vault vault.Vault
	facts []fact
}

// firsts are the first blocks of the contracts around the vault, where they are known.
func (d Discovery) firsts() (all []vaultFacts) {
	for _, c := range d.Contracts {
		if c.StartBlock > 0 {
			at := vault.Vault{ChainID: d.ChainID, Address: c.Address}
			all = append(all, vaultFacts{at, []fact{{fieldFirstBlock, "", int64(c.StartBlock)}}})
		}
	}
	return all
}

// keepFacts stores what was discovered about vaults at a block, replacing what an
// earlier run discovered there.
func keepFacts(ctx context.Context, conn *sql.Conn, block int64, at time.Time, all ...vaultFacts) error {
	var chains []int64
	var addresses, fields []string
	for _, one := range all {
		for _, f := range one.facts {
			chains = append(chains, int64(one.vault.ChainID))
			addresses = append(addresses, strings.ToLower(one.vault.Address))
			fields = append(fields, f.field)
		}
	}
	_, err := conn.ExecContext(ctx, `
delete from raw.states
where block_number = $1 and (chain_id, address, field) in (
    select unnest($2::bigint[]), unnest($3::varchar[]), unnest($4::varchar[])
)`, block, chains, addresses, fields)
	if err != nil {
		return fmt.Errorf("keep what was found out: %w", err)
	}
	return models.Append(ctx, conn, "raw", "states", func(add func(values ...any) error) error {
		for _, one := range all {
			for _, f := range one.facts {
				var text, number any = f.text, nil
				if f.field == fieldFirstBlock || f.field == fieldStartBlock {
					text, number = nil, big.NewInt(f.number)
				}
				err := add(int64(one.vault.ChainID), block, at, strings.ToLower(one.vault.Address), f.field, "", state.ReadOK, number, text)
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}
