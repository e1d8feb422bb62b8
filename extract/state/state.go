// Package state reads from a node, into raw.states, what the prices of vaults are computed
// from: at the blocks where it can have changed, at the last block of each day, and at the
// head as long as its day is not over.
package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"golang.org/x/sync/errgroup"

	"github.com/vaultperf/vaultperf/crash"
	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
	models "github.com/vaultperf/vaultperf/sql"
)

// blocksAtOnce is how many blocks are read and written at a time.
const blocksAtOnce = 500

// Options say whose state is read.
type Options struct {
	ChainID  uint64
	Vaults   []vault.Vault // those of other chains are skipped
	To       int64         // the last block that is final
	InTurn   bool          // send one request at a time, always in the same order
	Progress func(done, total int64)
}

// A Count says what Read did.
type Count struct {
	Blocks  int64 // blocks whose state was read
	Reads   int64 // rows written
	Failed  int64 // of these, not answered; a revert is an answer
	Headers int64 // headers fetched

	Missing int64 // reads not made, because the node has pruned the state of their blocks
	Since   int64 // the first block whose state it has; 0: it has all that is due, or none
}

// Read reads what vaults' prices are computed from into raw.states: at each block where a
// vault's logs, transfers of its asset to or from its accounts, or logs of what posts its
// rate show that the price can have changed, where a pool traded its shares, at the last
// block of each UTC day since its first log, and at the last final block. The last of these stands for a day that is not over: it is
// forgotten as soon as a later block is read in its place, so that runs made day by day
// leave what a single one does. Stored reads are not repeated, unless they failed for the
// node's own reasons. Each batch of blocks is one transaction; those committed before an
// error stay.
//
// What the node has pruned is not read, but counted.
func Read(ctx context.Context, db *sql.DB, node rpc.Caller, opt Options) (count Count, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return count, fmt.Errorf("read states: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	s := &stateRun{conn: conn, node: node, opt: opt}
	if err := s.plan(ctx); err != nil {
		return s.count, fmt.Errorf("plan states: %w", err)
	}
	for range mostTries {
		if err = s.readAll(ctx); err == nil {
			err = s.findSilentLoans(ctx)
		}
		if !errors.As(err, new(*PrunedError)) {
			return s.count, err
		}
		// the node's state reaches less far back by now
		if err := s.readDue(ctx); err != nil {
			return s.count, fmt.Errorf("plan states: %w", err)
		}
	}
	return s.count, err
}

// mostTries bounds how often a node may prune what is about to be read.
const mostTries = 5

// readAll reads what is due, as far as the node has its state.
func (s *stateRun) readAll(ctx context.Context) error {
	if len(s.due) == 0 {
		return nil
	}
	if err := s.probe(ctx); err != nil || len(s.due) == 0 {
		return err
	}
	if err := s.resolve(ctx); err != nil {
		return err
	}
	return s.work(ctx)
}

// A stateRun is one reading of a chain's state.
type stateRun struct {
	conn   *sql.Conn
	node   rpc.Caller
	opt    Options
	caller multicaller
	count  Count

	vaults []*scheduled
	pools  []pool
	due    []dueRead
	times  map[int64]time.Time // of the due blocks, as far as known
}

// A scheduled vault is one with logs.
type scheduled struct {
	vault  vault.Vault
	family family.Family
	first  int64   // the first block with a log of the vault
	events []int64 // blocks at which its price can have changed
}

// plan determines the vaults, blocks and reads that are due.
func (s *stateRun) plan(ctx context.Context) error {
	if err := s.findVaults(ctx); err != nil || len(s.vaults) == 0 {
		return err
	}
	first := s.vaults[0].first
	for _, v := range s.vaults {
		first = min(first, v.first)
	}
	ends, err := s.dayEnds(ctx, first)
	if err != nil {
		return err
	}
	if err := s.findOthersLogs(ctx); err != nil {
		return err
	}
	if err := s.findPools(ctx); err != nil {
		return err
	}
	s.listTargets()
	if err := s.listPositions(ctx); err != nil {
		return err
	}
	if err := s.findDue(ctx, ends); err != nil {
		return err
	}
	return s.readDue(ctx)
}

// findVaults finds the vaults that have logs, and the blocks at which their assets or supply
// may have changed: those with any log other than an approval. A transfer between holders
// changes neither, but the shares are worth what the contract says in that very block; the
// price of most families follows the clock. Only where a price stands until the next
// settlement such a block need not be read.
func (s *stateRun) findVaults(ctx context.Context) error {
	for _, v := range s.opt.Vaults {
		f, known := family.Of(v.Family)
		if v.ChainID != s.opt.ChainID || !known || len(f.Price) == 0 {
			continue
		}
		blocks, err := store.Pairs(ctx, s.conn, `
select
    block_number,
    bool_or(not (
        topic0 = unhex('8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925')
        or (
            $4 and topic0 = unhex('ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef')
            and topic1 <> unhex(repeat('00', 32)) and topic2 <> unhex(repeat('00', 32))
        )
    ))::integer as is_change
from raw.logs
where chain_id = $1 and address = unhex($2) and block_number <= $3
group by block_number
order by block_number`, int64(v.ChainID), v.Address[2:], s.opt.To, f.LogPrices == family.BySettlements)
		if err != nil {
			return fmt.Errorf("find blocks of vault %s: %w", v.ID, err)
		}
		if len(blocks) == 0 {
			continue
		}
		if v.Safe != "" {
			f.Daily = slices.Concat(f.Daily, family.SafeReads())
		}
		one := &scheduled{vault: v, family: f, first: blocks[0][0]}
		for _, b := range blocks {
			if b[1] == 1 {
				one.events = append(one.events, b[0])
			}
		}
		s.vaults = append(s.vaults, one)
	}
	return nil
}

// findOthersLogs adds the blocks in which a vault's price can have changed though the vault
// logged nothing: its asset moved to or from one of its accounts, or the contract that
// posts its rate logged something. Only logs that are held count.
func (s *stateRun) findOthersLogs(ctx context.Context) error {
	const table = "create or replace temp table moving (vault integer, address blob, account blob)"
	if _, err := s.conn.ExecContext(ctx, table); err != nil {
		return err
	}
	for i, v := range s.vaults {
		for _, c := range v.vault.Contracts {
			var accounts []any
			isPriced := func(r family.Read) bool { return r.On != family.OnVault && r.On == c.Role }
			switch {
			case c.Role == vault.RoleAsset:
				for _, account := range v.vault.Accounts() {
					accounts = append(accounts, common.HexToHash(account).Bytes())
				}
			case slices.ContainsFunc(v.family.Price, isPriced):
				accounts = []any{nil} // all its logs
			}
			for _, account := range accounts {
				_, err := s.conn.ExecContext(ctx, "insert into temp.moving values (?, ?, ?)", int32(i), common.HexToAddress(c.Address).Bytes(), account)
				if err != nil {
					return err
				}
			}
		}
	}
	blocks, err := store.Pairs(ctx, s.conn, `
with others as (
    select
        block_number, address, topic1, topic2,
        topic0 = unhex('ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef') as is_transfer
    from raw.logs
    where chain_id = ? and block_number <= ? and address in (select address from temp.moving)
)
select vault, block_number
from others
inner join temp.moving as moving on others.address = moving.address and topic1 = account
where is_transfer
union
select vault, block_number
from others
inner join temp.moving as moving on others.address = moving.address and topic2 = account
where is_transfer
union
select vault, block_number
from others
inner join temp.moving as moving on others.address = moving.address and account is null
order by all`, int64(s.opt.ChainID), s.opt.To)
	if err != nil {
		return fmt.Errorf("find logs of other contracts: %w", err)
	}
	for _, b := range blocks {
		if v := s.vaults[b[0]]; b[1] >= v.first {
			v.events = append(v.events, b[1])
		}
	}
	return nil
}

// dayEnds finds the last block of each day from the first block on. It stores the headers
// that it had to fetch, so that no run searches for the same day again.
func (s *stateRun) dayEnds(ctx context.Context, first int64) ([]dayEnd, error) {
	known, err := knownHeaders(ctx, s.conn, s.opt.ChainID, first, s.opt.To)
	if err != nil {
		return nil, err
	}
	var missing []int64
	if len(known) == 0 || known[0].Number != first {
		missing = append(missing, first)
	}
	if n := len(known); s.opt.To != first && (n == 0 || known[n-1].Number != s.opt.To) {
		missing = append(missing, s.opt.To)
	}
	edges, err := rpc.FetchHeaders(ctx, s.node, missing)
	if err != nil {
		return nil, err
	}
	known = append(known, edges...)
	slices.SortFunc(known, byNumber)
	ends, fetched, err := findDayEnds(ctx, s.node, known)
	if err != nil {
		return nil, err
	}
	fetched = append(fetched, edges...)
	s.count.Headers += int64(len(fetched))
	return ends, store.InTransactionOn(ctx, s.conn, func() error { return WriteHeaders(ctx, s.conn, s.opt.ChainID, fetched) })
}

func byNumber(a, b rpc.Header) int { return int(a.Number - b.Number) }

// knownHeaders are the numbers and times of stored headers, in order.
func knownHeaders(ctx context.Context, conn *sql.Conn, chainID uint64, from, to int64) ([]rpc.Header, error) {
	rows, err := store.Pairs(ctx, conn, `
select block_number, epoch(block_timestamp)::bigint
from raw.headers
where chain_id = ? and block_number between ? and ?
order by block_number`, int64(chainID), from, to)
	if err != nil {
		return nil, fmt.Errorf("read raw.headers: %w", err)
	}
	headers := make([]rpc.Header, len(rows))
	for i, row := range rows {
		headers[i] = rpc.Header{Number: row[0], At: time.Unix(row[1], 0).UTC()}
	}
	return headers, nil
}

// listTargets lists what is read for each vault.
func (s *stateRun) listTargets() {
	s.caller = multicaller{node: s.node, chainID: s.opt.ChainID}
	for i, v := range s.vaults {
		for _, r := range v.family.Reads() {
			s.caller.targets = append(s.caller.targets, callTarget{
				read: r, vault: i, to: common.HexToAddress(v.vault.Address), address: v.vault.Address,
				data: callData(r, v.vault.AssetDecimals, v.vault.ShareDecimals), argument: argumentOf(r, v.vault.AssetDecimals, v.vault.ShareDecimals),
			})
		}
	}
}

// findDue plans the reads of each block, and forgets those of a former head that are not
// among them.
func (s *stateRun) findDue(ctx context.Context, ends []dayEnd) error {
	const tables = `
create or replace temp table due_blocks (vault integer, often varchar, block_number bigint);
create or replace temp table due_reads (vault integer, often varchar, target integer, address varchar, field varchar, argument varchar)`
	if _, err := s.conn.ExecContext(ctx, tables); err != nil {
		return err
	}
	for i, v := range s.vaults {
		for often, blocks := range v.blocks(ends, s.opt.To) {
			const insert = "insert into temp.due_blocks select distinct ?, ?, unnest(string_split(?, ','))::bigint"
			if len(blocks) == 0 {
				continue
			}
			if _, err := s.conn.ExecContext(ctx, insert, int32(i), often, store.JoinInts(blocks)); err != nil {
				return err
			}
		}
	}
	first := len(s.caller.targets)
	if err := s.planPools(ctx); err != nil {
		return err
	}
	for i, t := range s.caller.targets[:first] {
		v := s.vaults[t.vault]
		for often, list := range map[string][]family.Read{"price": v.family.Price, daily: v.family.Daily, once: v.family.Once} {
			if t.often != often && (t.often != "" || !slices.Contains(list, t.read)) {
				continue
			}
			_, err := s.conn.ExecContext(ctx, "insert into temp.due_reads values (?, ?, ?, ?, ?, ?)",
				int32(t.vault), often, int32(i), t.address, t.read.Field(), t.argument)
			if err != nil {
				return err
			}
		}
	}
	if err := s.planExits(ctx, ends); err != nil {
		return err
	}
	for _, query := range []string{`
create or replace temp table planned_reads as
select block_number, min(target) as target, address, field, argument
from temp.due_reads
inner join temp.due_blocks using (vault, often)
group by all`, fmt.Sprintf(`
delete from raw.states as stored
where
    chain_id = %d and block_number <= %d
    and (
        (address, field, argument) in (select address, field, argument from temp.due_reads)
        -- of a holder who had the most at no other block
        or (address, field) in (select address, field from temp.due_reads where starts_with(often, '%s'))
    )
    and not exists (
        select 1 from temp.planned_reads as planned
        where
            planned.block_number = stored.block_number and planned.address = stored.address
            and planned.field = stored.field and planned.argument = stored.argument
    )`, s.opt.ChainID, s.opt.To, holderOften)} {
		if _, err := s.conn.ExecContext(ctx, query); err != nil {
			return err
		}
	}
	return nil
}

// blocks are those at which a vault is read, by the frequency of reads. The head ends a
// day that is not over.
func (v *scheduled) blocks(ends []dayEnd, head int64) map[string][]int64 {
	days := []int64{head}
	for _, e := range ends {
		if e.block >= v.first {
			days = append(days, e.block)
		}
	}
	return map[string][]int64{"price": append(slices.Clone(v.events), days...), daily: days, once: {v.first, head}}
}

// readDue fills s.due with the planned reads that raw.states does not have, and s.times as
// far as the database knows them.
func (s *stateRun) readDue(ctx context.Context) error {
	s.times, s.due = map[int64]time.Time{}, nil
	return store.Each(ctx, s.conn, `
with
due as (
    select * from temp.planned_reads
    anti join (
        select * from raw.states where chain_id = $1 and status <> 'failed'
    ) using (block_number, address, field, argument)
),
times as (
    select block_number, min(block_timestamp) as at
    from (
        select block_number, block_timestamp from raw.headers where chain_id = $1
        union all
        select block_number, block_timestamp from raw.logs where chain_id = $1
        union all
        select block_number, block_timestamp from raw.blocks where chain_id = $1
    )
    where block_timestamp is not null
    group by block_number
)
select due.block_number, due.target, times.at
from due
left join times using (block_number)
order by due.block_number, due.target`, []any{int64(s.opt.ChainID)}, func(rows *sql.Rows) error {
		var q dueRead
		var at sql.NullTime
		if err := rows.Scan(&q.block, &q.target, &at); err != nil {
			return err
		}
		if at.Valid {
			s.times[q.block] = at.Time.UTC()
		}
		s.due = append(s.due, q)
		return nil
	})
}

// probe determines how to aggregate reads. If the node has pruned the state of blocks that
// are due, it finds out how far back the state reaches, and what is before is not due.
func (s *stateRun) probe(ctx context.Context) error {
	s.count.Missing, s.count.Since = 0, 0
	err := s.caller.chooseAggregator(ctx, s.due[0].block, s.opt.To)
	var pruned *PrunedError
	if !errors.As(err, &pruned) {
		return err
	}
	if err := depth(ctx, s.node, s.opt.ChainID, pruned, s.opt.To); !errors.As(err, &pruned) {
		return err
	}
	s.count.Since = pruned.Since
	due := slices.DeleteFunc(slices.Clone(s.due), func(q dueRead) bool { return pruned.Since == 0 || q.block < pruned.Since })
	s.count.Missing = int64(len(s.due) - len(due))
	if s.due = due; len(due) == 0 {
		return nil
	}
	return s.caller.chooseAggregator(ctx, due[0].block, s.opt.To)
}

// resolve finds the contracts, other than the vaults, that are read.
func (s *stateRun) resolve(ctx context.Context) error {
	others, looked := map[int]map[string]common.Address{}, map[lookup][]byte{}
	for _, q := range s.due {
		t := &s.caller.targets[q.target]
		isMarket := t.read.On == family.OnMarket && t.of == nil
		if t.read.On == family.OnVault || isMarket || t.isNowhere || t.isResolved {
			continue
		}
		if t.of != nil {
			if err := s.look(ctx, t, looked); err != nil {
				return err
			}
			continue
		}
		if others[t.vault] == nil {
			v := s.vaults[t.vault]
			found, err := otherContracts(ctx, s.node, v.vault, v.family, s.opt.To)
			if err != nil {
				return fmt.Errorf("vault %s: %w", v.vault.ID, err)
			}
			others[t.vault] = found
		}
		t.to, t.isResolved = others[t.vault][t.read.On]
		t.isNowhere = !t.isResolved
	}
	return nil
}

// look finds the contract that a target's market names. One answer names several, each in
// a word of its own.
func (s *stateRun) look(ctx context.Context, t *callTarget, looked map[lookup][]byte) error {
	answer, known := looked[*t.of]
	if !known {
		data, ok, err := AskOne(ctx, s.node, t.of.at, []byte(t.of.data), s.opt.To)
		if err != nil {
			return err
		}
		if ok {
			answer = data
		}
		looked[*t.of] = answer
	}
	var found common.Address
	if from := 32 * t.ofWord; len(answer) >= from+32 {
		text, _ := AddressText(answer[from:])
		found = common.HexToAddress(text)
	}
	t.to, t.isResolved, t.isNowhere = found, found != common.Address{}, found == common.Address{}
	return nil
}

// A batch is the reads of some blocks with their results.
type batch struct {
	asks    []dueRead
	reads   []ReadResult
	headers []rpc.Header // of blocks whose time was unknown
	times   map[int64]time.Time
}

// work makes all reads that are due, batch by batch. The next batch is read while one is
// written.
func (s *stateRun) work(ctx context.Context) error {
	batches := s.batches()
	group, ctx := errgroup.WithContext(ctx)
	read := make(chan batch, 1)
	asking, asked := errgroup.WithContext(ctx)
	asking.SetLimit(2)
	if s.opt.InTurn {
		asking.SetLimit(1)
	}
	group.Go(func() error {
		defer crash.Watch()
		defer close(read)
		for _, u := range batches {
			asking.Go(func() error {
				defer crash.Watch()
				if err := s.ask(asked, &u); err != nil {
					return err
				}
				select {
				case read <- u:
					return nil
				case <-asked.Done():
					return asked.Err()
				}
			})
		}
		return asking.Wait()
	})
	group.Go(func() error {
		defer crash.Watch()
		var done int64
		for u := range read {
			if err := s.write(ctx, u); err != nil {
				return fmt.Errorf("write states: %w", err)
			}
			done += int64(len(u.asks))
			if s.opt.Progress != nil {
				s.opt.Progress(done, int64(len(s.due)))
			}
		}
		return ctx.Err()
	})
	return group.Wait()
}

// batches divides the due reads at block boundaries.
func (s *stateRun) batches() []batch {
	var batches []batch
	blocks, from := 0, 0
	for i, q := range s.due {
		if i > 0 && q.block != s.due[i-1].block {
			if blocks++; blocks == blocksAtOnce {
				batches = append(batches, batch{asks: s.due[from:i]})
				blocks, from = 0, i
			}
		}
	}
	return append(batches, batch{asks: s.due[from:]})
}

func (s *stateRun) ask(ctx context.Context, u *batch) error {
	var untimed []int64
	for _, q := range u.asks {
		if _, known := s.times[q.block]; !known && !slices.Contains(untimed, q.block) {
			untimed = append(untimed, q.block)
		}
	}
	var err error
	if u.headers, err = rpc.FetchHeaders(ctx, s.node, untimed); err != nil {
		return err
	}
	u.times = map[int64]time.Time{}
	for _, h := range u.headers {
		u.times[h.Number] = h.At
	}
	u.reads, err = s.caller.read(ctx, u.asks)
	return err
}

// write stores a batch's reads and headers in one transaction.
func (s *stateRun) write(ctx context.Context, u batch) error {
	return store.InTransactionOn(ctx, s.conn, func() error {
		first, last := u.asks[0].block, u.asks[len(u.asks)-1].block
		_, err := s.conn.ExecContext(ctx, "delete from raw.states where chain_id = ? and status = 'failed' and block_number between ? and ?",
			int64(s.opt.ChainID), first, last)
		if err != nil {
			return err
		}
		if err := WriteHeaders(ctx, s.conn, s.opt.ChainID, u.headers); err != nil {
			return err
		}
		blocks := int64(0)
		err = models.Append(ctx, s.conn, "raw", "states", func(add func(values ...any) error) error {
			for i, q := range u.asks {
				if i == 0 || q.block != u.asks[i-1].block {
					blocks++
				}
				if err := s.add(add, u, i); err != nil {
					return err
				}
			}
			return nil
		})
		s.count.Blocks += blocks
		s.count.Reads += int64(len(u.asks))
		s.count.Headers += int64(len(u.headers))
		return err
	})
}

func (s *stateRun) add(add func(values ...any) error, u batch, i int) error {
	q, r := u.asks[i], u.reads[i]
	t := s.caller.targets[q.target]
	at, known := s.times[q.block]
	if !known {
		at = u.times[q.block]
	}
	var value, text any
	switch {
	case r.Status == ReadFailed:
		s.count.Failed++
	case r.Status != ReadOK:
	case r.Value != nil:
		value = r.Value
	default:
		text = r.Text
	}
	return add(int64(s.opt.ChainID), q.block, at, t.address, t.read.Field(), t.argument, r.Status, value, text)
}
