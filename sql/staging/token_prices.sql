-- One row per price of a token that a file holds, as the file gave it.
-- A file that no archive matches any more counts for nothing until it is back.
-- grain: file_id, line
with

files as (

    select
        file_id,
        row_number() over (order by path) as file_position
    from raw.files
    where state != 'absent'

)

select
    token_prices.file_id,
    token_prices.line,
    -- orders rows by path, then line: import history must not decide
    files.file_position * 1_000_000_000_000 + token_prices.line as row_position,
    make_timestamp(epoch_us(token_prices.observed_at))::date as fact_date,
    token_prices.chain_id,
    token_prices.token,
    token_prices.observed_at,
    token_prices.price,
    token_prices.quote_token
from raw.token_prices
inner join files using (file_id)
