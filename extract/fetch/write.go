package fetch

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"slices"
	"time"

	"github.com/vaultperf/vaultperf/extract/blocks"
	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
	models "github.com/vaultperf/vaultperf/sql"
)

// A batch is complete after so many logs, or after so much time if there are fewer. A
// killed process loses at most the batches that are not committed.
const (
	batchLogs = 10_000
	batchTime = time.Second
)

// A batch is what one transaction on conn writes. Its rows are made in advance, assuming
// that all logs are new: making them takes as long as writing them, and meanwhile the
// previous batch is written.
type batch struct {
	runs         []contiguousChunks
	conn         *sql.Conn
	logs, events *models.Rows // nil: made in the transaction, or written
}

// close drops the rows that were not written, and closes the connection.
func (b *batch) close() error {
	var errs []error
	for _, rows := range []*models.Rows{b.logs, b.events} {
		if rows != nil {
			errs = append(errs, rows.Drop())
		}
	}
	return errors.Join(append(errs, b.conn.Close())...)
}

// A contiguousChunks is chunks without a gap between them: one row of coverage per filter.
type contiguousChunks struct {
	WorkRange
	chunks []chunk
	end    rpc.Word // hash of the last block
}

// gather collects chunks into batches and looks up the hashes of their last blocks.
func (n *Chain) gather(ctx context.Context, chunks <-chan chunk, out chan<- *batch) error {
	var waiting []chunk
	logs := 0
	timer := time.NewTimer(batchTime)
	defer timer.Stop()
	isLate := timer.C
	if n.opt.InTurn {
		isLate = nil // only the number of logs ends a batch
	}
	flush := func() error {
		timer.Reset(batchTime)
		if len(waiting) == 0 {
			return nil
		}
		runs := joined(waiting)
		waiting, logs = nil, 0
		if err := n.addEnds(ctx, runs); err != nil {
			return err
		}
		b, err := n.newBatch(ctx, runs)
		if err != nil {
			return fmt.Errorf("write logs: %w", err)
		}
		select {
		case out <- b:
			return nil
		case <-ctx.Done():
			return errors.Join(ctx.Err(), b.close())
		}
	}
	for {
		select {
		case u, ok := <-chunks:
			if !ok {
				return flush()
			}
			waiting = append(waiting, u)
			if logs += len(u.set.Logs); logs < batchLogs {
				continue
			}
		case <-isLate:
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := flush(); err != nil {
			return err
		}
	}
}

// joined groups chunks that adjoin each other.
func joined(chunks []chunk) []contiguousChunks {
	slices.SortStableFunc(chunks, func(a, b chunk) int {
		return cmp.Or(
			cmp.Compare(a.Filters[0].Group, b.Filters[0].Group), cmp.Compare(a.Filters[0].Digest, b.Filters[0].Digest),
			cmp.Compare(len(a.Filters), len(b.Filters)), cmp.Compare(a.From, b.From),
		)
	})
	var runs []contiguousChunks
	for _, u := range chunks {
		if len(runs) > 0 {
			last := &runs[len(runs)-1]
			same := slices.EqualFunc(last.Filters, u.Filters, func(a, b vault.Filter) bool { return a.Digest == b.Digest })
			if same && last.To+1 == u.From {
				last.To = u.To
				last.chunks = append(last.chunks, u)
				continue
			}
		}
		runs = append(runs, contiguousChunks{WorkRange: u.WorkRange, chunks: []chunk{u}})
	}
	return runs
}

// addEnds asks for the last block of each group.
func (n *Chain) addEnds(ctx context.Context, runs []contiguousChunks) error {
	var numbers []uint64
	for _, r := range runs {
		if r.To != n.opt.Head.Number {
			numbers = append(numbers, r.To)
		}
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	blocks := map[uint64]rpc.Block{}
	if len(numbers) > 0 {
		var err error
		if blocks, err = n.opt.Pool.Blocks(ctx, numbers); err != nil {
			return err
		}
	}
	blocks[n.opt.Head.Number] = n.opt.Head
	for i := range runs {
		r := &runs[i]
		block, isThere := blocks[r.To]
		if !isThere {
			return &rpc.Error{Class: rpc.NotYet, Endpoint: r.chunks[0].set.Endpoint, Message: fmt.Sprintf("block %d is gone", r.To)}
		}
		r.end = block.Hash
		for _, u := range r.chunks {
			for k := range u.set.Logs {
				if l := &u.set.Logs[k]; l.Block == r.To && l.BlockHash != r.end {
					return &rpc.Error{Class: rpc.NotYet, Endpoint: u.set.Endpoint, Message: fmt.Sprintf("block %d has two hashes", r.To)}
				}
			}
		}
	}
	return nil
}

// newBatch makes a batch's rows, unless a log may be in it twice: then each chunk is
// compared with the ones before it as they are written.
func (n *Chain) newBatch(ctx context.Context, runs []contiguousChunks) (*batch, error) {
	conn, err := n.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	b := &batch{runs: runs, conn: conn}
	if !areApart(runs) {
		return b, nil
	}
	w := writer{Chain: n, batch: b}
	for i := range runs {
		for k := range runs[i].chunks {
			u := &runs[i].chunks[k]
			w.chunks = append(w.chunks, writtenChunk{chunk: u, source: n.sources[u.set.Endpoint]})
		}
	}
	if b.logs, err = models.Gather(ctx, conn, "raw", "logs", w.logRows); err == nil {
		b.events, err = models.Gather(ctx, conn, "raw", "events", w.eventRows)
	}
	if err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

// areApart says whether no log can be in two chunks, and the number of logs does not exceed
// what can be gathered.
func areApart(runs []contiguousChunks) bool {
	logs := 0
	digests := map[rpc.Address]string{}
	for _, r := range runs {
		for _, f := range r.Filters {
			if digest, isKnown := digests[f.Address]; isKnown && digest != f.Digest {
				return false
			}
			digests[f.Address] = f.Digest
		}
		for _, u := range r.chunks {
			logs += len(u.set.Logs)
		}
	}
	return logs <= models.MostGathered
}

// write puts a batch into the database: logs, events and coverage together or
// not at all.
func (n *Chain) write(ctx context.Context, b *batch) (logs int64, err error) {
	defer func() { err = errors.Join(err, b.close()) }()
	var blocks uint64
	err = store.InTransactionOn(ctx, b.conn, func() error {
		w := writer{Chain: n, batch: b, isReady: b.logs != nil}
		for i := range b.runs {
			r := &b.runs[i]
			blocks += r.Count()
			for k := range r.chunks {
				logs += int64(len(r.chunks[k].set.Logs))
				if err := w.add(ctx, &r.chunks[k]); err != nil {
					return err
				}
			}
		}
		return w.flush(ctx)
	})
	if err != nil {
		return 0, fmt.Errorf("write logs: %w", err)
	}
	for i := range b.runs {
		for k := range b.runs[i].chunks {
			b.runs[i].chunks[k].free()
		}
	}
	n.mu.Lock()
	n.progress.Done += blocks
	n.progress.Logs += logs
	n.mu.Unlock()
	n.report()
	return logs, nil
}

// A writer collects the rows of a transaction.
type writer struct {
	*Chain
	*batch
	isReady bool // all logs so far are new, as the batch's rows assume
	chunks  []writtenChunk
	later   []laterLog // logs that were stored without some of their fields

	shared []blocks.Span // blocks of which other logs were stored before
	rows   logRow
}

type writtenChunk struct {
	*chunk
	source *nodeSource
	known  []bool // by log: the database has it already; nil: none
}

type laterLog struct {
	log    *rpc.Log
	fileID int
}

// add prepares a chunk's rows: the new ones, and those that complete stored ones.
func (w *writer) add(ctx context.Context, u *chunk) error {
	source := w.sources[u.set.Endpoint]
	written := writtenChunk{chunk: u, source: source}
	var err error
	if written.known, err = w.compare(ctx, u, source); err != nil {
		return err
	}
	w.occupied = u.JoinedTo(w.occupied)
	if written.known != nil && w.isReady { // not all logs are new
		w.isReady = false
		if err := models.Append(ctx, w.conn, "raw", "logs", w.logRows); err != nil {
			return err
		}
	}
	w.chunks = append(w.chunks, written)
	fresh := int64(len(u.set.Logs))
	for _, isKnown := range written.known {
		if isKnown {
			fresh--
		}
	}
	if fresh > 0 {
		w.fresh = w.fresh.Include(blocks.Span{From: u.set.Logs[0].Block, To: u.set.Logs[len(u.set.Logs)-1].Block})
	}
	source.add(u.set, fresh)
	if w.isReady {
		return nil
	}
	return w.appendLogs(ctx, written)
}

// logRows adds the logs of the chunks so far, all of which are new.
func (w *writer) logRows(add func(values ...any) error) error {
	for _, u := range w.chunks {
		for i := range u.set.Logs {
			if err := w.row(add, &u.set.Logs[i], u.source.id); err != nil {
				return err
			}
		}
	}
	return nil
}

// appendLogs writes a chunk's new logs immediately, so that the next chunk is compared
// with them.
func (w *writer) appendLogs(ctx context.Context, u writtenChunk) error {
	return models.Append(ctx, w.conn, "raw", "logs", func(add func(values ...any) error) error {
		for i := range u.set.Logs {
			if u.known != nil && u.known[i] {
				continue
			}
			if err := w.row(add, &u.set.Logs[i], u.source.id); err != nil {
				return err
			}
		}
		for _, l := range w.later {
			if err := w.row(add, l.log, l.fileID); err != nil {
				return err
			}
		}
		w.later = w.later[:0]
		return nil
	})
}

func (w *writer) row(add func(values ...any) error, l *rpc.Log, fileID int) error {
	return w.rows.add(add, w.opt.ChainID, l, fileID)
}

// A logRow is a row of raw.logs. Values that a log shares with the previous one are
// reused, because converting a value to an interface allocates memory.
type logRow struct {
	last   *rpc.Log
	values [14]any // as the table's columns
}

func (r *logRow) add(add func(values ...any) error, chainID uint64, l *rpc.Log, fileID int) error {
	last, isFirst := r.last, r.last == nil
	if r.last = l; isFirst {
		last = &rpc.Log{}
		r.values[0] = int64(chainID)
	}
	if isFirst || l.Block != last.Block || l.BlockHash != last.BlockHash || l.Time != last.Time {
		r.values[1], r.values[3], r.values[4] = int64(l.Block), l.BlockHash[:], time.Unix(l.Time, 0).UTC()
	}
	r.values[2] = int64(l.Index)
	if isFirst || l.TxHash != last.TxHash || l.TxIndex != last.TxIndex {
		r.values[5], r.values[6] = l.TxHash[:], int64(l.TxIndex)
	}
	if isFirst || l.Address != last.Address {
		r.values[7] = l.Address[:]
	}
	for k := range l.Topics {
		switch topic := &r.values[8+k]; {
		case k >= l.TopicCount:
			*topic = nil
		case k >= last.TopicCount || l.Topics[k] != last.Topics[k]:
			*topic = l.Topics[k][:]
		}
	}
	r.values[12], r.values[13] = l.Data, int32(fileID)
	return add(r.values[:]...)
}

// flush writes everything except logs that have been written already.
func (w *writer) flush(ctx context.Context) error {
	if err := w.writeRows(ctx); err != nil {
		return err
	}
	if err := w.appendUndecoded(ctx); err != nil {
		return err
	}
	if err := w.appendCoverage(ctx); err != nil {
		return err
	}
	if err := w.checkHashes(ctx); err != nil {
		return err
	}
	return w.recordSources(ctx, w.conn)
}

// checkHashes makes sure that all logs of a block have the same hash, whichever request
// or file they are from. Those of one request were checked before.
func (w *writer) checkHashes(ctx context.Context) error {
	for _, s := range w.shared {
		var block sql.NullInt64
		err := w.conn.QueryRowContext(ctx, `
select min(block_number)
from (
    select block_number
    from raw.logs
    where chain_id = ? and block_number between ? and ?
    group by block_number
    having min(block_hash) <> max(block_hash)
)`, int64(w.opt.ChainID), int64(s.From), int64(s.To)).Scan(&block)
		switch {
		case err != nil:
			return fmt.Errorf("check block hashes: %w", err)
		case block.Valid:
			return &input.Error{
				File: w.chunks[len(w.chunks)-1].source.file.Path,
				Want: fmt.Sprintf("the hash that chain %d block %d has in other files", w.opt.ChainID, block.Int64),
				Got:  "another one",
			}
		}
	}
	return nil
}

// writeRows writes the events, and the logs if their rows are ready.
func (w *writer) writeRows(ctx context.Context) error {
	if !w.isReady {
		return models.Append(ctx, w.conn, "raw", "events", w.eventRows)
	}
	logs, events := w.logs, w.events
	w.logs, w.events = nil, nil
	return errors.Join(logs.Write(w.conn), events.Write(w.conn))
}

func (w *writer) eventRows(add func(values ...any) error) error {
	chain := any(int64(w.opt.ChainID))
	addresses := map[rpc.Address]any{} // as text, made once each
	var text []byte                    // of a transaction's hash
	var row [8]any
	for _, u := range w.chunks {
		for _, d := range u.decoded.Events {
			if u.known != nil && u.known[d.Log] {
				continue
			}
			l := &u.set.Logs[d.Log]
			address, isThere := addresses[l.Address]
			if !isThere {
				address = "0x" + hex.EncodeToString(l.Address[:])
				addresses[l.Address] = address
			}
			text = hex.AppendEncode(append(text[:0], "0x"...), l.TxHash[:])
			row = [...]any{chain, int64(l.Block), int64(l.Index), text, address, d.Event.Name, d.Event.Signature, u.decoded.Arguments(d)}
			if err := add(row[:]...); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *writer) appendUndecoded(ctx context.Context) error {
	hasSome := func(u writtenChunk) bool { return len(u.decoded.Undecoded) > 0 }
	if !slices.ContainsFunc(w.chunks, hasSome) {
		return nil
	}
	return models.Append(ctx, w.conn, "raw", "undecoded", func(add func(values ...any) error) error {
		for _, u := range w.chunks {
			for _, d := range u.decoded.Undecoded {
				if u.known != nil && u.known[d.Log] {
					continue
				}
				l := &u.set.Logs[d.Log]
				if err := add(int64(w.opt.ChainID), int64(l.Block), int64(l.Index), d.Reason, d.Detail); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (w *writer) appendCoverage(ctx context.Context) error {
	return models.Append(ctx, w.conn, "raw", "coverage", func(add func(values ...any) error) error {
		for _, r := range w.runs {
			digests := r.digests()
			for _, f := range r.Filters {
				d := digests[f.Address]
				err := add(int64(w.opt.ChainID), f.Digest, int64(r.From), int64(r.To), r.end[:], d.logs,
					hex.EncodeToString(d.hash.Sum(nil)), r.chunks[len(r.chunks)-1].set.Endpoint, w.opt.Now)
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// A logDigest is a digest of a filter's logs in the order of the chain.
type logDigest struct {
	hash hash.Hash
	logs int64
}

// digests are those of each contract in a group of chunks.
func (r contiguousChunks) digests() map[rpc.Address]*logDigest {
	digests := map[rpc.Address]*logDigest{}
	for _, f := range r.Filters {
		digests[f.Address] = &logDigest{hash: sha256.New()}
	}
	var head []byte
	for _, u := range r.chunks {
		for i := range u.set.Logs {
			l := &u.set.Logs[i]
			d := digests[l.Address]
			d.logs++
			head = binary.BigEndian.AppendUint64(head[:0], l.Block)
			head = binary.BigEndian.AppendUint64(head, l.Index)
			head = append(head, l.BlockHash[:]...)
			head = append(head, l.TxHash[:]...)
			head = append(head, byte(l.TopicCount))
			for k := range l.TopicCount {
				head = append(head, l.Topics[k][:]...)
			}
			head = binary.BigEndian.AppendUint64(head, uint64(len(l.Data)))
			_, _ = d.hash.Write(head) // never fails
			_, _ = d.hash.Write(l.Data)
		}
	}
	return digests
}
