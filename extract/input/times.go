package input

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// TimesRise says what block times must be, for messages.
const TimesRise = "one time per block, rising with the block number"

// TwoTimes shows two times that contradict each other.
func TwoTimes(chain, block int64, at string, otherBlock int64, other string) string {
	return fmt.Sprintf("chain %d block %d at %s and block %d at %s", chain, block, at, otherBlock, other)
}

// CheckBlockTimes compares the times of all logs and blocks in the database, which may
// contradict each other across files.
func CheckBlockTimes(ctx context.Context, conn *sql.Conn) error {
	var chain, block, otherBlock int64
	var at, other, path, otherPath string
	err := conn.QueryRowContext(ctx, `
with times as (
    select chain_id, block_number, block_timestamp, file_id
    from raw.logs
    where block_timestamp is not null
    union all
    select chain_id, block_number, block_timestamp, file_id from raw.blocks
),
blocks as (
    select
        chain_id, block_number,
        min(block_timestamp) as first_at, max(block_timestamp) as last_at,
        arg_min(file_id, block_timestamp) as first_file, arg_max(file_id, block_timestamp) as last_file
    from times
    group by all
),
followed as (
    select
        *,
        lag(last_at) over by_block as previous_at,
        lag(block_number) over by_block as previous_number,
        lag(last_file) over by_block as previous_file
    from blocks
    window by_block as (partition by chain_id order by block_number)
),
wrong as (
    select chain_id, block_number, last_at as at, last_file as file_id, block_number as other_number, first_at as other_at, first_file as other_file
    from followed
    where first_at <> last_at
    union all
    select chain_id, block_number, first_at, first_file, previous_number, previous_at, previous_file
    from followed
    where first_at < previous_at
)
select wrong.chain_id, wrong.block_number, wrong.at::varchar, files.path, wrong.other_number, wrong.other_at::varchar, others.path
from wrong
inner join raw.files as files on wrong.file_id = files.file_id
inner join raw.files as others on wrong.other_file = others.file_id
order by 1, 2
limit 1`).Scan(&chain, &block, &at, &path, &otherBlock, &other, &otherPath)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("check block times: %w", err)
	}
	return &Error{File: path, Want: TimesRise, Got: TwoTimes(chain, block, at, otherBlock, other) + " in " + otherPath}
}
