// Package decode turns logs into named events by the signatures of their contract's
// family, and says why where a log is not one of them.
package decode

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"

	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
	models "github.com/vaultperf/vaultperf/sql"
)

// Logs fills raw.events and raw.undecoded from the logs of raw.contracts that
// are in neither, within conn's transaction. If a contract's family changed, or gained
// events, the logs concerned are decoded again. Repeating it changes nothing.
func Logs(ctx context.Context, conn *sql.Conn, vaults []vault.Vault) error {
	for _, v := range vaults {
		for _, c := range v.All() {
			if _, known := family.Of(c.Family); !known {
				return fmt.Errorf("vault %s: contract %s: no family %q", v.ID, c.Address, c.Family)
			}
		}
	}
	var isAny bool
	if err := conn.QueryRowContext(ctx, "select exists (from raw.logs)").Scan(&isAny); err != nil {
		return fmt.Errorf("find new logs: %w", err)
	}
	if !isAny { // planning the query below takes a while
		return nil
	}
	sets, err := Sets()
	if err != nil {
		return err
	}
	d := decoder{sets: sets}
	if err := forgetStale(ctx, conn, sets); err != nil {
		return err
	}
	pages, err := store.NewPages(ctx, conn, pendingLogs)
	if err != nil {
		return fmt.Errorf("find new logs: %w", err)
	}
	for {
		d.reset()
		if err := pages.Next(ctx, d.scan); err != nil {
			return err
		}
		if len(d.logs) == 0 {
			return pages.Drop(ctx)
		}
		if err := d.write(ctx, conn); err != nil {
			return err
		}
	}
}

// oneFamily are the configured contracts with the events they emit. The config
// gives each one family, however many vaults need it.
const oneFamily = "(select chain_id, address, min(family) as family from raw.contracts group by all)"

// pendingLogs are the configured contracts' logs without a result. The order
// keeps a contract's rows together in the tables.
const pendingLogs = `
select
    contracts.family,
    logs.chain_id,
    contracts.address,
    logs.block_number,
    logs.log_index,
    logs.transaction_hash,
    logs.topic0,
    logs.topic1,
    logs.topic2,
    logs.topic3,
    logs.data
from raw.logs as logs
inner join ` + oneFamily + ` as contracts
    on logs.chain_id = contracts.chain_id
    and logs.address = unhex(substr(contracts.address, 3))
anti join raw.events as events
    on logs.chain_id = events.chain_id
    and logs.block_number = events.block_number
    and logs.log_index = events.log_index
anti join raw.undecoded as undecoded
    on logs.chain_id = undecoded.chain_id
    and logs.block_number = undecoded.block_number
    and logs.log_index = undecoded.log_index
`

// forgetStale deletes results of another family or of an earlier version of the events:
// events that the contract's family does not have, logs that did not fit their event,
// and logs whose event the family has by now. The comparison is done in Go, because
// passing all events to the database would take longer than everything else in most runs.
func forgetStale(ctx context.Context, conn *sql.Conn, sets map[string]Set) error {
	known := map[[2]string]bool{} // family and signature, and family and topic0
	for name, set := range sets {
		for topic0, variants := range set {
			known[[2]string{name, variants[0].Signature}] = true
			known[[2]string{name, hex.EncodeToString(topic0[:])}] = true
		}
	}
	err := forgetPairs(ctx, conn, func(p [2]string) bool { return !known[p] }, `
select distinct contracts.family, events.signature
from raw.events as events
inner join `+oneFamily+` as contracts using (chain_id, address)`, `
delete from raw.events as events
using `+oneFamily+` as contracts
where events.chain_id = contracts.chain_id
    and events.address = contracts.address
    and contracts.family = ? and events.signature = ?`)
	if err != nil {
		return fmt.Errorf("forget stale events: %w", err)
	}
	const undecodedLogs = `
where undecoded.chain_id = logs.chain_id
    and undecoded.block_number = logs.block_number
    and undecoded.log_index = logs.log_index
    and logs.chain_id = contracts.chain_id
    and logs.address = unhex(substr(contracts.address, 3))`
	// '' stands for a log that did not fit its event, '-' for one without a topic0
	err = forgetPairs(ctx, conn, func(p [2]string) bool { return p[1] == "" || known[p] }, `
select distinct contracts.family, case when undecoded.reason <> '`+undecodable+`' then coalesce(lower(hex(logs.topic0)), '-') else '' end
from raw.undecoded as undecoded, raw.logs as logs, `+oneFamily+` as contracts`+undecodedLogs, `
delete from raw.undecoded as undecoded
using raw.logs as logs, `+oneFamily+` as contracts`+undecodedLogs+`
    and contracts.family = $1
    and case when $2 = '' then undecoded.reason = '`+undecodable+`' else logs.topic0 = unhex($2) end`)
	if err != nil {
		return fmt.Errorf("forget stale events: %w", err)
	}
	return nil
}

