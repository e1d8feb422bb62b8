package fetch

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/vaultperf/vaultperf/extract/blocks"
	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/store"
)

// A place is the position of a log in its chain.
type place struct{ block, index uint64 }

// A storedLog is one of raw.logs, with the file it came from.
type storedLog struct {
	rpc.Log
	hasBlockHash, hasTxHash, hasTxIndex, hasTime bool
	fileID                                       int
	isFile                                       bool
	path                                         string
}

// findOccupied finds the range of blocks with stored logs, so that only chunks in it are
// compared.
func (n *Chain) findOccupied(ctx context.Context) error {
	var from, to sql.NullInt64
	err := n.db.QueryRowContext(ctx, "select min(block_number), max(block_number) from raw.logs where chain_id = ?", int64(n.opt.ChainID)).Scan(&from, &to)
	if err != nil {
		return fmt.Errorf("find stored logs: %w", err)
	}
	n.occupied = nil
	if from.Valid {
		n.occupied = []blocks.Span{{From: uint64(from.Int64), To: uint64(to.Int64)}}
	}
	return nil
}

// compare finds those of a chunk's logs that are already stored, from files or through
// another filter. They must be equal, and the answer must include all stored logs: a node
// that omits a log which a file has is not trusted. A stored row without some fields,
// usually block hash and time, is deleted to be written again.
func (w *writer) compare(ctx context.Context, u *chunk, source *nodeSource) (known []bool, err error) {
	if !u.OverlapsAny(w.occupied) {
		return nil, nil
	}
	where, relevant := u.where(w.opt.ChainID)
	var there, count int64
	q := "select count(*), count(*) filter (" + relevant + ") from raw.logs as logs where " + where
	if err := w.conn.QueryRowContext(ctx, q).Scan(&there, &count); err != nil {
		return nil, fmt.Errorf("look for known logs: %w", err)
	}
	if there > 0 {
		w.shared = append(w.shared, u.Span)
	}
	if count == 0 {
		return nil, nil
	}
	where += " and " + relevant
	stored, err := w.stored(ctx, u, where)
	if err != nil {
		return nil, err
	}
	known = make([]bool, len(u.set.Logs))
	var rewritten, copies []string
	for i := range u.set.Logs {
		l := &u.set.Logs[i]
		at := place{l.Block, l.Index}
		h, isStored := stored[at]
		if !isStored {
			continue
		}
		delete(stored, at)
		if h.differs(l) {
			return nil, input.Conflict(source.file.Path, h.path, int64(w.opt.ChainID), int64(l.Block), int64(l.Index))
		}
		known[i] = true
		if h.isFile {
			copies = append(copies, fmt.Sprintf("(%d, %d, %d, %d)", w.opt.ChainID, l.Block, l.Index, source.id))
		}
		if !h.hasBlockHash || !h.hasTxHash || !h.hasTxIndex || !h.hasTime {
			w.later = append(w.later, laterLog{l, h.fileID})
			rewritten = append(rewritten, fmt.Sprintf("(%d, %d)", l.Block, l.Index))
		}
	}
	for at, h := range stored {
		return nil, &input.Error{
			File: source.file.Path,
			Want: fmt.Sprintf("the log that %s has at chain %d block %d log %d", h.path, w.opt.ChainID, at.block, at.index),
			Got:  "an answer without it",
		}
	}
	if err := w.vouch(ctx, copies); err != nil {
		return nil, err
	}
	if len(rewritten) == 0 {
		return known, nil
	}
	q = "delete from raw.logs as logs where " + where + " and (block_number, log_index) in (" + strings.Join(rewritten, ", ") + ")"
	if _, err := w.conn.ExecContext(ctx, q); err != nil {
		return nil, fmt.Errorf("complete known logs: %w", err)
	}
	return known, nil
}

// vouch notes which logs of files the node has too.
func (w *writer) vouch(ctx context.Context, copies []string) error {
	if len(copies) == 0 {
		return nil
	}
	_, err := w.conn.ExecContext(ctx, `
insert into raw.log_copies
select * from (values `+strings.Join(copies, ", ")+`) as given(chain_id, block_number, log_index, file_id)
anti join raw.log_copies using (chain_id, block_number, log_index, file_id)`)
	if err != nil {
		return fmt.Errorf("record logs that the node has too: %w", err)
	}
	return nil
}

// where selects the logs of a chunk's blocks, and relevant those of its contracts.
func (u *chunk) where(chain uint64) (where, relevant string) {
	var addresses []string
	for _, f := range u.Filters {
		addresses = append(addresses, fmt.Sprintf("unhex('%x')", f.Address))
	}
	return fmt.Sprintf("chain_id = %d and block_number between %d and %d", chain, u.From, u.To),
		"address in (" + strings.Join(addresses, ", ") + ")"
}

