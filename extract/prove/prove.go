// Package prove verifies that the stored logs of each vault are complete, as far as a node
// can prove it.
package prove

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/extract/blocks"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
	models "github.com/vaultperf/vaultperf/sql"
)

// Verdicts on a level of a vault's history.
const (
	Proved   = "proved"   // all of it passed
	Checked  = "checked"  // what could be checked passed, but not everything could be
	Unproved = "unproved" // something failed, or nothing was checked
)

// Options say what is verified, and how deep.
type Options struct {
	ChainID  uint64
	Vaults   []vault.Vault // those of other chains are skipped
	To       int64         // the last block that is final
	Level    int           // 0 to 3
	Seed     uint64        // of the samples; 0: the chain's own
	Progress func(done, total int64)

	whole int64 // longest history of which all blocks are checked; 0: WholeSpan
}

// A Verification is what one level found out about a vault's history.
type Verification struct {
	VaultID    string
	Level      string // L0 to L3
	Verdict    string
	Blocks     int64 // verified
	FaultBlock int64 // the first that failed; 0: none
	Detail     string
}

// Verify verifies that the stored logs of each vault are complete, as far as a node can
// prove it: L0 by their structure, L1 by block headers, L2 by the receipts that headers
// commit to, L3 by comparing sums with the contracts' state. It writes raw.verifications
// and returns the same. An unproved level is not an error.
func Verify(ctx context.Context, db *sql.DB, node rpc.Caller, opt Options) (all []Verification, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if opt.Seed == 0 {
		opt.Seed = SeedOf(opt.ChainID)
	}
	if opt.whole == 0 {
		opt.whole = WholeSpan
	}
	v := &verifier{
		conn: conn, node: node, opt: opt,
		relevant: vault.NewRelevance(opt.ChainID, opt.Vaults), digest: digestOf(opt.ChainID, opt.Vaults),
	}
	if err := v.findSpans(ctx); err != nil {
		return nil, err
	}
	if err := v.findComplete(ctx); err != nil {
		return nil, err
	}
	if opt.Level >= 1 && len(v.spans) > 0 {
		if err := v.verifyBlocks(ctx); err != nil {
			return nil, fmt.Errorf("verify: %w", err)
		}
	}
	for _, one := range opt.Vaults {
		if one.ChainID != opt.ChainID {
			continue
		}
		levels, err := v.verdicts(ctx, one)
		if err != nil {
			return nil, fmt.Errorf("verify vault %s: %w", one.ID, err)
		}
		all = append(all, levels...)
	}
	return all, store.InTransactionOn(ctx, conn, func() error { return writeVerifications(ctx, conn, all) })
}

// A verifier is one verification of a chain.
type verifier struct {
	conn     *sql.Conn
	node     rpc.Caller
	opt      Options
	relevant vault.Relevance
	digest   string                   // a digest of relevant
	apart    []vaultLogs              // the relevant logs of each vault with logs
	spans    map[string]logRange      // by vault id, of those with logs
	complete map[string][]blocks.Span // blocks of which a source gave all logs, by contract or filter

	oneByOne    bool // the node serves no receipts by block
	done, total int64
}

// A logRange is the first and last block with a vault's logs, and how many have some.
type logRange struct {
	first, last int64
	blocks      int64
	bad         sql.NullInt64 // first block with two hashes or one log twice
}

func (v *verifier) progress(blocks int64) {
	v.done += blocks
	if v.opt.Progress != nil {
		v.opt.Progress(v.done, v.total)
	}
}

// findSpans finds the range of all vaults' logs at once, which takes no longer than for
// one vault. Reading the logs three times is faster than materialising them.
func (v *verifier) findSpans(ctx context.Context) error {
	addresses := make([]string, len(v.opt.Vaults))
	for i, one := range v.opt.Vaults {
		address, err := vault.ParseAddress(one.Address)
		if err != nil {
			return fmt.Errorf("vault %s: %w", one.ID, err)
		}
		addresses[i] = hex.EncodeToString(address[:])
	}
	ranges := map[string]logRange{}
	err := store.Each(ctx, v.conn, `
with logs as not materialized (
    select address, block_number, log_index, block_hash
    from raw.logs
    where chain_id = $1 and block_number <= $2 and address in (unhex('`+strings.Join(addresses, "'), unhex('")+`'))
),
twice as (
    select block_number, log_index from logs group by all having count(*) > 1
),
bad as (
    select address, min(block_number) as block_number from logs semi join twice using (block_number, log_index) group by address
),
blocks as (
    select address, block_number, min(block_hash) <> max(block_hash) as has_two_hashes
    from logs
    group by address, block_number
)
select
    lower(hex(blocks.address)), min(blocks.block_number), max(blocks.block_number), count(*),
    least(min(blocks.block_number) filter (where has_two_hashes), any_value(bad.block_number))
from blocks
left join bad on blocks.address = bad.address
group by blocks.address`, []any{int64(v.opt.ChainID), v.opt.To}, func(rows *sql.Rows) error {
		var address string
		var r logRange
		err := rows.Scan(&address, &r.first, &r.last, &r.blocks, &r.bad)
		ranges[address] = r
		return err
	})
	if err != nil {
		return fmt.Errorf("find the vaults' logs: %w", err)
	}
	v.spans = map[string]logRange{}
	for i, one := range v.opt.Vaults {
		if r, hasLogs := ranges[addresses[i]]; hasLogs && one.ChainID == v.opt.ChainID {
			v.spans[one.ID] = r
			v.apart = append(v.apart, vaultLogs{"0x" + addresses[i], r.first, startsOf(one), vault.NewRelevance(one.ChainID, []vault.Vault{one})})
		}
	}
	return nil
}