// forgetPairs runs remove for each stale pair among those that find selects.
func forgetPairs(ctx context.Context, conn *sql.Conn, isStale func([2]string) bool, find, remove string) error {
	pairs, err := store.Collect(ctx, conn, find, nil, func(rows *sql.Rows, p *[2]string) error {
		return rows.Scan(&p[0], &p[1])
	})
	if err != nil {
		return err
	}
	for _, p := range pairs {
		if !isStale(p) {
			continue
		}
		if _, err := conn.ExecContext(ctx, remove, p[0], p[1]); err != nil {
			return err
		}
	}
	return nil
}

// A decoder turns a page of logs into rows of the two tables.
type decoder struct {
	sets  map[string]Set
	logs  []decodedLog
	batch Batch

	// what one log is scanned into
	family, address, hash, data sql.RawBytes
	topics                      [4]sql.RawBytes
	log                         decodedLog
}

// A decodedLog is the columns that both tables take from the log itself.
type decodedLog struct {
	chainID int64
	address string
	block   int64
	index   int64
	hash    any // of its transaction, as text
}

func (d *decoder) reset() {
	d.logs = d.logs[:0]
	d.batch.Reset()
}

func (d *decoder) scan(rows *sql.Rows) error {
	err := rows.Scan(&d.family, &d.log.chainID, &d.address, &d.log.block, &d.log.index, &d.hash, &d.topics[0], &d.topics[1], &d.topics[2], &d.topics[3], &d.data)
	if err != nil {
		return err
	}
	if d.log.address != string(d.address) { // a contract's logs are adjacent
		d.log.address = string(d.address)
	}
	d.log.hash = nil
	if d.hash != nil {
		d.log.hash = "0x" + hex.EncodeToString(d.hash)
	}
	var words [4][]byte
	n := 0
	for i, topic := range d.topics {
		if words[i] = topic; topic != nil { // a missing topic before this one leaves a word that is too short
			n = i + 1
		}
	}
	d.batch.Add(len(d.logs), d.sets[string(d.family)], words[:n], d.data)
	d.logs = append(d.logs, d.log)
	return nil
}

func (d *decoder) write(ctx context.Context, conn *sql.Conn) error {
	err := models.Append(ctx, conn, "raw", "events", func(add func(values ...any) error) error {
		for _, e := range d.batch.Events {
			l := &d.logs[e.Log]
			err := add(l.chainID, l.block, l.index, l.hash, l.address, e.Event.Name, e.Event.Signature, d.batch.Arguments(e))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return models.Append(ctx, conn, "raw", "undecoded", func(add func(values ...any) error) error {
		for _, u := range d.batch.Undecoded {
			l := &d.logs[u.Log]
			if err := add(l.chainID, l.block, l.index, u.Reason, u.Detail); err != nil {
				return err
			}
		}
		return nil
	})
}
