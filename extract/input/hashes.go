package input

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// CheckBlockHashes compares the block hashes of a chain's logs in a range of blocks: a
// block has one, whichever files and nodes its logs come from.
func CheckBlockHashes(ctx context.Context, conn *sql.Conn, chain, from, to int64) error {
	var block, index, otherIndex int64
	var hash, other []byte
	var path, otherPath string
	err := conn.QueryRowContext(ctx, `
with wrong as (
    select block_number
    from raw.logs
    where chain_id = $1 and block_number between $2 and $3 and block_hash is not null
    group by block_number
    having min(hash(block_hash)) <> max(hash(block_hash))
    order by block_number
    limit 1
),
logs as (
    select block_number, log_index, block_hash, path
    from raw.logs
    semi join wrong using (block_number)
    inner join raw.files using (file_id)
    where chain_id = $1 and block_hash is not null
)
select logs.block_number, logs.block_hash, logs.log_index, logs.path, others.block_hash, others.log_index, others.path
from logs
inner join logs as others on logs.block_hash > others.block_hash
order by logs.log_index, others.log_index
limit 1`, chain, from, to).Scan(&block, &hash, &index, &path, &other, &otherIndex, &otherPath)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("check block hashes: %w", err)
	}
	if index > otherIndex { // what was said first is what the other must agree with
		return TwoHashes(path, 0, chain, block, fmt.Sprintf("log %d of %s", otherIndex, otherPath), hash, other)
	}
	return TwoHashes(otherPath, 0, chain, block, fmt.Sprintf("log %d of %s", index, path), other, hash)
}

// TwoHashes is the error of a block that has another hash than somewhere else.
func TwoHashes(path string, line, chain, block int64, elsewhere string, hash, other []byte) error {
	return &Error{
		File: path, Line: line,
		Want: fmt.Sprintf("one hash of block %d of chain %d: 0x%x, as %s has it", block, chain, other, elsewhere),
		Got:  fmt.Sprintf("0x%x", hash),
	}
}
