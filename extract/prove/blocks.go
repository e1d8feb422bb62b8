package prove

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/snippet"
	"github.com/vaultperf/vaultperf/extract/state"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
	models "github.com/vaultperf/vaultperf/sql"
)

// blocksAtOnce is how many blocks are verified and written at a time.
const blocksAtOnce = 250

// A checkedBlock is one whose logs were compared with the node's proofs.
type checkedBlock struct {
	number       int64
	logs         int64
	digest       string
	isRecomputed bool
	isUnread     bool // its receipts could not be checked
	headerFault  string
	receiptFault string
	vaults       string // those whose history has the fault, by address
}

// attribute adds vaults that a fault concerns; a block may have one in its header and one
// in its receipts.
func (c *checkedBlock) attribute(vaults string) {
	if c.vaults != "" && vaults != "" {
		c.vaults += ","
	}
	c.vaults += vaults
}

// A storedBlock is a block to verify, as the database has it.
type storedBlock struct {
	number int64
	logs   int64
	digest string
}

// WholeSpan is the longest history of which every block is checked, even those without
// stored logs. That takes a header for each block, and its receipts if the header's bloom
// filter admits a relevant log.
const WholeSpan = 20_000

// verifyBlocks compares the stored logs of each block with its header and, from level 2
// on, with its receipts: all blocks with logs, and all or a sample of those without. Blocks
// verified before are skipped unless their logs or the relevant contracts have changed or
// a fault was found.
func (v *verifier) verifyBlocks(ctx context.Context) error {
	due, err := v.dueBlocks(ctx)
	if err != nil {
		return err
	}
	return v.verifyAll(ctx, due)
}

func (v *verifier) verifyAll(ctx context.Context, due []storedBlock) error {
	v.total = int64(len(due))
	for part := range slices.Chunk(due, blocksAtOnce) {
		if err := v.verifyBatch(ctx, part); err != nil {
			return err
		}
		v.progress(int64(len(part)))
	}
	return nil
}

// brokenLinks are the headers of chain $1 whose parent is not the header before them.
const brokenLinks = `
select earlier.block_number as earlier, later.block_number as later
from raw.headers as later
inner join raw.headers as earlier
    on later.chain_id = earlier.chain_id and later.block_number = earlier.block_number + 1
where later.chain_id = $1 and later.parent_hash <> earlier.block_hash`

// soundBlocks are the blocks of chain $1 that need not be verified again.
const soundBlocks = `
select *
from raw.verified_blocks
where
    chain_id = $1 and level >= $3 and header_fault = '' and receipts_fault = ''
    -- on a chain whose headers are Ethereum's, one whose hash does not follow is odd
    and (is_recomputed or not exists (
        select 1 from raw.verified_blocks where chain_id = $1 and is_recomputed
    ))
    and block_number not in (select unnest([earlier, later]) from (` + brokenLinks + `))`

// dueBlocks lists blocks with logs, then those without.
func (v *verifier) dueBlocks(ctx context.Context) ([]storedBlock, error) {
	due, err := store.Collect(ctx, v.conn, `
with stored as (
    select
        block_number,
        count(*) as logs,
        bit_xor(hash(log_index, block_hash, address, topic0, topic1, topic2, topic3, data))::varchar || ' ' || $4 as digest
    from raw.logs
    where chain_id = $1 and block_number <= $2
    group by block_number
)
select block_number, logs, digest
from stored
anti join (`+soundBlocks+`) as sound using (block_number, logs, digest)
order by block_number`, []any{int64(v.opt.ChainID), v.opt.To, min(v.opt.Level, 2), v.digest}, func(rows *sql.Rows, b *storedBlock) error {
		return rows.Scan(&b.number, &b.logs, &b.digest)
	})
	if err != nil {
		return nil, fmt.Errorf("find blocks to verify: %w", err)
	}
	if v.opt.Level < 2 {
		return due, nil
	}
	others, err := v.others(ctx)
	return append(due, others...), err
}

// SampleSize is how many blocks without logs are checked in a long history, at least; at
// most twice as many.
const SampleSize = 200