// findComplete finds the blocks for which files and nodes claim to have given all logs.
func (v *verifier) findComplete(ctx context.Context) (err error) {
	v.complete, err = store.SpansBy(ctx, v.conn, `
select address, from_block, to_block from raw.spans where chain_id = $1 and is_complete
union all
select filter, from_block, to_block from raw.coverage where chain_id = $1`, int64(v.opt.ChainID))
	if err != nil {
		return fmt.Errorf("find what is complete: %w", err)
	}
	return nil
}

func (v *verifier) verdicts(ctx context.Context, one vault.Vault) ([]Verification, error) {
	var all []Verification
	for level, judge := range []func(context.Context, vault.Vault) (Verification, error){v.structure, v.headers, v.receipts, v.accounts} {
		result := Verification{Verdict: Unproved}
		switch _, hasLogs := v.spans[one.ID]; {
		case !hasLogs:
			result.Detail = "no log is held"
		case level > v.opt.Level:
			result.Detail = fmt.Sprintf("not asked for: verification goes to L%d", v.opt.Level)
		default:
			var err error
			if result, err = judge(ctx, one); err != nil {
				return nil, err
			}
		}
		result.VaultID, result.Level = one.ID, fmt.Sprintf("L%d", level)
		all = append(all, result)
	}
	return all, nil
}

// fault is the verdict on a history with a fault.
func fault(block int64, format string, args ...any) Verification {
	return Verification{Verdict: Unproved, FaultBlock: block, Detail: fmt.Sprintf("block %d: ", block) + fmt.Sprintf(format, args...)}
}

// structure is L0: the logs must be consistent with each other, and a source must claim
// to have given all of them.
func (v *verifier) structure(_ context.Context, one vault.Vault) (Verification, error) {
	reach := v.spans[one.ID]
	if reach.bad.Valid {
		return fault(reach.bad.Int64, "its logs have two block hashes, or one number twice"), nil
	}
	own, err := vault.ParseAddress(one.Address)
	if err != nil {
		return Verification{}, err
	}
	complete := slices.Concat(v.complete[strings.ToLower(one.Address)], v.complete[vault.NewFilter(own, nil, one.StartBlock).Digest])
	covered := v.opt.To
	if gaps := (blocks.Span{From: uint64(reach.first), To: uint64(v.opt.To)}).Without(complete); len(gaps) > 0 {
		covered = int64(gaps[0].From) - 1
	}
	if covered < reach.last {
		return Verification{
			Verdict: Checked, Blocks: reach.blocks,
			Detail: fmt.Sprintf("the logs agree with each other; no source says that it has all of those after block %d", covered),
		}, nil
	}
	return Verification{
		Verdict: Proved, Blocks: reach.blocks,
		Detail: fmt.Sprintf("blocks %d to %d without a gap, no log twice, one hash a block", reach.first, covered),
	}, nil
}

// headers is L1.
func (v *verifier) headers(ctx context.Context, one vault.Vault) (Verification, error) {
	block, text, err := v.firstFault(ctx, one, "header_fault", 1)
	if err != nil || block > 0 {
		return fault(block, "%s", text), err
	}
	broken, err := v.broken(ctx, one)
	if err != nil || broken.Valid {
		return fault(broken.Int64, "its parent is not the block before it"), err
	}
	blocks, odd, recomputed, err := v.countBlocks(ctx, one)
	switch {
	case err != nil:
		return Verification{}, err
	case odd.Valid && recomputed > 0:
		return fault(odd.Int64, "its hash does not follow from its header"), nil
	case odd.Valid:
		return Verification{
			Verdict: Checked, Blocks: blocks,
			Detail: "the logs are in the blocks' filters; the hashes cannot be recomputed, because this chain's headers are not Ethereum's",
		}, nil
	}
	return Verification{
		Verdict: Proved, Blocks: blocks,
		Detail: fmt.Sprintf("%d headers recomputed, all logs in their filters, parents agree", blocks),
	}, nil
}

