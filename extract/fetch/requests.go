package fetch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/vaultperf/vaultperf/crash"
	"github.com/vaultperf/vaultperf/extract/decode"
	"github.com/vaultperf/vaultperf/extract/rpc"
)

// How many logs one request should return, and how many blocks the first one covers.
const (
	firstBlocks = 200
	targetLogs  = 4000
	mostWorkers = 8
)

// A chunk is the answer to one request: all logs of some filters in some blocks.
type chunk struct {
	WorkRange
	set     *rpc.LogSet
	decoded *decode.Batch
}

// A fetcher hands out work in ranges of a size that suits the node.
type fetcher struct {
	*Chain
	mu   sync.Mutex
	todo []WorkRange
	size map[string]uint64 // blocks per request, by the filters' group
	most map[string]uint64 // blocks per request that an endpoint accepts
	last string            // endpoint that answered last
}

// fetch does the work: several workers send requests, one goroutine gathers their chunks
// into batches, and one writes. Few chunks are queued between them, so that memory does
// not grow with the history.
func (n *Chain) fetch(ctx context.Context, work []WorkRange) (err error) {
	if len(work) == 0 {
		return nil
	}
	defer func() { err = errors.Join(err, restoreLimits(ctx, n.db)) }()
	if err := limitDatabase(ctx, n.db); err != nil {
		return err
	}
	if err := n.findOccupied(ctx); err != nil {
		return err
	}
	f := &fetcher{Chain: n, todo: slices.Clone(work), size: map[string]uint64{}, most: map[string]uint64{}}
	workers := min(mostWorkers, n.opt.Pool.Concurrency())
	chunks, batches := make(chan chunk), make(chan *batch)
	group, ctx := errgroup.WithContext(ctx)
	asking, askingCtx := errgroup.WithContext(ctx)
	for range workers {
		asking.Go(func() error {
			defer crash.Watch()
			return f.work(askingCtx, chunks)
		})
	}
	group.Go(func() error {
		defer crash.Watch()
		defer close(chunks)
		return asking.Wait()
	})
	group.Go(func() error {
		defer crash.Watch()
		defer close(batches)
		return n.gather(ctx, chunks, batches)
	})
	group.Go(func() error {
		defer crash.Watch()
		unfolded := int64(0)
		for b := range batches {
			logs, err := n.write(ctx, b)
			if err != nil {
				return err
			}
			if unfolded += logs; unfolded < checkpointLogs {
				continue
			}
			if err := checkpoint(ctx, n.db); err != nil {
				return err
			}
			unfolded = 0
		}
		return nil
	})
	stop := make(chan struct{})
	var ticking sync.WaitGroup
	ticking.Go(func() {
		defer crash.Watch()
		n.tick(stop)
	})
	err = group.Wait()
	close(stop)
	ticking.Wait()
	return err
}

// tick reports progress even while no answers arrive, for example from a throttling node.
func (n *Chain) tick(stop <-chan struct{}) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			n.report()
		case <-stop:
			return
		}
	}
}

// work requests one range after another.
func (f *fetcher) work(ctx context.Context, out chan<- chunk) error {
	for {
		p, ok := f.next()
		if !ok {
			return nil
		}
		if err := f.request(ctx, p, out); err != nil {
			return err
		}
	}
}

// next takes the next range off the work.
func (f *fetcher) next() (WorkRange, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.todo) == 0 {
		return WorkRange{}, false
	}
	p := f.todo[0]
	size := f.sizeOf(p)
	if p.Count() <= size {
		f.todo = f.todo[1:]
		return p, true
	}
	p.To = p.From + size - 1
	f.todo[0].From = p.To + 1
	return p, true
}

func (f *fetcher) currentSize(p WorkRange) uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.sizeOf(p)
}

// sizeOf is how many blocks to ask for at once.
func (f *fetcher) sizeOf(p WorkRange) uint64 {
	size, ok := f.size[p.Filters[0].Group]
	if !ok {
		size = firstBlocks
	}
	if most := f.most[f.last]; most > 0 {
		size = min(size, most)
	}
	return max(1, size)
}

// answered adjusts the size of requests to the number of logs in an answer.
func (f *fetcher) answered(p WorkRange, endpoint string, logs int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last = endpoint
	ask := p.Filters[0].Group
	size := f.size[ask]
	if size == 0 {
		size = firstBlocks
	}
	switch blocks := p.Count(); {
	case logs > 2*targetLogs:
		size = min(size, max(1, blocks*targetLogs/uint64(logs)))
	case logs < targetLogs/16 && blocks >= size:
		size = 8 * blocks
	case logs < targetLogs/2 && blocks >= size:
		size = 2 * blocks
	}
	f.size[ask] = size
}

// refused adjusts the size of requests after a refusal and returns the block up to which
// to ask instead.
func (f *fetcher) refused(p WorkRange, failed *rpc.Error) (to uint64) {
	blocks := p.Count()
	size := blocks / 2
	hint := failed.Hint
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last = failed.Endpoint
	switch {
	case hint.To >= p.From && hint.To < p.To && hint.From == p.From:
		size = hint.To - p.From + 1
		if hint.Blocks > 0 && hint.Blocks <= size {
			f.most[failed.Endpoint] = size
		}
	case hint.Blocks > 0 && hint.Blocks < blocks:
		size = hint.Blocks
		f.most[failed.Endpoint] = size
	}
	f.size[p.Filters[0].Group] = min(f.sizeOf(p), size)
	return p.From + size - 1
}

