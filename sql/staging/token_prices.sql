-- One row per price of a token that a file holds, as the file gave it.
-- A file that no archive matches any more counts for nothing until it is back.
-- grain: file_id, line
select
    token_prices.file_id,
    token_prices.line,
    files.file_position + token_prices.line as row_position,
    make_timestamp(epoch_us(token_prices.observed_at))::date as fact_date,
    token_prices.chain_id,
    token_prices.token,
    token_prices.observed_at,
    token_prices.price,
    token_prices.quote_token
from raw.token_prices
inner join staging.row_files as files using (file_id)
