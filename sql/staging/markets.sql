-- One row per state of a lending market that a file holds, as the file gave it.
-- A file that no archive matches any more counts for nothing until it is back.
-- grain: file_id, line
select
    markets.file_id,
    markets.line,
    files.file_position + markets.line as row_position,
    make_timestamp(epoch_us(markets.observed_at))::date as fact_date,
    markets.chain_id,
    markets.market,
    markets.observed_at,
    markets.unit,
    markets.supply,
    markets.borrow,
    markets.liquidity,
    markets.utilisation,
    markets.collateral,
    markets.collateral_amount,
    markets.loan_token
from raw.markets
inner join staging.row_files as files using (file_id)