// request gets the logs of a range in as many requests as the node's limits take.
func (f *fetcher) request(ctx context.Context, p WorkRange, out chan<- chunk) error {
	rest := []WorkRange{p} // a stack: the next range is last
	for len(rest) > 0 {
		p := rest[len(rest)-1]
		rest = rest[:len(rest)-1]
		if size := f.currentSize(p); p.Count() > size { // the size was reduced since
			tail := p
			p.To = p.From + size - 1
			tail.From = p.To + 1
			rest = append(rest, tail)
		}
		set, err := f.opt.Pool.Logs(ctx, p.query())
		var failed *rpc.Error
		if errors.As(err, &failed) {
			smaller, helps := f.split(p, failed)
			switch {
			case helps:
				slices.Reverse(smaller)
				rest = append(rest, smaller...)
				continue
			case failed.Class == rpc.SplitRange:
				set, err = f.opt.Pool.BlockLogs(ctx, p.query())
				if err != nil {
					err = fmt.Errorf("%w; not from its receipts either: %w", failed, err)
				}
			}
		}
		if err != nil {
			return fmt.Errorf("fetch logs of blocks %d to %d: %w", p.From, p.To, err)
		}
		f.answered(p, set.Endpoint, len(set.Logs))
		if err := f.emit(ctx, p, set, out); err != nil {
			return err
		}
	}
	return nil
}

// split divides a refused range into smaller ones, if that can help.
func (f *fetcher) split(p WorkRange, failed *rpc.Error) ([]WorkRange, bool) {
	canHalve := p.Count() > 1
	switch {
	case failed.Class == rpc.SplitRange && canHalve:
		first, second := p, p
		first.To = f.refused(p, failed)
		second.From = first.To + 1
		return []WorkRange{first, second}, true
	case (failed.Class == rpc.SplitRange || failed.Class == rpc.SplitAddress) && len(p.Filters) > 1:
		half := len(p.Filters) / 2
		first, second := p, p
		first.Filters, second.Filters = p.Filters[:half], p.Filters[half:]
		return []WorkRange{first, second}, true
	case (failed.Class == rpc.Unknown || failed.Class == rpc.Rotate) && canHalve && !p.isHalved:
		first, second := p, p
		first.To = p.From + p.Count()/2 - 1
		second.From = first.To + 1
		first.isHalved, second.isHalved = true, true
		return []WorkRange{first, second}, true
	}
	return nil, false
}

// emit completes an answer and passes it on.
func (f *fetcher) emit(ctx context.Context, p WorkRange, set *rpc.LogSet, out chan<- chunk) error {
	if err := f.addTimes(ctx, set); err != nil {
		return fmt.Errorf("fetch logs of blocks %d to %d: %w", p.From, p.To, err)
	}
	u := chunk{WorkRange: p, set: set}
	if err := u.decode(f.Chain); err != nil {
		return err
	}
	select {
	case out <- u:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// addTimes asks for the headers of the blocks for which the logs have no time. Times are
// never interpolated, because chains have changed their block intervals.
func (n *Chain) addTimes(ctx context.Context, set *rpc.LogSet) error {
	var numbers []uint64
	for i := range set.Logs {
		if l := &set.Logs[i]; l.Time == 0 && (len(numbers) == 0 || numbers[len(numbers)-1] != l.Block) {
			numbers = append(numbers, l.Block)
		}
	}
	var blocks map[uint64]rpc.Block
	if len(numbers) > 0 {
		var err error
		if blocks, err = n.opt.Pool.Blocks(ctx, numbers); err != nil {
			return err
		}
	}
	now := n.opt.Now.Unix()
	for i := range set.Logs {
		l := &set.Logs[i]
		if l.Time == 0 {
			block, isThere := blocks[l.Block]
			if !isThere || block.Hash != l.BlockHash {
				return &rpc.Error{
					Class: rpc.NotYet, Endpoint: set.Endpoint,
					Message: fmt.Sprintf("block %d is not the one that its logs are of", l.Block),
				}
			}
			l.Time = block.Time
		}
		if l.Time > now {
			return fmt.Errorf("block %d of %s: want a time that is not in the future, got %s",
				l.Block, set.Endpoint, time.Unix(l.Time, 0).UTC().Format(time.RFC3339))
		}
	}
	return nil
}

// spareDecoded recycles the memory of chunks that have been written.
var spareDecoded = sync.Pool{New: func() any { return new(decode.Batch) }}

// free recycles the memory of a chunk that has been written.
func (u *chunk) free() {
	u.set.Free()
	u.decoded.Reset()
	spareDecoded.Put(u.decoded)
	u.decoded = nil
}

// decode decodes the logs of the vaults' contracts.
func (u *chunk) decode(n *Chain) error {
	sets, err := decode.Sets()
	if err != nil {
		return err
	}
	u.decoded = spareDecoded.Get().(*decode.Batch)
	topics := make([][]byte, 0, 4)
	for i := range u.set.Logs {
		l := &u.set.Logs[i]
		topics = topics[:0]
		for k := range l.TopicCount {
			topics = append(topics, l.Topics[k][:])
		}
		u.decoded.Add(i, sets[n.families[l.Address]], topics, l.Data)
	}
	return nil
}