func (w *writer) stored(ctx context.Context, u *chunk, where string) (map[place]storedLog, error) {
	stored := map[place]storedLog{}
	q := u.query()
	err := store.Each(ctx, w.conn, `
select
    logs.block_number, logs.log_index, logs.block_hash, logs.block_timestamp, logs.transaction_hash,
    logs.transaction_index, logs.address, logs.topic0, logs.topic1, logs.topic2, logs.topic3, logs.data,
    logs.file_id, coalesce(files.path, 'this node'), coalesce(files.format, '`+input.FormatNode+`') <> '`+input.FormatNode+`'
from raw.logs as logs
left join raw.files as files on logs.file_id = files.file_id
where `+where, nil, func(rows *sql.Rows) error {
		var h storedLog
		if err := h.scan(rows); err != nil {
			return err
		}
		if q.Takes(&h.Log) {
			stored[place{h.Block, h.Index}] = h
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read known logs: %w", err)
	}
	return stored, nil
}

func (h *storedLog) scan(rows *sql.Rows) error {
	var blockHash, txHash, address []byte
	var at sql.NullTime
	var txIndex sql.NullInt64
	var topics [4][]byte
	err := rows.Scan(&h.Block, &h.Index, &blockHash, &at, &txHash, &txIndex, &address,
		&topics[0], &topics[1], &topics[2], &topics[3], &h.Data, &h.fileID, &h.path, &h.isFile)
	if err != nil {
		return err
	}
	h.hasBlockHash, h.hasTxHash, h.hasTxIndex, h.hasTime = blockHash != nil, txHash != nil, txIndex.Valid, at.Valid
	copy(h.BlockHash[:], blockHash)
	copy(h.TxHash[:], txHash)
	copy(h.Address[:], address)
	h.TxIndex = uint64(txIndex.Int64)
	if at.Valid {
		h.Time = at.Time.Unix()
	}
	for i, topic := range topics {
		if topic != nil {
			copy(h.Topics[i][:], topic)
			h.TopicCount = i + 1
		}
	}
	return nil
}

// differs says whether two logs at one place differ in a field that both have.
func (h *storedLog) differs(l *rpc.Log) bool {
	return h.Address != l.Address || h.TopicCount != l.TopicCount || h.Topics != l.Topics || !bytes.Equal(h.Data, l.Data) ||
		h.hasBlockHash && h.BlockHash != l.BlockHash || h.hasTxHash && h.TxHash != l.TxHash || h.hasTime && h.Time != l.Time
}

// fillTimes asks for the times of blocks whose logs came from files without times.
func (n *Chain) fillTimes(ctx context.Context) error {
	numbers, err := n.timeless(ctx)
	if err != nil || len(numbers) == 0 {
		return err
	}
	for start := 0; start < len(numbers); start += timesAtOnce {
		part := numbers[start:min(start+timesAtOnce, len(numbers))]
		found, err := n.opt.Pool.Blocks(ctx, part)
		if err != nil {
			return err
		}
		err = store.InTransaction(ctx, n.db, func(conn *sql.Conn) error {
			source := n.sources[n.opt.Pool.Endpoints()[0]]
			source.isChanged = source.isChanged || source.isNew
			if err := n.recordSources(ctx, conn); err != nil {
				return err
			}
			for _, number := range part {
				block, isThere := found[number]
				if !isThere {
					continue
				}
				_, err := conn.ExecContext(ctx, "insert into raw.blocks values (?, ?, ?, ?)",
					int64(n.opt.ChainID), int64(number), time.Unix(block.Time, 0).UTC(), source.id)
				if err != nil {
					return fmt.Errorf("write block times: %w", err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		n.fresh = n.fresh.Include(blocks.Span{From: part[0], To: part[len(part)-1]})
	}
	return nil
}

const timesAtOnce = 2000

// timeless are the final blocks that have logs but no time.
func (n *Chain) timeless(ctx context.Context) ([]uint64, error) {
	numbers, err := store.Collect(ctx, n.db, `
select distinct logs.block_number
from raw.logs as logs
anti join raw.blocks as blocks using (chain_id, block_number)
where logs.chain_id = ? and logs.block_timestamp is null and logs.block_number <= ?
order by 1`, []any{int64(n.opt.ChainID), int64(n.opt.Head.Number)}, func(rows *sql.Rows, number *uint64) error {
		return rows.Scan(number)
	})
	if err != nil {
		return nil, fmt.Errorf("look for blocks without a time: %w", err)
	}
	return numbers, nil
}
