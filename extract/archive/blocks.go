package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/vaultperf/vaultperf/extract/input"
)

// importBlocks reads a file of block times into raw.blocks: block numbers, timestamps,
// and optionally chain ids. Blocks of chains without a configured vault are filtered out.
func importBlocks(ctx context.Context, conn *sql.Conn, s source, in fileInput) (counts, error) {
	st, err := newBlockStatement(s, in)
	if err != nil {
		return counts{}, err
	}
	if err := whole(s); err != nil {
		return counts{}, err
	}
	if err := createUnordered(ctx, conn, st.judged(false)); err != nil {
		return counts{}, importError(st.source, err)
	}
	c, err := st.tally(ctx, conn)
	if err != nil {
		return c, err
	}
	if err := st.checkTimes(ctx, conn); err != nil {
		return c, err
	}
	if err := checkKnownBlocks(ctx, conn, s); err != nil {
		return c, err
	}
	result, err := conn.ExecContext(ctx, fmt.Sprintf(`
insert into raw.blocks
select distinct a.chain_id, a.block_number, a.block_timestamp, %d
from incoming as a
where
    a.fate = %d
    and not exists (
        select 1 from raw.blocks as b
        where a.chain_id = b.chain_id and a.block_number = b.block_number
    )`, in.id, keptRow))
	if err != nil {
		return c, fmt.Errorf("insert blocks of %s: %w", s.path, err)
	}
	c.new, err = result.RowsAffected()
	return c, err
}

// newBlockStatement works out how the file's columns become those of
// raw.blocks.
func newBlockStatement(s source, in fileInput) (*statement, error) {
	for _, field := range []string{"block_number", "block_timestamp"} {
		if s.nested || s.column(field) == "" {
			return nil, &input.Error{File: s.path, Want: "block times with columns block_number and timestamp", Got: "columns " + s.names()}
		}
	}
	st := &statement{
		source: s, chainID: in.archive.ChainID, now: literalTime(in.now),
		match: `left join (select distinct chain_id as vault_chain_id from raw.vaults) as vaults
        on judged.chain_id = vaults.vault_chain_id`,
		relevant: "vault_chain_id is not null",
		columns:  []string{"chain_id", "block_number", "block_timestamp"},
	}
	for _, field := range []string{"chain_id", "block_number", "block_timestamp"} {
		if c := s.column(field); c != "" {
			st.given = append(st.given, c+" as given_"+field)
		}
	}
	st.chain()
	st.number("block_number")
	st.time()
	st.check("block_timestamp is null", "a block time", "cast(given_block_timestamp as varchar)")
	return st, nil
}

// checkKnownBlocks refuses a file that gives a known block another time.
func checkKnownBlocks(ctx context.Context, conn *sql.Conn, s source) error {
	var chain, block int64
	var at, other, otherPath string
	err := conn.QueryRowContext(ctx, fmt.Sprintf(`
select a.chain_id, a.block_number, a.block_timestamp::varchar, b.block_timestamp::varchar, files.path
from incoming as a
inner join raw.blocks as b
    on a.chain_id = b.chain_id and a.block_number = b.block_number
    and a.block_timestamp <> b.block_timestamp
inner join raw.files as files on b.file_id = files.file_id
where a.fate = %d
order by 1, 2
limit 1`, keptRow)).Scan(&chain, &block, &at, &other, &otherPath)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("compare blocks of %s: %w", s.path, err)
	}
	return &input.Error{
		File: s.path,
		Want: fmt.Sprintf("the time that %s has for chain %d block %d, %s", otherPath, chain, block, other),
		Got:  at,
	}
}