// receipts is L2.
func (v *verifier) receipts(ctx context.Context, one vault.Vault) (Verification, error) {
	block, text, err := v.firstFault(ctx, one, "receipts_fault", 2)
	if err != nil || block > 0 {
		return fault(block, "%s", text), err
	}
	own, odd, _, err := v.countBlocks(ctx, one)
	if err != nil {
		return Verification{}, err
	}
	broken, err := v.broken(ctx, one)
	if err != nil {
		return Verification{}, err
	}
	first := v.spans[one.ID].first
	var looked, blocks, unread int64
	var gap sql.NullInt64
	var reason sql.NullString
	err = v.conn.QueryRowContext(ctx, `
select
    count(*) filter (where level >= 2),
    count(*) filter (where level >= 2 and is_own),
    count(*) filter (where is_unread),
    min(block_number) filter (where is_unread),
    arg_min(receipts_fault, block_number) filter (where is_unread)
from (
    select
        *,
        level < 2 and receipts_fault <> '' and list_contains(string_split(fault_vaults, ','), $6) as is_unread,
        block_number in (
            select block_number from raw.logs where chain_id = $1 and address = unhex($5)
        ) as is_own
    from raw.verified_blocks
    where chain_id = $1 and ends_with(digest, $2) and block_number between $3 and $4
)`, int64(one.ChainID), v.digest, first, v.opt.To, one.Address[2:], strings.ToLower(one.Address)).
		Scan(&looked, &blocks, &unread, &gap, &reason)
	if err != nil {
		return Verification{}, err
	}
	if gap.Valid && blocks == 0 {
		return Verification{Verdict: Unproved, Detail: fmt.Sprintf("block %d: %s; so of %d blocks", gap.Int64, reason.String, unread)}, nil
	}
	result := Verification{Verdict: Proved, Blocks: blocks}
	span := v.opt.To - first + 1
	if looked < span {
		result.Verdict = Checked
	}
	others := fmt.Sprintf("all %d other blocks", span-own)
	if looked-blocks < span-own {
		others = fmt.Sprintf("%d of %d other blocks", looked-blocks, span-own)
	}
	result.Detail = fmt.Sprintf(
		"%d blocks' receipts recomputed, their logs are those held; %s looked at, none holds a log of the vault's own contracts", blocks, others)
	if gap.Valid {
		result.Verdict = Checked
		result.Detail += fmt.Sprintf("; block %d: %s; so of %d blocks", gap.Int64, reason.String, unread)
	}
	switch {
	case odd.Valid:
		result.Verdict = Checked
		result.Detail += "; the headers could not be recomputed"
	case broken.Valid:
		result.Verdict = Checked
		result.Detail += fmt.Sprintf("; the parent of block %d is not the block before it", broken.Int64)
	}
	return result, nil
}

// broken is the first block of a vault's history whose parent is not the block before it.
func (v *verifier) broken(ctx context.Context, one vault.Vault) (block sql.NullInt64, err error) {
	err = v.conn.QueryRowContext(ctx, "select min(later) from ("+brokenLinks+") where later between $2 and $3",
		int64(one.ChainID), v.spans[one.ID].first, v.opt.To).Scan(&block)
	return block, err
}

// firstFault is the first block verified to this level in which the logs of a vault or
// its other contracts have a fault.
func (v *verifier) firstFault(ctx context.Context, one vault.Vault, column string, level int) (int64, string, error) {
	var block int64
	var text string
	err := v.conn.QueryRowContext(ctx, fmt.Sprintf(`
select block_number, %[1]s
from raw.verified_blocks
where
    chain_id = $1 and %[1]s <> '' and block_number <= $2
    and list_contains(string_split(fault_vaults, ','), $3) and level >= $4
order by block_number
limit 1`, column), int64(one.ChainID), v.opt.To, strings.ToLower(one.Address), level).Scan(&block, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, "", nil
	}
	return block, text, err
}

// countBlocks counts the verified blocks with logs of a vault. It also returns the first of
// them whose hash could not be recomputed from its header, and how many of the chain's
// blocks could.
func (v *verifier) countBlocks(ctx context.Context, one vault.Vault) (blocks int64, odd sql.NullInt64, recomputed int64, err error) {
	err = v.conn.QueryRowContext(ctx, `
select
    count(*) filter (where is_own),
    min(block_number) filter (where block_number >= $4 and not is_recomputed),
    count(*) filter (where is_recomputed)
from (
    select
        *,
        block_number in (
            select block_number from raw.logs where chain_id = $1 and address = unhex($2)
        ) as is_own
    from raw.verified_blocks
    where chain_id = $1 and block_number <= $3
)`, int64(one.ChainID), one.Address[2:], v.opt.To, v.spans[one.ID].first).Scan(&blocks, &odd, &recomputed)
	return blocks, odd, recomputed, err
}

func writeVerifications(ctx context.Context, conn *sql.Conn, all []Verification) error {
	vaults := make([]string, len(all))
	for i, one := range all {
		vaults[i] = one.VaultID
	}
	if _, err := conn.ExecContext(ctx, "delete from raw.verifications where list_contains(?, vault_id)", vaults); err != nil {
		return err
	}
	return models.Append(ctx, conn, "raw", "verifications", func(add func(values ...any) error) error {
		for _, one := range all {
			var block any
			if one.FaultBlock > 0 {
				block = one.FaultBlock
			}
			if err := add(one.VaultID, one.Level, one.Verdict, one.Blocks, block, one.Detail); err != nil {
				return err
			}
		}
		return nil
	})
}