// others selects blocks without stored logs: all blocks of vaults with a short history, and
// a sample of the rest, which is the same in each run: the blocks whose number, mixed with
// a seed, ends in a certain number of zero bits. That number grows with the chain, so that
// later samples are subsets of earlier ones.
func (v *verifier) others(ctx context.Context) ([]storedBlock, error) {
	known, err := store.Pairs(ctx, v.conn, `
select block_number, 0 from raw.logs where chain_id = $1 and block_number <= $2
union
select block_number, 0 from (`+soundBlocks+`) where digest = $4
order by 1`, int64(v.opt.ChainID), v.opt.To, min(v.opt.Level, 2), v.digest)
	if err != nil {
		return nil, fmt.Errorf("find blocks without logs: %w", err)
	}
	first, whole := int64(math.MaxInt64), int64(math.MaxInt64)
	for _, one := range v.spans {
		first = min(first, one.first)
		if v.opt.To-one.first < v.opt.whole {
			whole = min(whole, one.first)
		}
	}
	if first > v.opt.To {
		return nil, nil
	}
	mask := uint64(1)
	for (v.opt.To-first)/int64(mask) > 2*SampleSize {
		mask <<= 1
	}
	var out []storedBlock
	for n := first; n <= v.opt.To; n++ {
		if n < whole && Scramble(uint64(n)^v.opt.Seed)&(mask-1) != 0 {
			continue
		}
		_, isKnown := slices.BinarySearchFunc(known, n, func(row [2]int64, n int64) int { return int(row[0] - n) })
		if !isKnown {
			out = append(out, storedBlock{number: n, digest: v.digest})
		}
	}
	return out, nil
}

