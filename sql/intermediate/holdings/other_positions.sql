-- One row per market and side in which a vault has or owes what is not of its asset.
-- token is another than the vault's, or empty where nobody tells it. is_open: something
-- was there when last read, or by the sum of the events; without amounts, nobody knows.
-- 2 raw units are rounding, as in market_records.
-- grain: vault_id, address, market, side, token
-- stored
with

assets as (

    select * from intermediate.vault_assets

),

readings as (

    select
        vault_id,
        address,
        market,
        side,
        token,
        block_number,
        sum(amount_raw) as amount_raw
    from intermediate.position_readings
    where is_day and side != 'any_debt'
    group by vault_id, address, market, side, token, block_number

),

read_last as (

    select
        vault_id,
        address,
        market,
        side,
        token,
        max(amount_raw) as most_raw,
        arg_max(amount_raw, block_number) as amount_raw
    from readings
    group by vault_id, address, market, side, token

),

records as (

    select
        records.vault_id,
        records.address,
        records.market,
        records.side,
        coalesce(
            records.token,
            if(records.side = 'collateral', tokens.collateral_token, tokens.token),
            ''
        ) as token,
        case when bool_and(amount_raw is not null) then sum(amount_raw) end
            as amount_raw
    from intermediate.market_records as records
    left join intermediate.market_tokens as tokens
        on records.vault_id = tokens.vault_id
        and records.address = tokens.address
        and records.market = tokens.market
    group by all

),

positions as (

    select
        coalesce(records.vault_id, read_last.vault_id) as vault_id,
        coalesce(records.address, read_last.address) as address,
        coalesce(records.market, read_last.market) as market,
        coalesce(records.side, read_last.side) as side,
        coalesce(records.token, read_last.token) as token,
        coalesce(read_last.amount_raw, records.amount_raw) as amount_raw,
        read_last.most_raw,
        records.vault_id is not null as is_recorded
    from records
    full join read_last
        on records.vault_id = read_last.vault_id
        and records.address = read_last.address
        and records.market = read_last.market
        and records.side = read_last.side
        and records.token = read_last.token

)

select
    positions.vault_id,
    positions.address,
    positions.market,
    positions.side,
    positions.token,
    coalesce(amount_raw > 2::bignum, true) as is_open
from positions
left join assets using (vault_id)
where (is_recorded or most_raw > 2::bignum)
    and positions.token is distinct from assets.asset