// Scramble spreads numbers evenly; it is the finaliser of SplitMix64.
func Scramble(n uint64) uint64 {
	n += 0x9e3779b97f4a7c15
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

// verifyBatch verifies some blocks and writes the results.
func (v *verifier) verifyBatch(ctx context.Context, blocks []storedBlock) error {
	stored, err := v.storedLogs(ctx, blocks)
	if err != nil {
		return err
	}
	numbers := make([]int64, len(blocks))
	calls := make([]rpc.Call, len(blocks))
	for i, b := range blocks {
		numbers[i] = b.number
		calls[i] = rpc.HeaderCall(b.number)
	}
	texts, err := v.node.Batch(ctx, calls)
	if err != nil {
		return fmt.Errorf("read headers: %w", err)
	}
	headers := make([]rpc.Header, len(blocks))
	for i, r := range texts {
		if r.Err != nil {
			return fmt.Errorf("read the header of block %d: %w", numbers[i], r.Err)
		}
		if headers[i], err = rpc.ParseHeader(r.Value); err != nil {
			return fmt.Errorf("read the header of block %d: %w", numbers[i], err)
		}
	}
	checked := make([]checkedBlock, len(blocks))
	var deep []int // blocks whose receipts are needed
	for i, b := range blocks {
		checked[i] = checkedBlock{number: b.number, logs: b.logs, digest: b.digest, isRecomputed: headers[i].IsRecomputed}
		v.checkHeader(&checked[i], headers[i], stored[b.number])
		if checked[i].headerFault != "" && checked[i].vaults == "" {
			checked[i].attribute(v.holders(b.number, headers[i], stored[b.number]))
		}
		if v.opt.Level >= 2 && !checked[i].isUnread && (b.logs > 0 || mayHold(v.relevant, headers[i].Bloom)) {
			deep = append(deep, i)
		}
	}
	if err := v.checkReceipts(ctx, deep, texts, headers, stored, checked); err != nil {
		return err
	}
	return store.InTransactionOn(ctx, v.conn, func() error { return v.write(ctx, headers, checked) })
}

func (v *verifier) checkReceipts(ctx context.Context, deep []int, texts []rpc.Result, headers []rpc.Header, stored map[int64][]ownLog, checked []checkedBlock) error {
	if len(deep) == 0 {
		return nil
	}
	numbers, blocks := make([]int64, len(deep)), make([]rpc.Result, len(deep))
	for k, i := range deep {
		numbers[k], blocks[k] = headers[i].Number, texts[i]
	}
	receipts, err := v.fetchReceipts(ctx, numbers, blocks)
	if err != nil {
		return err
	}
	for k, i := range deep {
		if receipts[k].Err != nil {
			// that the node lacks the receipts does not mean that a log is missing
			checked[i].isUnread = true
			checked[i].receiptFault = "the node does not serve its receipts: " + snippet.Of(receipts[k].Err.Message, 120)
			checked[i].attribute(v.holders(checked[i].number, headers[i], stored[checked[i].number]))
			continue
		}
		root, logs, err := parseReceipts(receipts[k].Value)
		var unknown *unknownTypeError
		switch {
		case errors.As(err, &unknown):
			if v.compareLogs(&checked[i], logs, stored[headers[i].Number]); checked[i].receiptFault != "" {
				continue
			}
			checked[i].isUnread = true
			checked[i].receiptFault = unknown.Error()
		case err != nil:
			checked[i].receiptFault = "the receipts cannot be read: " + snippet.Of(err.Error(), 120)
		case root != headers[i].ReceiptsRoot:
			checked[i].receiptFault = fmt.Sprintf("the receipts' root is %s, the header's %s", root, headers[i].ReceiptsRoot)
		default:
			v.compareLogs(&checked[i], logs, stored[headers[i].Number])
			continue
		}
		checked[i].attribute(v.holders(checked[i].number, headers[i], stored[checked[i].number]))
	}
	return nil
}

// An ownLog is one of raw.logs.
type ownLog struct {
	blockLog
	blockHash []byte // nil: the source had none
}

// storedLogs are the logs of these blocks in the database, by block.
func (v *verifier) storedLogs(ctx context.Context, blocks []storedBlock) (map[int64][]ownLog, error) {
	numbers := make([]int64, 0, len(blocks))
	for _, b := range blocks {
		if b.logs > 0 {
			numbers = append(numbers, b.number)
		}
	}
	stored := map[int64][]ownLog{}
	if len(numbers) == 0 {
		return stored, nil
	}
	err := store.Each(ctx, v.conn, `
select block_number, log_index, block_hash, address, topic0, topic1, topic2, topic3, data
from raw.logs
where chain_id = ? and block_number in (select unnest(string_split(?, ','))::bigint)
order by block_number, log_index`, []any{int64(v.opt.ChainID), store.JoinInts(numbers)}, func(rows *sql.Rows) error {
		var n int64
		var l ownLog
		var address []byte
		var topics [4][]byte
		err := rows.Scan(&n, &l.index, &l.blockHash, &address, &topics[0], &topics[1], &topics[2], &topics[3], &l.data)
		if err != nil {
			return err
		}
		l.address = common.BytesToAddress(address)
		for _, t := range topics {
			if t != nil {
				l.topics = append(l.topics, common.BytesToHash(t))
			}
		}
		stored[n] = append(stored[n], l)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read logs: %w", err)
	}
	return stored, nil
}

// checkHeader compares a block's logs with its header: their block hash must be the
// header's, and the bloom filter must admit their contract and topics.
func (v *verifier) checkHeader(c *checkedBlock, h rpc.Header, stored []ownLog) {
	if h.Number != c.number {
		c.headerFault = fmt.Sprintf("the node sent block %d", h.Number)
		c.isUnread = true
		return
	}
	for _, l := range stored {
		if l.blockHash != nil && common.BytesToHash(l.blockHash) != h.Hash {
			c.headerFault = fmt.Sprintf("log %d carries the block hash 0x%x, the header's is %s", l.index, l.blockHash, h.Hash)
			return
		}
		isIn := h.Bloom.Test(l.address[:])
		for _, t := range l.topics {
			isIn = isIn && h.Bloom.Test(t[:])
		}
		if !isIn {
			c.headerFault = fmt.Sprintf("log %d of %s is not in the block's bloom filter", l.index, rpc.HexText(l.address[:]))
			c.attribute(v.owners(c.number, l.blockLog))
			return
		}
	}
}

// mayHold says whether a block's bloom filter admits a log of a contract whose logs are
// all relevant.
func mayHold(relevance vault.Relevance, bloom types.Bloom) bool {
	for address := range relevance.Whole {
		if bloom.Test(address[:]) {
			return true
		}
	}
	return false
}

// compareLogs compares the logs of a block's receipts with the stored ones.
func (v *verifier) compareLogs(c *checkedBlock, logs []blockLog, stored []ownLog) {
	k := 0
	for _, l := range logs {
		switch {
		case k < len(stored) && stored[k].index == l.index:
			if !stored[k].equal(l) {
				c.receiptFault = fmt.Sprintf("log %d is not what the block holds there", l.index)
				c.attribute(v.owners(c.number, stored[k].blockLog, l))
				return
			}
			k++
		case v.relevant.IsRelevant(l.address, l.topics):
			if of := v.owners(c.number, l); of != "" {
				c.receiptFault = fmt.Sprintf("log %d of %s is missing", l.index, rpc.HexText(l.address[:]))
				c.attribute(of)
				return
			}
		}
	}
	if k < len(stored) {
		c.receiptFault = fmt.Sprintf("log %d is not in the block", stored[k].index)
		c.attribute(v.owners(c.number, stored[k].blockLog))
	}
}

// A vaultLogs says which logs are relevant for one vault.
type vaultLogs struct {
	address  string
	first    int64                    // the block of its first log
	starts   map[common.Address]int64 // the first block of which a contract's logs are asked for
	relevant vault.Relevance
}

// startsOf are the first blocks of which the logs of a vault's contracts are asked for.
func startsOf(v vault.Vault) map[common.Address]int64 {
	starts := map[common.Address]int64{}
	for _, c := range v.All() {
		address, from := common.HexToAddress(c.Address), int64(v.From(c))
		if earlier, isThere := starts[address]; isThere {
			from = min(from, earlier)
		}
		starts[address] = from
	}
	return starts
}

// owners are the vaults that a fault in these logs of a block concerns: those for which one
// of them is relevant or, if a log is too wrong for that, those that track its contract. It
// concerns no vault that asks for the contract's logs from a later block on: the contracts
// around a vault are often older.
func (v *verifier) owners(number int64, logs ...blockLog) string {
	var want, follow []string
	for _, one := range v.apart {
		isAskedFor := func(l blockLog) bool { return number >= one.starts[l.address] }
		if slices.ContainsFunc(logs, func(l blockLog) bool { return isAskedFor(l) && one.relevant.IsRelevant(l.address, l.topics) }) {
			want = append(want, one.address)
		}
		if slices.ContainsFunc(logs, func(l blockLog) bool { return isAskedFor(l) && one.relevant.Has(l.address) }) {
			follow = append(follow, one.address)
		}
	}
	if len(want) == 0 {
		want = follow
	}
	return strings.Join(want, ",")
}

// holders are the vaults that a fault of a whole block concerns: those with a log in it, or
// for which its bloom filter admits one. If there are none and the block has no stored
// logs, all vaults that had begun by then are concerned.
func (v *verifier) holders(number int64, h rpc.Header, stored []ownLog) string {
	var some, all []string
	for _, one := range v.apart {
		has := func(l ownLog) bool { return one.relevant.IsRelevant(l.address, l.topics) }
		if slices.ContainsFunc(stored, has) || h.Number == number && mayHold(one.relevant, h.Bloom) {
			some = append(some, one.address)
		}
		if number >= one.first {
			all = append(all, one.address)
		}
	}
	if len(some) == 0 && len(stored) == 0 {
		some = all
	}
	return strings.Join(some, ",")
}

// digestOf identifies the set of relevant contracts: a block without stored logs must be
// checked again when a contract is added.
func digestOf(chainID uint64, vaults []vault.Vault) string {
	var parts []string
	for _, w := range vault.Watches(vaults) {
		if w.ChainID == chainID {
			parts = append(parts, fmt.Sprint(w.Address, w.IsShared, w.Keys()))
		}
	}
	for _, v := range vaults {
		for _, c := range v.All() {
			if v.ChainID == chainID && c.StartBlock > 0 {
				parts = append(parts, fmt.Sprint(v.Address, c.Address, c.StartBlock))
			}
		}
	}
	slices.Sort(parts)
	return rpc.HexText(crypto.Keccak256([]byte(strings.Join(parts, "\n")))[:8])
}

// write replaces the results of these blocks, in the caller's transaction.
func (v *verifier) write(ctx context.Context, headers []rpc.Header, checked []checkedBlock) error {
	numbers := make([]int64, len(checked))
	for i, c := range checked {
		numbers[i] = c.number
	}
	const these = " where chain_id = ? and block_number in (select unnest(string_split(?, ','))::bigint)"
	for _, q := range []string{"delete from raw.verified_blocks" + these, "delete from raw.headers" + these} {
		if _, err := v.conn.ExecContext(ctx, q, int64(v.opt.ChainID), store.JoinInts(numbers)); err != nil {
			return err
		}
	}
	if err := state.WriteHeaders(ctx, v.conn, v.opt.ChainID, headers); err != nil {
		return err
	}
	return models.Append(ctx, v.conn, "raw", "verified_blocks", func(add func(values ...any) error) error {
		for _, c := range checked {
			level := min(v.opt.Level, 2)
			if c.isUnread {
				level = 1
			}
			err := add(int64(v.opt.ChainID), c.number, c.logs, c.digest, int32(level), c.isRecomputed,
				c.headerFault, c.receiptFault, c.vaults)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// SeedOf makes a sample's seed from values that stay the same from run to run.
func SeedOf(chainID uint64) uint64 {
	sum := crypto.Keccak256([]byte(fmt.Sprintf("vaultperf sample of chain %d", chainID)))
	return uint64(sum[0])<<56 | uint64(sum[1])<<48 | uint64(sum[2])<<40 | uint64(sum[3])<<32 |
		uint64(sum[4])<<24 | uint64(sum[5])<<16 | uint64(sum[6])<<8 | uint64(sum[7])
}
